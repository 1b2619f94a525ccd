import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { clearLog, keepEmergencyState, takeEmergencyState, type TakenState } from './emergency-state';
import type { TerraformBinary } from './find-terraform';
import { spawnSupervised } from './spawn-supervised';
import { FiledOutput, PipedOutput } from './terraform-output';

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
  /** File with the state that Terraform could write nowhere; it is in no output. */
  readonly emergencyState?: string;
}

/** The call was stopped before it began. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly exitCode = 1;
}

/** Time that an interrupted Terraform has to leave after this process has died: waits for databases take most of it. */
const ORPHAN_GRACE_SEC = 3600;
/** npm and Nx pass on a Ctrl-C that the terminal has sent already: two at once are one. */
const SAME_SIGNAL_MS = 1500;

interface Running {
  readonly done: Promise<unknown>;
  /** Tells the call to stop, once. */
  ask(): void;
  /** Does not wait for what the call would rather finish. */
  insist(): void;
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
  const capture = { command: [basename(binary.path), ...args].join(' '), logFile, onLine: options.onLine };
  const output = stop === 'kill' ? new PipedOutput(capture) : new FiledOutput(capture);
  try {
    // What an earlier call has left there whose end was not seen.
    if (logFile !== undefined) clearLog(logFile, cwd);
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
      // As in a terminal: the first request asks, the second makes Terraform exit at once; the third is no question.
      child.signalGroup(stop === 'kill' || requests > 2 ? 'SIGKILL' : 'SIGINT');
    };
    const ask = () => {
      if (requests === 0) requestStop();
    };
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const run: Running = { done: ended.catch(() => undefined), ask, insist: requestStop };
    running.add(run);
    signal?.addEventListener('abort', ask, { once: true });
    try {
      const exitCode = await ended;
      const printed = output.finish();
      const take = (text: string): TakenState => (exitCode === 0 ? { rest: text } : takeEmergencyState(text));
      const [out, err] = [take(printed.stdout), take(printed.stderr)];
      const state = out.state ?? err.state;
      const emergencyState = state === undefined ? undefined : keepEmergencyState(cwd, state);
      const isInFile = state === undefined || emergencyState !== undefined;
      if (logFile !== undefined && exitCode !== 0 && isInFile) clearLog(logFile, cwd, true);
      return {
        args,
        cwd,
        exitCode,
        stdout: out.rest,
        stderr: err.rest,
        ...(emergencyState === undefined ? {} : { emergencyState }),
        seconds: (performance.now() - started) / 1000,
        interrupted: requests > 0,
        ...(logFile === undefined ? {} : { logFile }),
      };
    } finally {
      running.delete(run);
      signal?.removeEventListener('abort', ask);
    }
  } finally {
    output.close();
  }
}

/**
 * The environment of a call: `base` with `CHECKPOINT_DISABLE`, `TF_IN_AUTOMATION`, `TF_INPUT=0` and `GOGC`, without what
 * would make Terraform look elsewhere than this workspace says (a workspace or data folder from the caller's shell), and
 * without a `TF_CLI_CONFIG_FILE` that does not exist, about which Terraform warns on every call.
 */
export function terraformEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    // Most of a short call is decoding the provider's schema. Collecting its garbage four times as rarely takes a fifth of
    // a call's processor time away, and costs 20 % more memory.
    GOGC: '400',
    ...base,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
  };
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
 * exits with 128 + the signal's number once all have ended. A second Ctrl-C makes Terraform exit at once, which can lose
 * what it has done, a third kills it; a SIGTERM never does, because a machine that sends one after the other (CI does)
 * means the same by all of them. Calls are looked after without this too where the process is killed or simply ends: see `spawnSupervised`.
 * @returns what takes the handlers away again
 */
export function killAllOnExit(options: KillAllOnExitOptions = {}): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let lastMs = -Infinity;
  const onSignal = (signal: NodeJS.Signals) => {
    const again = performance.now() - lastMs < SAME_SIGNAL_MS;
    lastMs = performance.now();
    if (stoppedBy === undefined) {
      stoppedBy = signal;
      options.onSignal?.(signal, running.size);
      for (const run of running) run.ask();
      void leave(signal);
    } else if (signal === 'SIGINT' && !again) {
      options.onSignal?.(signal, running.size);
      for (const run of running) run.insist();
    }
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
