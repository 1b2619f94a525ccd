import infra from '@platform/infra.config';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { regions } from '@platform/shared/regions';
import { StateStack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const environment = selectEnvironment(infra, first);
const { home } = environment;
const copy = regions.find(({ key }) => key !== home)!.key;
const synthesise = (other: Partial<Environment> = {}, among = regions) =>
  synthStack((app) => new StateStack(app, { ...environment, ...other }, among));

test('every region has its own bucket, made through its own provider', () => {
  const stack = synthesise();
  expect(stack.resources('aws_s3_bucket').map(({ bucket, provider }) => [bucket, provider])).toEqual(
    regions
      .map(({ key }) => [`${environment.organisation}-${environment.name}-terraform-state-${key}`, `aws.${key}`])
      .sort(),
  );
});

test.each([
  'aws_s3_bucket_versioning',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_ownership_controls',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_kms_key',
])('every bucket has its %s', (type) => {
  expect(synthesise().count(type)).toBe(regions.length);
});

test('a write uses the key of its bucket: a request for another encryption is refused, no request is accepted', () => {
  const [policy] = synthesise().resources('aws_s3_bucket_policy');
  const { Statement } = JSON.parse(policy!['policy']) as { Statement: { Action: string; Condition: object }[] };
  expect(Statement.find(({ Action }) => Action === 's3:PutObject')!.Condition).toEqual({
    Null: { 's3:x-amz-server-side-encryption': 'false' },
    StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
  });
  expect(synthesise().json.terraform!['backend'].s3).not.toHaveProperty('encrypt');
});

test('keys are single-region, because the S3 backend refuses others', () => {
  for (const key of synthesise().resources('aws_kms_key')) expect(key['multi_region']).toBeUndefined();
});

test('a plan can destroy neither a bucket nor its key', () => {
  const stack = synthesise();
  for (const type of ['aws_s3_bucket', 'aws_kms_key']) {
    for (const block of stack.resources(type)) expect(block['lifecycle']).toEqual({ prevent_destroy: true });
  }
});

test("the home region's states are replicated to the next region, deletions too", () => {
  const replication = synthesise().resource('aws_s3_bucket_replication_configuration');
  expect(replication['bucket']).toContain(`StateBucket-${home}`);
  expect(replication['rule'][0]).toMatchObject({ delete_marker_replication: { status: 'Enabled' } });
  expect(replication['rule'][0].destination.bucket).toContain(`StateBucket-${copy}`);
});

test('replication may decrypt with one key and encrypt with the other, without which S3 replicates nothing silently', () => {
  const stack = synthesise();
  const { Statement } = JSON.parse(stack.resource('aws_iam_role_policy')['policy']) as {
    Statement: { Action: string | string[]; Resource: string }[];
  };
  const actionsOn = (region: string) =>
    Statement.filter(({ Resource }) => Resource === stack.reference('aws_kms_key', `StateBucket-${region}/Key`, 'arn'))
      .flatMap(({ Action }) => Action)
      .sort();
  expect(actionsOn(home)).toEqual(['kms:Decrypt']);
  expect(actionsOn(copy)).toEqual(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']);
});

test('with one region there is no replication', () => {
  expect(synthesise({}, regions.slice(0, 1)).count('aws_s3_bucket_replication_configuration')).toBe(0);
});

test('a lock table exists only if the settings ask for it', () => {
  expect(synthesise({ state: { ...environment.state, locking: 's3' } }).count('aws_dynamodb_table')).toBe(0);
  const state = { ...environment.state, locking: 's3-and-dynamodb' as const };
  expect(synthesise({ state }).count('aws_dynamodb_table')).toBe(regions.length);
});

test('a deploy of this stack can create and delete lock tables: it waits for none of them, and none is protected', () => {
  const state = { ...environment.state, locking: 's3-and-dynamodb' as const };
  const stack = synthesise({ state });
  expect(stack.json.terraform!['backend'].s3.use_lockfile).toBe(true);
  expect(stack.json.terraform!['backend'].s3).not.toHaveProperty('dynamodb_table');
  for (const table of stack.resources('aws_dynamodb_table')) {
    expect(table['deletion_protection_enabled']).toBeUndefined();
    expect(table['lifecycle']).toBeUndefined();
  }
});
