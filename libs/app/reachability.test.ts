import type { adoptionLevels } from '@platform/libs/settings/adoption';
import type { EdgeSources } from '@platform/libs/settings/region';
import { balancerIngress } from './reachability';

const all: EdgeSources = { distributions: 'pl-1', healthCheckers: 'pl-2', accelerator: { prod: 'sg-1' } };
const namesOf = (level: (typeof adoptionLevels)[number], edgeSources: EdgeSources) =>
  balancerIngress({ name: 'prod', level }, { edgeSources }).map(({ name }) => name);

test.each([
  ['standby', ['Internet']],
  ['origin-failover', ['Internet']],
  ['local-reads', ['Internet']],
  ['accelerated', ['Distributions', 'Accelerator', 'HealthCheckers']],
  ['inspected', ['Distributions', 'Accelerator', 'HealthCheckers']],
] as const)('level %s is reached by %j', (level, names) => {
  expect(namesOf(level, all)).toEqual(names);
});

test('a group that is not there yet leaves the door open, and never shuts anybody out', () => {
  expect(namesOf('accelerated', { ...all, accelerator: { prod: 'not-yet', staging: 'sg-1' } })).toEqual(['Internet']);
});

test('an environment without a word about its group is no open door', () => {
  expect(() => namesOf('accelerated', { ...all, accelerator: { staging: 'sg-1' } })).toThrow('prod');
});

test('each source is named by its own id', () => {
  expect(balancerIngress({ name: 'prod', level: 'inspected' }, { edgeSources: all })).toEqual([
    { name: 'Distributions', prefixList: 'pl-1' },
    { name: 'Accelerator', securityGroup: 'sg-1' },
    { name: 'HealthCheckers', prefixList: 'pl-2' },
  ]);
});
