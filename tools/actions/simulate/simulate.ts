import { decide, telemetryDelayMin, type Decision, type Memory } from '@platform/libs/traffic-control/decide';
import type { Sample } from '@platform/libs/traffic-control/judge';
import type { TrafficControlSettings } from '@platform/libs/settings/traffic-control';
import { brokenInvariants } from './invariants';
import { Random } from './random';
import type { Condition, Course, Scenario } from './scenarios';

export const regionKeys = ['us', 'ap'] as const;
export type RegionKey = (typeof regionKeys)[number];

/** A minute of a run, as it was after the decisions. */
export interface SimulatedMinute {
  readonly minute: number;
  readonly conditions: Readonly<Record<RegionKey, Condition>>;
  readonly dials: Readonly<Record<RegionKey, number>>;
  readonly held: boolean;
}

/** A move that was made. */
export interface Move {
  readonly minute: number;
  readonly region: RegionKey;
  readonly decision: Decision;
}

export interface Run {
  readonly scenario: string;
  readonly seed: number;
  readonly minutes: readonly SimulatedMinute[];
  readonly moves: readonly Move[];
  /** What is wrong with the run, one line each. Empty when all invariants hold. */
  readonly broken: readonly string[];
}

/** What a decision was made from, for the invariants. */
export interface Situation {
  readonly nowMinute: number;
  readonly region: RegionKey;
  readonly dials: Readonly<Record<RegionKey, number>>;
  readonly samples: Readonly<Record<RegionKey, readonly Sample[]>>;
  readonly conditions: Readonly<Record<RegionKey, Condition>>;
  readonly accelerator: 'deployed' | 'in-progress';
  readonly held: boolean;
  /** Minute of the region's previous move. */
  readonly lastMoveMinute?: number;
}

/** Long enough for five steps down and back at the default waits. */
export const durationMin = 240;

/**
 * One run: both regions serve, each region's function judges the other every minute, and the accelerator takes one to three
 * minutes for a change. Now and then a deploy changes the accelerator, a person holds the dials, and an alarm calls a
 * function a second time.
 */
export function simulateRun(scenario: Scenario, seed: number, settings: TrafficControlSettings): Run {
  const random = new Random(seed);
  const course = scenario.make(random, durationMin);
  const telemetry = new Telemetry(random, course, settings);
  const dials: Record<RegionKey, number> = { us: 100, ap: 100 };
  const memories: Partial<Record<RegionKey, Memory>> = {};
  const minutes: SimulatedMinute[] = [];
  const moves: Move[] = [];
  const broken: string[] = [];
  const interrupted = random.chance(0.3);
  const heldFrom = random.chance(0.2) ? random.whole(0, 40) : Infinity;
  const heldUntil = heldFrom + random.whole(5, 30);
  let busyUntil = interrupted ? random.whole(0, 30) : 0;
  const start = 30_000_000;

  for (let minute = 0; minute < durationMin; minute++) {
    const nowMinute = start + minute;
    const conditions = course(minute);
    const held = minute >= heldFrom && minute < heldUntil;
    if (interrupted && random.chance(0.01)) busyUntil = minute + random.whole(1, 5);
    const calls = regionKeys.flatMap((region) => (random.chance(0.1) ? [region, region] : [region]));
    for (const region of random.chance(0.5) ? calls : calls.reverse()) {
      const judge = region === 'us' ? 'ap' : 'us';
      // The function runs in the other region, and is gone with it.
      if (conditions[judge].is === 'out') continue;
      const accelerator = minute < busyUntil ? 'in-progress' : 'deployed';
      const samples = {
        us: telemetry.until('us', minute - telemetryDelayMin, start),
        ap: telemetry.until('ap', minute - telemetryDelayMin, start),
      };
      const before = { ...dials };
      const memory = memories[region];
      const decision = decide({
        nowMinute,
        settings,
        judged: region,
        regions: Object.fromEntries(
          regionKeys.map((key) => [
            key,
            {
              plannedPercent: 100,
              dialPercent: before[key],
              endpoint: conditions[key].unhealthy ? ('unhealthy' as const) : ('healthy' as const),
              samples: samples[key],
            },
          ]),
        ),
        accelerator,
        ...(held ? { override: { untilMinute: start + heldUntil } } : {}),
        ...(memory ? { memory } : {}),
      });
      const situation: Situation = {
        nowMinute,
        region,
        dials: before,
        samples,
        conditions,
        accelerator,
        held,
        ...(memory ? { lastMoveMinute: memory.atMinute } : {}),
      };
      for (const what of brokenInvariants(decision, situation, settings)) broken.push(`minute ${minute}: ${what}`);
      if (!decision.apply) continue;
      memories[region] = decision.memory!;
      dials[region] = decision.toPercent!;
      busyUntil = minute + random.whole(1, 3);
      moves.push({ minute, region, decision });
    }
    minutes.push({ minute, conditions, dials: { ...dials }, held });
  }
  const wrong = scenario.end?.({
    moves: moves.length,
    lowest: Math.min(...minutes.map((each) => each.dials.us)),
    last: dials.us,
    held: heldFrom < durationMin,
  });
  return { scenario: scenario.name, seed, minutes, moves, broken: wrong ? [...broken, wrong] : broken };
}

/** Samples as CloudWatch would give them: made once for each minute. */
class Telemetry {
  private readonly made: Record<RegionKey, (Sample | undefined)[]> = { us: [], ap: [] };

  constructor(
    private readonly random: Random,
    private readonly course: Course,
    private readonly settings: TrafficControlSettings,
  ) {}

  /** Those of the last hours up to a minute of the run. */
  until(region: RegionKey, last: number, start: number): Sample[] {
    const made = this.made[region];
    for (let minute = made.length; minute <= last; minute++) {
      made.push(this.sampleOf(this.course(minute)[region], start + minute));
    }
    const wait = Math.max(this.settings.lowerAfterMin, this.settings.raiseAfterMin);
    return made.slice(Math.max(0, last + 1 - wait), last + 1).filter((each) => each !== undefined);
  }

  private sampleOf(condition: Condition, minute: number): Sample | undefined {
    const { random, settings } = this;
    const requests = Math.round(random.between(settings.minRequestsPerMin * 2, settings.minRequestsPerMin * 100));
    const share = condition.is === 'errors' ? random.between(settings.errorPercent * 1.1, 60) : 0;
    const p99Ms =
      condition.is === 'slow'
        ? random.between(settings.p99Ms * 1.1, settings.p99Ms * 5)
        : random.between(settings.p99Ms * 0.05, settings.p99Ms * 0.8);
    const checkersPercent = condition.is === 'out' ? random.between(0, 15) : random.between(85, 100);
    const { checkersLost, balancerLost } = condition;
    if (checkersLost && balancerLost) return undefined;
    return {
      minute,
      ...(checkersLost ? {} : { checkersPercent }),
      ...(balancerLost
        ? {}
        : {
            balancer:
              condition.is === 'out' ? {} : { requests, targetErrors: Math.ceil((requests * share) / 100), p99Ms },
          }),
    };
  }
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly is: string;
  readonly runs: number;
  readonly runsWithMoves: number;
  readonly moves: number;
  /** Lowest dial of all runs, in percent. */
  readonly lowestPercent: number;
  readonly broken: readonly { readonly seed: number; readonly what: string }[];
}

/** Many runs of a scenario, with the seeds from `firstSeed` on. */
export function simulateScenario(
  scenario: Scenario,
  settings: TrafficControlSettings,
  { runs, firstSeed }: { readonly runs: number; readonly firstSeed: number },
): ScenarioResult {
  let moves = 0;
  let runsWithMoves = 0;
  let lowestPercent = 100;
  const broken: { seed: number; what: string }[] = [];
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const run = simulateRun(scenario, seed, settings);
    moves += run.moves.length;
    if (run.moves.length > 0) runsWithMoves++;
    for (const { dials } of run.minutes) lowestPercent = Math.min(lowestPercent, dials.us, dials.ap);
    broken.push(...run.broken.map((what) => ({ seed, what })));
  }
  return { scenario: scenario.name, is: scenario.is, runs, runsWithMoves, moves, lowestPercent, broken };
}
