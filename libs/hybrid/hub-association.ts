// Evaluated only once the association exists: see the class.
// eslint-disable-next-line platform/imports
import { DataAwsEc2TransitGatewayDxGatewayAttachment } from '@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway-dx-gateway-attachment';
import { DxGatewayAssociation } from '@cdktf/provider-aws/lib/dx-gateway-association';
import { Construct } from 'constructs';

export interface HubAssociationProps {
  readonly gatewayId: string;
  readonly transitGatewayId: string;
  /** Prefixes that are advertised to on-premises routers. */
  readonly allowedPrefixes: string[];
}

/**
 * States of an attachment that exists. AWS still lists attachments that it has deleted, so that a second association of
 * the same two gateways would match several (provider issue 46716). `available` alone would miss one that is being
 * changed. All states: EC2 API reference, DescribeTransitGatewayAttachments
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGatewayAttachments.html).
 */
const livingStates = ['available', 'initiatingRequest', 'modifying', 'pending', 'pendingAcceptance', 'rollingBack'];

/**
 * Associates a region's Transit Gateway with the Direct Connect gateway; AWS needs up to ten minutes for it.
 *
 * The association does not return the id of its attachment, so a data source looks it up, the only one in the estate.
 * It depends on an attribute that AWS gives the association, so an offline plan never evaluates it. It does not depend
 * on the association as a whole: then every change of prefixes would read the id again and remove the routes in
 * between.
 *
 * AWS may show a new attachment minutes after the association (provider issue 35009). Then the first apply ends with
 * "no matching EC2 Transit Gateway … Attachment found", and the next one continues
 * (`tools/terraform/failure.ts`).
 *
 * Advertises up to 200 prefixes (Direct Connect user guide, "AWS Direct Connect quotas").
 */
export class HubAssociation extends Construct {
  readonly attachmentId: string;

  constructor(scope: Construct, id: string, props: HubAssociationProps) {
    super(scope, id);
    const { gatewayId: dxGatewayId, transitGatewayId, allowedPrefixes } = props;
    const association = new DxGatewayAssociation(this, 'Association', {
      dxGatewayId,
      associatedGatewayId: transitGatewayId,
      allowedPrefixes,
      timeouts: { create: '30m', update: '30m', delete: '30m' },
    });
    this.attachmentId = new DataAwsEc2TransitGatewayDxGatewayAttachment(this, 'Attachment', {
      dxGatewayId,
      transitGatewayId,
      filter: [
        { name: 'resource-owner-id', values: [association.dxGatewayOwnerAccountId] },
        { name: 'state', values: livingStates },
      ],
    }).id;
  }
}
