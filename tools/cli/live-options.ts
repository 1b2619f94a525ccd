import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WrongUse } from '@platform/libs/settings/problem';
import { killAllOnExit } from '@platform/tools/terraform/run-terraform';
import { findRoot } from '@platform/tools/workspace/find-root';
import type { LiveProgress } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import type { LiveTargetName } from '@platform/tools/aws/live-target-names';
import { openSession } from '@platform/tools/session/open-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { parallelismOf } from './estate-options';
import { talk } from './output';

/** After a signal, once Terraform has ended. */
const REPORT_WITHIN_MS = 20_000;

/** Options of every command that touches something real. */
export interface LiveOptions {
  readonly configuration?: string;
  readonly target: LiveTargetName;
  /** IAM role that is assumed instead of `deployRole`. */
  readonly role?: string;
  /** Seconds, as the command line gives them. */
  readonly lockTimeout?: string;
  /** Seconds, as the command line gives them. */
  readonly callTimeout?: string;
  readonly json?: boolean;
  /** Key of a region. */
  readonly region?: string;
  /** Stacks at once, as the command line gives them. */
  readonly parallelism?: string;
}

export interface SessionOptions extends LiveOptions {
  /** What a command does to real infrastructure or states. An environment that it changes has to be named. Default `reads`. */
  readonly effect?: 'reads' | 'changes';
}

/**
 * Runs a command in a session, with what a Ctrl-C means said in time.
 * @throws WrongUse where a command changes an environment that is not named
 */
export async function inSession(
  options: SessionOptions,
  work: (session: LiveSession) => Promise<number>,
): Promise<number> {
  const lockTimeoutSec = secondsOf('--lock-timeout', options.lockTimeout);
  const callTimeoutSec = secondsOf('--call-timeout', options.callTimeout);
  const workers = parallelismOf(options.parallelism);
  const environment = options.configuration || process.env['PLATFORM_ENVIRONMENT'];
  if (!environment && options.effect === 'changes') {
    const names = Object.keys(loadSettings(findRoot()).settings.environments);
    throw new WrongUse(
      `-c: no environment is named, and this command changes one; add ${names.map((name) => `-c ${name}`).join(' or ')}, or set PLATFORM_ENVIRONMENT`,
    );
  }
  return stoppable(async (signal, atEnd) => {
    const session = await openSession({
      root: findRoot(),
      target: options.target,
      ...(environment ? { environment } : {}),
      ...(lockTimeoutSec === undefined ? {} : { lockTimeoutSec }),
      ...(callTimeoutSec === undefined ? {} : { callTimeoutSec }),
      ...(workers === undefined ? {} : { workers }),
      ...(options.region ? { region: options.region } : {}),
      ...(options.role ? { role: options.role } : {}),
      note: talk,
      signal,
    });
    atEnd(() => session.close());
    signal.addEventListener('abort', () => session.terraform.whatGoesOn().forEach(talk), { once: true });
    const working = work(session);
    // What was done is written down and reported before the process leaves.
    atEnd(async () => {
      if (signal.aborted) await Promise.race([working.catch(() => undefined), delay(REPORT_WITHIN_MS)]);
    });
    return working;
  });
}

/**
 * Seconds of an option; undefined if the option is missing.
 * @throws WrongUse if it is not a whole number of seconds
 */
export function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new WrongUse(`${option}: "${text}" is not a number of seconds; use a whole number, such as 60`);
}

/** Has something done when the work has ended, and when a signal has ended it; what was given last is done first. */
export type AtEnd = (cleanUp: () => void | Promise<void>) => void;

/** Runs work that calls Terraform. A signal says what it means, stops what runs, and ends this process after the cleaning up. */
export async function stoppable<T>(work: (signal: AbortSignal, atEnd: AtEnd) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  // Every Terraform and every call listens, as many as there are stacks.
  setMaxListeners(0, stop.signal);
  const left: (() => void | Promise<void>)[] = [];
  let cleaning: Promise<void> | undefined;
  const cleanUp = () =>
    (cleaning ??= (async () => {
      for (let next = left.pop(); next; next = left.pop()) await next();
    })());
  const stopListening = killAllOnExit({
    onSignal: (signal, calls) => {
      if (!stop.signal.aborted) talk(calls > 0 ? afterFirst(signal) : `${signal}: stopping`);
      else talk(calls > 0 ? afterSecond : `${signal}: saving results; the command exits by itself`);
      stop.abort();
    },
    beforeExit: cleanUp,
  });
  try {
    return await work(stop.signal, (each) => void left.push(each));
  } finally {
    await cleanUp();
    stopListening();
  }
}

/**
 * What has to be said beforehand: Nx prints nothing after a Ctrl-C, and waits 5 s for the process that calls Terraform. A
 * second one reaches that process all the same: a terminal gives it to all.
 */
export function underNx(session: Pick<LiveSession, 'options' | 'folders'>): string {
  return `After Ctrl-C or SIGTERM, Nx exits within 5 s and may print nothing more. Terraform continues until it has written the state; its log: ${join(session.folders.root, '<stack>', 'terraform.log')}; it has ended when this command shows no lock: ${commandLine(session, 'state', 'where', '<project>')}. A second Ctrl-C makes Terraform exit at once: ${whatItRisks}.`;
}

/** A line on stderr for each stack that has ended. */
export function liveProgress(): LiveProgress {
  let total = 0;
  let done = 0;
  return {
    planned: (stacks) => {
      total = stacks.length;
      done = 0;
    },
    finished: (stack, outcome) => talk(`[${++done}/${total}] ${stack} ${outcome}`),
  };
}

const whatItRisks =
  'resources that AWS is creating can be missing from the state, and the lock can remain; the next deploy reports both';

const afterFirst = (signal: string) =>
  `${signal}: stopping Terraform. It completes the current calls, writes the state and releases the lock. This takes as long as AWS takes. A second Ctrl-C makes Terraform exit at once: ${whatItRisks}.`;

const afterSecond = `Terraform exits at once: ${whatItRisks}. Another Ctrl-C kills it.`;
