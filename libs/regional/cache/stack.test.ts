import { cacheContract } from '@platform/libs/cache/contract';
import type { CacheSettings } from '@platform/libs/settings/cache';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { vpcContract } from '@platform/libs/vpc/contract';
import { RegionalCache } from './stack';

const [us, ap] = exampleRegions;
const environment = exampleEnvironment();
const cache: CacheSettings = {
  writers: 'per-region',
  objective: { rpo: 'everything', rtoSec: 0 },
  engine: 'valkey',
  engineVersion: '8.0',
  nodeType: 'cache.r7g.large',
  replicas: 1,
  snapshotRetentionDays: 1,
  snapshotWindow: '03:00-04:00',
};
const synth = (settings: { cache?: CacheSettings }, region = us) =>
  synthStack(
    (app) =>
      new RegionalCache(
        app,
        { ...environment, dataStores: { ...environment.dataStores, ...settings } },
        { region, contract: cacheContract(region, 'cache'), upstream: { vpc: vpcContract(region, 'vpc') } },
      ),
  );

test('is empty without a cache in the settings: it reads and publishes nothing', () => {
  const stack = synth({});
  expect(stack.addresses()).toEqual([]);
  expect(stack.dataSources('terraform_remote_state')).toEqual([]);
  expect(stack.outputs()).toEqual({});
});

test('publishes its contract with a cache, in its own region', () => {
  const stack = synth({ cache }, ap);
  expect(stack.count('aws_elasticache_replication_group')).toBe(1);
  expect(Object.keys(stack.outputs())).toEqual(Object.keys(cacheContract(ap, 'cache').fields));
  expect(stack.providers().map(({ region }) => region as string)).toEqual([ap.awsRegion]);
  expect(stack.dataSources('terraform_remote_state').map(({ config }) => config.region)).toEqual([ap.awsRegion]);
});

test('accepts only members of the client group', () => {
  const stack = synth({ cache });
  expect(stack.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({
    referenced_security_group_id: stack.reference('aws_security_group', 'Access/Client'),
    from_port: 6379,
    to_port: 6379,
  });
});

test('has the same addresses in every region', () => {
  expectTwins(synth({ cache }), synth({ cache }, ap));
});
