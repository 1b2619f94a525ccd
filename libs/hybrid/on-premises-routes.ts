import { Ec2TransitGatewayRoute } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route';
import { Ec2TransitGatewayRouteTableAssociation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association';
import { Ec2TransitGatewayRouteTablePropagation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-propagation';
import { Construct } from 'constructs';
import { onPremisesSegment } from '@platform/libs/settings/segments';
import { constructId } from '@platform/libs/settings/construct-id';
import type { RoutingTable } from '@platform/libs/tgw/plan-routing';

export interface OnPremisesRoutesProps {
  readonly attachmentId: string;
  /** All route tables of the Transit Gateway. */
  readonly tables: readonly RoutingTable[];
  readonly routeTableId: (table: string) => string;
  /** Makes the entries of on-premises networks in all tables. Absent: they are propagated. */
  readonly staticRoutes?: {
    /** Empty below level `inspected`. */
    readonly inspectionAttachmentId: string;
  };
}

/**
 * Associates an attachment to on-premises with the Transit Gateway's table for on-premises, and propagates its BGP
 * routes to the tables of segments that reach on-premises, as the routing plan says. With static routes it propagates
 * nothing, and makes the entries of on-premises networks in every table: the route and the blackhole of a range are one
 * resource. A Transit Gateway has up to 10,000
 * routes over all tables, including propagated ones (Transit Gateway guide, "Quotas for AWS Transit Gateway").
 */
export class OnPremisesRoutes extends Construct {
  constructor(scope: Construct, id: string, props: OnPremisesRoutesProps) {
    super(scope, id);
    const { attachmentId, tables, routeTableId, staticRoutes } = props;
    new Ec2TransitGatewayRouteTableAssociation(this, 'Association', {
      transitGatewayAttachmentId: attachmentId,
      transitGatewayRouteTableId: routeTableId(onPremisesSegment),
    });
    for (const { name, propagations } of tables) {
      if (!propagations.some(({ kind }) => kind === 'on-premises')) continue;
      new Ec2TransitGatewayRouteTablePropagation(this, constructId('propagation', name), {
        transitGatewayAttachmentId: attachmentId,
        transitGatewayRouteTableId: routeTableId(name),
      });
    }
    if (!staticRoutes) return;
    for (const { name, routes, blackholes } of tables) {
      const entries = [
        ...routes.map(({ destination, to }) => ({
          destination,
          transitGatewayAttachmentId: to.kind === 'inspection' ? staticRoutes.inspectionAttachmentId : attachmentId,
        })),
        ...blackholes.map((destination) => ({ destination, blackhole: true })),
      ];
      for (const { destination, ...target } of entries) {
        if (destination.kind !== 'on-premises') continue;
        new Ec2TransitGatewayRoute(this, constructId(name, 'to', destination.name), {
          ...target,
          destinationCidrBlock: destination.cidr,
          transitGatewayRouteTableId: routeTableId(name),
        });
      }
    }
  }
}
