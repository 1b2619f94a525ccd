import { assertKeepsStates, plannedChanges } from './bootstrap';

const line = (change: object) => JSON.stringify({ type: 'planned_change', change });

test('a plan is told by what it makes, takes over and replaces', () => {
  const report = [
    JSON.stringify({ type: 'version', terraform: '1.11.4' }),
    line({ resource: { addr: 'aws_kms_key.Key' }, action: 'create' }),
    line({ resource: { addr: 'aws_s3_bucket.A' }, action: 'import', importing: { id: 'a' } }),
    line({ resource: { addr: 'aws_s3_bucket.B' }, action: 'update', importing: { id: 'b' } }),
    line({ resource: { addr: 'aws_iam_role.Role' }, action: 'replace' }),
    line({ resource: { addr: 'data.aws_region.Here' }, action: 'read' }),
    line({ resource: { addr: 'aws_vpc.Same' }, action: 'noop' }),
    'Releasing state lock.',
  ].join('\n');
  expect(plannedChanges(report)).toEqual([
    'create aws_kms_key.Key',
    'take over aws_s3_bucket.A',
    'take over, update aws_s3_bucket.B',
    'replace aws_iam_role.Role',
  ]);
});

test('a plan that destroys a bucket of states, or its key, is refused with each of them', () => {
  const changes = [
    'create aws_s3_bucket.New',
    'delete aws_s3_bucket_versioning.Old',
    'delete aws_s3_bucket.Old',
    'take over, replace aws_kms_key.Key',
    'replace aws_iam_role.Role',
  ];
  expect(() => assertKeepsStates(changes)).toThrow(
    /:\n {2}delete aws_s3_bucket\.Old\n {2}take over, replace aws_kms_key\.Key$/,
  );
  expect(() => assertKeepsStates([changes[0]!, changes[1]!, changes[4]!])).not.toThrow();
});
