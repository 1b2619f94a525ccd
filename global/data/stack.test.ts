import infra from '@platform/infra.config';
import type { BackupsSettings } from '@platform/libs/settings/backups';
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

test('keys are single-region and rotate: in every region one for the stores, and one for their backups', () => {
  expect(stack.count('aws_kms_key')).toBe(2 * regions.length);
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

describe('backups', () => {
  const { dataStores } = environment;
  const synth = (backups: Partial<BackupsSettings>, other: Partial<Environment['dataStores']> = {}) =>
    synthesise({ dataStores: { ...dataStores, ...other, backups: { ...dataStores.backups, ...backups } } });
  const primary = regions.find(({ role }) => role === 'primary')!;
  const planOf = (made: ReturnType<typeof synth>, key: string) => made.resource('aws_backup_plan', `Plan-${key}`);

  test('off: no vault, no plan, no role and no alarm of them', () => {
    const made = synth({ run: 'off' });
    expect(made.addresses().filter((address) => /Backup|aws_backup/.test(address))).toEqual([]);
  });

  test('every region has a vault with a key of its own, which encrypts nothing else', () => {
    const made = synth({});
    expect(made.count('aws_backup_vault')).toBe(regions.length);
    const keys = made.resources('aws_backup_vault').map(({ kms_key_arn }) => kms_key_arn as string);
    expect(new Set(keys).size).toBe(regions.length);
    for (const key of keys) expect(JSON.stringify(made.json.resource).split(key).length - 1).toBe(1);
  });

  test('the primary region backs up its stores, and copies each backup to the vault of the next region', () => {
    const made = synth({ retentionDays: 40, copyRetentionDays: 90 });
    expect(made.count('aws_backup_plan')).toBe(1);
    const index = regions.indexOf(primary);
    const next = regions[(index + 1) % regions.length]!;
    const [rule] = planOf(made, primary.key).rule;
    expect(rule).toMatchObject({
      schedule: 'cron(0 22 * * ? *)',
      start_window: 60,
      lifecycle: { delete_after: 40 },
      copy_action: [{ lifecycle: { delete_after: 90 } }],
    });
    expect(rule.target_vault_name).toContain(`Vault-${primary.key}`);
    expect(rule.copy_action[0].destination_vault_arn).toContain(`Vault-${next.key}`);
    expect(made.resource('aws_backup_selection').resources).toEqual([
      `arn:aws:rds:${primary.awsRegion}:${environment.accounts.workload}:cluster:${environment.name}-database-${primary.key}`,
      ...Object.keys(dataStores.tables).map(
        (table) =>
          `arn:aws:dynamodb:${primary.awsRegion}:${environment.accounts.workload}:table/${environment.name}-${table}`,
      ),
    ]);
  });

  test('every region backs up what it holds where the settings ask for it, buckets too', () => {
    const made = synth({ from: 'every-region', buckets: 'included' });
    expect(made.count('aws_backup_plan')).toBe(regions.length);
    for (const { key, awsRegion } of regions) {
      const { resources, provider } = made.resource('aws_backup_selection', `Stores-${key}`);
      expect(resources).toHaveLength(
        1 + Object.keys(dataStores.tables).length + Object.keys(dataStores.buckets).length,
      );
      expect(resources.filter((arn: string) => arn.startsWith('arn:aws:s3'))).toEqual(
        Object.keys(dataStores.buckets).map(
          (bucket) => `arn:aws:s3:::${environment.organisation}-${environment.name}-${bucket}-${key}`,
        ),
      );
      expect(made.resource('aws_backup_plan', `Plan-${key}`).provider).toBe(provider);
      expect(resources[0]).toContain(`:${awsRegion}:`);
    }
    expect(made.resources('aws_iam_role_policy_attachment').map(({ policy_arn }) => policy_arn)).toEqual(
      expect.arrayContaining([
        'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup',
        'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore',
      ]),
    );
  });

  test('the role that makes backups cannot restore', () => {
    const made = synth({});
    const role = made.resource('aws_backup_selection').iam_role_arn as string;
    const name = /aws_iam_role\.(\w+)\./.exec(role)![1]!;
    const attached = made
      .resources('aws_iam_role_policy_attachment')
      .filter(({ role: of }) => String(of).includes(name))
      .map(({ policy_arn }) => policy_arn);
    expect(attached).toEqual(['arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup']);
  });

  test('a lock is on every vault, final only where the settings say when', () => {
    const range = { minRetentionDays: 7, maxRetentionDays: 365 };
    expect(synth({}).count('aws_backup_vault_lock_configuration')).toBe(0);
    const governance = synth({ lock: { mode: 'governance', ...range } });
    const compliance = synth({ lock: { mode: 'compliance', ...range, changeableDays: 30 } });
    for (const made of [governance, compliance]) {
      expect(made.count('aws_backup_vault_lock_configuration')).toBe(regions.length);
    }
    for (const lock of governance.resources('aws_backup_vault_lock_configuration')) {
      expect(lock).toMatchObject({ min_retention_days: 7, max_retention_days: 365 });
      expect(lock).not.toHaveProperty('changeable_for_days');
    }
    for (const lock of compliance.resources('aws_backup_vault_lock_configuration')) {
      expect(lock).toMatchObject({ changeable_for_days: 30 });
    }
  });

  test('an alarm asks for a backup of every store a day', () => {
    const stores = 1 + Object.keys(dataStores.tables).length;
    const alarm = synth({}).resource('aws_cloudwatch_metric_alarm', `Alarms-${primary.key}/BackupMissing`);
    expect(alarm).toMatchObject({ threshold: stores, period: 86_400, treat_missing_data: 'breaching' });
  });
});
