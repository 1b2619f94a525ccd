import { Ec2TransitGatewayVpcAttachment } from '@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment';
import { Route } from '@cdktf/provider-aws/lib/route';
import { Construct } from 'constructs';
import { constructId, localName } from '@platform/libs/settings/construct-id';
import type { Destination } from './destinations';

export interface VpcAttachmentProps {
  /** Name tag, for example `prod-vpc`. */
  readonly name: string;
  readonly transitGatewayId: string;
  /**
   * Region key. Route ids omit it in the names of the region's own networks, so that counterpart stacks have equal
   * addresses.
   */
  readonly region: string;
  readonly vpcId: string;
  /** One subnet per zone, used for nothing else. */
  readonly transitSubnetIds: string[];
  /** Route tables of the subnets that may send to the Transit Gateway. */
  readonly routeTableIds: readonly string[];
  /** Ranges that these tables send to the Transit Gateway. */
  readonly routes: readonly Destination[];
  /**
   * `enable` keeps both directions of a flow in one zone, as stateful appliances need; only for an inspection VPC.
   * Elsewhere it would send traffic across zones without a benefit.
   */
  readonly applianceMode: 'enable' | 'disable';
}

/**
 * Attaches a VPC to its region's Transit Gateway, and adds routes to the VPC's route tables. The {@link RouteTable}
 * that the attachment is associated with decides about its packets. Up to 100 Gbps per zone (Transit Gateway guide,
 * "Quotas for AWS Transit Gateway").
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
