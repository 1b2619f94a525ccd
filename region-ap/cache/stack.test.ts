import infra from '@platform/infra.config';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { CacheSettings } from '@platform/libs/settings/cache';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { region } from '../region';
import { contract } from './contract';
import { CacheStack } from './stack';

const environment = selectEnvironment(infra, 'prod');
const { cache: _, ...others } = environment.dataStores;
const synthesise = (cache?: CacheSettings) =>
  synthStack((app) => new CacheStack(app, { ...environment, dataStores: { ...others, ...(cache ? { cache } : {}) } }));
const cache: CacheSettings = {
  writers: 'per-region',
  objective: { rpo: 'everything', rtoSec: 0 },
  engine: 'valkey',
  engineVersion: '8.0',
  nodeType: 'cache.r7g.large',
  replicas: 1,
  snapshotRetentionDays: 1,
  snapshotWindow: '03:00-04:00',
  maintenanceWindow: 'sun:05:00-sun:06:00',
};

test('without a cache in the settings the stack is empty: it reads and promises nothing', () => {
  const stack = synthesise();
  expect(stack.addresses()).toEqual([]);
  expect(stack.dataSources('terraform_remote_state')).toEqual([]);
  expect(stack.outputs()).toEqual({});
});

test('with a cache it keeps its promises, in its own region', () => {
  const stack = synthesise(cache);
  expect(stack.count('aws_elasticache_replication_group')).toBe(1);
  expect(Object.keys(stack.outputs())).toEqual(Object.keys(contract.fields));
  expect(stack.providers().map((provider) => provider['region'])).toEqual([region.awsRegion]);
  expect(stack.dataSources('terraform_remote_state').map(({ config }) => config.region)).toEqual([region.awsRegion]);
});

test('only members of the client group reach it', () => {
  const stack = synthesise(cache);
  expect(stack.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({
    referenced_security_group_id: stack.reference('aws_security_group', 'Access/Client'),
    from_port: 6379,
    to_port: 6379,
  });
});
