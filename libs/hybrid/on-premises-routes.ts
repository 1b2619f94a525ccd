import { Ec2TransitGatewayRouteTableAssociation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association';
import { Ec2TransitGatewayRouteTablePropagation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-propagation';
import { Construct } from 'constructs';
import { onPremisesSegment } from '@platform/libs/settings/segments';
import { constructId } from '@platform/libs/stack/construct-id';
import type { RoutingTable } from '@platform/libs/tgw/plan-routing';

export interface OnPremisesRoutesProps {
  readonly attachmentId: string;
  /** All tables of the hub. */
  readonly tables: readonly RoutingTable[];
  readonly routeTableId: (table: string) => string;
}

/**
 * Lets an attachment that leads out of AWS enter by the hub's table for on-premises, and announces what it hears by BGP
 * in the tables of those that reach it. Who they are is planned with the hub. Free of charge. A hub has 10,000
 * routes over all its tables, heard ones included, unless more were asked for (Transit Gateway guide, "Quotas for AWS Transit
 * Gateway").
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
