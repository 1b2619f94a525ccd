import { dataContract } from '@platform/libs/data/contract';
import { regionalDataContract } from '@platform/libs/data/regional-contract';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { RegionalData } from './stack';

const [us, ap] = exampleRegions;
const environment = exampleEnvironment();
const stack = synthStack(
  (app) =>
    new RegionalData(app, environment, {
      region: ap,
      contract: regionalDataContract(ap, 'data'),
      upstream: { global: dataContract(us, exampleRegions) },
    }),
);

test('has no resources', () => {
  expect(stack.addresses()).toEqual([]);
});

test('keeps its state in the bucket of its own region', () => {
  expect(stack.json.terraform!['backend'].s3).toMatchObject({ region: ap.awsRegion });
});

test('publishes what belongs to its region', () => {
  const { databaseSecretArn, keyArn, bucketNames, tableArns } = stack.outputs();
  expect(databaseSecretArn).toContain('databaseSecretArns.ap');
  expect(keyArn).toContain('keyArns.ap');
  expect(Object.keys(bucketNames)).toEqual(Object.keys(environment.dataStores.buckets));
  for (const name of Object.values<string>(bucketNames)) expect(name).toMatch(/-ap$/);
  for (const arn of Object.values<string>(tableArns)) expect(arn).toContain(`:${ap.awsRegion}:`);
});
