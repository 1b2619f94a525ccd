import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Route53ZoneAssociation } from '@cdktf/provider-aws/lib/route53-zone-association';
import { Construct } from 'constructs';
import { constructId } from '@platform/libs/settings/construct-id';

/** A VPC that resolves the names of the zone. */
export interface ResolvingVpc {
  /** Region key and name of the VPC: `us/vpc`. */
  readonly name: string;
  readonly vpcId: string;
  readonly awsRegion: string;
}

export interface PrivateZoneProps {
  /** `internal.example.com` */
  readonly zoneName: string;
  /** The first one is there when the zone is created: Route 53 refuses a private zone without a VPC. */
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

  constructor(scope: Construct, id: string, { zoneName, vpcs: [first, ...others] }: PrivateZoneProps) {
    super(scope, id);
    const zone = new Route53Zone(this, 'Zone', {
      name: zoneName,
      comment: 'Names inside the VPCs',
      vpc: [{ vpcId: first.vpcId, vpcRegion: first.awsRegion }],
      // Otherwise the zone would remove the associations below (provider documentation, `aws_route53_zone_association`).
      lifecycle: { ignoreChanges: ['vpc'] },
    });
    this.zoneId = zone.zoneId;
    for (const { name, vpcId, awsRegion } of others) {
      new Route53ZoneAssociation(this, constructId('association', name), {
        zoneId: zone.zoneId,
        vpcId,
        vpcRegion: awsRegion,
      });
    }
  }
}
