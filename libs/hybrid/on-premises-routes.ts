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
}

/**
 * Associates an attachment to on-premises with the Transit Gateway's table for on-premises, and propagates its BGP
 * routes to the tables of segments that reach on-premises, as the routing plan says. A Transit Gateway has up to 10,000
 * routes over all tables, including propagated ones (Transit Gateway guide, "Quotas for AWS Transit Gateway").
 */
export class OnPremisesRoutes extends Construct {
  constructor(scope: Construct, id: string, { attachmentId, tables, routeTableId }: OnPremisesRoutesProps) {
    super(scope, id);
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
  }
}
