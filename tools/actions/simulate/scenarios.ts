import type { Random } from './random';

/** State of a region in one minute, and what of its telemetry arrives. */
export interface Condition {
  readonly is: 'fine' | 'errors' | 'slow' | 'out';
  /** Route 53's data does not arrive. Default: it does. */
  readonly checkersLost?: boolean;
  /** The region's CloudWatch cannot be read. Default: it can. */
  readonly balancerLost?: boolean;
  /** The accelerator sees it too, and sends no connections. Default: it does not. */
  readonly unhealthy?: boolean;
}

/** What happens to the two regions, minute by minute. */
export type Course = (minute: number) => { readonly us: Condition; readonly ap: Condition };

export interface Scenario {
  readonly name: string;
  readonly is: string;
  readonly make: (random: Random, durationMin: number) => Course;
  /** What must be true at the end of every run, beside the invariants. Returns what is wrong. */
  readonly end?: (run: {
    readonly moves: number;
    /** Lowest and last dial of the region that is bad, in percent. */
    readonly lowest: number;
    readonly last: number;
    /** An override held for a part of the run. */
    readonly held: boolean;
  }) => string | undefined;
}

const fine: Condition = { is: 'fine' };

/** A region in `condition` for some minutes. */
const during = (from: number, to: number, condition: Condition, minute: number) =>
  minute >= from && minute < to ? condition : fine;

/** One run of each is drawn in `docs/traffic-control`. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'outage',
    is: 'the region is gone, and so are its metrics',
    make: (random, durationMin) => {
      const from = random.whole(10, 40);
      const seen = random.chance(0.7);
      const out: Condition = { is: 'out', balancerLost: random.chance(0.5), unhealthy: seen };
      // Route 53's metrics are in us-east-1, and may be gone with it.
      const blind: Condition = { ...out, checkersLost: random.chance(0.3) };
      return (minute) => ({ us: during(from, durationMin, blind, minute), ap: fine });
    },
  },
  {
    name: 'brown-out',
    is: 'the region answers, with errors or late',
    make: (random, durationMin) => {
      const from = random.whole(10, 40);
      const bad: Condition = { is: random.pick(['errors', 'slow']) };
      return (minute) => ({ us: during(from, durationMin, bad, minute), ap: fine });
    },
    end: ({ lowest }) => (lowest === 100 ? 'the dial of a region with errors was never lowered' : undefined),
  },
  {
    name: 'flapping',
    is: 'the region is bad for a minute or two at a time',
    make: (random, durationMin) => {
      const bad = new Set<number>();
      for (let minute = random.whole(5, 20); minute < durationMin; minute += random.whole(3, 8)) {
        bad.add(minute);
        if (random.chance(0.5)) bad.add(minute + 1);
      }
      return (minute) => ({ us: bad.has(minute) ? { is: 'errors' } : fine, ap: fine });
    },
    end: ({ moves }) => (moves > 0 ? `${moves} moves for spells that are shorter than the wait` : undefined),
  },
  {
    name: 'missing-data',
    is: 'the region is bad, and its telemetry has gaps or is gone',
    make: (random) => {
      const from = random.whole(10, 40);
      const loss = random.pick([0.4, 0.7, 1]);
      const lost = new Map<number, boolean>();
      const isLost = (minute: number) => {
        if (!lost.has(minute)) lost.set(minute, random.chance(loss));
        return lost.get(minute)!;
      };
      return (minute) => {
        const gap = isLost(minute);
        return { us: minute < from ? fine : { is: 'errors', checkersLost: gap, balancerLost: gap }, ap: fine };
      };
    },
  },
  {
    name: 'both-bad',
    is: 'both regions are bad at the same time',
    make: (random, durationMin) => {
      const from = random.whole(10, 40);
      const apart = random.whole(0, 2);
      return (minute) => ({
        us: during(from, durationMin, { is: 'errors' }, minute),
        ap: during(from + apart, durationMin, { is: 'slow' }, minute),
      });
    },
    end: ({ moves }) => (moves > 0 ? `${moves} moves although no region was good` : undefined),
  },
  {
    name: 'coming-back',
    is: 'the region is bad for a while, and good again',
    make: (random) => {
      const from = random.whole(10, 30);
      const to = from + random.whole(10, 30);
      return (minute) => ({ us: during(from, to, { is: 'errors' }, minute), ap: fine });
    },
    end: ({ lowest, last, held }) => {
      if (lowest === 100 && !held) return 'the dial was never lowered';
      return last === 100 ? undefined : `the dial is ${last} % at the end, not 100 %`;
    },
  },
];
