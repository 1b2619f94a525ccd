import fc from 'fast-check';
import { deployOrder, inDeployOrder, type OrderedStack } from './deploy-order';
import { rolloutPhases } from './rollout-phases';

const stack = (project: string, region: string, reads: string[] = [], creation?: 'primary-first'): OrderedStack => ({
  stack: project.startsWith('shared/') ? `${project.replaceAll('/', '-')}-${region}` : project.replaceAll('/', '-'),
  project,
  region,
  reads,
  contract: creation ? { creation } : {},
});
const regions = [
  { key: 'us', role: 'primary' as const },
  { key: 'ap', role: 'standby' as const },
];
const order = (stacks: OrderedStack[], exists: (name: string) => boolean = () => true) => {
  const before = deployOrder(stacks, { primary: 'us', exists });
  return inDeployOrder(stacks, before).map(({ stack: name }) => name);
};
const phases = (stacks: OrderedStack[], exists: (name: string) => boolean = () => true) =>
  rolloutPhases(stacks, { regions, exists }).map(({ name, stacks: of }) => [name, of.map((each) => each.stack)]);

const vpcs = [stack('region-us/vpc', 'us'), stack('region-ap/vpc', 'ap')];
const hubs = [stack('shared/tgw', 'us', ['region-us-vpc']), stack('shared/tgw', 'ap', ['region-ap-vpc'])];
const zone = stack('global/zone', 'us');

describe('the order of a deploy', () => {
  test('the standby goes before the primary', () => {
    expect(order(vpcs)).toEqual(['region-ap-vpc', 'region-us-vpc']);
    expect(order([...vpcs, ...hubs])).toEqual(['region-ap-vpc', 'region-us-vpc', 'shared-tgw-ap', 'shared-tgw-us']);
  });

  test('what is read goes first, whatever its region', () => {
    const reader = stack('region-ap/reader', 'ap', ['region-us-vpc']);
    expect(order([...vpcs, reader])).toEqual(['region-ap-vpc', 'region-us-vpc', 'region-ap-reader']);
  });

  test('twins that cannot be made otherwise are created primary first, and later go standby first', () => {
    const data = [
      stack('region-us/data', 'us', [], 'primary-first'),
      stack('region-ap/data', 'ap', [], 'primary-first'),
    ];
    expect(order(data, () => false)).toEqual(['region-us-data', 'region-ap-data']);
    expect(order(data, (name) => name === 'region-us-data')).toEqual(['region-us-data', 'region-ap-data']);
    expect(order(data)).toEqual(['region-ap-data', 'region-us-data']);
  });

  test('twins whose reads cross keep the order of the reads', () => {
    const us = stack('region-us/x', 'us');
    const ap = stack('region-ap/x', 'ap', ['region-us-x']);
    expect(order([ap, us])).toEqual(['region-us-x', 'region-ap-x']);
  });
});

describe('the phases of a rollout', () => {
  test('one region after the other, what exists once at the end', () => {
    expect(phases([...vpcs, ...hubs, zone])).toEqual([
      ['ap', ['region-ap-vpc', 'shared-tgw-ap']],
      ['us', ['region-us-vpc', 'shared-tgw-us']],
      ['global', ['global-zone']],
    ]);
  });

  test('what a region needs and nobody has made goes before all', () => {
    const readers = [stack('region-us/cert', 'us', ['global-zone']), stack('region-ap/cert', 'ap', ['global-zone'])];
    expect(phases([zone, ...readers], () => false)[0]).toEqual(['foundations', ['global-zone']]);
    expect(phases([zone, ...readers]).at(-1)).toEqual(['global', ['global-zone']]);
  });

  test('a link of two regions is changed with what exists once', () => {
    const link = { ...stack('shared/tgw', 'us', ['shared-tgw-us', 'shared-tgw-ap']), stack: 'shared-tgw-link-ap-us' };
    expect(phases([...vpcs, ...hubs, link]).at(-1)).toEqual(['global', ['shared-tgw-link-ap-us']]);
  });

  test('nothing is lost, and nothing goes before what it cannot do without', () => {
    const estates = fc
      .array(fc.record({ kind: fc.constantFrom('region-us', 'region-ap', 'global'), made: fc.boolean() }), {
        maxLength: 8,
      })
      .chain((kinds) =>
        fc.tuple(
          fc.constant(kinds),
          fc.tuple(...kinds.map((_, index) => (index === 0 ? fc.constant([]) : fc.subarray([...Array(index).keys()])))),
        ),
      )
      .map(([kinds, reads]) =>
        kinds.map(({ kind, made }, index) => ({
          made,
          stack: stack(
            `${kind}/s${index}`,
            kind === 'region-ap' ? 'ap' : 'us',
            (reads[index] as number[]).map((read) => `${kinds[read]!.kind}-s${read}`),
          ),
        })),
      );
    fc.assert(
      fc.property(estates, (estate) => {
        const stacks = estate.map((each) => each.stack);
        const exists = (name: string) => estate.some((each) => each.made && each.stack.stack === name);
        const found = rolloutPhases(stacks, { regions, exists });
        const phaseOf = (name: string) => found.findIndex((phase) => phase.stacks.some((each) => each.stack === name));
        expect(found.flatMap((phase) => phase.stacks)).toHaveLength(stacks.length);
        for (const each of stacks) {
          for (const read of each.reads.filter((name) => !exists(name))) {
            expect(phaseOf(read)).toBeLessThanOrEqual(phaseOf(each.stack));
          }
        }
      }),
    );
  });
});
