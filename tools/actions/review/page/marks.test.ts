import { tileId } from '@platform/tools/actions/map/draw-estate';
import type { EstateMap } from '@platform/tools/model/estate-map';
import { mapOfReview, marksOf } from './marks';
import { reviewOf } from './testing/large-review';

const bare = { facts: [], region: 'us' } as const;
const map: EstateMap = {
  organisation: 'example',
  environment: 'prod',
  level: 'standby',
  mode: 'active-passive',
  regions: [{ key: 'us', awsRegion: 'us-east-1', role: 'primary', home: true }],
  stacks: [
    { stack: 'us-db', project: 'us/db', region: 'us', owner: 'data', account: null, reads: [], resources: 9 },
    { stack: 'us-plain', project: 'us/plain', region: 'us', owner: 'data', account: null, reads: [], resources: 9 },
  ],
  nodes: [
    {
      ...bare,
      id: 'cluster',
      kind: 'database',
      name: 'db',
      stack: 'us-db',
      address: 'aws_rds_cluster.Db_Cluster_00000001',
    },
    {
      ...bare,
      id: 'table',
      kind: 'table',
      name: 'table',
      stack: 'us-db',
      address: 'aws_dynamodb_table.Items_Table_00000002',
    },
  ],
  links: [],
};

describe('the marks of a review', () => {
  const review = reviewOf(
    map,
    {
      'us-db': {
        resources: [
          { address: 'aws_rds_cluster_instance.Db_One_00000003', action: 'delete' },
          { address: 'aws_dynamodb_table.Items_Table_00000002', action: 'replace' },
          { address: 'aws_kms_key.Elsewhere', action: 'update' },
          { address: 'data.aws_region.Here', mode: 'data', action: 'read' },
        ],
      },
      'us-plain': { resources: [{ address: 'aws_sqs_queue.Q', action: 'move' }], status: 'failed' },
    },
    [
      { level: 'warn', where: { stack: 'us-db', address: 'aws_dynamodb_table.Items_Table_00000002', argument: null } },
      {
        level: 'block',
        where: { stack: 'us-db', address: 'aws_dynamodb_table.Items_Table_00000002', argument: 'name' },
      },
      { level: 'note', where: { stack: 'us-db', address: 'aws_rds_cluster.Db_Cluster_00000001', argument: null } },
      { level: 'block', where: { stack: null, address: null, argument: null } },
    ],
  );
  const marks = marksOf(review, map);
  const none = { delete: 0, replace: 0, update: 0, create: 0, other: 0 };

  it('are at the node that stands for the resource, else at the main node of the stack', () => {
    expect(marks.get('cluster')).toEqual({ counts: { ...none, delete: 1, update: 1 }, risk: null, failed: false });
  });

  it('have the worst finding', () => {
    expect(marks.get('table')).toEqual({ counts: { ...none, replace: 1 }, risk: 'block', failed: false });
  });

  it('are at the tile of a stack without a node', () => {
    expect(marks.get(tileId('us-plain'))).toEqual({ counts: { ...none, other: 1 }, risk: null, failed: true });
    expect(marks.size).toBe(3);
  });
});

describe('the map of a review', () => {
  it('has the stacks that the change removes, in their region', () => {
    const removed = { ...map.stacks[0]!, stack: 'eu-gone', region: 'eu' };
    const before = { ...map, stacks: [...map.stacks, removed] };
    const whole = mapOfReview(reviewOf(before, { 'eu-gone': { status: 'removed' } }), map);
    expect(whole.stacks.map(({ stack }) => stack)).toEqual(['us-db', 'us-plain', 'eu-gone']);
    expect(whole.regions.map(({ key }) => key)).toEqual(['us', 'eu']);
  });

  it('is made of the review alone for plans of another repository', () => {
    const whole = mapOfReview(reviewOf(map, {}), null);
    expect(whole).toMatchObject({ organisation: null, nodes: [], links: [] });
    expect(whole.stacks).toHaveLength(2);
  });
});
