import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { CacheSettings } from '@platform/libs/settings/cache';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { Alarms } from '@platform/libs/observability/alarms';
import { SessionCache, type SessionCacheProps } from './session-cache';

const settings: CacheSettings = {
  writers: 'per-region',
  objective: { rpo: 'everything', rtoSec: 0 },
  engine: 'valkey',
  engineVersion: '8.0',
  nodeType: 'cache.r7g.large',
  replicas: 1,
  snapshotRetentionDays: 1,
  snapshotWindow: '03:00-04:00',
};
const alarms = (stack: EstateStack) => new Alarms(stack, 'Alarms', { name: 'cache', accountId: '1', kmsKeyArn: 'key' });
const base: Omit<SessionCacheProps, 'alarms'> = {
  name: 'prod-cache-us',
  settings,
  subnetIds: ['subnet-1'],
  securityGroupId: 'sg-1',
  kmsKeyArn: 'arn:key',
  maintenanceWindow: 'sun:07:00-sun:10:00',
  applyChanges: 'in-window',
};
const synth = (props: Partial<SessionCacheProps> = {}) =>
  synthConstruct((stack) => new SessionCache(stack, 'Sessions', { ...base, alarms: alarms(stack), ...props }));

test('encrypts data at rest and in transit, over several zones with failover', () => {
  expect(synth().resource('aws_elasticache_replication_group')).toMatchObject({
    at_rest_encryption_enabled: 'true',
    kms_key_id: 'arn:key',
    transit_encryption_enabled: true,
    transit_encryption_mode: 'required',
    multi_az_enabled: true,
    automatic_failover_enabled: true,
    num_cache_clusters: 2,
  });
  // The account can have other names for the zones of shared subnets.
  expect(synth().resource('aws_elasticache_replication_group')).not.toHaveProperty('preferred_cache_cluster_azs');
});

test('is maintained in the window of its region, and changed at once only if the settings say so', () => {
  expect(synth().resource('aws_elasticache_replication_group')).toMatchObject({
    maintenance_window: 'sun:07:00-sun:10:00',
    apply_immediately: false,
  });
  expect(synth({ applyChanges: 'now' }).resource('aws_elasticache_replication_group').apply_immediately).toBe(true);
});

test.each(['valkey', 'redis'] as const)('no user signs in to %s with a password', (engine) => {
  const stack = synth({ settings: { ...settings, engine } });
  expect(stack.resource('aws_elasticache_user', 'AppUser')).toMatchObject({
    engine,
    user_id: 'prod-cache-us-app',
    user_name: 'prod-cache-us-app',
    authentication_mode: { type: 'iam' },
  });
  expect(JSON.stringify(stack.json)).not.toMatch(/auth_token|passwords/);
});

test('a Valkey user group has only users with authentication, as AWS requires', () => {
  const stack = synth();
  expect(stack.resources('aws_elasticache_user').map((user) => user.authentication_mode)).toEqual([{ type: 'iam' }]);
  expect(stack.resource('aws_elasticache_user_group')).toMatchObject({
    engine: 'valkey',
    user_ids: [stack.reference('aws_elasticache_user', 'AppUser', 'user_id')],
  });
});

test('a Redis user group has its default user, as AWS requires, and that user is disabled', () => {
  const stack = synth({ settings: { ...settings, engine: 'redis' } });
  expect(stack.resource('aws_elasticache_user', 'DefaultUser')).toMatchObject({
    engine: 'redis',
    user_name: 'default',
    access_string: 'off -@all',
  });
  expect(stack.resource('aws_elasticache_user_group')).toMatchObject({
    engine: 'redis',
    user_ids: ['DefaultUser', 'AppUser'].map((user) => stack.reference('aws_elasticache_user', user, 'user_id')),
  });
});

test('every alarm covers all nodes', () => {
  const stack = synth();
  expect(stack.count('aws_cloudwatch_metric_alarm')).toBe(3);
  for (const { metric_query } of stack.resources('aws_cloudwatch_metric_alarm')) {
    expect(metric_query[0].expression).toBe('MAX([node1, node2])');
    expect(metric_query.slice(1).map((query: { metric: { dimensions: object } }) => query.metric.dimensions)).toEqual([
      { CacheClusterId: 'prod-cache-us-001' },
      { CacheClusterId: 'prod-cache-us-002' },
    ]);
  }
});

test('its tags say that each region writes its own data, and that all of it is lost with the region', () => {
  expect(synth().resource('aws_elasticache_replication_group').tags).toEqual({
    writers: 'per-region',
    rpo: 'everything',
    'rto-sec': '0',
  });
});

test('nothing refers to another region', () => {
  expect(synth().count('aws_elasticache_global_replication_group')).toBe(0);
});

test('uses every prop and every setting', () => {
  const seconds = {
    name: 'other',
    settings: { ...settings, replicas: 2 },
    subnetIds: ['subnet-2'],
    securityGroupId: 'sg-2',
    kmsKeyArn: 'arn:other',
    maintenanceWindow: 'sat:07:00-sat:10:00',
    applyChanges: 'now' as const,
  };
  expect(
    findDeadProps(
      base,
      seconds,
      (stack, props) => new SessionCache(stack, 'Sessions', { ...props, alarms: alarms(stack) }),
    ),
  ).toEqual([]);
  expect(
    findDeadProps(
      settings,
      {
        writers: 'other' as 'per-region',
        objective: { rpo: 'everything', rtoSec: 60 },
        engine: 'redis',
        engineVersion: '7.2',
        nodeType: 'cache.r7g.xlarge',
        replicas: 2,
        snapshotRetentionDays: 2,
        snapshotWindow: '04:00-05:00',
      },
      (stack, other) => new SessionCache(stack, 'Sessions', { ...base, alarms: alarms(stack), settings: other }),
    ),
  ).toEqual([]);
});
