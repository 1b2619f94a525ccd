import { spawnSync } from 'node:child_process';

/** Wall-clock seconds of whole processes, in the order in which they ran. */
export interface Measured {
  readonly name: string;
  readonly seconds: readonly number[];
}

/** A way to do the same thing: a program with its arguments, run to its end. */
export interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Runs before each round and is not measured. */
  readonly prepare?: () => void;
}

/**
 * Runs the contenders in turns, `rounds` times after one that does not count, so that a machine whose speed drifts
 * slows all of them alike.
 * @throws Error when a contender fails; a failure is never faster.
 */
export function measureInTurns(contenders: readonly Contender[], rounds: number): Measured[] {
  const measured = contenders.map(({ name }) => ({ name, seconds: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    contenders.forEach((contender, index) => {
      contender.prepare?.();
      const seconds = runOnce(contender);
      if (round > 0) measured[index]!.seconds.push(seconds);
    });
  }
  return measured;
}

function runOnce({ name, command: [program, ...args], cwd, environment }: Contender): number {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${name}: ended with exit code ${status}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return (performance.now() - started) / 1000;
}

/** Middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median of the ratios `a / b`, round by round. */
export function ratio(a: Measured, b: Measured): number {
  return median(a.seconds.map((seconds, round) => seconds / b.seconds[round]!));
}
