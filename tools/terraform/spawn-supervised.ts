import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';

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
 * The subshell kills the shell that this process has started, so that what it runs is no descendant of this process: who
 * stops this process with its tree, as Nx does at a Ctrl-C, would end providers at once and Terraform after some seconds.
 * A killed shell, and no `&`: what a shell starts in the background ignores SIGINT for good. Signals to the process group
 * leave the subshell waiting, to tell the exit code on file descriptor 4.
 */
const LAUNCH = `
watch=$1; shift
(
  kill -s KILL "$$"
  trap : HUP INT TERM
  exec 5>&2 2>/dev/null
  /bin/sh -c "$watch" supervise "$$" "$@" 2>&5 5>&-
  echo "exit $?" >&4
)
:
`;

/**
 * The shell turns into the program, so that the process id is the program's own, and told as that; a subshell
 * stays beside it and waits on file descriptor 3, the lifeline. The word `ended` on it means that the program ended
 * under the eyes of who started it; end of file before it means that that one is gone, however it died. Either way nothing
 * of the process group stays: a Terraform that is killed leaves its providers running. The word `told` means that the
 * program has had its signal: a second one would make Terraform leave without writing its state.
 */
const WATCH = `
group=$1 signal=$2 grace=$3 folder=$4 told= word=; shift 4
echo "pid $$" >&4
(
  trap '' HUP INT TERM
  PATH=/bin:/usr/bin:$PATH
  while read -r word <&3 && [ "$word" = told ]; do told=yes; done
  if [ "$word" != ended ]; then
    if [ -z "$told" ]; then kill -s "$signal" "$$"; fi
    while kill -s 0 "$$" && [ "$grace" -gt 0 ]; do sleep 1; grace=$((grace - 1)); done
    if [ -n "$folder" ]; then rm -rf "$folder"; fi
  fi
  kill -s KILL -- "-$group"
) </dev/null >/dev/null 2>&1 4>&- &
exec "$@" 3<&- 4>&-
`;

interface SupervisedEvents {
  /** The program has ended. */
  exit: [code: number];
  /** And everything that it started, and all of its output was read. */
  close: [code: number];
  /** It could not be started. */
  error: [error: Error];
}

/** A running program, whose output is read by the one who started it. It reads no input. */
export class SupervisedProcess extends EventEmitter<SupervisedEvents> {
  /** Nothing while it runs; 128 + the signal's number where a signal ended it. */
  exitCode: number | null = null;
  /** Process id of the program, as soon as there is one. */
  readonly pid: Promise<number>;
  readonly stdout: Readable;
  readonly stderr: Readable;
  private readonly lifeline: Socket;
  private readonly report: Socket;

  constructor(private readonly child: ChildProcess) {
    super();
    this.stdout = child.stdout!;
    this.stderr = child.stderr!;
    this.lifeline = child.stdio[3] as unknown as Socket;
    this.report = child.stdio[4] as unknown as Socket;
    this.lifeline.on('error', () => {});
    this.pid = this.readReport();
    this.pid.catch(() => {});
    child.once('error', (error) => this.emit('error', error));
    child.once('close', (code, signal) => {
      this.ended(code ?? 128 + constants.signals[signal!]);
      this.emit('close', this.exitCode!);
    });
  }

  /**
   * Sends a signal to the program and everything that it started and that has not left its process group. Where this
   * process dies afterwards, the program is not told again, only killed after the grace time.
   */
  signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.exitCode !== null) return;
    this.lifeline.write('told\n');
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Lets this process end while the program runs, which is stopped then. */
  unref(): void {
    for (const each of this.handles()) each?.unref();
  }

  /** Keeps this process until the program has ended and its output is read: all of these, for that is told by the last of them. */
  ref(): void {
    for (const each of this.handles()) each?.ref();
  }

  private handles() {
    // Null where files take the output.
    const [stdout, stderr] = [this.stdout, this.stderr] as unknown as (Socket | null)[];
    return [this.child, this.lifeline, this.report, stdout, stderr];
  }

  private readReport(): Promise<number> {
    const { report } = this;
    return new Promise((resolve, reject) => {
      let told = '';
      report.on('error', () => {});
      report.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        const pid = /^pid (\d+)$/m.exec(told)?.[1];
        if (pid) resolve(Number(pid));
        const code = /^exit (\d+)\n/m.exec(told)?.[1];
        if (code) this.ended(Number(code));
      });
      report.once('close', () => {
        reject(notStarted());
        // Who should have told the exit code was killed: nothing of the group may stay without it.
        this.signalGroup('SIGKILL');
      });
    });
  }

  private ended(code: number): void {
    if (this.exitCode !== null) return;
    this.exitCode = code;
    this.lifeline.end('ended\n');
    this.emit('exit', code);
  }
}

/**
 * Starts a program that does not outlive this process, even where this process is killed by SIGKILL, and that is no
 * descendant of it either: what is sent to this process and all below it reaches only this process, which decides what the
 * program is told. So does Ctrl-C in a terminal, for the program has a session of its own. Costs two sleeping shells
 * (under 1 MB each) for each program.
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
  const watched = [WATCH, orphanSignal, String(orphanGraceSec), orphanFolder, command, ...args];
  return new SupervisedProcess(
    spawn('/bin/sh', ['-c', LAUNCH, 'launch', ...watched], {
      ...shared,
      detached: true,
      stdio: ['ignore', stdout, stderr, 'pipe', 'pipe'],
    }),
  );
}

function notStarted(): Error {
  return new Error('the program was not started');
}
