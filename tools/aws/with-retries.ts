import { setTimeout as delay } from 'node:timers/promises';

export interface RetryOptions {
  /** Whether an error may pass by itself. */
  readonly passes: (error: unknown) => boolean;
  /** Waits between the attempts, in seconds: one attempt more than waits. Default 1, 4, 10. */
  readonly waitsSec?: readonly number[];
  readonly signal?: AbortSignal;
  /** Told before each wait. */
  readonly onWait?: (error: unknown, seconds: number) => void;
}

/**
 * Repeats what failed for a reason that may pass, a few times, with growing waits. Only for what changes nothing: a
 * call that may have had its effect must not be made twice.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { passes, waitsSec = [1, 4, 10], signal, onWait } = options;
  for (const seconds of waitsSec) {
    try {
      return await attempt();
    } catch (error) {
      if (!passes(error) || signal?.aborted) throw error;
      onWait?.(error, seconds);
      await delay(seconds * 1000, undefined, signal ? { signal } : {});
    }
  }
  return attempt();
}
