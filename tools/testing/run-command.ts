import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Emulator } from '@platform/tools/emulator/profile';

export interface RunCommandOptions {
  /** Workspace in which it runs. */
  readonly root: string;
  readonly emulator: Pick<Emulator, 'endpoint'>;
  /** Sends SIGINT, once, as soon as this has been said. */
  readonly interruptAt?: RegExp;
}

/** How a command ended, and everything it said. */
export interface RanCommand {
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr, as they came. */
  readonly output: string;
}

/** Runs a command of this repository as people do, `['rollout', '--unreviewed']`, on an emulator. Nobody can be asked. */
export async function runCommand(
  args: readonly string[],
  { root, emulator, interruptAt }: RunCommandOptions,
): Promise<RanCommand> {
  const child = spawn(process.execPath, [join(root, 'tools', 'cli', 'platform.cjs'), ...args], {
    cwd: root,
    env: { ...process.env, AWS_ENDPOINT_URL: emulator.endpoint, PLATFORM_TARGET: 'emulator' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let output = '';
  let told = false;
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      output += text.toString();
      if (told || !interruptAt?.test(output)) return;
      told = true;
      child.kill('SIGINT');
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, output };
}
