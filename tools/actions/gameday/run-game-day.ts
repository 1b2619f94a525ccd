import { setTimeout as delay } from 'node:timers/promises';
import { isSteady, lossOf, outageOf } from '@platform/tools/model/outage';
import { valueOf, type FailoverView } from '@platform/tools/model/failover';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import type { Act, GameDay, Hypothesis } from './game-day';
import { Prober, type ProberOptions } from './prober';

export interface GameDayOptions {
  readonly prober: ProberOptions;
  /** Time after which the rehearsal is put back, whatever is measured, in seconds. Default 1,800. */
  readonly limitSec?: number;
  /** Time for which every request must be answered before the first act and after the last, in seconds. Default 10. */
  readonly steadySec?: number;
  /** Whether something else says stop, such as an alarm: the reason, or nothing. Asked every few seconds. */
  readonly stopWhen?: () => Promise<string | undefined>;
  readonly signal?: AbortSignal;
  readonly note?: (text: string) => void;
}

/** What a rehearsal has shown. */
export interface GameDayResult {
  readonly name: string;
  readonly hypothesis: Hypothesis;
  readonly verdict: 'held' | 'broken' | 'stopped';
  readonly rtoSec?: number;
  /** Absent where nothing was written. */
  readonly rpoSec?: number;
  readonly requests: number;
  readonly failed: number;
  /** Calls with their times, also those that put it back. ISO 8601, UTC. */
  readonly log: readonly { readonly time: string; readonly call: string; readonly error?: string }[];
  /** Why it was stopped, and what could not be put back. */
  readonly problems: readonly string[];
}

/** Why a rehearsal may not begin: what is not well before it. Empty where all is. */
export function unsteady({ regions, database }: FailoverView): string[] {
  const members = valueOf(database)?.members ?? {};
  return [
    ...('unknown' in database ? [`the database is unknown: ${database.unknown}`] : []),
    ...Object.entries(members).flatMap(([key, { status }]) =>
      status === 'available' ? [] : [`${key}: its member of the database is ${status}`],
    ),
    ...regions.flatMap(({ key, fleets, latched }) => [
      ...('unknown' in fleets
        ? [`${key}: its fleets are unknown: ${fleets.unknown}`]
        : fleets.value.flatMap(({ name, desired, inService }) =>
            inService < desired ? [`${key}: ${name} has ${inService} of ${desired} instances in service`] : [],
          )),
      ...(latched && valueOf(latched) === true ? [`${key}: it is latched since an earlier failover`] : []),
    ]),
  ];
}

/**
 * Rehearses: steady state, acts, measurement, return. What was done is put back in reverse order, whatever happens on the
 * way: an error, the time limit, a stop, a signal.
 */
export async function runGameDay(
  context: FailoverContext,
  gameDay: GameDay,
  options: GameDayOptions,
): Promise<GameDayResult> {
  const { limitSec = 1_800, steadySec = 10, stopWhen, signal, note = () => {} } = options;
  const hypothesis = gameDay.hypothesis(context);
  const log: { time: string; call: string; error?: string }[] = [];
  const problems: string[] = [];
  const before = await observe(context);
  const empty = { name: gameDay.name, hypothesis, requests: 0, failed: 0, log, problems };
  problems.push(...unsteady(before));
  if (problems.length > 0) return { ...empty, verdict: 'stopped' };
  const acts = await gameDay.acts({ context, before, ...(signal ? { signal } : {}) });
  const prober = new Prober(options.prober);
  const end = performance.now() + limitSec * 1000;
  const done: Act[] = [];
  const make = async ({ call, run }: Pick<Act, 'call' | 'run'>) => {
    note(call);
    try {
      await run();
      log.push({ time: new Date().toISOString(), call });
    } catch (error) {
      log.push({ time: new Date().toISOString(), call, error: (error as Error).message });
      throw error;
    }
  };
  /** Until requests are answered again; gives why it did not wait so long. */
  const untilSteady = async (): Promise<string | undefined> => {
    const count = Math.max(3, Math.round((steadySec * 1000) / (options.prober.everyMs ?? 250)));
    const from = prober.probes.length;
    while (!isSteady(prober.probes.slice(from), count)) {
      if (signal?.aborted) return 'it was interrupted';
      if (performance.now() > end) return `requests still fail after the time limit of ${limitSec} s`;
      const reason = await stopWhen?.();
      if (reason !== undefined) return reason;
      await delay(Math.min(1_000, steadySec * 100));
    }
    return undefined;
  };
  try {
    const atFirst = await untilSteady();
    if (atFirst !== undefined) problems.push(`before the first act: ${atFirst}`);
    for (const act of atFirst === undefined ? acts : []) {
      if (signal?.aborted) throw new Error('it was interrupted');
      // Also an act that failed may have had a part of its effect.
      done.push(act);
      await make(act);
    }
    if (done.length > 0) {
      const reason = await untilSteady();
      if (reason !== undefined) problems.push(reason);
    }
  } catch (error) {
    problems.push((error as Error).message);
  }
  const { failed, seconds } = outageOf(prober.probes);
  const measured = prober.probes.length;
  for (const { undo } of done.reverse()) {
    if (!undo) continue;
    await make(undo).catch((error: Error) => problems.push(`not put back: ${undo.call}: ${error.message}`));
  }
  await prober.stop();
  const rpoSec = options.prober.writeUrl === undefined ? undefined : lossOf(prober.probes, await prober.present());
  const held = seconds <= hypothesis.rtoSec && (rpoSec ?? 0) <= hypothesis.rpoSec;
  return {
    ...empty,
    verdict: problems.length > 0 ? 'stopped' : held ? 'held' : 'broken',
    requests: measured,
    failed,
    rtoSec: seconds,
    ...(rpoSec === undefined ? {} : { rpoSec }),
  };
}
