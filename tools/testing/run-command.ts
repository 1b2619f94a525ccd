import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Emulator } from '@platform/tools/emulator/profile';
import { callersEnvironment } from './callers-environment';

export interface RunCommandOptions {
  /** Workspace in which it runs. */
  readonly root: string;
  readonly emulator: Pick<Emulator, 'endpoint'>;
  /** Sends SIGINT, once, as soon as this has been said. */
  readonly interruptAt?: RegExp;
  /**
   * What a person at a terminal types when asked, `\x03` for Ctrl-C; the terminal needs Python. Default: nobody can be
   * asked.
   */
  readonly typed?: string;
}

/** How a command ended, and everything it said. */
export interface RanCommand {
  readonly code: number;
  /** On a terminal all of it. */
  readonly stdout: string;
  /** stdout and stderr, as they came. */
  readonly output: string;
}

/** The command line after this one runs on a terminal of its own. */
const onTerminal = ['-c', 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'];

/** Runs a command of this repository as people do, `['rollout', '--unreviewed']`, on an emulator. */
export async function runCommand(
  args: readonly string[],
  { root, emulator, interruptAt, typed }: RunCommandOptions,
): Promise<RanCommand> {
  const command = [process.execPath, join(root, 'tools', 'cli', 'platform.cjs'), ...args];
  const [program, ...rest] = typed === undefined ? command : ['python3', ...onTerminal, ...command];
  const child = spawn(program!, rest, {
    cwd: root,
    env: { ...callersEnvironment(), AWS_ENDPOINT_URL: emulator.endpoint, PLATFORM_TARGET: 'emulator' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (typed === undefined) child.stdin.end();
  let stdout = '';
  let output = '';
  let told = false;
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      output += text.toString();
      if (told) return;
      const asked = typed !== undefined && /^.*Type \S+ to .*: /m.test(output);
      if (asked) child.stdin.write(typed);
      else if (interruptAt?.test(output)) child.kill('SIGINT');
      else return;
      told = true;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, output };
}
