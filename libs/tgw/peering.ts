import { Ec2TransitGatewayPeeringAttachment } from '@cdktf/provider-aws/lib/ec2-transit-gateway-peering-attachment';
import { Ec2TransitGatewayPeeringAttachmentAccepter } from '@cdktf/provider-aws/lib/ec2-transit-gateway-peering-attachment-accepter';
import { Ec2TransitGatewayRoute } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route';
import { Ec2TransitGatewayRouteTableAssociation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { constructId, localName } from '@platform/libs/settings/construct-id';
import type { HubRouting } from './plan-routing';

/** One end of a peering. */
export interface PeeringEnd {
  /** Region key. */
  readonly region: string;
  readonly awsRegion: string;
  /** Provider of that region. */
  readonly provider: AwsProvider;
  readonly transitGatewayId: string;
  /** Table that decides about what comes in from other regions. */
  readonly peeringRouteTableId: string;
  /** Id of one of the hub's other tables by its name in the plan. */
  readonly routeTableId: (table: string) => string;
  readonly routing: HubRouting;
  /** Attachment of the region's inspection VPC; not used while nothing is inspected. */
  readonly inspectionAttachmentId: string;
}

export interface PeeringProps {
  /** Name tag, for example `prod-hub-us-ap`. */
  readonly name: string;
  /** Account of both hubs. */
  readonly accountId: string;
  readonly requester: PeeringEnd;
  readonly accepter: PeeringEnd;
}

/**
 * Joins the hubs of two regions: one attachment, accepted and associated at both ends, and the static routes into it.
 * Two gateways may have 1 peering, over which nothing is propagated (Transit Gateway guide, "Quotas for AWS Transit Gateway"),
 * so there is one route for each network of the other region in each segment that may reach it, and no other.
 *
 * Costs $0.05 an hour at each end, about $73 a month, and the price of traffic between regions; $0.02 per GB is not
 * charged again for what comes in over the peering (list price, US East, check).
 */
export class Peering extends Construct {
  /** Id of the attachment, the same at both ends. */
  readonly attachmentId: string;

  constructor(scope: Construct, id: string, { name, accountId, requester, accepter }: PeeringProps) {
    super(scope, id);
    const request = new Ec2TransitGatewayPeeringAttachment(this, 'Request', {
      provider: requester.provider,
      transitGatewayId: requester.transitGatewayId,
      peerTransitGatewayId: accepter.transitGatewayId,
      peerRegion: accepter.awsRegion,
      peerAccountId: accountId,
      tags: { Name: name },
    });
    const acceptance = new Ec2TransitGatewayPeeringAttachmentAccepter(this, 'Acceptance', {
      provider: accepter.provider,
      transitGatewayAttachmentId: request.id,
      tags: { Name: name },
    });
    this.attachmentId = request.id;
    this.join('Requester', requester, accepter, acceptance);
    this.join('Accepter', accepter, requester, acceptance);
  }

  /** Both ends wait for the acceptance: nothing can be associated with or routed to a peering that is only asked for. */
  private join(
    id: string,
    end: PeeringEnd,
    other: PeeringEnd,
    acceptance: Ec2TransitGatewayPeeringAttachmentAccepter,
  ): void {
    const side = new Construct(this, id);
    const common = { provider: end.provider, dependsOn: [acceptance] };
    new Ec2TransitGatewayRouteTableAssociation(side, 'Association', {
      ...common,
      transitGatewayAttachmentId: this.attachmentId,
      transitGatewayRouteTableId: end.peeringRouteTableId,
    });
    for (const { name, routes } of end.routing.tables) {
      for (const { destination, to } of routes) {
        if (destination.region !== other.region) continue;
        new Ec2TransitGatewayRoute(side, constructId(name, 'to', localName(destination.name, other.region)), {
          ...common,
          transitGatewayAttachmentId: to.kind === 'inspection' ? end.inspectionAttachmentId : this.attachmentId,
          destinationCidrBlock: destination.cidr,
          transitGatewayRouteTableId: end.routeTableId(name),
        });
      }
    }
  }
}
