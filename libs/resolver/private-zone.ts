import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Construct } from 'constructs';

/** A VPC that resolves the names of the zone. */
export interface ResolvingVpc {
  readonly vpcId: string;
  readonly awsRegion: string;
}

export interface PrivateZoneProps {
  /** `internal.example.com` */
  readonly zoneName: string;
  /** Route 53 refuses a private zone without a VPC. */
  readonly vpcs: readonly [ResolvingVpc, ...ResolvingVpc[]];
}

/**
 * A private hosted zone, associated with VPCs of every region. Route 53 answers from each region by itself. The VPCs and the
 * zone are in one account, so no association needs an authorization (Route 53 developer guide, "Associating more VPCs with a
 * private hosted zone": https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs.html).
 *
 * A zone has up to 300 VPCs (the same guide, "Quotas").
 */
export class PrivateZone extends Construct {
  readonly zoneId: string;

  constructor(scope: Construct, id: string, { zoneName, vpcs }: PrivateZoneProps) {
    super(scope, id);
    const zone = new Route53Zone(this, 'Zone', {
      name: zoneName,
      comment: 'Names inside the VPCs',
      // All of them here, and no `aws_route53_zone_association`: beside one, this list must be ignored, and then a VPC of
      // the list that is replaced would not resolve the zone any more.
      vpc: vpcs.map(({ vpcId, awsRegion }) => ({ vpcId, vpcRegion: awsRegion })),
    });
    this.zoneId = zone.zoneId;
  }
}
