import { Ec2TransitGatewayVpcAttachment } from '@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment';
import { Route } from '@cdktf/provider-aws/lib/route';
import { Construct } from 'constructs';
import { constructId, localName } from '@platform/libs/settings/construct-id';
import type { Destination } from './destinations';

export interface VpcAttachmentProps {
  /** Name tag, for example `prod-vpc`. */
  readonly name: string;
  readonly transitGatewayId: string;
  /** Region key, which route ids leave out of the names of the region's own networks: twins have equal addresses. */
  readonly region: string;
  readonly vpcId: string;
  /** One subnet per zone, that holds nothing else. */
  readonly transitSubnetIds: string[];
  /** Tables of the subnets whose packets may go to the hub. */
  readonly routeTableIds: readonly string[];
  /** Ranges that these tables send to the hub. */
  readonly routes: readonly Destination[];
  /**
   * `enable` keeps both directions of a flow in one zone, as stateful appliances need it; only for a VPC that inspects.
   * Elsewhere it would send traffic across zones for nothing.
   */
  readonly applianceMode: 'enable' | 'disable';
}

/**
 * Attaches a VPC to the hub of its region, and points the VPC's route tables at it. What the hub does with its packets is
 * decided by the {@link RouteTable} that the attachment is associated with.
 *
 * Costs $0.05 an hour, about $36.50 a month, and $0.02 per GB that the VPC sends (list price, US East, check). Carries up to
 * 100 Gbps per zone (Transit Gateway guide, "Quotas for AWS Transit Gateway").
 */
export class VpcAttachment extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: VpcAttachmentProps) {
    super(scope, id);
    const attachment = new Ec2TransitGatewayVpcAttachment(this, 'Attachment', {
      transitGatewayId: props.transitGatewayId,
      vpcId: props.vpcId,
      subnetIds: props.transitSubnetIds,
      applianceModeSupport: props.applianceMode,
      dnsSupport: 'enable',
      ipv6Support: 'disable',
      transitGatewayDefaultRouteTableAssociation: false,
      transitGatewayDefaultRouteTablePropagation: false,
      tags: { Name: props.name },
    });
    this.id = attachment.id;

    props.routeTableIds.forEach((routeTableId, zone) => {
      for (const { name, cidr } of props.routes) {
        new Route(this, `${constructId('route', localName(name, props.region))}Zone${zone}`, {
          routeTableId,
          destinationCidrBlock: cidr,
          transitGatewayId: props.transitGatewayId,
          // AWS refuses a route to a gateway that the VPC is not attached to.
          dependsOn: [attachment],
        });
      }
    });
  }
}
