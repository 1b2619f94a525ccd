import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A running program, whose output is read by the one who started it. It reads no input. */
export type SupervisedProcess = ChildProcessByStdio<null, Readable, Readable>;

export interface SupervisedOptions {
  /** Working folder. Default: this process's. */
  readonly cwd?: string;
  /** The whole environment of the program. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /**
   * What the program is told when this process has died without ending it: `INT` asks Terraform to write its state and
   * leave. Default `INT`.
   */
  readonly orphanSignal?: 'INT' | 'TERM' | 'KILL';
  /** Time from that signal to SIGKILL for the program and everything that it started, in seconds. Default 60. */
  readonly orphanGraceSec?: number;
  /** Folder that is removed once an orphaned program is gone. */
  readonly orphanFolder?: string;
  /**
   * Open files that take the program's output, instead of the streams of the returned process, which are null then. A
   * pipe breaks when its reader dies, and a program that writes to a broken pipe dies too.
   */
  readonly outputFiles?: { readonly stdout: number; readonly stderr: number };
}

/**
 * The shell turns into the program, so that its process id, signals and exit code are the program's own; a subshell
 * stays beside it and waits on file descriptor 3, the lifeline. The word `ended` on it means that the program ended
 * under its parent's eyes; end of file before it means that the parent is gone, however it died. Either way nothing of
 * the process group stays: a Terraform that is killed leaves its providers running. The word `told` means that the
 * program has had its signal: a second one would make Terraform leave without writing its state.
 */
const WATCH = `
signal=$1 grace=$2 folder=$3 told= word=; shift 3
(
  trap '' HUP INT TERM
  PATH=/bin:/usr/bin:$PATH
  while read -r word <&3 && [ "$word" = told ]; do told=yes; done
  if [ "$word" != ended ]; then
    if [ -z "$told" ]; then kill -s "$signal" "$$"; fi
    while kill -s 0 "$$" && [ "$grace" -gt 0 ]; do sleep 1; grace=$((grace - 1)); done
    if [ -n "$folder" ]; then rm -rf "$folder"; fi
  fi
  kill -s KILL -- "-$$"
) </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-
`;

/**
 * Starts a program that does not outlive this process, even where this process is killed by SIGKILL. It leads a process
 * group of its own: Ctrl-C in a terminal reaches this process only, which decides what the program is told. Costs one
 * sleeping shell (under 1 MB) for each program; on Windows, where there is none, the program is started bare.
 * A program that does not exist shows as exit code 127.
 */
export function spawnSupervised(
  command: string,
  args: readonly string[],
  options: SupervisedOptions = {},
): SupervisedProcess {
  const { cwd, env, orphanSignal = 'INT', orphanGraceSec = 60, orphanFolder = '' } = options;
  const shared = { ...(cwd === undefined ? {} : { cwd }), ...(env === undefined ? {} : { env }) };
  const stdout = options.outputFiles?.stdout ?? 'pipe';
  const stderr = options.outputFiles?.stderr ?? 'pipe';
  if (process.platform === 'win32') {
    return spawn(command, args, { ...shared, stdio: ['ignore', stdout, stderr] }) as unknown as SupervisedProcess;
  }
  const child = spawn(
    '/bin/sh',
    ['-c', WATCH, 'supervise', orphanSignal, String(orphanGraceSec), orphanFolder, command, ...args],
    { ...shared, detached: true, stdio: ['ignore', stdout, stderr, 'pipe'] },
  );
  const lifeline = child.stdio[3] as unknown as Writable & { ref(): void; unref(): void };
  lifeline.on('error', () => {});
  lifeline.unref();
  lifelines.set(child, lifeline);
  child.on('exit', () => {
    // 'close' comes only when the lifeline has closed: this process must not run out of work before.
    lifeline.ref();
    lifeline.end('ended\n');
  });
  return child as unknown as SupervisedProcess;
}

const lifelines = new WeakMap<object, Writable>();

/**
 * Sends a signal to the program and everything that it started and that has not left its process group. Where this
 * process dies afterwards, the program is not told again, only killed after the grace time.
 */
export function signalGroup(child: SupervisedProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  lifelines.get(child)?.write('told\n');
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
