import { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
import { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { Construct } from 'constructs';
import type { SubnetTier } from './subnet-tier';

export interface SubnetShareProps {
  /** Name of the share: `prod-vpc`. */
  readonly name: string;
  /** Account of the same AWS organisation that may create resources in the subnets. */
  readonly accountId: string;
  /** Shared tiers by the word used in resource addresses: `{ App: app }`. */
  readonly tiers: Readonly<Record<string, SubnetTier>>;
}

/**
 * Allows another account of the organisation to run resources in these subnets, while routes, ACLs and flow logs stay
 * with the owner. Sharing must be on in AWS Organizations (`aws ram enable-sharing-with-aws-organization`, once). A VPC
 * may be shared with up to 100 accounts, and an account may have up to 100 shared subnets (VPC user guide, "Amazon VPC
 * quotas").
 */
export class SubnetShare extends Construct {
  constructor(scope: Construct, id: string, props: SubnetShareProps) {
    super(scope, id);
    const { name, accountId, tiers } = props;
    const share = new RamResourceShare(this, 'Share', { name, allowExternalPrincipals: false });
    new RamPrincipalAssociation(this, 'Principal', { resourceShareArn: share.arn, principal: accountId });
    for (const [tierId, tier] of Object.entries(tiers)) {
      tier.subnets.forEach(
        (subnet, index) =>
          new RamResourceAssociation(this, `${tierId}${index}`, {
            resourceShareArn: share.arn,
            resourceArn: subnet.arn,
          }),
      );
    }
  }
}
