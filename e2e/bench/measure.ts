import { spawnSync } from 'node:child_process';

/** A way to do a thing: a program with its arguments, run to its end. */
export interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Runs before each round and is not measured. */
  readonly prepare?: () => void;
  /** Exit codes of a run that did its work. Default: 0. */
  readonly exitCodes?: readonly number[];
}

/** Wall-clock seconds of a contender's whole processes, round by round. */
export interface Measured {
  readonly name: string;
  readonly seconds: readonly number[];
}

/**
 * Runs the contenders in turns, `rounds` times after one round that does not count, so that a machine whose speed drifts
 * slows all of them alike.
 * @throws Error when a contender fails: a failure must not win.
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

function runOnce({ name, command: [program, ...args], cwd, environment, exitCodes = [0] }: Contender): number {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (error) throw error;
  if (status === null || !exitCodes.includes(status))
    throw new Error(`${name}: exit code ${status}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return seconds;
}

/** Middle value; the mean of the two in the middle where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median of `a / b`, round by round. */
export function ratio(a: Measured, b: Measured): number {
  return median(a.seconds.map((seconds, round) => seconds / b.seconds[round]!));
}
