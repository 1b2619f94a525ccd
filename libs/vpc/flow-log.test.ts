import { findDeadProps, type SecondValues } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { FlowLog, type FlowLogProps } from './flow-log';

const props: FlowLogProps = {
  name: 'prod-hub',
  source: { transitGatewayId: 'tgw-1' },
  settings: { destination: 'cloudwatch', retentionDays: 30, protection: 'protected' },
  bucketName: 'example-prod-hub-flow-logs-us',
  awsRegion: 'us-east-1',
  accountId: '111111111111',
};
const synth = (overrides: Partial<FlowLogProps> = {}) =>
  synthConstruct((stack) => new FlowLog(stack, 'FlowLog', { ...props, ...overrides }));

describe('a flow log', () => {
  test('writes Parquet into a bucket of its own that only log delivery of the account writes to', () => {
    const stack = synth({ settings: { destination: 's3', retentionDays: 30, protection: 'protected' } });
    const log = stack.resource('aws_flow_log');
    expect(log).toMatchObject({
      log_destination_type: 's3',
      log_destination: stack.reference('aws_s3_bucket', undefined, 'arn'),
      destination_options: { file_format: 'parquet', hive_compatible_partitions: true, per_hour_partition: true },
    });
    expect(log).not.toHaveProperty('iam_role_arn');
    const { Statement } = JSON.parse(stack.resource('aws_s3_bucket_policy').policy);
    const writes = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    for (const { Principal, Condition } of writes) {
      expect(Principal).toEqual({ Service: 'delivery.logs.amazonaws.com' });
      expect(Condition.StringEquals['aws:SourceAccount']).toBe('111111111111');
    }
    // AWS tests a write when the flow log is created.
    expect(JSON.stringify(log.depends_on)).toContain('aws_s3_bucket_policy');
    expect([stack.count('aws_cloudwatch_log_group'), stack.count('aws_iam_role')]).toEqual([0, 0]);
  });

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
    const seconds: SecondValues<FlowLogProps> = {
      name: 'x',
      source: { vpcId: 'vpc-1' },
      settings: { destination: 's3', retentionDays: 60, protection: 'disposable' },
      bucketName: 'example-prod-x-flow-logs-us',
      awsRegion: 'eu-west-1',
      accountId: '2',
    };
    const dead = (base: FlowLogProps) =>
      findDeadProps(base, seconds, (stack, given) => new FlowLog(stack, 'FlowLog', given));
    expect(dead(props)).toEqual(['bucketName']);
    const inBucket = { ...props, settings: { destination: 's3', retentionDays: 30, protection: 'protected' } as const };
    expect(dead(inBucket)).toEqual(['awsRegion']);
  });
});
