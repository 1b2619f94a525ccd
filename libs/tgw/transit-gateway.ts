import { Ec2TransitGateway } from '@cdktf/provider-aws/lib/ec2-transit-gateway';
import { Construct } from 'constructs';

export interface TransitGatewayProps {
  /** Name tag, for example `prod-hub`. */
  readonly name: string;
  /** Private ASN of the AWS side: 64512–65534 or 4200000000–4294967294, different in every region. */
  readonly asn: number;
}

/**
 * The hub of one region. AWS's default route table, which joins everybody with everybody, is off: nothing passes until
 * a {@link RoutingTable} says so. Attachments of other accounts wait until they are accepted here by their id, because
 * whoever is shared with could otherwise join unseen.
 *
 * A gateway itself costs nothing; its attachments do, about $36.50 a month each (list price, US East, check). It takes 5,000
 * attachments at most, and 10,000 routes unless more were asked for (Transit Gateway guide, "Quotas for AWS Transit Gateway").
 */
export class TransitGateway extends Construct {
  readonly id: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: TransitGatewayProps) {
    super(scope, id);
    const gateway = new Ec2TransitGateway(this, 'Gateway', {
      amazonSideAsn: props.asn,
      description: props.name,
      defaultRouteTableAssociation: 'disable',
      defaultRouteTablePropagation: 'disable',
      autoAcceptSharedAttachments: 'disable',
      dnsSupport: 'enable',
      vpnEcmpSupport: 'enable',
      multicastSupport: 'disable',
      tags: { Name: props.name },
    });
    this.id = gateway.id;
    this.arn = gateway.arn;
  }
}
