import fc from 'fast-check';
import { dataLossOf, describeObject, destroyedBy, objectsBeyond, objectsOf } from './destroyed-objects';

const instance = (id: string, more: object = {}) => ({ attributes: { id, ...more } });
const state = {
  resources: [
    { mode: 'managed', type: 'aws_vpc', name: 'Vpc', instances: [instance('vpc-1')] },
    { mode: 'managed', type: 'aws_s3_bucket', name: 'Files', instances: [instance('files')] },
    { mode: 'managed', type: 'aws_eip', name: 'Ip', instances: [{ ...instance('eip-old'), deposed: 'ab12' }] },
    { mode: 'data', type: 'aws_vpc', name: 'Other', instances: [instance('vpc-9')] },
  ],
};
const change = (type: string, name: string, id: string, actions = ['delete'], more: object = {}) => ({
  address: `${type}.${name}`,
  type,
  mode: 'managed' as const,
  change: { actions, before: { id, ...more }, after: null },
});
const planOf = (...resource_changes: object[]) => ({ resource_changes }) as Parameters<typeof destroyedBy>[0];
const beyond = (...changes: object[]) =>
  objectsBeyond(objectsOf(state), destroyedBy(planOf(...changes))).map(describeObject);

test('a plan that destroys what the state has goes beyond nothing', () => {
  expect(
    beyond(change('aws_vpc', 'Vpc', 'vpc-1'), change('aws_s3_bucket', 'Files', 'files'), {
      ...change('aws_eip', 'Ip', 'eip-old'),
      deposed: 'ab12',
    }),
  ).toEqual([]);
});

test.each([
  ['another address', change('aws_vpc', 'New', 'vpc-2'), 'aws_vpc.New (vpc-2)'],
  ['another object at the same address', change('aws_vpc', 'Vpc', 'vpc-2'), 'aws_vpc.Vpc (vpc-2)'],
  ['an object that it replaces', change('aws_vpc', 'New', 'vpc-2', ['create', 'delete']), 'aws_vpc.New (vpc-2)'],
  [
    'an object that a replacement left behind',
    { ...change('aws_vpc', 'Vpc', 'vpc-1'), deposed: 'cd34' },
    'aws_vpc.Vpc (deposed cd34) (vpc-1)',
  ],
  [
    'a bucket that is emptied by now',
    change('aws_s3_bucket', 'Files', 'files', ['delete'], { force_destroy: true }),
    'aws_s3_bucket.Files (files)',
  ],
])('a plan goes beyond the state by %s', (_, more, described) => {
  expect(beyond(change('aws_vpc', 'Vpc', 'vpc-1'), more)).toEqual([described]);
});

test('what is only read, created, changed or forgotten is not destroyed', () => {
  const others = ['create', 'update', 'read', 'no-op', 'forget'].map((action) =>
    change('aws_vpc', action, 'x', [action]),
  );
  expect(destroyedBy(planOf(...others))).toEqual([]);
});

test('a subset of the known objects never goes beyond them, and any other object does', () => {
  const object = fc.record({
    address: fc.constantFrom('a.X', 'a.Y', 'b.X'),
    type: fc.constant('a'),
    id: fc.constantFrom('1', '2', '3'),
    emptied: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(object), fc.array(object), (known, found) => {
      expect(objectsBeyond(known, known)).toEqual([]);
      for (const each of objectsBeyond(known, found)) {
        expect(
          known.some(
            ({ address, id, emptied }) => address === each.address && id === each.id && emptied === each.emptied,
          ),
        ).toBe(false);
      }
    }),
  );
});

test('data loss names what holds data, and what is emptied', () => {
  const [, files] = objectsOf(state);
  expect(dataLossOf(objectsOf(state))).toEqual(['aws_s3_bucket.Files holds the objects of a bucket']);
  expect(dataLossOf([{ ...files!, emptied: true }])).toEqual([
    'aws_s3_bucket.Files holds the objects of a bucket, and would be emptied',
  ]);
});
