import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { Alarms } from './alarms';

const { owners } = exampleEnvironment();
/** The alarms of a stack of `region-us`, which `team` owns. */
const synth = (team: string) =>
  synthConstruct(
    (stack) => void new Alarms(stack, 'Alarms', { name: 'prod', accountId: '1', kmsKeyArn: 'arn:key' }),
    exampleEnvironment({ owners: { ...owners, 'region-us': team } }),
  );

test("alarms are sent to each recipient of the stack's owner", () => {
  const stack = synth('network');
  const topic_arn = stack.reference('aws_sns_topic', undefined, 'arn');
  expect(stack.resources('aws_sns_topic_subscription')).toEqual([
    { topic_arn, protocol: 'email', endpoint: 'network@acme.io' },
    { topic_arn, protocol: 'https', endpoint: 'https://pager.acme.io/sns', endpoint_auto_confirms: true },
  ]);
  expect(synth('platform').resources('aws_sns_topic_subscription')).toEqual([
    expect.objectContaining({ protocol: 'email', endpoint: 'platform@acme.io' }),
  ]);
});

test('without a recipient there is a topic, for whoever subscribes by other means', () => {
  const stack = synth('edge');
  expect(stack.count('aws_sns_topic_subscription')).toBe(0);
  expect(stack.count('aws_sns_topic')).toBe(1);
});
