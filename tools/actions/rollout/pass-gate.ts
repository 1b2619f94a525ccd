import { setTimeout as delay } from 'node:timers/promises';

/**
 * One look at something that has to be green. `last` says that nobody will look again: what is not known by then is red.
 * Gives what is red, or nothing.
 */
export type GateLook = (last: boolean) => Promise<string | undefined>;

export interface PassGateOptions {
  /** Time for which everything has to stay green, in seconds; with 0 there is one look. */
  readonly waitSec: number;
  /** Time between two looks, in seconds. Default 10. */
  readonly everySec?: number;
  readonly signal?: AbortSignal;
}

/**
 * Watches a gate for its whole time. Gives everything that was red, or nothing.
 * @throws AbortError when the signal fires
 */
export async function passGate(looks: readonly GateLook[], options: PassGateOptions): Promise<string | undefined> {
  const { waitSec, everySec = 10, signal } = options;
  for (const end = performance.now() + waitSec * 1000; ; ) {
    const leftMs = end - performance.now();
    const last = leftMs <= 0;
    const seen = await Promise.all(looks.map((look) => look(last)));
    signal?.throwIfAborted();
    const red = seen.filter((text) => text !== undefined);
    if (red.length > 0) return red.join('\n');
    if (last) return undefined;
    await delay(Math.min(leftMs, everySec * 1000), undefined, signal ? { signal } : {});
  }
}
