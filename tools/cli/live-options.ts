import { setTimeout as delay } from 'node:timers/promises';
import { killAllOnExit } from '@platform/tools/terraform/run-terraform';
import { findRoot } from '@platform/tools/workspace/find-root';
import type { LiveProgress } from '@platform/tools/live/estate-run';
import type { LiveSession } from '@platform/tools/live/live-session';
import type { LiveTargetName } from '@platform/tools/live/live-target-names';
import { openSession } from '@platform/tools/live/open-session';
import { talk } from './output';

/** After a signal, once Terraform has ended. */
const REPORT_WITHIN_MS = 20_000;

/** Options of every command that touches something real. */
export interface LiveOptions {
  readonly configuration?: string;
  readonly target: LiveTargetName;
  /** Seconds, as the command line gives them. */
  readonly lockTimeout?: string;
  readonly json?: boolean;
}

/** Runs a command in a session, with what a Ctrl-C means said in time. */
export async function inSession(
  options: LiveOptions,
  work: (session: LiveSession) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const opened: { session?: LiveSession; working?: Promise<number> } = {};
  const stopListening = killAllOnExit({
    onSignal: (signal, calls) => {
      if (!stop.signal.aborted) talk(calls > 0 ? afterFirst(signal) : `${signal}: stopping`);
      else talk(afterSecond);
      stop.abort();
    },
    // What was done is written down and reported before the process leaves.
    beforeExit: async () => {
      await Promise.race([opened.working?.catch(() => undefined), delay(REPORT_WITHIN_MS)]);
      opened.session?.close();
    },
  });
  try {
    const session = await openSession({
      root: findRoot(),
      target: options.target,
      ...(options.configuration ? { environment: options.configuration } : {}),
      ...(options.lockTimeout ? { lockTimeoutSec: Number(options.lockTimeout) } : {}),
      note: talk,
      signal: stop.signal,
    });
    opened.session = session;
    opened.working = work(session);
    return await opened.working;
  } finally {
    opened.session?.close();
    stopListening();
  }
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

const afterFirst = (signal: string) =>
  `${signal}: Terraform has been told to stop. It ends what it has begun, writes the state and releases the lock; nothing new is started. This can take as long as AWS takes.`;

const afterSecond =
  'Terraform is told to leave at once. What AWS is making at this moment can then be missing from the state, and the lock can stay: the next deploy says so. A further Ctrl-C kills it.';
