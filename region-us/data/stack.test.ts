import infra from '@platform/infra.config';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { region } from '../region';
import { RegionalDataStack } from './stack';

const environment = selectEnvironment(infra, 'prod');
const stack = synthStack((app) => new RegionalDataStack(app, environment));

test('it makes nothing: its outputs are what it is for', () => {
  expect(stack.addresses()).toEqual([]);
});

test('its state is in the bucket of its own region', () => {
  expect(stack.json.terraform!['backend'].s3).toMatchObject({ region: region.awsRegion });
});

test('what it promises is of this region', () => {
  const { databaseSecretArn, keyArn, bucketNames, tableArns } = stack.outputs();
  expect(databaseSecretArn).toContain(`databaseSecretArns.${region.key}`);
  expect(keyArn).toContain(`keyArns.${region.key}`);
  expect(Object.keys(bucketNames)).toEqual(Object.keys(environment.dataStores.buckets));
  for (const name of Object.values<string>(bucketNames)) expect(name).toMatch(new RegExp(`-${region.key}$`));
  for (const arn of Object.values<string>(tableArns)) expect(arn).toContain(`:${region.awsRegion}:`);
});
