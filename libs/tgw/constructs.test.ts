import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { findDeadProps, type SecondValues } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { assertAttached, attachedTo } from './attached-vpc';
import { constructId, localName } from '@platform/libs/settings/construct-id';
import { ExternalAttachments, type ExternalAttachmentsProps } from './external-attachments';
import { GatewayShare, type GatewayShareProps } from './gateway-share';
import { Peering, type PeeringEnd, type PeeringProps } from './peering';
import { planRouting } from './plan-routing';
import { RouteTable, type RouteTableProps } from './route-table';
import { TransitGateway, type TransitGatewayProps } from './transit-gateway';
import { VpcAttachment, type VpcAttachmentProps } from './vpc-attachment';

const [us, ap] = exampleRegions;
const plan = planRouting(exampleEnvironment(), exampleRegions);
const table = (name: string) => plan['us']!.tables.find((candidate) => candidate.name === name)!;
const external = { name: 'acme', account: '999999999999', region: 'us', segment: 'partner', cidr: '172.16.0.0/24' };

/** Fails if a prop of the construct changes nothing. */
function expectEveryPropUsed<P extends object>(
  Kind: new (scope: Construct, id: string, props: P) => unknown,
  props: P,
  seconds: SecondValues<P>,
): void {
  expect(findDeadProps<P>(props, seconds, (stack, given) => void new Kind(stack, 'Tested', given))).toEqual([]);
}

describe('every prop is used by', () => {
  test('a Transit Gateway', () => {
    expectEveryPropUsed<TransitGatewayProps>(TransitGateway, { name: 'a', asn: 64512 }, { name: 'b', asn: 64513 });
  });

  test('a share', () => {
    const props: GatewayShareProps = {
      name: 'a',
      transitGatewayArn: 'arn:a',
      accounts: { a: '1' },
    };
    expectEveryPropUsed(GatewayShare, props, {
      name: 'b',
      transitGatewayArn: 'arn:b',
      accounts: { a: '2' },
    });
  });

  test('external attachments', () => {
    const props: ExternalAttachmentsProps = { name: 'a', transitGatewayArn: 'arn:a', attachments: [external] };
    expectEveryPropUsed(ExternalAttachments, props, {
      name: 'b',
      transitGatewayArn: 'arn:b',
      attachments: [{ ...external, attachmentId: 'tgw-attach-1' }],
    });
  });

  test('a VPC attachment', () => {
    const routes = plan['us']!.vpcRoutes['vpc']!;
    const props: VpcAttachmentProps = {
      name: 'a',
      transitGatewayId: 'tgw-1',
      region: 'us',
      vpcId: 'vpc-1',
      transitSubnetIds: ['subnet-1'],
      routeTableIds: ['rtb-1'],
      routes,
      applianceMode: 'disable',
    };
    expectEveryPropUsed(VpcAttachment, props, {
      name: 'b',
      transitGatewayId: 'tgw-2',
      region: 'ap',
      vpcId: 'vpc-2',
      transitSubnetIds: ['subnet-2'],
      routeTableIds: ['rtb-2'],
      routes: routes.slice(1),
      applianceMode: 'enable',
    });
  });

  test('a route table', () => {
    const props: RouteTableProps = {
      name: 'a',
      transitGatewayId: 'tgw-1',
      region: 'us',
      plan: table('prod'),
      attachmentId: () => 'tgw-attach-1',
    };
    expectEveryPropUsed(RouteTable, props, {
      name: 'b',
      transitGatewayId: 'tgw-2',
      region: 'ap',
      plan: table('shared'),
      attachmentId: () => undefined,
    });
  });

  test('a peering', () => {
    const provider = (name: string) => ({ fqn: name }) as AwsProvider;
    const requester: PeeringEnd = {
      region: 'us',
      awsRegion: us.awsRegion,
      provider: provider('aws'),
      transitGatewayId: 'tgw-us',
      peeringRouteTableId: 'tgw-rtb-us',
      routeTableId: (name) => `tgw-rtb-us-${name}`,
      routing: plan['us']!,
      inspectionAttachmentId: 'tgw-attach-us',
    };
    const accepter: PeeringEnd = {
      region: 'ap',
      awsRegion: ap.awsRegion,
      provider: provider('aws.ap'),
      transitGatewayId: 'tgw-ap',
      peeringRouteTableId: 'tgw-rtb-ap',
      routeTableId: (name) => `tgw-rtb-ap-${name}`,
      routing: planRouting(exampleEnvironment({ level: 'inspected' }), exampleRegions)['ap']!,
      inspectionAttachmentId: 'tgw-attach-ap',
    };
    const props: PeeringProps = { name: 'a', accountId: '1', requester, accepter };
    const otherEnd: PeeringEnd = { ...requester, transitGatewayId: 'tgw-eu' };
    expectEveryPropUsed(Peering, props, { name: 'b', accountId: '2', requester: otherEnd, accepter: otherEnd });

    const seconds: SecondValues<PeeringEnd> = {
      region: 'eu',
      awsRegion: 'eu-west-1',
      provider: provider('aws.eu'),
      transitGatewayId: 'tgw-eu',
      peeringRouteTableId: 'tgw-rtb-eu',
      routeTableId: (name) => `tgw-rtb-eu-${name}`,
      routing: { tables: [], vpcRoutes: {}, inspectionRoutes: [] },
      inspectionAttachmentId: 'tgw-attach-eu',
    };
    const dead = findDeadProps<PeeringEnd>(accepter, seconds, (stack, given) => {
      new Peering(stack, 'Tested', { ...props, accepter: given });
    });
    expect(dead).toEqual([]);
  });
});

test('an account with several attachments is invited once', () => {
  const attachments = [external, { ...external, name: 'acme-lab' }];
  const stack = synthConstruct((scope) => {
    new ExternalAttachments(scope, 'External', { name: 'a', transitGatewayArn: 'arn:a', attachments });
  });
  expect(stack.resources('aws_ram_principal_association').map(({ principal }) => principal)).toEqual([
    external.account,
  ]);
});

test('without external attachments there is no share', () => {
  const stack = synthConstruct((scope) => {
    new ExternalAttachments(scope, 'External', { name: 'a', transitGatewayArn: 'arn:a', attachments: [] });
  });
  expect(stack.addresses()).toEqual([]);
});

test('ids omit the region in the names of its own networks', () => {
  expect(constructId('blackhole', localName('us/range/staging', 'us'))).toBe('BlackholeRangeStaging');
  expect(constructId('blackhole', localName('us/range/staging', 'ap'))).toBe('BlackholeUsRangeStaging');
  expect(constructId('on-premises', 'table')).toBe('OnPremisesTable');
});

test('names a VPC that is missing in the list, and all of them when the whole list is checked', () => {
  const complaint = 'the VPC "extra" of region-us/region.ts is not in the list';
  expect(() => attachedTo('us', 'extra', [])).toThrow(complaint);
  const cidrs = { prod: '10.1.0.0/20' };
  const settings = [
    { key: 'us', vpcs: { extra: { cidrs } } },
    { key: 'ap', vpcs: { more: { cidrs } } },
  ];
  expect(() => assertAttached(settings, [])).toThrow(
    new RegExp(`${complaint}.*\n.*"more" of region-ap/region.ts is not in the list; add its contract$`),
  );
});
