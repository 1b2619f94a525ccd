import { plannedChanges, riskyChanges, unaccepted } from './plan-changes';
import type { ResourceChange } from './plan';

const change = (address: string, actions: string[], more: object = {}): ResourceChange => {
  const { replace_paths, ...rest } = more as { replace_paths?: string[][] };
  return {
    address,
    type: address.split('.')[0]!,
    mode: 'managed',
    ...rest,
    change: { actions, ...(replace_paths ? { replace_paths } : {}) },
  };
};
const configuration = {
  resource: {
    aws_vpc: { Network: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: {
      App: { vpc_id: '${aws_vpc.Network.id}', cidr_block: '10.0.1.0/24' },
      Own: { vpc_id: '${aws_vpc.Network.id}', availability_zone: 'us-east-1a' },
    },
  },
};
const options = { stack: 'region-us-vpc', project: 'region-us/vpc', configuration, readers: ['region-us-app'] };
const replaced = (address: string, ...arguments_: string[]) =>
  change(address, ['delete', 'create'], { replace_paths: arguments_.map((name) => [name]) });

test('names each change, and what forces a replacement', () => {
  const resource_changes = [
    change('aws_vpc.New', ['create']),
    change('aws_vpc.Same', ['no-op']),
    replaced('aws_vpc.Network', 'cidr_block'),
    change('aws_subnet.App["a"]', ['delete'], { deposed: 'key' }),
    change('aws_subnet.Moved', ['no-op'], { previous_address: 'aws_subnet.Old' }),
    change('aws_subnet.Damaged', ['create', 'delete'], { action_reason: 'replace_because_tainted' }),
  ];
  expect(plannedChanges({ resource_changes })).toEqual([
    { address: 'aws_vpc.New', action: 'create' },
    { address: 'aws_vpc.Network', action: 'replace', forcedBy: ['cidr_block'] },
    { address: 'aws_subnet.App["a"] (deposed key)', action: 'delete' },
    { address: 'aws_subnet.Moved', action: 'move' },
    { address: 'aws_subnet.Damaged', action: 'replace', forcedBy: ['tainted'] },
  ]);
});

describe('needs acceptance by name', () => {
  const risks = (...resource_changes: ResourceChange[]) => riskyChanges({ resource_changes }, options);

  test('what holds data and is destroyed or replaced, such as a table whose key changes', () => {
    const alone = { ...options, readers: [] };
    const table = replaced('aws_dynamodb_table.Orders', 'hash_key');
    const bucket = change('aws_s3_bucket.Files', ['delete']);
    const role = change('aws_iam_role.Role', ['delete']);
    expect(riskyChanges({ resource_changes: [table, bucket, role] }, alone)).toEqual([
      { address: 'aws_dynamodb_table.Orders', action: 'replaced', loses: 'a table', forcedBy: ['hash_key'] },
      { address: 'aws_s3_bucket.Files', action: 'destroyed', loses: 'the objects of a bucket', forcedBy: [] },
    ]);
  });

  test('a replacement in a stack that deployed stacks read, and not what only follows from it', () => {
    expect(
      risks(
        replaced('aws_vpc.Network', 'cidr_block'),
        replaced('aws_subnet.App["a"]', 'vpc_id'),
        replaced('aws_subnet.Own', 'vpc_id', 'availability_zone'),
      ).map(({ address }) => address),
    ).toEqual(['aws_vpc.Network', 'aws_subnet.Own']);
    expect(risks(replaced('aws_subnet.App["a"]', 'vpc_id'))).toHaveLength(1);
    expect(
      riskyChanges({ resource_changes: [replaced('aws_vpc.Network', 'cidr_block')] }, { ...options, readers: [] }),
    ).toEqual([]);
  });

  test('a deposed object by another name than the one that takes its place', () => {
    expect(risks(change('aws_s3_bucket.Files', ['delete'], { deposed: 'key' }))).toMatchObject([
      { address: 'aws_s3_bucket.Files (deposed key)', action: 'destroyed' },
    ]);
  });

  test('a bucket of states, or its key', () => {
    const resource_changes = [change('aws_kms_key.Key', ['delete']), change('aws_s3_bucket.Kept', ['update'])];
    expect(riskyChanges({ resource_changes }, { ...options, project: 'global/state' })).toMatchObject([
      { address: 'aws_kms_key.Key', loses: 'states' },
    ]);
    expect(risks(...resource_changes)).toEqual([]);
  });
});

test('accepts replacements by address, for one stack or all, and lost data by its own word', () => {
  const vpc = { address: 'aws_vpc.Network', action: 'replaced' as const, forcedBy: [] };
  const table = { address: 'aws_dynamodb_table.T', action: 'replaced' as const, loses: 'a table', forcedBy: [] };
  const bucket = { address: 'aws_s3_bucket.B', action: 'destroyed' as const, loses: 'objects', forcedBy: [] };
  const left = (includeStateful: boolean, ...replace: string[]) =>
    unaccepted([vpc, table, bucket], 'a', { includeStateful, replace }).map(({ address }) => address);
  expect(left(false)).toEqual(['aws_vpc.Network', 'aws_dynamodb_table.T', 'aws_s3_bucket.B']);
  expect(left(true)).toEqual(['aws_vpc.Network']);
  expect(left(false, 'aws_vpc.Network', 'a:aws_dynamodb_table.T')).toEqual(['aws_s3_bucket.B']);
  expect(left(false, 'b:aws_vpc.Network', 'aws_s3_bucket.B')).toHaveLength(3);
});

test('accepts what a review names, and nothing beside it', () => {
  const table = { address: 'aws_dynamodb_table.T', action: 'destroyed' as const, loses: 'a table', forcedBy: [] };
  const deposed = { ...table, address: 'aws_dynamodb_table.T (deposed key)' };
  const nothing = { includeStateful: false, replace: [] };
  expect(unaccepted([table, deposed], 'a', nothing, ['aws_dynamodb_table.T'])).toEqual([deposed]);
});
