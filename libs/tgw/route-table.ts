import { Ec2TransitGatewayRoute } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route';
import { Ec2TransitGatewayRouteTable } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table';
import { Ec2TransitGatewayRouteTableAssociation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association';
import { Ec2TransitGatewayRouteTablePropagation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-propagation';
import { makeUniqueId } from 'cdktf/lib/private/unique';
import { Construct } from 'constructs';
import { constructId, localName } from '@platform/libs/settings/construct-id';
import { isRemoteNetwork, type Attachment } from './destinations';
import type { RoutingTable } from './plan-routing';

export interface RouteTableProps {
  /** Name tag, for example `prod-hub-nonprod`. */
  readonly name: string;
  readonly transitGatewayId: string;
  /** Region key of the Transit Gateway; construct ids omit it, so that counterpart stacks have equal addresses. */
  readonly region: string;
  readonly plan: RoutingTable;
  /** Id of an attachment in this stack; undefined for those that other stacks make and route themselves. */
  readonly attachmentId: (attachment: Attachment) => string | undefined;
}

/**
 * A Transit Gateway route table, from its plan: associations, propagations, static routes and blackholes. The route and the
 * blackhole of a range are one resource, which is replaced when one becomes the other. A Transit
 * Gateway has up to 20 tables, and 10,000 routes over all of them (Transit Gateway guide, "Quotas for AWS Transit
 * Gateway").
 */
export class RouteTable extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: RouteTableProps) {
    super(scope, id);
    const { plan, attachmentId } = props;
    const table = new Ec2TransitGatewayRouteTable(this, 'Table', {
      transitGatewayId: props.transitGatewayId,
      tags: { Name: props.name },
    });
    this.id = table.id;
    const idFor = (kind: string, name: string) => constructId(kind, localName(name, props.region));

    for (const attachment of plan.associations) {
      const transitGatewayAttachmentId = attachmentId(attachment);
      if (!transitGatewayAttachmentId) continue;
      new Ec2TransitGatewayRouteTableAssociation(this, idFor('association', attachmentName(attachment)), {
        transitGatewayAttachmentId,
        transitGatewayRouteTableId: this.id,
      });
    }
    for (const attachment of plan.propagations) {
      const transitGatewayAttachmentId = attachmentId(attachment);
      if (!transitGatewayAttachmentId) continue;
      new Ec2TransitGatewayRouteTablePropagation(this, idFor('propagation', attachmentName(attachment)), {
        transitGatewayAttachmentId,
        transitGatewayRouteTableId: this.id,
      });
    }
    const targets = [
      ...plan.routes.flatMap(({ destination, to }) => {
        // Undefined where another stack makes the attachment, and routes to it.
        const transitGatewayAttachmentId = attachmentId(to);
        return transitGatewayAttachmentId ? [{ destination, transitGatewayAttachmentId }] : [];
      }),
      ...plan.blackholes.map((destination) => ({ destination, blackhole: true })),
    ];
    for (const { destination, ...target } of targets) {
      if (isRemoteNetwork(destination, props.region)) continue;
      const route = new Ec2TransitGatewayRoute(this, idFor('route', destination.name), {
        destinationCidrBlock: destination.cidr,
        transitGatewayRouteTableId: this.id,
        ...target,
      });
      // Blackholes had addresses of their own.
      const path = [...this.node.scopes.slice(1).map(({ node }) => node.id), idFor('blackhole', destination.name)];
      route.moveFromId(`${route.terraformResourceType}.${makeUniqueId(path)}`);
    }
  }
}

function attachmentName(attachment: Attachment): string {
  switch (attachment.kind) {
    case 'vpc':
      return attachment.name;
    case 'external':
      return `external/${attachment.name}`;
    case 'peer':
      return `peer/${attachment.region}`;
    case 'on-premises':
    case 'inspection':
      return attachment.kind;
  }
}
