import fc from 'fast-check';
import { adoptionLevels, includesLevel, modes } from '@platform/libs/settings/adoption';
import { planTraffic, type TrafficPlanInput } from './plan-traffic';

const pair = [
  { key: 'us', failsOverTo: 'ap' },
  { key: 'ap', failsOverTo: 'us' },
];

/** One line per combination: record policy and roles, API target, dials, origins of the us and the ap distribution. */
const summary = (mode: string, level: string, primary: string) => {
  const plan = planTraffic({ mode, level, primary, regions: pair } as TrafficPlanInput);
  const { us, ap } = plan.regions;
  return [
    `${plan.recordPolicy} ${us!.record}/${ap!.record}`,
    `api→${plan.apiTarget}`,
    `site→${plan.siteTarget}`,
    `dials ${us!.dialPercent}/${ap!.dialPercent}`,
    `us: ${us!.origins.join('>')} ap: ${ap!.origins.join('>')}`,
    `${plan.balancerSources.join('+')}: ${plan.balancerAdmission}`,
  ].join(' | ');
};

const edgeOnly = 'cloudfront+accelerator+health-checks';
const passiveUs = 'failover primary/secondary';
const passiveAp = 'failover secondary/primary';
const active = 'latency nearest/nearest';
const own = 'us: us>ap ap: ap>us';

const table: [mode: string, level: string, primary: string, summary: string][] = [
  [
    'active-passive',
    'standby',
    'us',
    `${passiveUs} | api→balancers | site→api | dials 100/0 | us: us>ap ap: us>ap | internet: all`,
  ],
  [
    'active-passive',
    'standby',
    'ap',
    `${passiveAp} | api→balancers | site→api | dials 0/100 | us: ap>us ap: ap>us | internet: all`,
  ],
  [
    'active-passive',
    'origin-failover',
    'us',
    `${passiveUs} | api→balancers | site→distributions | dials 100/0 | us: us>ap ap: us>ap | internet: all`,
  ],
  [
    'active-passive',
    'origin-failover',
    'ap',
    `${passiveAp} | api→balancers | site→distributions | dials 0/100 | us: ap>us ap: ap>us | internet: all`,
  ],
  [
    'active-passive',
    'local-reads',
    'us',
    `${passiveUs} | api→balancers | site→distributions | dials 100/0 | ${own} | internet: known`,
  ],
  [
    'active-passive',
    'local-reads',
    'ap',
    `${passiveAp} | api→balancers | site→distributions | dials 0/100 | ${own} | internet: known`,
  ],
  [
    'active-passive',
    'accelerated',
    'us',
    `${passiveUs} | api→accelerator | site→distributions | dials 100/0 | ${own} | ${edgeOnly}: known`,
  ],
  [
    'active-passive',
    'accelerated',
    'ap',
    `${passiveAp} | api→accelerator | site→distributions | dials 0/100 | ${own} | ${edgeOnly}: known`,
  ],
  [
    'active-passive',
    'inspected',
    'us',
    `${passiveUs} | api→accelerator | site→distributions | dials 100/0 | ${own} | ${edgeOnly}: known`,
  ],
  [
    'active-passive',
    'inspected',
    'ap',
    `${passiveAp} | api→accelerator | site→distributions | dials 0/100 | ${own} | ${edgeOnly}: known`,
  ],
  ...['us', 'ap'].flatMap((primary): [string, string, string, string][] => [
    [
      'active-active',
      'standby',
      primary,
      `${active} | api→balancers | site→api | dials 100/100 | ${own} | internet: all`,
    ],
    [
      'active-active',
      'origin-failover',
      primary,
      `${active} | api→balancers | site→distributions | dials 100/100 | ${own} | internet: all`,
    ],
    [
      'active-active',
      'local-reads',
      primary,
      `${active} | api→balancers | site→distributions | dials 100/100 | ${own} | internet: known`,
    ],
    [
      'active-active',
      'accelerated',
      primary,
      `${active} | api→accelerator | site→distributions | dials 100/100 | ${own} | ${edgeOnly}: known`,
    ],
    [
      'active-active',
      'inspected',
      primary,
      `${active} | api→accelerator | site→distributions | dials 100/100 | ${own} | ${edgeOnly}: known`,
    ],
  ]),
];

test.each(table)('%s at %s with %s as primary', (mode, level, primary, expected) => {
  expect(summary(mode, level, primary)).toBe(expected);
});

test('the table has every combination once', () => {
  const all = modes.flatMap((mode) =>
    adoptionLevels.flatMap((level) => pair.map(({ key }) => `${mode} ${level} ${key}`)),
  );
  expect(table.map(([mode, level, primary]) => `${mode} ${level} ${primary}`).sort()).toEqual(all.sort());
});

test('refuses a primary that is not a region', () => {
  expect(() => planTraffic({ mode: 'active-active', level: 'standby', primary: 'eu', regions: pair })).toThrow(
    'primary: "eu" is not a region; use one of us, ap',
  );
});

test('a dial limit applies to active regions, and gives a standby nothing', () => {
  const plan = (mode: 'active-active' | 'active-passive') =>
    planTraffic({ mode, level: 'accelerated', primary: 'us', regions: pair, dialLimitPercent: { us: 60, ap: 30 } });
  const dials = (mode: 'active-active' | 'active-passive') =>
    Object.values(plan(mode).regions).map(({ dialPercent }) => dialPercent);
  expect(dials('active-active')).toEqual([60, 30]);
  expect(dials('active-passive')).toEqual([60, 0]);
});

describe('for any number of regions', () => {
  const inputs = fc.uniqueArray(fc.stringMatching(/^[a-z]{2,4}$/), { minLength: 2, maxLength: 6 }).chain((keys) =>
    fc.record({
      mode: fc.constantFrom(...modes),
      level: fc.constantFrom(...adoptionLevels),
      primary: fc.constant(keys[0]!),
      // As the settings check requires: standbys fail over to the primary, the primary to any of them.
      regions: fc.constantFrom(...keys.slice(1)).chain((standby) =>
        fc.shuffledSubarray(
          keys.map((key) => ({ key, failsOverTo: key === keys[0] ? standby : keys[0]! })),
          { minLength: keys.length },
        ),
      ),
    }),
  );
  const check = (property: (input: TrafficPlanInput) => void) => fc.assert(fc.property(inputs, property));

  test('a region always serves, by record and by accelerator', () =>
    check((input) => {
      const regions = Object.values(planTraffic(input).regions);
      expect(regions.filter(({ record }) => record === 'primary' || record === 'nearest')).not.toHaveLength(0);
      expect(regions.filter(({ dialPercent, weight }) => dialPercent * weight > 0)).not.toHaveLength(0);
    }));

  test('every region can take over: none has weight 0, and each distribution has a second origin', () =>
    check((input) => {
      for (const [key, { weight, origins }] of Object.entries(planTraffic(input).regions)) {
        expect(weight).toBeGreaterThan(0);
        expect(origins).toContain(key);
        expect(origins[0]).not.toBe(origins[1]);
      }
    }));

  test('a standby gets nothing while the primary is healthy, except reads from local-reads', () =>
    check((input) => {
      const { regions } = planTraffic({ ...input, mode: 'active-passive' });
      for (const [key, { record, dialPercent, origins }] of Object.entries(regions)) {
        if (key === input.primary) continue;
        expect(['secondary', 'none']).toContain(record);
        expect(dialPercent).toBe(0);
        if (!includesLevel(input.level, 'local-reads')) expect(origins[0]).toBe(input.primary);
      }
    }));

  test('failover records are one primary and one secondary', () =>
    check((input) => {
      const { regions } = planTraffic({ ...input, mode: 'active-passive' });
      const roles = Object.values(regions).map(({ record }) => record);
      expect(roles.filter((role) => role === 'primary')).toHaveLength(1);
      expect(roles.filter((role) => role === 'secondary')).toHaveLength(1);
    }));

  test('dials are 100 in total if one region serves, and 100 each if all do', () =>
    check((input) => {
      const sum = Object.values(planTraffic(input).regions).reduce((total, region) => total + region.dialPercent, 0);
      expect(sum).toBe(input.mode === 'active-passive' ? 100 : 100 * input.regions.length);
    }));

  test('going up a level closes the load balancers and never opens them again', () =>
    check((input) => {
      const open = (level: (typeof adoptionLevels)[number]) =>
        planTraffic({ ...input, level }).balancerSources.includes('internet');
      adoptionLevels.slice(1).forEach((level, index) => {
        expect(!open(adoptionLevels[index]!) && open(level)).toBe(false);
      });
    }));
});
