import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';
import { callersEnvironment } from './callers-environment';

/** How a command ended. */
export interface CommandResult {
  /** Nothing where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandResult>;
  /** Resolves once it has said something on stderr; rejects where it ends before. */
  says(words: string): Promise<void>;
}

/** Starts a command of this workspace's tools in a process of its own, as people do, in the workspace at `root`. */
export function startCli(root: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): RunningCommand {
  return start(root, [join(findRoot(__dirname), 'tools', 'cli', 'platform.cjs'), ...args], variables);
}

/**
 * Starts Nx in the workspace at `root`, without what the Nx that runs these tests tells its children. It leads a process
 * group, as in a terminal: what Ctrl-C there signals is `-child.pid`.
 */
export function startNx(root: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): RunningCommand {
  const nx = createRequire(join(root, 'package.json')).resolve('nx/bin/nx.js');
  return start(root, [nx, ...args], { NX_DAEMON: 'false', CI: 'true', NO_COLOR: '1', ...variables }, true);
}

function start(root: string, args: readonly string[], variables: NodeJS.ProcessEnv, leads = false): RunningCommand {
  const child = spawn(process.execPath, args, {
    cwd: root,
    detached: leads,
    env: { ...callersEnvironment(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const heard = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (text: Buffer) => {
      said[stream] += text.toString();
      for (const listen of heard) listen();
    });
  }
  const ended = new Promise<CommandResult>((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
  const says = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const listen = () => {
        if (said.stderr.includes(words)) resolve();
      };
      heard.add(listen);
      listen();
      void ended.then(() => reject(new Error(`it has ended without saying "${words}":\n${said.stderr}`)));
    });
  return { child, ended, says };
}
