import infra from '@platform/infra.config';
import type { AuroraGlobalSettings } from '@platform/libs/settings/database';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { regions } from '@platform/shared/regions';
import { DataStack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const environment: Environment = { ...selectEnvironment(infra, first), dataStores: exampleEnvironment().dataStores };
const synthesise = (other: Partial<Environment> = {}) =>
  synthStack((app) => new DataStack(app, { ...environment, ...other }));
const stack = synthesise();

test('has a provider for every region; the home region holds only the state', () => {
  expect(stack.providers().map(({ region }) => region)).toEqual(regions.map(({ awsRegion }) => awsRegion));
  const moved = synthesise({ home: regions[1]!.key });
  expect(moved.json.resource).toEqual(stack.json.resource);
});

test('the global cluster is empty: members join it, and none is named', () => {
  expect(stack.count('aws_rds_cluster')).toBe(0);
  const cluster = stack.resource('aws_rds_global_cluster');
  expect(cluster).toMatchObject({ engine: 'aurora-postgresql', storage_encrypted: true, deletion_protection: true });
  expect(cluster).not.toHaveProperty('source_db_cluster_identifier');
});

test('with RDS there is no global cluster, and replicas get the ARN of their source', () => {
  const { instances: _i, writeForwarding: _w, ...shared } = environment.dataStores.database as AuroraGlobalSettings;
  const database = { ...shared, engine: 'rds-postgresql', storageGib: 100, storageLimitGib: 200 } as const;
  const rds = synthesise({ dataStores: { ...environment.dataStores, database } });
  expect(rds.count('aws_rds_global_cluster')).toBe(0);
  const primary = regions.find(({ role }) => role === 'primary')!;
  expect(rds.outputs()['replicationSourceArn']).toBe(
    `arn:aws:rds:${primary.awsRegion}:${environment.accounts.workload}:db:${environment.name}-database-${primary.key}`,
  );
});

test('every bucket has a copy in every region, and every copy is replicated to all others', () => {
  const buckets = Object.keys(environment.dataStores.buckets).length;
  expect(stack.count('aws_s3_bucket')).toBe((buckets + 1) * regions.length);
  expect(stack.count('aws_s3_bucket_replication_configuration')).toBe(buckets * regions.length);
  for (const type of [
    'versioning',
    'public_access_block',
    'server_side_encryption_configuration',
    'policy',
    'ownership_controls',
  ]) {
    expect([type, stack.count(`aws_s3_bucket_${type}`)]).toEqual([type, stack.count('aws_s3_bucket')]);
  }
});

test('every table has a replica in every other region', () => {
  const tables = Object.keys(environment.dataStores.tables).length;
  expect(stack.count('aws_dynamodb_table')).toBe(tables);
  expect(stack.count('aws_dynamodb_table_replica')).toBe(tables * (regions.length - 1));
});

test('keys are single-region, one per region, and rotate', () => {
  expect(stack.count('aws_kms_key')).toBe(regions.length);
  expect(stack.count('aws_kms_replica_key')).toBe(0);
  for (const key of stack.resources('aws_kms_key')) {
    expect(key.enable_key_rotation).toBe(true);
    expect(key).not.toHaveProperty('multi_region');
  }
});

test('distributions can decrypt only the data that they serve', () => {
  const { website: _, ...buckets } = environment.dataStores.buckets;
  const json = JSON.stringify(synthesise({ dataStores: { ...environment.dataStores, buckets } }).json);
  expect(json).not.toContain('cloudfront');
  expect(JSON.stringify(stack.json)).toContain('cloudfront');
});
