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
] as const)('at level %s the sources are %j', (level, names) => {
  expect(namesOf(level, all)).toEqual(names);
});

test('a security group that does not exist yet keeps the internet allowed', () => {
  expect(namesOf('accelerated', { ...all, accelerator: { prod: 'not-yet', staging: 'sg-1' } })).toEqual(['Internet']);
});

test('an environment without a value for its security group does not allow the internet', () => {
  expect(() => namesOf('accelerated', { ...all, accelerator: { staging: 'sg-1' } })).toThrow('prod');
});

test('each source is named by its own id', () => {
  expect(balancerIngress({ name: 'prod', level: 'inspected' }, { edgeSources: all })).toEqual([
    { name: 'Distributions', prefixList: 'pl-1' },
    { name: 'Accelerator', securityGroup: 'sg-1' },
    { name: 'HealthCheckers', prefixList: 'pl-2' },
  ]);
});
