import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { FlowLog, type FlowLogProps } from './flow-log';

const props: FlowLogProps = {
  name: 'prod-hub',
  source: { transitGatewayId: 'tgw-1' },
  retentionDays: 30,
  awsRegion: 'us-east-1',
  accountId: '111111111111',
};
const synth = (overrides: Partial<FlowLogProps> = {}) =>
  synthConstruct((stack) => new FlowLog(stack, 'FlowLog', { ...props, ...overrides }));

describe('a flow log', () => {
  test('goes to an encrypted log group with a retention', () => {
    const stack = synth();
    const group = stack.resource('aws_cloudwatch_log_group');
    expect(group).toMatchObject({ name: '/prod-hub/flow', retention_in_days: 30 });
    expect(group.kms_key_id).toBe(stack.reference('aws_kms_key', undefined, 'arn'));
    expect(stack.resource('aws_flow_log').log_destination).toBe(
      stack.reference('aws_cloudwatch_log_group', undefined, 'arn'),
    );
  });

  test('sets the traffic type for a VPC only: AWS refuses it for a Transit Gateway', () => {
    expect(synth().resource('aws_flow_log')).not.toHaveProperty('traffic_type');
    expect(synth({ source: { vpcId: 'vpc-1' } }).resource('aws_flow_log')).toMatchObject({
      vpc_id: 'vpc-1',
      traffic_type: 'ALL',
    });
  });

  test('distinguishes flows through NAT, by fields that Terraform does not interpolate', () => {
    const { log_format } = synth({ source: { vpcId: 'vpc-1' } }).resource('aws_flow_log');
    expect(log_format).toMatch(/^\$\$\{version\} .*\$\$\{pkt-srcaddr\} \$\$\{pkt-dstaddr\}/);
    expect(synth().resource('aws_flow_log')).not.toHaveProperty('log_format');
  });

  test('lets CloudWatch Logs use the key for its own group only', () => {
    const policy = JSON.parse(synth().resource('aws_kms_key').policy);
    expect(policy.Statement[1].Condition.ArnEquals).toEqual({
      'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:111111111111:log-group:/prod-hub/flow',
    });
  });

  test('uses every prop', () => {
    const dead = findDeadProps<FlowLogProps>(
      props,
      { name: 'x', source: { vpcId: 'vpc-1' }, retentionDays: 60, awsRegion: 'eu-west-1', accountId: '2' },
      (stack, given) => new FlowLog(stack, 'FlowLog', given),
    );
    expect(dead).toEqual([]);
  });
});
