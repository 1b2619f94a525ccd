import { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
import { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { Construct } from 'constructs';
import { constructId } from '@platform/libs/settings/construct-id';

export interface GatewayShareProps {
  /** Name of the share, for example `prod-hub`. */
  readonly name: string;
  readonly transitGatewayArn: string;
  /** Account ids that may attach VPCs of theirs, by a word that names each. */
  readonly accounts: Readonly<Record<string, string>>;
  /** `organisation` refuses accounts outside the AWS Organization; `anybody` sends those an invitation. */
  readonly audience: 'organisation' | 'anybody';
}

/**
 * Shares a hub with accounts, so that they can ask to be attached. What they attach waits for being accepted by its id.
 * Sharing inside an organisation needs RAM's trusted access to be on, once per organisation. Free of charge. However many
 * accounts share it, a hub takes 5,000 attachments at most (Transit Gateway guide, "Quotas for AWS Transit Gateway").
 */
export class GatewayShare extends Construct {
  constructor(scope: Construct, id: string, props: GatewayShareProps) {
    super(scope, id);
    const { arn } = new RamResourceShare(this, 'Share', {
      name: props.name,
      allowExternalPrincipals: props.audience === 'anybody',
    });
    new RamResourceAssociation(this, 'Gateway', { resourceShareArn: arn, resourceArn: props.transitGatewayArn });
    for (const [name, principal] of Object.entries(props.accounts)) {
      new RamPrincipalAssociation(this, constructId(name), { resourceShareArn: arn, principal });
    }
  }
}
