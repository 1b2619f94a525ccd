import { applicationContract } from '@platform/libs/app/contract';
import { defineContract, map, text } from '@platform/libs/contract/contract';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import type { Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { trafficControlContract } from '@platform/libs/traffic-control/contract';
import { judgedBy } from '@platform/libs/traffic-control/names';
import { RegionalTrafficControl } from './stack';

const [us, ap] = exampleRegions;
const accelerator = defineContract({
  stack: 'global-ga',
  project: 'global/ga',
  stateRegion: us,
  fields: {
    acceleratorArn: text('ARN', 'arn'),
    endpointGroupArns: map('Groups', { us: 'us', ap: 'ap' }),
    plannedDials: map('Dials', { us: '100', ap: '100' }),
  },
});
const records = defineContract({
  stack: 'global-route53',
  project: 'global/route53',
  stateRegion: us,
  fields: { healthCheckIds: map('Checks', { us: 'us', ap: 'ap' }) },
});
const example = exampleEnvironment();
const synth = (more: Partial<Environment> = {}, region = us) =>
  synthStack(
    (app) =>
      new RegionalTrafficControl(
        app,
        { ...example, level: 'accelerated', mode: 'active-active', ...more },
        {
          region,
          contract: trafficControlContract(region),
          upstream: {
            accelerator,
            records,
            balancers: { us: applicationContract(us, 'alb-asg-app'), ap: applicationContract(ap, 'alb-asg-app') },
          },
        },
      ),
  );
const withMode = (mode: Environment['trafficControl']['mode']) => ({
  trafficControl: { ...example.trafficControl, mode },
});
const stack = synth();
const actions = (policy: string) =>
  (JSON.parse(policy) as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
    ({ Action }) => Action,
  ).sort();

test.each(modes.flatMap((mode) => adoptionLevels.map((level) => [level, mode] as const)))(
  'at %s in %s there is a function from accelerated',
  (level, mode) => {
    const count = synth({ level, mode }).count('aws_lambda_function');
    expect(count).toBe(level === 'accelerated' || level === 'inspected' ? 1 : 0);
  },
);

test('off makes nothing', () => {
  expect(synth(withMode('off')).addresses()).toEqual([]);
});

test.each([
  ['us', us, 'ap'],
  ['ap', ap, 'us'],
] as const)('the function of %s runs there and judges the other region', (_, region, judged) => {
  const synthesised = synth({}, region);
  expect(synthesised.providers()[0]).toMatchObject({ region: region.awsRegion });
  const control = JSON.parse(synthesised.resource('aws_lambda_function').environment.variables.CONTROL as string);
  expect(control).toMatchObject({ judged, environment: 'prod', settings: { mode: 'enforce', floorPercent: 10 } });
  expect(Object.keys(control.regions).sort()).toEqual(['ap', 'us']);
});

test('may call what it calls, and change the dial of the judged region only', () => {
  const { policy } = stack.resource('aws_iam_role_policy', 'TrafficControl/Policy');
  expect(actions(policy as string)).toEqual([
    'cloudwatch:GetMetricData',
    'globalaccelerator:DescribeAccelerator',
    'globalaccelerator:DescribeEndpointGroup',
    'globalaccelerator:UpdateEndpointGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'sqs:SendMessage',
    'ssm:GetParameters',
    'ssm:PutParameter',
    'sts:AssumeRole',
  ]);
  const dial = (JSON.parse(policy as string) as { Statement: { Sid: string; Resource: string }[] }).Statement.find(
    ({ Sid }) => Sid === 'Dial',
  )!;
  expect(dial.Resource).toBe('${data.terraform_remote_state.global-ga.outputs.endpointGroupArns.ap}');
});

test('cannot change anything in mode monitor', () => {
  const { policy } = synth(withMode('monitor')).resource('aws_iam_role_policy', 'TrafficControl/Policy');
  expect(actions(policy as string).filter((action) => /:(Update|Put)/.test(action))).toEqual(['logs:PutLogEvents']);
});

test('reads metrics of the load balancers by a role of their account, if that is another one', () => {
  const reader = stack.resource('aws_iam_role', 'TrafficControl/Reader');
  expect(reader.provider).toBe('aws.workload');
  expect(actions(stack.resource('aws_iam_role_policy', 'TrafficControl/ReaderPolicy').policy as string)).toEqual([
    'cloudwatch:GetMetricData',
  ]);
  const alone = synth({ accounts: { ...example.accounts, workload: example.accounts.edge } });
  expect(alone.providers()).toHaveLength(1);
  expect(alone.addresses().filter((address) => /Reader|BusPolicy/.test(address))).toEqual([]);
  expect(actions(alone.resource('aws_iam_role_policy', 'TrafficControl/Policy').policy as string)).not.toContain(
    'sts:AssumeRole',
  );
});

test('sends its own alarms to the region that judges it, and takes those of the region that it judges', () => {
  const target = stack.resource('aws_cloudwatch_event_target', 'AlarmForwarding/Target');
  expect(target.arn).toBe('arn:aws:events:ap-northeast-2:333333333333:event-bus/prod-traffic-control');
  const pattern = JSON.parse(
    stack.resource('aws_cloudwatch_event_rule', 'TrafficControl/Alarm').event_pattern as string,
  );
  expect(pattern.region).toEqual(['ap-northeast-2']);
  expect(stack.resource('aws_cloudwatch_event_rule', 'TrafficControl/Schedule').schedule_expression).toBe(
    'rate(1 minute)',
  );
});

test('runs once at a time, and late events are dropped', () => {
  expect(stack.resource('aws_lambda_function').reserved_concurrent_executions).toBe(1);
  expect(stack.resource('aws_lambda_function_event_invoke_config')).toMatchObject({
    maximum_retry_attempts: 0,
    maximum_event_age_in_seconds: 60,
  });
});

test('has the same addresses in every region', () => expectTwins(stack, synth({}, ap)));

test('every region is judged once and by another one', () => {
  for (const keys of [
    ['us', 'ap'],
    ['us', 'ap', 'eu'],
    ['a', 'b', 'c', 'd'],
  ]) {
    const judged = keys.map((key) => judgedBy(key, keys));
    expect([...judged].sort()).toEqual([...keys].sort());
    judged.forEach((key, index) => expect(key).not.toBe(keys[index]));
  }
});
