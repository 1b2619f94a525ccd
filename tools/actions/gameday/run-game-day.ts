import { setTimeout as delay } from 'node:timers/promises';
import { isSteady, lossOf, outageOf } from '@platform/tools/model/outage';
import { valueOf, type FailoverView } from '@platform/tools/model/failover';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import type { Act, GameDay, Hypothesis, Recovered } from './game-day';
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
  const isRecovery = gameDay.measures === 'recovery';
  const stop = new AbortController();
  const limit = AbortSignal.timeout(limitSec * 1000);
  const ended = AbortSignal.any([stop.signal, limit, ...(signal ? [signal] : [])]);
  const acts = await gameDay.acts({ context, before, signal: ended });
  const prober = isRecovery ? undefined : new Prober(options.prober);
  const done: Act[] = [];
  const recovered: { fromMs: number; toMs: number; lostSec: number }[] = [];
  const make = async ({ call, run, isRecovery: measured }: Omit<Act, 'undo'>) => {
    note(call);
    const fromMs = performance.now();
    try {
      const said = await run();
      if (measured) recovered.push({ fromMs, toMs: performance.now(), lostSec: isRecovered(said) ? said.lostSec : 0 });
      log.push({ time: new Date().toISOString(), call });
    } catch (error) {
      log.push({ time: new Date().toISOString(), call, error: (error as Error).message });
      throw error;
    }
  };
  /** Why the rehearsal must end. */
  const reasonToEnd = async (): Promise<string | undefined> => {
    if (signal?.aborted) return 'it was interrupted';
    if (limit.aborted) return `requests still fail after the time limit of ${limitSec} s`;
    return stopWhen?.();
  };
  /** Until requests are answered again; gives why it did not wait so long. */
  const untilSteady = async (): Promise<string | undefined> => {
    if (!prober) return reasonToEnd();
    const count = Math.max(3, Math.round((steadySec * 1000) / (options.prober.everyMs ?? 250)));
    const from = prober.probes.length;
    while (!isSteady(prober.probes.slice(from), count)) {
      const reason = await reasonToEnd();
      if (reason !== undefined) return reason;
      await delay(Math.min(1_000, steadySec * 100));
    }
    return undefined;
  };
  // While an act runs, too.
  const watch = setInterval(() => {
    void stopWhen?.()
      .then((reason) => reason !== undefined && stop.abort(new Error(reason)))
      .catch(() => undefined);
  }, 5_000);
  try {
    const atFirst = await untilSteady();
    if (atFirst !== undefined) problems.push(`before the first act: ${atFirst}`);
    for (const act of atFirst === undefined ? acts : []) {
      if (signal?.aborted) throw new Error('it was interrupted');
      ended.throwIfAborted();
      // Also an act that failed may have had a part of its effect.
      done.push(act);
      await make(act);
    }
    if (done.length > 0 && prober) {
      const reason = await untilSteady();
      if (reason !== undefined) problems.push(reason);
    }
  } catch (error) {
    problems.push((error as Error).message);
  } finally {
    clearInterval(watch);
  }
  const probes = prober?.probes ?? [];
  const outage = outageOf(probes);
  const measured = probes.length;
  for (const { undo } of done.reverse()) {
    if (!undo) continue;
    await make(undo).catch((error: Error) => problems.push(`not put back: ${undo.call}: ${error.message}`));
  }
  await prober?.stop();
  const rtoSec = isRecovery ? spanOf(recovered) : outage.seconds;
  const rpoSec = isRecovery
    ? Math.max(0, ...recovered.map(({ lostSec }) => lostSec))
    : options.prober.writeUrl === undefined
      ? undefined
      : lossOf(probes, await prober!.present());
  if (isRecovery && recovered.length === 0 && problems.length === 0) problems.push('no recovery was measured');
  const held = rtoSec <= hypothesis.rtoSec && (rpoSec ?? 0) <= hypothesis.rpoSec;
  return {
    ...empty,
    verdict: problems.length > 0 ? 'stopped' : held ? 'held' : 'broken',
    requests: measured,
    failed: outage.failed,
    rtoSec,
    ...(rpoSec === undefined ? {} : { rpoSec }),
  };
}

/** From the start of the first recovery to the end of the last, in seconds. */
function spanOf(recovered: readonly { readonly fromMs: number; readonly toMs: number }[]): number {
  if (recovered.length === 0) return 0;
  const from = Math.min(...recovered.map(({ fromMs }) => fromMs));
  const to = Math.max(...recovered.map(({ toMs }) => toMs));
  return (to - from) / 1000;
}

function isRecovered(value: unknown): value is Recovered {
  return typeof (value as Partial<Recovered> | undefined)?.lostSec === 'number';
}
