import type { VpcEndpointService } from '@cdktf/provider-aws/lib/vpc-endpoint-service';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { Appliances, type AppliancesProps } from './appliances';
import { GatewayLoadBalancer, type GatewayLoadBalancerProps } from './gateway-load-balancer';
import { Inspection, type InspectionProps } from './inspection';
import { InspectionEndpoints, type InspectionEndpointsProps } from './inspection-endpoints';
import { InspectionNetwork, type InspectionNetworkProps } from './inspection-network';

const environment = exampleEnvironment({ level: 'inspected' });
const [us, ap] = exampleRegions;
const network: InspectionNetworkProps = {
  name: 'prod-inspection',
  cidr: '10.3.248.0/21',
  regionCidr: '10.0.0.0/14',
  awsRegion: 'us-east-1',
  zones: us.zones,
  accountId: '111111111111',
  gatewayAccess: { accounts: ['111111111111'], readableBuckets: [] },
  flowLogs: { destination: 's3', retentionDays: 30, protection: 'protected' },
  flowLogBucketName: 'example-prod-vpc-flow-logs-us',
};

test("two empty lists remove all rules of the network's default security group", () => {
  const stack = synthConstruct((stack) => new InspectionNetwork(stack, 'Tested', network));
  const { ingress, egress } = stack.resource('aws_default_security_group');
  expect([ingress, egress]).toEqual([[], []]);
});

describe('every prop is used by', () => {
  test('the network', () => {
    const seconds: InspectionNetworkProps = {
      name: 'other',
      cidr: '10.3.240.0/21',
      regionCidr: '10.4.0.0/14',
      awsRegion: 'eu-west-1',
      zones: us.zones.slice(1),
      accountId: '222222222222',
      gatewayAccess: { accounts: ['222222222222'], readableBuckets: [] },
      flowLogs: { destination: 's3', retentionDays: 60, protection: 'protected' },
      flowLogBucketName: 'example-prod-other-flow-logs-us',
    };
    const build = (stack: EstateStack, props: InspectionNetworkProps) => new InspectionNetwork(stack, 'Tested', props);
    expect(findDeadProps(network, seconds, build)).toEqual([]);
  });

  test('the load balancer', () => {
    const base: GatewayLoadBalancerProps = {
      name: 'a',
      vpcId: 'vpc-1',
      subnetIds: ['subnet-1'],
      healthPort: 1,
      accountIds: ['111111111111'],
    };
    const seconds: GatewayLoadBalancerProps = {
      name: 'b',
      vpcId: 'vpc-2',
      subnetIds: ['subnet-2'],
      healthPort: 2,
      accountIds: ['222222222222'],
    };
    expect(findDeadProps(base, seconds, (stack, props) => new GatewayLoadBalancer(stack, 'Tested', props))).toEqual([]);
  });

  test('the endpoints', () => {
    type Props = Omit<InspectionEndpointsProps, 'network' | 'service'> & { zones: number; serviceName: string };
    const build = (stack: EstateStack, { zones, serviceName, ...props }: Props) =>
      new InspectionEndpoints(stack, 'Tested', {
        ...props,
        network: new InspectionNetwork(stack, 'Network', { ...network, zones: us.zones.slice(0, zones) }),
        service: { serviceName } as VpcEndpointService,
      });
    const base: Props = { name: 'a', regionCidr: '10.0.0.0/14', zones: 2, serviceName: 'a' };
    const seconds: Props = { name: 'b', regionCidr: '10.4.0.0/14', zones: 3, serviceName: 'b' };
    expect(findDeadProps(base, seconds, build)).toEqual([]);
  });

  test('the appliances, and every setting of theirs', () => {
    type Props = Omit<AppliancesProps, 'logGroup'> & { logGroup: string };
    const build = (stack: EstateStack, { logGroup, ...props }: Props) => {
      const { accountId, awsRegion } = network;
      const group = { name: logGroup, retentionDays: 30, accountId, awsRegion };
      return new Appliances(stack, 'Tested', { ...props, logGroup: new EncryptedLogGroup(stack, 'Log', group) });
    };
    const base: Props = {
      name: 'a',
      regionKey: 'us',
      lifetimeDays: 30,
      settings: environment.inspection,
      vpcId: 'vpc-1',
      subnetIds: ['subnet-1'],
      block: '10.3.248.0/22',
      healthPort: 1,
      targetGroupArn: 'arn:1',
      insideCidrs: ['10.0.0.0/8'],
      logGroup: '/a',
      wayOut: [],
    };
    const others: Props['settings'] = {
      instanceType: 'c7gn.xlarge',
      diskGib: 30,
      image: '/other',
      perZone: { min: 1, max: 3 },
      scaling: { cpuPercent: 60, megabitsPerSec: 100 },
      rulesUrl: 'https://example.com/other.rules',
    };
    const seconds: Props = {
      name: 'b',
      regionKey: 'ap',
      lifetimeDays: 23,
      settings: others,
      vpcId: 'vpc-2',
      subnetIds: ['subnet-2'],
      block: '10.7.248.0/22',
      healthPort: 2,
      targetGroupArn: 'arn:2',
      insideCidrs: ['172.16.0.0/12'],
      logGroup: '/b',
      wayOut: [{ fqn: 'aws_route.x' } as never],
    };
    expect(findDeadProps(base, seconds, build)).toEqual([]);
    const withSettings = (stack: EstateStack, settings: Props['settings']) => build(stack, { ...base, settings });
    expect(findDeadProps<Props['settings']>(environment.inspection, others, withSettings)).toEqual([]);
  });

  test('inspection as a whole', () => {
    const base: InspectionProps = { environment, region: us, accountId: '111111111111' };
    const seconds: InspectionProps = {
      environment: exampleEnvironment({
        level: 'inspected',
        inspection: { ...environment.inspection, alertRetentionDays: 60 },
      }),
      region: ap,
      accountId: '222222222222',
    };
    expect(findDeadProps(base, seconds, (stack, props) => new Inspection(stack, 'Tested', props))).toEqual([]);
  });
});

test.each([
  [{ min: 2, max: 4 }, 1],
  [{ min: 2, max: 2 }, 0],
])('with %j appliances in a zone there are %i alarms on the maximum size', (perZone, count) => {
  const environment = exampleEnvironment({ inspection: { ...exampleEnvironment().inspection, perZone } });
  const stack = synthConstruct(
    (scope) => new Inspection(scope, 'Inspection', { environment, region: us, accountId: '111111111111' }),
  );
  const alarms = stack.resources('aws_cloudwatch_metric_alarm');
  expect(alarms.filter(({ metric_name }) => metric_name === 'HealthyHostCount')).toHaveLength(us.zones.length);
  expect(alarms.filter(({ metric_name }) => metric_name === 'GroupDesiredCapacity')).toHaveLength(count);
});
