import fc from 'fast-check';
import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import { cidrRange, isPrivate, overlaps } from './cidr';
import { nextFreeRange, proposedNetworks } from './free-ranges';
import { formatProblem } from './problem';
import type { RegionSettings } from './region';
import type { SettingsInput } from './settings-input';

const { prod } = exampleOrganisation.environments;
const withEnvironments = (
  names: readonly string[],
  regions: readonly RegionSettings[] = exampleRegions,
): SettingsInput => ({
  settings: {
    ...exampleOrganisation,
    environments: {
      prod,
      ...Object.fromEntries(names.map((name) => [name, { ...prod, domain: `${name}.example.com` }])),
    },
  },
  regions,
  folders: exampleFolders,
});

describe('the next free range', () => {
  test.each<[readonly string[], number, string | undefined]>([
    [[], 14, '10.0.0.0/14'],
    [['10.0.0.0/14'], 14, '10.4.0.0/14'],
    // After the last one, in steps of its own size.
    [['10.0.0.0/14', '10.8.0.0/16'], 14, '10.12.0.0/14'],
    // A gap only if there is no room after the last one.
    [['10.0.0.0/14', '10.128.0.0/9'], 14, '10.4.0.0/14'],
    [['10.0.0.0/8'], 14, '172.16.0.0/14'],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'], 16, undefined],
    [['no network', '10.0.0.0/16'], 16, '10.1.0.0/16'],
  ])('beside %j of /%d is %s', (taken, length, expected) => {
    expect(nextFreeRange(taken, length)).toBe(expected);
  });

  test('is private and overlaps with no network in use', () => {
    const network = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 9, max: 24 }))
      .map(([second, length]) => {
        const masked = length < 16 ? second & (256 - 2 ** (16 - length)) : second;
        return `10.${masked}.0.0/${length}`;
      });
    fc.assert(
      fc.property(fc.array(network), fc.integer({ min: 12, max: 21 }), (taken, length) => {
        const found = nextFreeRange(taken, length)!;
        expect(isPrivate(cidrRange(found))).toBe(true);
        expect(found).toMatch(new RegExp(`/${length}$`));
        for (const each of taken) expect(overlaps(cidrRange(each), cidrRange(found))).toBe(false);
      }),
    );
  });
});

/** The regions with their proposed ranges. */
function taken(input: SettingsInput): RegionSettings[] {
  return [...proposedNetworks(input)].map(([region, proposal]) => {
    const changed = structuredClone(region) as unknown as Record<string, Record<string, unknown>>;
    for (const [path, network] of proposal) {
      const keys = path.split('.');
      const last = keys.pop()!;
      const parent = keys.reduce<Record<string, unknown>>((inside, key) => inside[key] as never, changed);
      parent[last] = network;
    }
    return {
      ...(changed as unknown as RegionSettings),
      edgeSources: {
        ...region.edgeSources,
        accelerator: Object.fromEntries(Object.keys(input.settings.environments).map((name) => [name, 'not-yet'])),
      },
    };
  });
}

test('ranges proposed for several new environments can be used all at once', () => {
  const input = withEnvironments(['test', 'load']);
  expect(checkSettings({ ...input, regions: taken(input) }).map(formatProblem)).toEqual([]);
});

test('proposes every network of a new environment, in the layout of another one', () => {
  const problems = checkSettings(withEnvironments(['test'])).map(formatProblem);
  const network = 'there is no network for environment test; add test: ';
  expect(problems.filter((problem) => problem.includes('no network'))).toEqual([
    `region-us/region.ts: cidrs.test: ${network}'10.8.0.0/14', which is free`,
    `region-us/region.ts: inspectionCidrs.test: ${network}'10.11.248.0/21', which is free`,
    `region-us/region.ts: vpcs.vpc.cidrs.test: ${network}'10.8.0.0/16', which is free`,
    `region-ap/region.ts: cidrs.test: ${network}'10.12.0.0/14', which is free`,
    `region-ap/region.ts: inspectionCidrs.test: ${network}'10.15.248.0/21', which is free`,
    `region-ap/region.ts: vpcs.vpc.cidrs.test: ${network}'10.12.0.0/16', which is free`,
  ]);
});

test('proposes the other networks of an environment with a range, inside that range', () => {
  const [us, ap] = exampleRegions;
  const cidrs = { ...us.cidrs, test: '10.32.0.0/14' };
  const [proposal] = proposedNetworks(withEnvironments(['test'], [{ ...us, cidrs }, ap])).values();
  expect(Object.fromEntries(proposal!)).toEqual({
    'inspectionCidrs.test': '10.35.248.0/21',
    'vpcs.vpc.cidrs.test': '10.32.0.0/16',
  });
});

test('ranges are each another one also where nothing lies in them yet', () => {
  const empty = exampleRegions.map((region) => ({ ...region, vpcs: {}, inspectionCidrs: {} }));
  const proposals = [...proposedNetworks(withEnvironments(['test', 'load'], empty)).values()];
  expect(proposals.map((each) => Object.fromEntries(each))).toEqual([
    { 'cidrs.test': '10.8.0.0/14', 'cidrs.load': '10.16.0.0/14' },
    { 'cidrs.test': '10.12.0.0/14', 'cidrs.load': '10.20.0.0/14' },
  ]);
});

test('ranges that overlap are told free ones, each another', () => {
  const [us, ap] = exampleRegions;
  const eu = {
    ...ap,
    key: 'eu',
    awsRegion: 'eu-west-1',
    asn: 64514,
    maintenanceWindow: 'fri:18:00-fri:21:00',
    cidrs: { prod: '10.4.0.0/14' },
  };
  const overlapping = { ...ap, cidrs: { prod: '10.0.0.0/14' } };
  const problems = checkSettings(withEnvironments([], [us, overlapping, { ...eu, cidrs: { prod: '10.0.0.0/14' } }]));
  const remedies = problems
    .filter(({ where }) => where.endsWith(' cidrs.prod'))
    .map(({ what, remedy }) => [what, remedy]);
  expect(remedies).toEqual([
    ['10.0.0.0/14 overlaps the range of us in prod, 10.0.0.0/14', 'use 10.8.0.0/14, which is free'],
    ['10.0.0.0/14 overlaps the range of us in prod, 10.0.0.0/14', 'use 10.12.0.0/14, which is free'],
    ['10.0.0.0/14 overlaps the range of ap in prod, 10.0.0.0/14', 'use 10.12.0.0/14, which is free'],
  ]);
});

test('if an external network overlaps, ours is the one that must change', () => {
  const input = withEnvironments([]);
  const onPremises = { cidrs: ['10.0.0.0/16'] };
  const [problem] = checkSettings({ ...input, settings: { ...input.settings, onPremises } }).map(formatProblem);
  expect(problem).toBe(
    'infra.config.ts: onPremises.cidrs.0: 10.0.0.0/16 overlaps the range of us in prod, 10.0.0.0/14; choose a network that shares no address with it, or write 10.8.0.0/14 for the range of us in prod',
  );
});
