import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { endpointServices } from '@platform/libs/settings/private-link';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { EndpointSecurityGroup, type EndpointSecurityGroupProps } from './endpoint-security-group';
import { OfferedService, type OfferedServiceProps } from './offered-service';
import { PartnerEndpoint, type PartnerEndpointProps } from './partner-endpoint';
import { planEndpointPolicy } from './plan-endpoint-policy';
import { ServiceEndpoints, type ServiceEndpointsProps } from './service-endpoints';

const place = {
  vpcId: 'vpc-1',
  cidr: '10.0.0.0/16',
  subnetIds: ['subnet-1', 'subnet-2'],
  zones: ['use1-az1', 'use1-az2'],
};
const provider = (name: string) => ({ fqn: name, alias: 'workload' }) as AwsProvider;

describe('every prop is used by', () => {
  test('a group', () => {
    const props: EndpointSecurityGroupProps = { name: 'a', vpcId: 'vpc-1', cidr: '10.0.0.0/16', ports: [443] };
    const others = ['192.168.0.0/16'];
    const seconds: Required<EndpointSecurityGroupProps> = {
      name: 'b',
      vpcId: 'vpc-2',
      cidr: '10.1.0.0/16',
      others,
      ports: [80],
    };
    expect(findDeadProps(props, seconds, (stack, given) => void new EndpointSecurityGroup(stack, 'T', given))).toEqual(
      [],
    );
  });

  test('endpoints of services, and their network', () => {
    const props: ServiceEndpointsProps = {
      name: 'a',
      awsRegion: 'us-east-1',
      place,
      services: ['kms'],
      accounts: ['1'],
    };
    const build = (stack: Parameters<Parameters<typeof findDeadProps>[2]>[0], given: ServiceEndpointsProps) =>
      void new ServiceEndpoints(stack, 'T', given);
    const seconds: Required<ServiceEndpointsProps> = {
      name: 'b',
      awsRegion: 'ap-northeast-2',
      place: { ...place, vpcId: 'vpc-2' },
      services: ['sqs'],
      zonesOf: { kms: ['use1-az2'] },
      onPremises: ['192.168.0.0/16'],
      accounts: ['2'],
    };
    expect(findDeadProps(props, seconds, build)).toEqual([]);
    const places = { vpcId: 'vpc-2', cidr: '10.1.0.0/16', subnetIds: ['subnet-3'], zones: ['use1-az2', 'use1-az1'] };
    const inOneZone = { ...props, services: ['kms', 'sqs'] as const, zonesOf: { kms: ['use1-az1'] } };
    expect(findDeadProps(place, places, (stack, given) => build(stack, { ...inOneZone, place: given }))).toEqual([]);
  });

  test("a partner's endpoint", () => {
    const props: PartnerEndpointProps = { name: 'a', place, serviceName: 'a', ports: [1], privateDns: 'on' };
    const seconds: Required<PartnerEndpointProps> = {
      name: 'b',
      place: { ...place, vpcId: 'vpc-2' },
      serviceName: 'b',
      zones: ['use1-az2'],
      ports: [2],
      privateDns: 'off',
    };
    expect(findDeadProps(props, seconds, (stack, given) => void new PartnerEndpoint(stack, 'T', given))).toEqual([]);
  });

  test('an offer', () => {
    const zone = { id: 'Z1', name: 'example.com', account: provider('aws.edge') };
    const props: OfferedServiceProps = {
      name: 'a',
      balancerAccount: provider('aws.workload'),
      networkBalancerArns: ['arn:a'],
      allowedPrincipals: ['arn:b'],
      privateDnsName: 'link-us.example.com',
      zone,
      ttlSec: 300,
    };
    const seconds: OfferedServiceProps = {
      name: 'b',
      balancerAccount: provider('aws.other'),
      networkBalancerArns: ['arn:c'],
      allowedPrincipals: ['arn:d'],
      privateDnsName: 'link-ap.example.com',
      zone: { ...zone, id: 'Z2' },
      ttlSec: 60,
    };
    expect(findDeadProps(props, seconds, (stack, given) => void new OfferedService(stack, 'T', given))).toEqual([]);
  });
});

describe('a policy', () => {
  test.each(endpointServices)('of %s allows own accounts, each once, and no others', (service) => {
    expect(planEndpointPolicy(service, ['2', '1', '2'])).toMatchObject({
      Statement: [{ Effect: 'Allow', Condition: { StringEquals: { 'aws:PrincipalAccount': ['1', '2'] } } }],
    });
  });

  test('keeps data in own accounts, and allows public parameters and images', () => {
    const limited = (service: Parameters<typeof planEndpointPolicy>[0]) =>
      JSON.stringify(planEndpointPolicy(service, ['1'])).includes('"aws:ResourceAccount":["1"]');
    expect(endpointServices.filter((service) => !limited(service))).toEqual([
      'ssm',
      'ssmmessages',
      'ec2messages',
      'ecr.api',
      'ecr.dkr',
    ]);
  });
});
