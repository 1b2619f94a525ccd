import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { planFleets } from '@platform/libs/app/release';
import { oneOf, WrongUse } from '@platform/libs/settings/problem';
import { applicationName } from '@platform/libs/settings/physical-names';
import { primaryOf } from '@platform/libs/settings/region';
import {
  isConfirmed,
  planFailover,
  valueOf,
  type FailoverPlan,
  type FailoverRequest,
  type FailoverStep,
  type FailoverView,
} from '@platform/tools/model/failover';
import type { FailoverContext } from './accounts';
import { act, callOf, isDone, repeats } from './act';
import { observe } from './observe';

/** What a person wants, as the command line gives it. */
export interface Wish {
  readonly to: string;
  readonly lost?: string;
  readonly allowDataLoss: boolean;
  /** Key of a region that is well and must get no traffic. */
  readonly evacuate?: string;
  /** Whether all regions get their traffic back. */
  readonly toNormal?: boolean;
}

/**
 * The request of a wish at this estate's mode. Traffic moves with the writer where one region takes it; where all do,
 * only a region that is lost or evacuated is kept out.
 * @throws WrongUse for a region that does not exist
 */
export function requestOf(
  context: FailoverContext,
  { to, lost, evacuate, allowDataLoss, toNormal }: Wish,
): FailoverRequest {
  const { environment, regions } = context;
  const keys = regions.map(({ key }) => key);
  oneOf('--to', keys, to);
  if (lost !== undefined) oneOf('--lost', keys, lost);
  if (lost === to) throw new WrongUse(`--lost: ${lost} cannot be lost and take over; choose another region with --to`);
  if (evacuate !== undefined) oneOf('--evacuate', keys, evacuate);
  if (evacuate === to) {
    throw new WrongUse(`--evacuate: ${to} cannot be evacuated and take over; choose another region with --to`);
  }
  const primary = primaryOf(regions);
  const usual = environment.mode === 'active-passive' && primary.key !== to ? [primary.key] : [];
  const least = Object.entries(environment.applications).flatMap(([application, settings]) =>
    planFleets(environment, settings, { role: 'primary' }).map(
      ({ colour, min }) => [`${applicationName(environment, application)}-${colour}`, min] as const,
    ),
  );
  return {
    to,
    ...(lost === undefined ? {} : { lost }),
    allowDataLoss,
    ...(toNormal ? { toNormal } : {}),
    withoutTraffic: [...new Set([...usual, ...[lost, evacuate].filter((key) => key !== undefined)])],
    least: Object.fromEntries(least),
  };
}

/** One line of the log of a run. */
export interface RunEvent {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly event: 'begun' | 'called' | 'done' | 'failed' | 'ended';
  /** The call, where the event is of one. */
  readonly call?: string;
  readonly detail?: string;
}

export interface RunOptions {
  /** What a person has confirmed. Default: the first plan of the run. */
  readonly confirmed?: FailoverPlan;
  /** File for the log: a line of JSON for each event. It is appended to. */
  readonly log: string;
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
  /** Time between two looks, in seconds. Default 10. */
  readonly everySec?: number;
  /** How long one step may take, in seconds. Default 900. */
  readonly stepSec?: number;
}

export interface RunResult {
  readonly result: 'done' | 'blocked' | 'failed';
  /** The calls that this run made, in order. */
  readonly calls: readonly string[];
  /** What is left, with the reasons. */
  readonly plan: FailoverPlan;
  /** Why a step failed. */
  readonly message?: string;
}

/** Steps that let requests reach a region. */
const ofTraffic = (step: FailoverStep) => step.kind !== 'raise-fleet' && step.kind !== 'move-writer';

/**
 * Does one step after the other. Before each it looks and plans anew, so that a run that was killed goes on where the
 * estate stands, and a step that somebody else made meanwhile is not made twice.
 */
export async function runFailover(
  context: FailoverContext,
  request: FailoverRequest,
  options: RunOptions,
): Promise<RunResult> {
  const { signal } = options;
  const calls: string[] = [];
  const tell = teller(options);
  tell({ event: 'begun', detail: `to ${request.to}${request.lost ? `, ${request.lost} lost` : ''}` });
  for (let { confirmed } = options; ; ) {
    signal?.throwIfAborted();
    const view = await observe(context);
    const plan = planFailover(view, request);
    confirmed ??= plan;
    if (plan.blockers.length > 0) {
      tell({ event: 'failed', detail: plan.blockers.join('; ') });
      return { result: 'blocked', calls, plan };
    }
    const [step] = plan.steps;
    if (!step) {
      tell({ event: 'ended' });
      return { result: 'done', calls, plan };
    }
    const call = callOf(context, step);
    if (!isConfirmed(step, confirmed)) {
      const message = `${call}: the plan that was confirmed does not show it; look at the plan again, and confirm it`;
      tell({ event: 'failed', call, detail: message });
      return { result: 'blocked', calls, plan, message };
    }
    try {
      if (ofTraffic(step)) await untilReady(context, request, options);
      await makeStep(context, step, options, () => {
        calls.push(call);
        tell({ event: 'called', call });
      });
      tell({ event: 'done', call });
    } catch (error) {
      if (signal?.aborted) throw error;
      const { message } = error as Error;
      tell({ event: 'failed', call, detail: message });
      return { result: 'failed', calls, plan, message: `${call}: ${message}` };
    }
  }
}

/**
 * Makes the call of a step, and waits for its effect.
 * @throws Error where the effect is not there in time
 */
export async function makeStep(
  context: FailoverContext,
  step: FailoverStep,
  options: Omit<RunOptions, 'log'> = {},
  onCalled: () => void = () => {},
): Promise<void> {
  const { stepSec = 900 } = options;
  if (!(step.kind === 'move-writer' && step.begun)) {
    await act(context, step);
    onCalled();
  }
  const again = repeats(step) ? () => act(context, step) : undefined;
  if (await until(context, (seen) => isDone(step, seen), { ...options, stepSec }, again)) return;
  throw new Error(`its effect is not there after ${stepSec} s`);
}

/** Waits for the instances of the region that takes over. A lost region cannot wait for the last of them. */
async function untilReady(context: FailoverContext, { to, lost }: FailoverRequest, options: RunOptions): Promise<void> {
  const ready = ({ regions }: FailoverView) =>
    valueOf(regions.find(({ key }) => key === to)!.fleets)?.every(({ inService, desired }) => inService >= desired) ??
    false;
  const { stepSec = 900 } = options;
  if ((await until(context, ready, { ...options, stepSec: lost ? Math.min(stepSec, 300) : stepSec })) || lost) return;
  throw new Error(`the instances in ${to} are not all in service after ${stepSec} s`);
}

async function until(
  context: FailoverContext,
  holds: (view: FailoverView) => boolean,
  { signal, everySec = 10, stepSec = 900 }: Omit<RunOptions, 'log'>,
  again?: () => Promise<void>,
): Promise<boolean> {
  for (const end = performance.now() + stepSec * 1000; ; ) {
    if (holds(await observe(context))) return true;
    if (performance.now() > end) return false;
    await delay(everySec * 1000, undefined, signal ? { signal } : {});
    await again?.();
  }
}

function teller({ log, onEvent }: RunOptions): (event: Omit<RunEvent, 'time'>) => void {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  return (event) => {
    const whole = { time: new Date().toISOString(), ...event };
    appendFileSync(log, `${JSON.stringify(whole)}\n`);
    onEvent?.(whole);
  };
}

/** The log of a run that begins now. */
export function logFile(root: string, { environment, target }: FailoverContext, now = new Date()): string {
  const name = now.toISOString().replaceAll(':', '-');
  return join(root, 'dist', 'failover', target.name, environment.name, `${name}.jsonl`);
}
