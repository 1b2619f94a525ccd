import { constants, tmpdir } from 'node:os';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TerraformBinary } from './find-terraform';
import { signalGroup, spawnSupervised } from './spawn-supervised';
import type { SupervisedProcess } from './spawn-supervised';

/** One call of Terraform. */
export interface RunTerraformOptions {
  readonly binary: Pick<TerraformBinary, 'path'>;
  /** Folder of the configuration. */
  readonly cwd: string;
  readonly args: readonly string[];
  /** The whole environment of the call. Default: this process's. See {@link terraformEnvironment} for what is added. */
  readonly environment?: NodeJS.ProcessEnv;
  /** File that the command line and everything that Terraform says are appended to. Default: no log. */
  readonly logFile?: string;
  /** Called for each line as it comes, without its line end. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Stops the call, in the way that `stop` says. */
  readonly signal?: AbortSignal;
  /**
   * How the call ends when it is aborted, or when this process dies. `interrupt` gives Terraform SIGINT and the time it
   * needs to write its state and release its lock: for everything that changes something. `kill` ends it and its
   * providers at once: for calls that only read, as offline previews do. Default `interrupt`.
   */
  readonly stop?: 'interrupt' | 'kill';
}

/** How a call of Terraform went. */
export interface TerraformResult {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Terraform's own; 128 + the signal's number where a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Whether the call was told to stop. Terraform can have finished all the same. */
  readonly interrupted: boolean;
  readonly logFile?: string;
}

/** The call was stopped before it began. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly exitCode = 1;
}

/** Time that an interrupted Terraform has to leave after this process has died: waits for databases take most of it. */
const ORPHAN_GRACE_SEC = 3600;
const OUTPUT_POLL_MS = 50;

interface Running {
  readonly done: Promise<unknown>;
  stop(): void;
}

const running = new Set<Running>();
let stoppedBy: NodeJS.Signals | undefined;

/**
 * Runs Terraform without a shell and returns how it went; an exit code other than 0 is not an error here (`plan
 * -detailed-exitcode` has 2 for "there are changes"). No input is ever asked for. Terraform leads a process group of
 * its own, and whatever is left of the group when it has ended (a provider, say) is killed.
 * @throws RunStopped when the signal has fired already
 */
export async function runTerraform(options: RunTerraformOptions): Promise<TerraformResult> {
  const { binary, cwd, args, signal, logFile, stop = 'interrupt' } = options;
  if (signal?.aborted || stoppedBy) throw new RunStopped(`terraform ${args[0] ?? ''}: stopped before it began`);
  if (!existsSync(cwd)) {
    throw new Error(`${cwd}: this folder does not exist, so Terraform cannot run in it; synthesise the stack first`);
  }
  const started = performance.now();
  const output = stop === 'kill' ? new PipedOutput(options) : new FiledOutput(options);
  try {
    const child = spawnSupervised(binary.path, args, {
      cwd,
      env: terraformEnvironment(options.environment),
      orphanSignal: stop === 'kill' ? 'KILL' : 'INT',
      orphanGraceSec: stop === 'kill' ? 1 : ORPHAN_GRACE_SEC,
      ...output.spawnOptions(),
    });
    output.follow(child);
    let requests = 0;
    const requestStop = () => {
      requests++;
      // As in a terminal: the first Ctrl-C asks, the second makes Terraform leave at once; the third is not a question.
      signalGroup(child, stop === 'kill' || requests > 2 ? 'SIGKILL' : 'SIGINT');
    };
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, endedBy) => resolve(code ?? 128 + constants.signals[endedBy ?? 'SIGKILL']));
    });
    const run: Running = { done: ended.catch(() => undefined), stop: requestStop };
    running.add(run);
    signal?.addEventListener('abort', requestStop, { once: true });
    try {
      const exitCode = await ended;
      const { stdout, stderr } = output.finish();
      return {
        args,
        cwd,
        exitCode,
        stdout,
        stderr,
        seconds: (performance.now() - started) / 1000,
        interrupted: requests > 0,
        ...(logFile === undefined ? {} : { logFile }),
      };
    } finally {
      running.delete(run);
      signal?.removeEventListener('abort', requestStop);
    }
  } finally {
    output.close();
  }
}

/**
 * The environment of a call: `base` with `CHECKPOINT_DISABLE`, `TF_IN_AUTOMATION` and `TF_INPUT=0`, without what would
 * make Terraform look elsewhere than this workspace says (a workspace or data folder from the caller's shell), and
 * without a `TF_CLI_CONFIG_FILE` that does not exist, about which Terraform warns on every call.
 */
export function terraformEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...base, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0' };
  for (const name of ['TF_WORKSPACE', 'TF_DATA_DIR']) {
    if (environment[name] === process.env[name]) delete environment[name];
  }
  const config = environment['TF_CLI_CONFIG_FILE'];
  if (config !== undefined && !existsSync(config)) delete environment['TF_CLI_CONFIG_FILE'];
  return environment;
}

export interface KillAllOnExitOptions {
  /** Called for each signal with the number of calls that are still running; a place to say what happens now. */
  readonly onSignal?: (signal: NodeJS.Signals, calls: number) => void;
  /** Called when no call is left, before the process exits. */
  readonly beforeExit?: (signal: NodeJS.Signals) => void | Promise<void>;
}

/**
 * From now on SIGINT, SIGTERM and SIGHUP stop every running call in its own way, no new call begins, and the process
 * exits with 128 + the signal's number once all have ended; a second signal makes Terraform leave at once, a third kills
 * it. Calls are looked after without this too where the process is killed or simply ends: see `spawnSupervised`.
 * @returns what takes the handlers away again
 */
export function killAllOnExit(options: KillAllOnExitOptions = {}): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (signal: NodeJS.Signals) => {
    options.onSignal?.(signal, running.size);
    for (const run of running) run.stop();
    if (stoppedBy) return;
    stoppedBy = signal;
    void leave(signal);
  };
  const leave = async (signal: NodeJS.Signals) => {
    while (running.size > 0) {
      await Promise.all([...running].map((run) => run.done));
      await nextTurn();
    }
    try {
      await options.beforeExit?.(signal);
    } finally {
      process.exit(128 + constants.signals[signal]);
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    stoppedBy = undefined;
  };
}

/** Calls `onLine` for each whole line of what is written to it, and keeps the whole. */
class Lines {
  private readonly decoder = new StringDecoder('utf8');
  private readonly parts: string[] = [];
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  write(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  finish(): string {
    this.take(this.decoder.end());
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
    return this.parts.join('');
  }

  private take(text: string): void {
    this.parts.push(text);
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
}

abstract class Output {
  protected readonly stdout: Lines;
  protected readonly stderr: Lines;

  constructor(protected readonly options: RunTerraformOptions) {
    this.stdout = new Lines((line) => options.onLine?.(line, 'stdout'));
    this.stderr = new Lines((line) => options.onLine?.(line, 'stderr'));
  }

  abstract spawnOptions(): { outputFiles?: { stdout: number; stderr: number } };
  abstract follow(child: SupervisedProcess): void;
  abstract finish(): { stdout: string; stderr: string };
  abstract close(): void;

  protected openLog(path: string): number {
    mkdirSync(dirname(path), { recursive: true });
    const log = openSync(path, 'a+');
    writeSync(log, `$ ${[basename(this.options.binary.path), ...this.options.args].join(' ')}\n`);
    return log;
  }
}

/** Output through pipes, copied to the log: for calls that die with this process anyway. */
class PipedOutput extends Output {
  private readonly log = this.options.logFile === undefined ? undefined : this.openLog(this.options.logFile);

  override spawnOptions() {
    return {};
  }

  override follow(child: SupervisedProcess): void {
    child.stdout.on('data', (chunk: Buffer) => this.take(this.stdout, chunk));
    child.stderr.on('data', (chunk: Buffer) => this.take(this.stderr, chunk));
  }

  override finish() {
    return { stdout: this.stdout.finish(), stderr: this.stderr.finish() };
  }

  override close(): void {
    if (this.log !== undefined) closeSync(this.log);
  }

  private take(lines: Lines, chunk: Buffer): void {
    try {
      if (this.log !== undefined) writeSync(this.log, chunk);
    } catch {
      // A log on a full disk must not take the plan with it.
    }
    lines.write(chunk);
  }
}

/**
 * Output into files that this process reads along: a Terraform that is left alone writes "Interrupt received", and into
 * a broken pipe that would be its last word, before the state is written.
 */
class FiledOutput extends Output {
  private readonly scratch = mkdtempSync(join(tmpdir(), 'terraform-output-'));
  private readonly files = {
    stdout: this.openLog(this.options.logFile ?? join(this.scratch, 'stdout')),
    stderr: openSync(join(this.scratch, 'stderr'), 'a+'),
  };
  private readonly read = { stdout: fstatSync(this.files.stdout).size, stderr: 0 };
  private readonly buffer = Buffer.allocUnsafe(64 * 1024);
  private timer: NodeJS.Timeout | undefined;

  override spawnOptions() {
    return { outputFiles: this.files };
  }

  override follow(): void {
    this.timer = setInterval(() => this.catchUp(), OUTPUT_POLL_MS);
  }

  override finish() {
    this.catchUp();
    const result = { stdout: this.stdout.finish(), stderr: this.stderr.finish() };
    try {
      if (result.stderr !== '') writeSync(this.files.stdout, result.stderr);
    } catch {
      // Terraform has ended; how it went matters more than the log.
    }
    return result;
  }

  override close(): void {
    clearInterval(this.timer);
    closeSync(this.files.stdout);
    closeSync(this.files.stderr);
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private catchUp(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      for (;;) {
        const length = readSync(this.files[stream], this.buffer, 0, this.buffer.length, this.read[stream]);
        if (length === 0) break;
        this.read[stream] += length;
        this[stream].write(Buffer.from(this.buffer.subarray(0, length)));
      }
    }
  }
}
