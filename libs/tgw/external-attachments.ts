import { Ec2TransitGatewayVpcAttachmentAccepter } from '@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment-accepter';
import { Construct } from 'constructs';
import type { ExternalAttachment } from '@platform/libs/settings/external-attachments';
import { constructId } from '@platform/libs/settings/construct-id';
import { GatewayShare } from './gateway-share';

export interface ExternalAttachmentsProps {
  /** Name of the share, for example `prod-hub-external`. */
  readonly name: string;
  readonly transitGatewayArn: string;
  /** Those of this region. */
  readonly attachments: readonly ExternalAttachment[];
}

/**
 * VPCs of accounts outside the organisation: the Transit Gateway is shared with them, and their attachments are
 * accepted by id. Makes nothing if there are none. A Transit Gateway has at most 5,000 attachments (Transit Gateway
 * guide, "Quotas for AWS Transit Gateway").
 */
export class ExternalAttachments extends Construct {
  /** Id of each accepted attachment by its name in the settings. */
  readonly ids: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { name, transitGatewayArn, attachments }: ExternalAttachmentsProps) {
    super(scope, id);
    const accounts = Object.fromEntries(
      // One association per account, named after its first attachment.
      attachments
        .filter(({ account }, index) => attachments.findIndex((other) => other.account === account) === index)
        .map(({ name, account }) => [name, account]),
    );
    if (attachments.length > 0) {
      new GatewayShare(this, 'Share', { name, transitGatewayArn, accounts });
    }
    this.ids = Object.fromEntries(
      attachments.flatMap(({ name: attachment, attachmentId }) => {
        if (!attachmentId) return [];
        const accepted = new Ec2TransitGatewayVpcAttachmentAccepter(this, constructId('accepted', attachment), {
          transitGatewayAttachmentId: attachmentId,
          transitGatewayDefaultRouteTableAssociation: false,
          transitGatewayDefaultRouteTablePropagation: false,
          tags: { Name: attachment },
        });
        return [[attachment, accepted.id]];
      }),
    );
  }
}
