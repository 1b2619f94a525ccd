import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { Alarms } from '@platform/libs/observability/alarms';
import { AccessLogBucket } from './access-log-bucket';
import { ClientAccess } from './client-access';
import { EncryptionKey } from './encryption-key';
import { GlobalTable, type GlobalTableProps } from './global-table';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket';
import { ReplicatedBucket, type ReplicatedBucketProps } from './replicated-bucket';
import { PasswordSecret } from './write-only-password';

const { tables, buckets } = exampleOrganisation.environments.prod.dataStores;
const accountId = '222222222222';

function places(stack: EstateStack) {
  return exampleRegions.map((region, index) => {
    const provider =
      index === 0
        ? {}
        : { provider: new AwsProvider(stack, `aws-${region.key}`, { alias: region.key, region: region.awsRegion }) };
    const key = new EncryptionKey(stack, `Key-${region.key}`, {
      name: 'data',
      description: 'data',
      accountId,
      ...provider,
    });
    const alarms = new Alarms(stack, `Alarms-${region.key}`, {
      name: 'data',
      accountId,
      kmsKeyArn: key.arn,
      ...provider,
    });
    return { region, key, alarms, ...provider };
  });
}

const synthTable = (settings: Partial<GlobalTableProps['settings']> = {}) =>
  synthConstruct((stack) => {
    const [first, ...rest] = places(stack);
    const all = { ...tables.sessions, ...settings };
    new GlobalTable(stack, 'Table', { name: 'prod-sessions', settings: all, regions: [first!, ...rest] });
  });
const synthBucket = (settings: Partial<ReplicatedBucketProps['settings']> = {}) =>
  synthConstruct((stack) => {
    new ReplicatedBucket(stack, 'Bucket', {
      settings: { ...buckets.documents, ...settings },
      copies: places(stack).map((place) => ({
        ...place,
        name: `documents-${place.region.key}`,
        accessLogBucket: `logs-${place.region.key}`,
      })),
      distributionAccountId: '333333333333',
    });
  });
const policyOf = (block: { policy?: string }) => JSON.parse(block.policy!) as { Statement: Record<string, unknown>[] };

describe('a global table', () => {
  test('has a replica with its own key, recovery and protection in every other region', () => {
    const stack = synthTable();
    expect(stack.resource('aws_dynamodb_table')).toMatchObject({
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true, kms_key_arn: stack.reference('aws_kms_key', 'Key-us/Key', 'arn') },
      deletion_protection_enabled: true,
      stream_view_type: 'NEW_AND_OLD_IMAGES',
      billing_mode: 'PAY_PER_REQUEST',
    });
    expect(stack.resource('aws_dynamodb_table_replica')).toMatchObject({
      provider: 'aws.ap',
      kms_key_arn: stack.reference('aws_kms_key', 'Key-ap/Key', 'arn'),
      point_in_time_recovery: true,
      deletion_protection_enabled: true,
    });
  });

  test('has tags with its writers and conflict resolution', () => {
    expect(synthTable().resource('aws_dynamodb_table').tags).toEqual({
      writers: 'multi-writer',
      conflicts: 'last-writer-wins',
      'rpo-sec': '5',
      'rto-sec': '0',
    });
  });

  test('has a lag alarm in each region that is written to, for each receiving region', () => {
    const stack = synthTable();
    const alarms = stack.resources('aws_cloudwatch_metric_alarm').filter(({ metric_name }) => metric_name);
    expect(
      alarms.map(({ metric_name, dimensions, threshold, provider }) => [
        provider ?? 'aws',
        metric_name,
        dimensions,
        threshold,
      ]),
    ).toEqual([
      ['aws.ap', 'ReplicationLatency', { TableName: 'prod-sessions', ReceivingRegion: 'us-east-1' }, 5000],
      ['aws', 'ReplicationLatency', { TableName: 'prod-sessions', ReceivingRegion: 'ap-northeast-2' }, 5000],
    ]);
  });

  test('with provisioned capacity gets its replicas once it scales automatically', () => {
    const stack = synthTable({ capacity: { minUnits: 5, maxUnits: 50, targetPercent: 70 } });
    expect(stack.resource('aws_dynamodb_table').billing_mode).toBe('PROVISIONED');
    expect(stack.count('aws_appautoscaling_policy')).toBe(2);
    expect(stack.resource('aws_dynamodb_table_replica').depends_on).toHaveLength(2);
    expect(stack.resource('aws_dynamodb_table').lifecycle.ignore_changes).toEqual([
      'replica',
      'read_capacity',
      'write_capacity',
    ]);
    expect(synthTable().count('aws_appautoscaling_target')).toBe(0);
  });

  test('uses every setting', () => {
    const seconds = {
      partitionKey: 'user',
      sortKey: 'at',
      expiryAttribute: 'gone',
      writers: 'single-writer',
      conflicts: undefined,
      objective: { rpoSec: 10, rtoSec: 0 },
      capacity: { minUnits: 1, maxUnits: 2, targetPercent: 50 },
      protection: 'disposable',
    } as const;
    for (const [name, value] of Object.entries(seconds)) {
      expect([name, JSON.stringify(synthTable({ [name]: value }).json) === JSON.stringify(synthTable().json)]).toEqual([
        name,
        false,
      ]);
    }
  });
});

describe('a replicated bucket', () => {
  test('replicates objects, delete markers and tag changes in both directions, encrypted at the destination', () => {
    const stack = synthBucket();
    expect(stack.count('aws_s3_bucket_replication_configuration')).toBe(2);
    for (const [from, to] of [
      ['us', 'ap'],
      ['ap', 'us'],
    ]) {
      const configuration = stack.resource(
        'aws_s3_bucket_replication_configuration',
        `Replication-${from}/Configuration`,
      );
      expect(configuration.bucket).toBe(stack.reference('aws_s3_bucket', `Copy-${from}/Bucket`));
      expect(configuration.rule).toEqual([
        expect.objectContaining({
          status: 'Enabled',
          delete_marker_replication: { status: 'Enabled' },
          source_selection_criteria: {
            replica_modifications: { status: 'Enabled' },
            sse_kms_encrypted_objects: { status: 'Enabled' },
          },
          destination: expect.objectContaining({
            bucket: stack.reference('aws_s3_bucket', `Copy-${to}/Bucket`, 'arn'),
            encryption_configuration: { replica_kms_key_id: stack.reference('aws_kms_key', `Key-${to}/Key`, 'arn') },
            replication_time: { status: 'Enabled', time: { minutes: 15 } },
          }),
        }),
      ]);
    }
  });

  test('has no time control if the settings have none', () => {
    expect(JSON.stringify(synthBucket({ replicationTimeControl: 'off' }).json)).not.toContain('replication_time');
  });

  test('is never public: all blocks, no ACLs, no Allow for everybody', () => {
    const stack = synthBucket({ serves: 'website' });
    expect(stack.count('aws_s3_bucket_public_access_block')).toBe(2);
    for (const block of stack.resources('aws_s3_bucket_public_access_block')) {
      const { bucket: _, provider: __, ...blocks } = block;
      expect(new Set(Object.values(blocks))).toEqual(new Set([true]));
      expect(Object.keys(blocks)).toHaveLength(4);
    }
    expect(stack.count('aws_s3_bucket_acl')).toBe(0);
    for (const policy of stack.resources('aws_s3_bucket_policy')) {
      const allowed = policyOf(policy).Statement.filter(({ Effect }) => Effect === 'Allow');
      expect(allowed).toEqual([
        expect.objectContaining({
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::333333333333:distribution/*' } },
        }),
      ]);
    }
  });

  test('refuses plain HTTP and old TLS', () => {
    for (const policy of synthBucket().resources('aws_s3_bucket_policy')) {
      expect(policyOf(policy).Statement.map(({ Sid, Effect }) => [Sid, Effect])).toEqual([
        ['NoPlainHttp', 'Deny'],
        ['NoOldTls', 'Deny'],
      ]);
    }
  });

  test('replication may read here and write there, and nothing else', () => {
    const stack = synthBucket();
    const { Statement } = policyOf(stack.resource('aws_iam_role_policy', 'Replication-us/Policy'));
    expect(Statement.map(({ Sid }) => Sid)).toEqual(['Source', 'Read', 'Decrypt', 'WriteAp', 'EncryptAp']);
    expect(Statement.flatMap(({ Action }) => Action)).not.toContain(expect.stringContaining('*'));
    expect(Statement.find(({ Sid }) => Sid === 'EncryptAp')).toMatchObject({
      Action: ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: stack.reference('aws_kms_key', 'Key-ap/Key', 'arn'),
    });
  });

  test('has alarms where S3 publishes: lag in the destination region, failures in the source region', () => {
    const alarms = synthBucket().resources('aws_cloudwatch_metric_alarm');
    expect(
      alarms
        .map(({ metric_name, dimensions, provider }) => [metric_name, dimensions.SourceBucket, provider ?? 'aws'])
        .sort(),
    ).toEqual([
      ['OperationsFailedReplication', 'documents-ap', 'aws.ap'],
      ['OperationsFailedReplication', 'documents-us', 'aws'],
      ['ReplicationLatency', 'documents-ap', 'aws'],
      ['ReplicationLatency', 'documents-us', 'aws.ap'],
    ]);
  });

  test('uses every setting', () => {
    const seconds = {
      serves: 'website',
      writers: 'multi-writer',
      objective: { rpoSec: 1000, rtoSec: 0 },
      replicationTimeControl: 'off',
      noncurrentRetentionDays: 5,
      protection: 'disposable',
    } as const;
    for (const [name, value] of Object.entries(seconds)) {
      expect([
        name,
        JSON.stringify(synthBucket({ [name]: value }).json) === JSON.stringify(synthBucket().json),
      ]).toEqual([name, false]);
    }
  });
});

test('a private bucket uses every prop', () => {
  const base: PrivateBucketProps = { name: 'a', noncurrentRetentionDays: 1, protection: 'protected' };
  const seconds = {
    name: 'b',
    kmsKeyArn: 'arn:key',
    retentionDays: 3,
    noncurrentRetentionDays: 2,
    protection: 'disposable' as const,
    accessLogBucket: 'logs',
    statements: [
      {
        Sid: 'X',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: '*',
        Condition: {},
      },
    ] as const,
    tags: { a: 'b' },
  };
  expect(
    findDeadProps<Omit<PrivateBucketProps, 'provider'>>(base, seconds, (stack, props) => {
      new PrivateBucket(stack, 'Bucket', props);
    }),
  ).toEqual([]);
});

test('the bucket of access logs accepts them from its own account only, and expires them', () => {
  const stack = synthConstruct((stack) => {
    new AccessLogBucket(stack, 'AccessLogs', { name: 'logs', accountId, retentionDays: 30, protection: 'protected' });
  });
  expect(policyOf(stack.resource('aws_s3_bucket_policy')).Statement).toContainEqual(
    expect.objectContaining({
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    }),
  );
  expect(stack.resource('aws_s3_bucket_lifecycle_configuration').rule[0].expiration).toEqual([{ days: 30 }]);
  expect(stack.count('aws_s3_bucket_logging')).toBe(0);
});

test('the store accepts one port, from members of the client group only', () => {
  const stack = synthConstruct((stack) => {
    new ClientAccess(stack, 'Access', { name: 'store', vpcId: 'vpc-1', port: 5432 });
  });
  expect(stack.resources('aws_vpc_security_group_ingress_rule')).toEqual([
    {
      security_group_id: stack.reference('aws_security_group', 'Store'),
      referenced_security_group_id: stack.reference('aws_security_group', 'Client'),
      description: 'Members of the client group',
      ip_protocol: 'tcp',
      from_port: 5432,
      to_port: 5432,
    },
  ]);
  expect(stack.count('aws_vpc_security_group_egress_rule')).toBe(1);
});

describe('the secret of the administrator', () => {
  const stack = synthConstruct((stack) => {
    new PasswordSecret(stack, 'DatabaseAdministrator', {
      name: 'prod/database',
      username: 'platform_owner',
      kmsKeyArn: 'arn:us',
      replicas: [{ awsRegion: 'ap-northeast-2', kmsKeyArn: 'arn:ap' }],
      afterDestroy: 'recoverable',
    });
  });

  test('can be restored for 30 days', () => {
    expect(stack.resource('aws_secretsmanager_secret').recovery_window_in_days).toBe(30);
  });

  test('has a copy with its own key in the other region', () => {
    expect(stack.resource('aws_secretsmanager_secret')).toMatchObject({
      kms_key_id: 'arn:us',
      replica: [{ region: 'ap-northeast-2', kms_key_id: 'arn:ap' }],
    });
  });

  test('is written by a write-only argument, from a password that no plan or state holds', () => {
    const version = stack.resource('aws_secretsmanager_secret_version');
    expect(version).not.toHaveProperty('secret_string');
    expect(version.secret_string_wo).toContain(
      'ephemeral.aws_secretsmanager_random_password.DatabaseAdministrator.random_password',
    );
    const json = stack.json as { data?: object; ephemeral?: Record<string, unknown> };
    expect(json.data).toBeUndefined();
    // Unknown while Terraform plans, so that it does not ask AWS for a password.
    expect(JSON.stringify(json.ephemeral)).toContain('timestamp()');
  });
});
