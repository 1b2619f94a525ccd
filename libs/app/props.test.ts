import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { Alarms } from '@platform/libs/observability/alarms';
import { Balancer, type BalancerProps } from './balancer';
import { Fleet, type FleetProps } from './fleet';
import { InstanceRole } from './instance-role';
import { LogBucket } from './log-bucket';
import { Messaging } from './messaging';
import { NetworkBalancer } from './network-balancer';
import { WebAcl, type WebAclProps } from './web-acl';

/** `build` makes props that need a construct of the same stack; the tests of the application check those. */
const application = exampleEnvironment().applications['app']!;
const alarmsIn = (stack: EstateStack) => new Alarms(stack, 'Alarms', { name: 'app', accountId: '1', kmsKeyArn: 'key' });
const logBucketIn = (stack: EstateStack) => ({ name: 'logs', ready: new SnsTopic(stack, 'Ready', {}) });

test('uses every prop of the alarms', () => {
  const base = { name: 'app', accountId: '1', kmsKeyArn: 'key' };
  const seconds = { name: 'other', accountId: '2', kmsKeyArn: 'other' };
  expect(findDeadProps(base, seconds, (stack, props) => new Alarms(stack, 'Alarms', props))).toEqual([]);
});

test('uses every prop of an alarm', () => {
  const metric = { namespace: 'N', metricName: 'M', dimensions: { D: '1' }, statistic: 'Sum', periodSec: 60 };
  const base = { description: 'a', metric, above: 1, periods: 1, missing: 'breaching' as const };
  const seconds = {
    description: 'b',
    metric: { ...metric, statistic: 'p95' },
    above: 2,
    periods: 2,
    missing: 'notBreaching' as const,
  };
  const build = (stack: EstateStack, props: typeof base) => alarmsIn(stack).add('Alarm', props);
  expect(findDeadProps<typeof base>(base, seconds as unknown as typeof base, build)).toEqual([]);
});

test('uses every prop of the load balancer', () => {
  type Props = Omit<BalancerProps, 'logBucket'>;
  const base: Props = {
    name: 'app',
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1'],
    certificateArn: 'arn:1',
    ingress: [{ name: 'Internet', cidr: '0.0.0.0/0' }],
    admission: { requests: 'known', directHost: 'api.example.com', headerValues: ['1'] },
    fleets: [{ colour: 'blue', weight: 100, min: 1, max: 1 }],
    targetPort: 8080,
    targetProtocol: 'HTTPS',
    taskColours: [],
    weights: 'by-settings',
    healthPath: '/healthz',
    outsideHealthPath: '/healthz',
    protection: 'protected',
  };
  const seconds: Required<Props> = {
    name: 'other',
    vpcId: 'vpc-2',
    subnetIds: ['subnet-2'],
    certificateArn: 'arn:2',
    ingress: [{ name: 'Distributions', prefixList: 'pl-1' }],
    admission: { requests: 'all', directHost: 'api.example.com', headerValues: ['1'] },
    fleets: [{ colour: 'blue', weight: 5, min: 1, max: 1 }],
    targetPort: 80,
    targetProtocol: 'HTTP',
    taskColours: ['blue'] as const,
    weights: 'by-command',
    healthPath: '/other',
    outsideHealthPath: '/other',
    protection: 'disposable',
  };
  const build = (stack: EstateStack, props: Props) =>
    new Balancer(stack, 'Balancer', { ...props, logBucket: logBucketIn(stack) }).listen([]);
  expect(findDeadProps(base, seconds, build)).toEqual([]);
});

test('uses every prop of a fleet', () => {
  type Props = Omit<FleetProps, 'balancer' | 'targetGroup' | 'alarms'>;
  const base: Props = {
    name: 'app-blue',
    plan: { colour: 'blue', weight: 100, min: 1, max: 2 },
    settings: application,
    image: 'ami-1',
    userData: 'one',
    instanceProfileArn: 'arn:1',
    lifetimeDays: 30,
    securityGroupIds: ['sg-1'],
    subnetIds: ['subnet-1'],
    moreTargetGroupArns: [],
    instanceTags: { release: '1' },
  };
  const seconds: Props = {
    name: 'other',
    plan: { colour: 'blue', weight: 100, min: 2, max: 2 },
    settings: { ...application, instanceType: 't4g.small' },
    image: 'resolve:ssm:/image',
    userData: 'two',
    instanceProfileArn: 'arn:2',
    lifetimeDays: 23,
    securityGroupIds: ['sg-2'],
    subnetIds: ['subnet-2'],
    moreTargetGroupArns: ['arn:more'],
    instanceTags: { release: '2' },
  };
  const build = (stack: EstateStack, props: Props) =>
    new Fleet(stack, 'Blue', {
      ...props,
      balancer: new Lb(stack, 'Lb', {}),
      targetGroup: new LbTargetGroup(stack, 'Targets', {}),
      alarms: alarmsIn(stack),
    }).follow([]);
  expect(findDeadProps(base, seconds, build)).toEqual([]);
  const settings = {
    instanceType: 'm7g.large',
    diskGib: 20,
    scaling: { cpuPercent: 50, requestsPerMinute: 1000 },
    replaces: 'failed-machines',
  } as const;
  const others = {
    instanceType: 'm7g.xlarge',
    diskGib: 30,
    scaling: { cpuPercent: 40, requestsPerMinute: 1000 },
    replaces: 'failed-health-checks',
  } as const;
  const withSettings = (stack: EstateStack, changed: Props['settings']) => build(stack, { ...base, settings: changed });
  expect(findDeadProps<Props['settings']>(settings, others, withSettings)).toEqual([]);
});

test('uses every prop of the role', () => {
  const base = { name: 'app', description: 'a', permissions: [] };
  const seconds = {
    name: 'other',
    description: 'b',
    permissions: [{ sid: 'S', actions: ['a:B'], resources: ['arn'] }],
  };
  expect(
    findDeadProps<typeof seconds>(base, seconds, (stack, props) => new InstanceRole(stack, 'Role', props)),
  ).toEqual([]);
});

test('uses every prop of the log bucket', () => {
  const base = {
    name: 'logs',
    accountId: '1',
    awsRegion: 'us-east-1',
    retentionDays: 1,
    protection: 'protected' as const,
  };
  const seconds = {
    name: 'other',
    accountId: '2',
    awsRegion: 'ap-northeast-2',
    retentionDays: 2,
    protection: 'disposable' as const,
  };
  expect(
    findDeadProps(base, seconds as unknown as typeof base, (stack, props) => new LogBucket(stack, 'Logs', props)),
  ).toEqual([]);
});

test('uses every prop of queue and bus', () => {
  const settings = { visibilityTimeoutSec: 60, attempts: 3, archiveDays: 7 };
  const base = { name: 'app', settings, kmsKeyArn: 'key' };
  const build = (stack: EstateStack, props: typeof base) =>
    new Messaging(stack, 'Messaging', { ...props, alarms: alarmsIn(stack) });
  const seconds = { name: 'other', settings: { ...settings, attempts: 4 }, kmsKeyArn: 'other' };
  expect(findDeadProps(base, seconds, build)).toEqual([]);
  const others = { visibilityTimeoutSec: 61, attempts: 4, archiveDays: 8 };
  expect(findDeadProps(settings, others, (stack, changed) => build(stack, { ...base, settings: changed }))).toEqual([]);
});

test('uses every prop of the network load balancer', () => {
  const listeners = { game: { protocol: 'UDP', port: 1, targetPort: 2 } } as const;
  const base = {
    name: 'nlb',
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1'],
    listeners,
    addresses: [] as string[],
    clients: ['10.0.0.0/16'],
    healthPort: 8080,
    instanceSecurityGroupId: 'sg-1',
    protection: 'protected' as 'protected' | 'disposable',
  };
  const seconds: typeof base = {
    name: 'other',
    vpcId: 'vpc-2',
    subnetIds: ['subnet-2'],
    listeners: { game: { ...listeners.game, port: 3 as 1 } },
    addresses: ['10.0.0.10'],
    clients: ['10.1.0.0/16'],
    healthPort: 80,
    instanceSecurityGroupId: 'sg-2',
    protection: 'disposable',
  };
  const build = (stack: EstateStack, props: typeof base) =>
    new NetworkBalancer(stack, 'NetworkBalancer', {
      ...props,
      logBucket: logBucketIn(stack),
      alarms: alarmsIn(stack),
    });
  expect(findDeadProps(base, seconds, build)).toEqual([]);
});

test('uses every prop of the web ACL', () => {
  type Props = Omit<WebAclProps, 'alarms'>;
  const { firewall } = exampleEnvironment();
  const base: Props = {
    name: 'app',
    resourceArn: 'arn:1',
    requestLimit: 100,
    managedRules: { ...firewall, common: { mode: 'block' } },
    uploadPaths: [],
    countedBefore: { header: 'x-one', values: ['1'] },
    logRetentionDays: 1,
    accountId: '1',
    awsRegion: 'us-east-1',
  };
  const seconds: Required<Props> = {
    name: 'other',
    resourceArn: 'arn:2',
    requestLimit: 200,
    managedRules: { ...firewall, common: { mode: 'block' }, blockedAlarm: 1 },
    uploadPaths: ['/uploads/'],
    countedBefore: { header: 'x-other', values: ['2'] },
    logRetentionDays: 3,
    accountId: '2',
    awsRegion: 'ap-northeast-2',
  };
  expect(
    findDeadProps(base, seconds, (stack, props) => new WebAcl(stack, 'WebAcl', { ...props, alarms: alarmsIn(stack) })),
  ).toEqual([]);
});
