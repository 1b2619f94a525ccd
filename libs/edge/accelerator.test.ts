import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import type { Mode } from '@platform/libs/settings/adoption';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { Accelerator, type AcceleratorProps } from './accelerator';
import { planTraffic } from './plan-traffic';

const regions = [
  { key: 'us', failsOverTo: 'ap' },
  { key: 'ap', failsOverTo: 'us' },
];
const planOf = (mode: Mode, primary = 'us') => planTraffic({ mode, level: 'accelerated', primary, regions });
const balancerArn = (awsRegion: string) =>
  `arn:aws:elasticloadbalancing:${awsRegion}:222222222222:loadbalancer/app/example/0eeeeeeeeeeeeeee`;
const usWest2 = { fqn: 'aws.us-west-2', alias: 'us-west-2' } as AwsProvider;
const ready: ITerraformDependable = { fqn: 'aws_s3_bucket_policy.logs' };
const props: AcceleratorProps = {
  name: 'prod',
  settings: exampleEnvironment().edge.accelerator,
  plan: planOf('active-passive'),
  endpoints: {
    us: { awsRegion: 'us-east-1', balancerArn: balancerArn('us-east-1'), attachmentArn: 'arn:attachment' },
    ap: { awsRegion: 'ap-northeast-2', balancerArn: balancerArn('ap-northeast-2') },
  },
  flowLogs: { bucketName: 'logs', prefix: 'flow', ready },
  usWest2,
};
const synth = (overrides: Partial<AcceleratorProps> = {}) =>
  synthConstruct((stack) => new Accelerator(stack, 'Api', { ...props, ...overrides }));

test('the listener accepts 443 over TCP and nothing else', () => {
  const stack = synth();
  expect(stack.resources('aws_globalaccelerator_listener')).toHaveLength(1);
  expect(stack.resource('aws_globalaccelerator_listener')).toMatchObject({
    protocol: 'TCP',
    port_range: [{ from_port: 443, to_port: 443 }],
    client_affinity: 'NONE',
  });
});

test('every region, also a standby, has a group with its load balancer', () => {
  const stack = synth();
  expect(stack.count('aws_globalaccelerator_endpoint_group')).toBe(2);
  expect(stack.resource('aws_globalaccelerator_endpoint_group', 'Group-us')).toMatchObject({
    endpoint_group_region: 'us-east-1',
    traffic_dial_percentage: 100,
    endpoint_configuration: [
      {
        endpoint_id: balancerArn('us-east-1'),
        weight: 128,
        client_ip_preservation_enabled: true,
        attachment_arn: 'arn:attachment',
      },
    ],
  });
  const waiting = stack.resource('aws_globalaccelerator_endpoint_group', 'Group-ap');
  expect(waiting.traffic_dial_percentage).toBe(0);
  expect(waiting.endpoint_configuration[0].weight).toBeGreaterThan(0);
  expect(waiting.endpoint_configuration[0].attachment_arn).toBeUndefined();
});

test('in active-active all dials are 100', () => {
  const groups = synth({ plan: planOf('active-active') }).resources('aws_globalaccelerator_endpoint_group');
  expect(groups.map((group) => group.traffic_dial_percentage)).toEqual([100, 100]);
});

test('ignores what failovers set, and another load balancer replaces its group', () => {
  const stack = synth();
  const identity = stack.reference('terraform_data', 'Endpoint-us').replace(/^\$\{(.*)\.id\}$/, '$1');
  expect(stack.resource('aws_globalaccelerator_endpoint_group', 'Group-us').lifecycle).toEqual({
    ignore_changes: ['traffic_dial_percentage', 'endpoint_configuration'],
    replace_triggered_by: [identity],
  });
  expect(stack.resource('terraform_data', 'Endpoint-us').input).toEqual({
    balancerArn: balancerArn('us-east-1'),
    attachmentArn: 'arn:attachment',
  });
});

test('a change of roles keeps every address', () => {
  expect(synth({ plan: planOf('active-passive', 'ap') }).addresses()).toEqual(synth().addresses());
});

test('flow logs are on, and the bucket is ready before', () => {
  expect(synth().resource('aws_globalaccelerator_accelerator')).toMatchObject({
    enabled: true,
    attributes: { flow_logs_enabled: true, flow_logs_s3_bucket: 'logs', flow_logs_s3_prefix: 'flow' },
    depends_on: ['aws_s3_bucket_policy.logs'],
  });
});

test('uses every prop', () => {
  const seconds = {
    name: 'staging',
    application: 'shop',
    settings: { clientAffinity: 'SOURCE_IP', healthCheckIntervalSec: 30, healthCheckThreshold: 2 } as const,
    plan: planOf('active-active'),
    endpoints: { ...props.endpoints, ap: { awsRegion: 'ap-northeast-1', balancerArn: balancerArn('ap-northeast-1') } },
    flowLogs: { bucketName: 'others', prefix: 'other', ready },
    usWest2: { ...usWest2, fqn: 'aws.other' } as AwsProvider,
  };
  expect(findDeadProps(props, seconds, (stack, changed) => new Accelerator(stack, 'Api', changed))).toEqual([]);
  const { clientAffinity, healthCheckIntervalSec, healthCheckThreshold } = seconds.settings;
  for (const change of [{ clientAffinity }, { healthCheckIntervalSec }, { healthCheckThreshold }]) {
    expect(synth({ settings: { ...props.settings, ...change } }).json).not.toEqual(synth().json);
  }
});

test('throws for a region without an endpoint', () => {
  expect(() => synth({ endpoints: { us: props.endpoints.us! } })).toThrow('region ap has no endpoint');
});
