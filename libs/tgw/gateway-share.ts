import { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
import { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { Construct } from 'constructs';
import { constructId } from '@platform/libs/settings/construct-id';

export interface GatewayShareProps {
  /** Name of the share, for example `prod-hub`. */
  readonly name: string;
  readonly transitGatewayArn: string;
  /** Ids of accounts that may attach their VPCs, by a short name. */
  readonly accounts: Readonly<Record<string, string>>;
}

/**
 * Shares a Transit Gateway with accounts that have VPCs of their own, so that they can request attachments, which are then
 * accepted by id. The environment's accounts need no share: their VPCs are in the network account. However many accounts
 * share it, a Transit Gateway has at most 5,000 attachments (Transit Gateway guide, "Quotas for AWS Transit Gateway").
 */
export class GatewayShare extends Construct {
  constructor(scope: Construct, id: string, props: GatewayShareProps) {
    super(scope, id);
    const { arn } = new RamResourceShare(this, 'Share', {
      name: props.name,
      // Accounts outside the AWS organisation get an invitation.
      allowExternalPrincipals: true,
    });
    new RamResourceAssociation(this, 'Gateway', { resourceShareArn: arn, resourceArn: props.transitGatewayArn });
    for (const [name, principal] of Object.entries(props.accounts)) {
      new RamPrincipalAssociation(this, constructId(name), { resourceShareArn: arn, principal });
    }
  }
}
