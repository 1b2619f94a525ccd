// Asked only once the association is there: see the class.
// eslint-disable-next-line platform/imports
import { DataAwsEc2TransitGatewayDxGatewayAttachment } from '@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway-dx-gateway-attachment';
import { DxGatewayAssociation } from '@cdktf/provider-aws/lib/dx-gateway-association';
import { Construct } from 'constructs';

export interface HubAssociationProps {
  readonly gatewayId: string;
  readonly transitGatewayId: string;
  /** Networks that routers outside AWS hear of. */
  readonly allowedPrefixes: string[];
}

/**
 * Joins the hub of a region with the Direct Connect gateway; AWS needs up to ten minutes for it.
 *
 * The association does not tell the id of the attachment that it makes, so that is looked up, the only look-up in the
 * estate. It names a value that AWS gives the association, and so waits for it: nothing is asked while there is none, as
 * in a preview. It does not wait for the association as a whole, or every change of prefixes would read the id anew and
 * take the routes away meanwhile.
 *
 * Costs $0.05 an hour as any attachment, about $36.50 a month, and $0.02 per GB that comes in (list price, US East, check).
 * Announces up to 200 prefixes (Direct Connect user guide, "AWS Direct Connect quotas").
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
      filter: [{ name: 'resource-owner-id', values: [association.dxGatewayOwnerAccountId] }],
    }).id;
  }
}
