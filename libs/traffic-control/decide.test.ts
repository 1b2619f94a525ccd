import fc from 'fast-check';
import { decide, telemetryDelayMin, type DecisionInput, type ObservedRegion } from './decide';
import { errorPercent, judge, type Sample } from './judge';

const settings: DecisionInput['settings'] = {
  mode: 'enforce',
  floorPercent: 10,
  stepPercent: 20,
  lowerAfterMin: 3,
  raiseAfterMin: 5,
  errorPercent: 5,
  p99Ms: 1000,
  minRequestsPerMin: 10,
};
const now = 1000;
const good = (minute: number): Sample => ({ minute, checkersPercent: 100, balancer: { requests: 100, p99Ms: 10 } });
const bad = (minute: number): Sample => ({
  minute,
  checkersPercent: 100,
  balancer: { requests: 100, targetErrors: 50 },
});
const history = (sample: (minute: number) => Sample, minutes = 10) =>
  Array.from({ length: minutes }, (_, index) => sample(now - telemetryDelayMin - index));
const region = (sample: (minute: number) => Sample, more: Partial<ObservedRegion> = {}): ObservedRegion => ({
  plannedPercent: 100,
  dialPercent: 100,
  endpoint: 'healthy',
  samples: history(sample),
  ...more,
});
const inputWith = (more: Partial<DecisionInput> = {}): DecisionInput => ({
  nowMinute: now,
  settings,
  judged: 'ap',
  regions: { us: region(good), ap: region(bad) },
  accelerator: 'deployed',
  ...more,
});

test('lowers a bad region by one step, says what it saw and why, and remembers where it began', () => {
  expect(decide(inputWith())).toEqual({
    action: 'lower',
    fromPercent: 100,
    toPercent: 80,
    apply: true,
    reason: 'ap was bad for 3 minutes, and us is good',
    saw: [
      'us: good, 100 % of the health checkers reach it; dial 100 % of 100 %; load balancer healthy',
      'ap: bad, 50 % errors; dial 100 % of 100 %; load balancer healthy',
    ],
    memory: { atMinute: now, dialPercent: 80, ceilingPercent: 100 },
  });
});

test.each<[string, Partial<DecisionInput>, string]>([
  ['the floor is reached', { regions: { us: region(good), ap: region(bad, { dialPercent: 10 }) } }, 'floor of 10 %'],
  ['the only other region is bad too', { regions: { us: region(bad), ap: region(bad) } }, 'no other region'],
  [
    'the only other region is a standby',
    { regions: { us: region(good, { plannedPercent: 0 }), ap: region(bad) } },
    'no other',
  ],
  ['the other region takes less', { regions: { us: region(good, { dialPercent: 80 }), ap: region(bad) } }, 'as much'],
  [
    'the accelerator finds the other region unhealthy',
    { regions: { us: region(good, { endpoint: 'unhealthy' }), ap: region(bad) } },
    'no other region',
  ],
  ['the region is a standby', { regions: { us: region(good), ap: region(bad, { plannedPercent: 0 }) } }, 'standby'],
  [
    'the accelerator has moved its traffic',
    { regions: { us: region(good), ap: region(bad, { endpoint: 'unhealthy' }) } },
    'unhealthy',
  ],
  ['the accelerator changes', { accelerator: 'in-progress' }, 'under way'],
  ['the accelerator cannot be read', { accelerator: 'unknown' }, 'could not be read'],
  ['an override holds', { override: { untilMinute: now + 1 } }, 'an override holds until 1970-01-01T16:41:00.000Z'],
  ['an override has no end', { override: 'unreadable' }, 'no valid end time'],
  ['the last move is not known', { memory: 'unreadable' }, 'could not be read'],
  [
    'the last move is newer than the wait',
    { memory: { atMinute: now - telemetryDelayMin - 2, dialPercent: 100, ceilingPercent: 100 } },
    'needs no move',
  ],
  [
    'a minute has no telemetry',
    { regions: { us: region(good), ap: region(bad, { samples: history(bad).slice(1) }) } },
    'needs no move',
  ],
])('holds while %s', (_, more, reason) => {
  const decision = decide(inputWith(more));
  expect(decision).toMatchObject({ action: 'hold', apply: false });
  expect(decision.reason).toContain(reason);
});

test('an override that has ended holds no more', () => {
  expect(decide(inputWith({ override: { untilMinute: now } }))).toMatchObject({ action: 'lower', apply: true });
});

test('mode monitor decides the same and moves nothing', () => {
  const { apply, action, toPercent } = decide(inputWith({ settings: { ...settings, mode: 'monitor' } }));
  expect({ apply, action, toPercent }).toEqual({ apply: false, action: 'lower', toPercent: 80 });
});

test('raises what it lowered itself, up to where it began', () => {
  const low = { us: region(good), ap: region(good, { dialPercent: 60 }) };
  const memory = { atMinute: now - 50, dialPercent: 60, ceilingPercent: 70 };
  expect(decide(inputWith({ regions: low, memory }))).toMatchObject({ action: 'raise', toPercent: 70, apply: true });
});

test('leaves a dial that somebody else set', () => {
  const low = { us: region(good), ap: region(good, { dialPercent: 0 }) };
  const reason = "the dial of 0 % is not traffic control's: it stays";
  expect(decide(inputWith({ regions: low }))).toMatchObject({ action: 'hold', reason });
  const memory = { atMinute: now - 50, dialPercent: 60, ceilingPercent: 100 };
  expect(decide(inputWith({ regions: low, memory }))).toMatchObject({ action: 'hold', reason });
});

describe('telemetry of a minute', () => {
  test.each<[string, Omit<Sample, 'minute'>, string]>([
    ['too few requests for a share', { checkersPercent: 100, balancer: { requests: 9, targetErrors: 9 } }, 'good'],
    ['no request at all', { checkersPercent: 100, balancer: {} }, 'good'],
    ['only errors of the load balancer', { checkersPercent: 100, balancer: { balancerErrors: 10 } }, 'bad'],
    ['errors at the limit', { checkersPercent: 100, balancer: { requests: 100, targetErrors: 5 } }, 'good'],
    ['slow answers', { checkersPercent: 100, balancer: { requests: 100, p99Ms: 1001 } }, 'bad'],
    ['slow answers without checkers', { balancer: { requests: 100, p99Ms: 1001 } }, 'bad'],
    ['no p99', { checkersPercent: 100, balancer: { requests: 100 } }, 'good'],
    ['half of the checkers', { checkersPercent: 50, balancer: {} }, 'good'],
    ['few checkers, and no CloudWatch of the region', { checkersPercent: 49 }, 'bad'],
    ['no CloudWatch of the region', { checkersPercent: 100 }, 'unknown'],
    ['no checkers', { balancer: { requests: 100 } }, 'unknown'],
  ])('%s', (_, sample, verdict) => {
    expect(judge({ minute: 0, ...sample }, settings).verdict).toBe(verdict);
  });

  test('no sample is unknown', () => expect(judge(undefined, settings).verdict).toBe('unknown'));

  test('missing data points count as 0 in the share, and no request has none', () => {
    expect(errorPercent({ requests: 90, balancerErrors: 10 })).toBe(10);
    expect(errorPercent({ targetErrors: 0 })).toBeUndefined();
  });
});

describe('for any input', () => {
  const percent = fc.integer({ min: 0, max: 100 });
  const sample = fc.record(
    {
      minute: fc.integer({ min: now - 12, max: now }),
      checkersPercent: percent,
      balancer: fc.record(
        {
          requests: fc.integer({ min: 0, max: 200 }),
          targetErrors: fc.integer({ min: 0, max: 50 }),
          balancerErrors: fc.integer({ min: 0, max: 50 }),
          p99Ms: fc.integer({ min: 0, max: 3000 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['minute'] },
  );
  const steady = fc.constantFrom(history(good), history(bad));
  const parts = {
    plannedPercent: fc.constantFrom(0, 5, 100, 100, 100),
    dialPercent: percent,
    endpoint: fc.constantFrom(
      'healthy' as const,
      'healthy' as const,
      'healthy' as const,
      'unhealthy' as const,
      'unknown' as const,
    ),
    samples: fc.oneof({ weight: 5, arbitrary: steady }, { weight: 1, arbitrary: fc.array(sample, { maxLength: 14 }) }),
  };
  const observed: fc.Arbitrary<ObservedRegion> = fc.oneof(
    { weight: 9, arbitrary: fc.record(parts) },
    { weight: 1, arbitrary: fc.record(parts, { requiredKeys: ['plannedPercent', 'endpoint', 'samples'] }) },
  );
  const memory = fc.record({
    atMinute: fc.integer({ min: now - 60, max: now }),
    dialPercent: percent,
    ceilingPercent: percent,
  });
  const input: fc.Arbitrary<DecisionInput> = fc
    .record({
      floorPercent: fc.integer({ min: 1, max: 99 }),
      stepPercent: fc.integer({ min: 1, max: 100 }),
      lowerAfterMin: fc.integer({ min: 2, max: 5 }),
      raiseAfterMin: fc.integer({ min: 3, max: 10 }),
      mode: fc.constantFrom('enforce' as const, 'monitor' as const),
      regions: fc.record({ us: observed, ap: observed, eu: observed }),
      accelerator: fc.constantFrom(
        'deployed' as const,
        'deployed' as const,
        'in-progress' as const,
        'unknown' as const,
      ),
      override: fc.oneof(
        { weight: 6, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constant('unreadable' as const) },
        { weight: 3, arbitrary: fc.record({ untilMinute: fc.integer({ min: now - 5, max: now + 5 }) }) },
      ),
      memory: fc.oneof(
        { weight: 2, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constant('unreadable' as const) },
        { weight: 7, arbitrary: memory },
      ),
      own: fc.boolean(),
    })
    .map(({ regions, accelerator, override, memory: remembered, own, ...more }) => ({
      ...inputWith({ settings: { ...settings, ...more }, accelerator }),
      // Half of the time the dial is the one that traffic control set.
      regions:
        own && remembered && remembered !== 'unreadable'
          ? { ...regions, ap: { ...regions.ap, dialPercent: remembered.dialPercent } }
          : regions,
      ...(override === undefined ? {} : { override }),
      ...(remembered === undefined ? {} : { memory: remembered }),
    }));

  const holds = (property: (given: DecisionInput, decided: ReturnType<typeof decide>) => boolean) => {
    let moves = 0;
    fc.assert(
      fc.property(input, (given) => {
        const decided = decide(given);
        if (decided.action === 'hold') return !decided.apply && decided.toPercent === decided.fromPercent;
        moves++;
        return property(given, decided);
      }),
      { numRuns: 5000, seed: 1 },
    );
    // Otherwise the property says nothing.
    expect(moves).toBeGreaterThan(50);
  };
  const judgedOf = ({ regions, judged }: DecisionInput) => regions[judged]!;
  const verdicts = (each: ObservedRegion, given: DecisionInput, minutes: number) =>
    Array.from({ length: minutes }, (_, index) => now - telemetryDelayMin - index).map(
      (minute) =>
        judge(
          [...each.samples].reverse().find((one) => one.minute === minute),
          given.settings,
        ).verdict,
    );

  test('a move lowers to the floor at most, and raises to the plan at most', () =>
    holds((given, { action, toPercent }) => {
      const { plannedPercent } = judgedOf(given);
      return action === 'lower'
        ? toPercent! >= Math.min(given.settings.floorPercent, plannedPercent)
        : toPercent! <= plannedPercent;
    }));

  test('a move is one step at most, in its direction', () =>
    holds(({ settings: { stepPercent } }, { action, fromPercent, toPercent }) => {
      const up = toPercent! - fromPercent!;
      return Math.abs(up) <= stepPercent && (action === 'raise' ? up > 0 : up < 0);
    }));

  test('lowering leaves another active region that is good, healthy and takes as much', () =>
    holds((given, { action, fromPercent }) => {
      if (action === 'raise') return true;
      const others = Object.entries(given.regions).filter(([key]) => key !== given.judged);
      return others.some(
        ([, other]) =>
          other.plannedPercent > 0 &&
          other.endpoint === 'healthy' &&
          other.dialPercent! >= fromPercent! &&
          verdicts(other, given, given.settings.lowerAfterMin).every((verdict) => verdict === 'good'),
      );
    }));

  test('a move has telemetry for every minute of the wait, after the last move', () =>
    holds((given, { action }) => {
      const { lowerAfterMin, raiseAfterMin } = given.settings;
      const [minutes, verdict] = action === 'lower' ? [lowerAfterMin, 'bad'] : [raiseAfterMin, 'good'];
      const remembered = given.memory as { atMinute: number } | undefined;
      return (
        verdicts(judgedOf(given), given, minutes).every((one) => one === verdict) &&
        (remembered?.atMinute ?? 0) <= now - telemetryDelayMin - minutes
      );
    }));

  test('no move while the accelerator changes, an override holds, or the last move is unknown', () =>
    holds(
      ({ accelerator, override, memory: remembered }) =>
        accelerator === 'deployed' &&
        remembered !== 'unreadable' &&
        (override === undefined || (override !== 'unreadable' && override.untilMinute <= now)),
    ));

  test('only mode enforce moves', () => holds(({ settings: { mode } }, { apply }) => apply === (mode === 'enforce')));
});
