import { statefulResources } from './stateful-types';

test('what holds data is found in a state, and whether a destroy would empty it', () => {
  const state = {
    resources: [
      { mode: 'managed', type: 'aws_vpc', name: 'V', instances: [{}] },
      { mode: 'data', type: 'aws_s3_bucket', name: 'D', instances: [{}] },
      {
        mode: 'managed',
        type: 'aws_s3_bucket',
        name: 'B',
        instances: [{ index_key: 'a', attributes: { force_destroy: true } }, { index_key: 1 }],
      },
    ],
  };
  expect(statefulResources(state)).toEqual([
    { address: 'aws_s3_bucket.B["a"]', loses: 'the objects of a bucket', emptied: true },
    { address: 'aws_s3_bucket.B[1]', loses: 'the objects of a bucket', emptied: false },
  ]);
});
