import { setTimeout as delay } from 'node:timers/promises';
import { killAllOnExit } from './run-terraform';

/** Ending what runs takes a fraction of a second. */
const ENDED_WITHIN_MS = 20_000;

/**
 * Runs a preview that SIGINT, SIGTERM and SIGHUP stop. The process then exits with 128 + the signal's number, but not
 * before the work has ended and taken its providers and sockets with it.
 * @param onSignal told of the first signal
 */
export async function stopOnSignal<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onSignal: (signal: NodeJS.Signals) => void = () => undefined,
): Promise<T> {
  const stop = new AbortController();
  const stopListening = killAllOnExit({
    onSignal: (signal) => {
      if (!stop.signal.aborted) onSignal(signal);
      stop.abort();
    },
    beforeExit: async () => {
      await Promise.race([working.catch(() => undefined), delay(ENDED_WITHIN_MS)]);
    },
  });
  // What it throws before its first wait is its end too.
  const working = (async () => work(stop.signal))();
  try {
    const result = await working;
    stopListening();
    return result;
  } catch (error) {
    // The process exits now, with the signal's number, and what stopped it has been said.
    if (stop.signal.aborted) return new Promise<never>(() => undefined);
    stopListening();
    throw error;
  }
}
