import { Ec2TransitGateway } from '@cdktf/provider-aws/lib/ec2-transit-gateway';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { EstateStack } from '@platform/libs/stack/estate-stack';

export interface TransitGatewayProps {
  /** Name tag, for example `prod-hub`. */
  readonly name: string;
  /** Private ASN number of the AWS side: 64512–65534 or 4200000000–4294967294, different in every region. */
  readonly asn: number;
}

/**
 * The Transit Gateway of one region. AWS's default route table, which connects all attachments, is off: no traffic
 * passes without a {@link RouteTable}. Attachments of other accounts are accepted here by id, because any account that
 * the gateway is shared with could otherwise attach unnoticed.
 *
 * It has at most 5,000 attachments and up to 10,000 routes (Transit Gateway guide, "Quotas for AWS Transit Gateway").
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
    this.watch();
  }

  /** Some drops are wanted: blackhole entries keep segments apart. */
  private watch(): void {
    const { droppedPackets } = (TerraformStack.of(this) as EstateStack).environment.observability;
    const add = (id: string, metricName: string, description: string) =>
      alarmsOf(this).add(id, {
        description: `${description} Find source and destination in the flow log of the Transit Gateway, and compare with \`npx platform routes\``,
        metric: {
          namespace: 'AWS/TransitGateway',
          metricName,
          dimensions: { TransitGateway: this.id },
          statistic: 'Sum',
          periodSec: 300,
        },
        above: droppedPackets,
        periods: 3,
      });
    add('BlackholeDrops', 'PacketDropCountBlackhole', 'Many packets go where the segments allow none.');
    add('NoRouteDrops', 'PacketDropCountNoRoute', 'Many packets go where no route leads.');
  }
}
