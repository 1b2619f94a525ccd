import { Ec2TransitGatewayPeeringAttachment } from '@cdktf/provider-aws/lib/ec2-transit-gateway-peering-attachment';
import { Ec2TransitGatewayPeeringAttachmentAccepter } from '@cdktf/provider-aws/lib/ec2-transit-gateway-peering-attachment-accepter';
import { Ec2TransitGatewayRoute } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route';
import { Ec2TransitGatewayRouteTableAssociation } from '@cdktf/provider-aws/lib/ec2-transit-gateway-route-table-association';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { peeringTable } from '@platform/libs/settings/segments';
import { constructId, localName } from '@platform/libs/settings/construct-id';
import { isRemoteNetwork } from './destinations';
import type { HubRouting } from './plan-routing';

/** One end of a peering. */
export interface PeeringEnd {
  /** Region key. */
  readonly region: string;
  readonly awsRegion: string;
  /** Provider of that region. */
  readonly provider: AwsProvider;
  readonly transitGatewayId: string;
  /** Table for packets from other regions. */
  readonly peeringRouteTableId: string;
  /** Id of one of the Transit Gateway's other tables, by its name in the plan. */
  readonly routeTableId: (table: string) => string;
  readonly routing: HubRouting;
  /** Attachment of the region's inspection VPC; unused below level `inspected`. */
  readonly inspectionAttachmentId: string;
}

export interface PeeringProps {
  /** Name tag, for example `prod-hub-us-ap`. */
  readonly name: string;
  /** Account of both Transit Gateways. */
  readonly accountId: string;
  readonly requester: PeeringEnd;
  readonly accepter: PeeringEnd;
}

/**
 * Peers the Transit Gateways of two regions: one attachment, accepted and associated at both ends, and its static
 * routes. Two gateways may have 1 peering, over which nothing propagates (Transit Gateway guide, "Quotas for AWS
 * Transit Gateway"), so each segment has one route per network of the other region that it may reach, and no other.
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

  /** Both ends wait for the acceptance: a requested peering accepts no associations or routes. */
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
    for (const { name, routes, blackholes } of end.routing.tables) {
      const targets = [
        ...routes.map(({ destination, to }) => ({
          destination,
          transitGatewayAttachmentId: to.kind === 'inspection' ? end.inspectionAttachmentId : this.attachmentId,
        })),
        ...blackholes.map((destination) => ({ destination, blackhole: true })),
      ];
      for (const { destination, ...target } of targets) {
        if (destination.region !== other.region || !isRemoteNetwork(destination, end.region)) continue;
        new Ec2TransitGatewayRoute(side, constructId(name, 'to', localName(destination.name, other.region)), {
          ...common,
          ...target,
          destinationCidrBlock: destination.cidr,
          transitGatewayRouteTableId: name === peeringTable ? end.peeringRouteTableId : end.routeTableId(name),
        });
      }
    }
  }
}
