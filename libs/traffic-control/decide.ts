import type { TrafficControlSettings } from '@platform/libs/settings/traffic-control';
import { judge, type Limits, type Sample, type Verdict } from './judge';

/**
 * Minutes between now and the newest minute that is judged: metrics of the last minutes are still incomplete (CloudWatch
 * user guide, "Metrics concepts"; Route 53 developer guide, "Monitoring health checks using CloudWatch").
 */
export const telemetryDelayMin = 2;

/** What is known of a region at one moment. */
export interface ObservedRegion {
  /** Dial in percent while all is well; 0 for a standby. */
  readonly plannedPercent: number;
  /** Dial of the region's endpoint group in percent. Absent: it could not be read. */
  readonly dialPercent?: number;
  /** Health of the region's load balancer as the accelerator sees it. */
  readonly endpoint: 'healthy' | 'unhealthy' | 'unknown';
  /** At most one for each minute, in any order. A minute without a sample is unknown. */
  readonly samples: readonly Sample[];
}

/** The last move of traffic control. It raises only a dial that it lowered itself. */
export interface Memory {
  /** Minute since 1970 of the move. */
  readonly atMinute: number;
  /** Dial after the move, in percent. */
  readonly dialPercent: number;
  /** Dial before the first move, in percent: where the return ends. */
  readonly ceilingPercent: number;
}

/** `hold`: no move until that minute. `unreadable`: the override is there and has no valid end time, so no move either. */
export type Override = { readonly untilMinute: number } | 'unreadable';

export interface DecisionInput {
  /** Minutes since 1970. */
  readonly nowMinute: number;
  readonly settings: Pick<
    TrafficControlSettings,
    'mode' | 'floorPercent' | 'stepPercent' | 'lowerAfterMin' | 'raiseAfterMin'
  > &
    Limits;
  /** Key of the region whose dial is decided. */
  readonly judged: string;
  /** All regions by key, `judged` included. */
  readonly regions: Readonly<Record<string, ObservedRegion>>;
  /** State of the accelerator: a change of it is under way, or not. */
  readonly accelerator: 'deployed' | 'in-progress' | 'unknown';
  /** Absent: none. */
  readonly override?: Override;
  /** Absent: traffic control has moved nothing. `unreadable`: it is not known. */
  readonly memory?: Memory | 'unreadable';
}

export interface Decision {
  readonly action: 'hold' | 'lower' | 'raise';
  /** Dial before, in percent; absent if it could not be read. */
  readonly fromPercent?: number;
  /** Dial after, in percent: that of before for `hold`. */
  readonly toPercent?: number;
  /** Whether the move is made. False for `hold`, and in mode `monitor`. */
  readonly apply: boolean;
  readonly reason: string;
  /** What it saw, one line for each region. */
  readonly saw: readonly string[];
  /** To store before the move is made; absent if there is none. */
  readonly memory?: Memory;
}

/**
 * Whether the traffic dial of one region moves, one step at a time. Pure.
 *
 * It moves a dial only if it has telemetry for every minute of the wait, the accelerator is deployed, and no override
 * holds. It lowers a region that is bad for `lowerAfterMin`, down to the floor, while another active region is good, takes
 * at least as much and is healthy for the accelerator. It raises a region that is good for `raiseAfterMin`, up to where it
 * began. Each wait begins anew after a move, so that the move is seen before the next.
 *
 * A region whose load balancer is unhealthy is left alone: the accelerator has moved its connections already, whatever the
 * dial (Global Accelerator developer guide, "Endpoint groups").
 */
export function decide(input: DecisionInput): Decision {
  const { settings, judged, regions, accelerator, override, memory, nowMinute } = input;
  const region = regions[judged]!;
  const from = region.dialPercent;
  const saw = Object.entries(regions).map(([key, each]) => describe(key, each, input));
  const hold = (reason: string): Decision => ({
    action: 'hold',
    ...(from === undefined ? {} : { fromPercent: from, toPercent: from }),
    apply: false,
    reason,
    saw,
  });

  if (override === 'unreadable') return hold('the override has no valid end time: correct or delete it');
  if (override && override.untilMinute > nowMinute) {
    return hold(`an override holds until ${new Date(override.untilMinute * 60_000).toISOString()}`);
  }
  if (accelerator === 'in-progress') return hold('a change of the accelerator is under way');
  if (accelerator === 'unknown' || from === undefined) return hold('the accelerator could not be read');
  if (memory === 'unreadable') return hold('the last move could not be read');
  if (region.plannedPercent === 0) return hold(`${judged} is a standby: its dial is 0 by plan`);
  if (region.endpoint === 'unknown') return hold('the accelerator does not know the health of the load balancer yet');
  if (region.endpoint === 'unhealthy') {
    return hold(`the accelerator sends no connection to ${judged}: its load balancer is unhealthy`);
  }

  const verdicts = (each: ObservedRegion, minutes: number) => verdictsOf(each, input, minutes, memory);
  const all = (verdict: Verdict, each: ObservedRegion, minutes: number) =>
    verdicts(each, minutes).every((one) => one === verdict);
  const move = (action: 'lower' | 'raise', toPercent: number, ceilingPercent: number, reason: string): Decision => ({
    action,
    fromPercent: from,
    toPercent,
    apply: settings.mode === 'enforce',
    reason: settings.mode === 'enforce' ? reason : `${reason}; mode ${settings.mode} only reports it`,
    saw,
    memory: { atMinute: nowMinute, dialPercent: toPercent, ceilingPercent },
  });

  if (all('bad', region, settings.lowerAfterMin)) {
    const floor = Math.min(settings.floorPercent, region.plannedPercent);
    if (from <= floor) return hold(`${judged} is bad, and its dial is at or below the floor of ${floor} %`);
    const takers = Object.entries(regions).filter(
      ([key, other]) =>
        key !== judged &&
        other.plannedPercent > 0 &&
        other.endpoint === 'healthy' &&
        (other.dialPercent ?? -1) >= from &&
        all('good', other, settings.lowerAfterMin),
    );
    if (takers.length === 0) {
      return hold(`${judged} is bad, and no other region is healthy and takes at least as much`);
    }
    const to = Math.max(floor, from - settings.stepPercent);
    const ceiling = memory && memory.dialPercent === from ? memory.ceilingPercent : from;
    const names = takers.map(([key]) => key).join(', ');
    return move('lower', to, ceiling, `${judged} was bad for ${settings.lowerAfterMin} minutes, and ${names} is good`);
  }

  const isOwn = memory !== undefined && memory.dialPercent === from;
  const ceiling = isOwn ? Math.min(memory.ceilingPercent, region.plannedPercent) : from;
  if (from >= ceiling) {
    const lowered = from < region.plannedPercent;
    return hold(lowered ? `the dial of ${from} % is not traffic control's: it stays` : `${judged} needs no move`);
  }
  if (!all('good', region, settings.raiseAfterMin)) {
    return hold(`${judged} is not good for ${settings.raiseAfterMin} minutes yet`);
  }
  const to = Math.min(ceiling, from + settings.stepPercent);
  return move('raise', to, memory!.ceilingPercent, `${judged} was good for ${settings.raiseAfterMin} minutes`);
}

/** Verdicts of the newest minutes, oldest first; minutes up to the last move are unknown. */
function verdictsOf(
  region: ObservedRegion,
  { nowMinute, settings }: DecisionInput,
  minutes: number,
  memory: Memory | undefined,
): Verdict[] {
  const byMinute = new Map(region.samples.map((sample) => [sample.minute, sample]));
  const last = nowMinute - telemetryDelayMin;
  return Array.from({ length: minutes }, (_, index) => last - minutes + 1 + index).map((minute) =>
    memory && minute <= memory.atMinute ? 'unknown' : judge(byMinute.get(minute), settings).verdict,
  );
}

function describe(key: string, region: ObservedRegion, { nowMinute, settings }: DecisionInput): string {
  const newest = region.samples.find(({ minute }) => minute === nowMinute - telemetryDelayMin);
  const { verdict, because } = judge(newest, settings);
  const dial = region.dialPercent === undefined ? 'unreadable' : `${region.dialPercent} %`;
  return `${key}: ${verdict}, ${because}; dial ${dial} of ${region.plannedPercent} %; load balancer ${region.endpoint}`;
}
