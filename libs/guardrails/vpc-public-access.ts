import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { VpcBlockPublicAccessExclusion } from '@cdktf/provider-aws/lib/vpc-block-public-access-exclusion';
import { VpcBlockPublicAccessOptions } from '@cdktf/provider-aws/lib/vpc-block-public-access-options';
import { Construct } from 'constructs';

export interface VpcPublicAccessProps {
  /** A provider of the network account in the region. */
  readonly provider: AwsProvider;
  /** Subnets that the internet may reach: of internet-facing load balancers. */
  readonly publicSubnetIds: readonly string[];
}

/**
 * Blocks connections from the internet into all VPCs of an account in one region, whatever their routes and security groups
 * say. NAT gateways and egress-only internet gateways still reach out, because only the inside can open their connections
 * (VPC user guide, "Block public access to VPCs and subnets"). Excluded subnets keep both directions. Exclusions come first
 * and go last: the other order would cut the load balancers off.
 *
 * A region has up to 50 exclusions (VPC user guide, "Amazon VPC quotas").
 */
export class VpcPublicAccess extends Construct {
  constructor(scope: Construct, id: string, { provider, publicSubnetIds }: VpcPublicAccessProps) {
    super(scope, id);
    const exclusions = publicSubnetIds.map(
      (subnetId, index) =>
        new VpcBlockPublicAccessExclusion(this, `Public${index}`, {
          provider,
          subnetId,
          internetGatewayExclusionMode: 'allow-bidirectional',
        }),
    );
    new VpcBlockPublicAccessOptions(this, 'Options', {
      provider,
      internetGatewayBlockMode: 'block-ingress',
      dependsOn: exclusions,
    });
  }
}
