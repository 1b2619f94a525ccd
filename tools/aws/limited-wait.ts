export interface LimitedWaitOptions {
  /** Time after which nothing is waited for any more, in seconds. */
  readonly limitSec: number;
  /** Told each minute, with the minutes that have passed. */
  readonly onMinute?: (minutes: number) => void;
}

/** An endpoint took a call and did not answer in time. */
export class NoAnswer extends Error {
  // As the SDK calls it: a failure of the network.
  override readonly name = 'TimeoutError';
}

/**
 * Waits for work as long as the limit allows: an endpoint that has frozen takes calls, and each of their repetitions waits
 * for its own timeout.
 * @param work gets a signal that fires at the limit, so that nothing is repeated after it
 * @throws NoAnswer
 */
export async function limitedWait<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { limitSec, onMinute }: LimitedWaitOptions,
): Promise<T> {
  const stop = new AbortController();
  let minutes = 0;
  const each = setInterval(() => onMinute?.(++minutes), 60_000);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      stop.abort();
      reject(new NoAnswer(`no answer within ${limitSec} s`));
    }, limitSec * 1000);
  });
  try {
    return await Promise.race([work(stop.signal), limit]);
  } finally {
    clearInterval(each);
    clearTimeout(timer);
  }
}
