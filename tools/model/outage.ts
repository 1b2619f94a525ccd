/** What can be done about rehearsals. */
export const gameDayActions = ['list', 'plan', 'run'] as const;
export type GameDayAction = (typeof gameDayActions)[number];

/** One request of a prober. Times are of a monotonic clock, in milliseconds. */
export interface Probe {
  readonly sentMs: number;
  readonly endedMs: number;
  readonly ok: boolean;
  /** Id of what was written, where the request was a write that was acknowledged. */
  readonly written?: string;
}

/** What probes show of an outage. */
export interface Outage {
  /** Requests that failed. */
  readonly failed: number;
  /** From the start of the first request that failed to the end of the last one, in seconds; 0 without any. */
  readonly seconds: number;
}

/** How long requests failed. Probes may have ended in any order. */
export function outageOf(probes: readonly Probe[]): Outage {
  const failed = probes.filter(({ ok }) => !ok);
  if (failed.length === 0) return { failed: 0, seconds: 0 };
  const first = Math.min(...failed.map(({ sentMs }) => sentMs));
  const last = Math.max(...failed.map(({ endedMs }) => endedMs));
  return { failed: failed.length, seconds: (last - first) / 1000 };
}

/**
 * Writes that were acknowledged and are missing afterwards, as the time that they span, in seconds: from the first lost one
 * to the last acknowledged one. 0 where none is missing.
 */
export function lossOf(probes: readonly Probe[], present: ReadonlySet<string>): number {
  const written = probes.filter(({ written }) => written !== undefined);
  const lost = written.filter(({ written }) => !present.has(written!));
  if (lost.length === 0) return 0;
  const first = Math.min(...lost.map(({ endedMs }) => endedMs));
  const last = Math.max(...lost.map(({ endedMs }) => endedMs));
  return (last - first) / 1000;
}

/** Whether the last requests all were answered: nothing fails any more. */
export function isSteady(probes: readonly Probe[], count: number): boolean {
  const last = [...probes].sort((a, b) => a.sentMs - b.sentMs).slice(-count);
  return last.length === count && last.every(({ ok }) => ok);
}
