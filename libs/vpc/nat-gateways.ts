import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { NatLayout } from '@platform/libs/settings/organisation';
import type { SubnetTier } from './subnet-tier';

export interface NatGatewaysProps {
  /** Prefix of all names: `prod-vpc-nat`. */
  readonly name: string;
  readonly layout: NatLayout;
  /** Tier of the gateways. */
  readonly from: SubnetTier;
  /** Tier that uses the gateways. */
  readonly to: SubnetTier;
  /** Internet routes of the gateways' tier: AWS creates no NAT gateway without them. */
  readonly wayOut: readonly Route[];
}

/**
 * Internet access for subnets without public addresses, with fixed addresses for partners' allow lists.
 *
 * - `per-zone`: each zone has its own gateway; losing a zone affects no other
 * - `single`: all zones use the first zone's gateway; losing that zone disconnects all, and the other zones pay for
 *   cross-zone traffic
 * - `none`: no internet access
 *
 * An address carries up to 55,000 concurrent connections to one destination (VPC user guide, "NAT gateway basics").
 */
export class NatGateways extends Construct {
  /** Public source addresses of the estate's requests, one per gateway. */
  readonly addresses: readonly string[];
  readonly gatewayIds: readonly string[];
  /** Routes of `to` to the gateways. */
  readonly routes: readonly Route[];

  constructor(scope: Construct, id: string, props: NatGatewaysProps) {
    super(scope, id);
    const { name, layout, from, to, wayOut } = props;
    const count = { 'per-zone': from.subnets.length, single: 1, none: 0 }[layout];
    const addresses = from.subnets
      .slice(0, count)
      .map((_, index) => new Eip(this, `Address${index}`, { domain: 'vpc', tags: { Name: `${name}-${index}` } }));
    const gateways = addresses.map(
      (address, index) =>
        new NatGateway(this, `Gateway${index}`, {
          allocationId: address.id,
          subnetId: from.subnets[index]!.id,
          tags: { Name: `${name}-${index}` },
          dependsOn: [...wayOut],
        }),
    );
    this.routes =
      count === 0
        ? []
        : to.routeTables.map(
            (table, index) =>
              new Route(this, `Route${index}`, {
                routeTableId: table.id,
                destinationCidrBlock: '0.0.0.0/0',
                natGatewayId: gateways[Math.min(index, count - 1)]!.id,
              }),
          );
    gateways.forEach((gateway, index) => this.watch(gateway, index));
    this.addresses = addresses.map(({ publicIp }) => publicIp);
    this.gatewayIds = gateways.map(({ id: gatewayId }) => gatewayId);
  }

  /**
   * AWS's own limits for both alarms: any failed allocation, and drops above 0.01 % of the traffic
   * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html).
   */
  private watch(gateway: NatGateway, index: number): void {
    const alarms = alarmsOf(this);
    const metricOf = (metricName: string) => ({
      namespace: 'AWS/NATGateway',
      metricName,
      dimensions: { NatGatewayId: gateway.id },
      statistic: 'Sum',
      periodSec: 60,
    });
    alarms.add(`NatPortAllocation${index}`, {
      description:
        'A NAT gateway has no port left for new connections to one destination: find the client with many connections in the flow log, or give the gateway more addresses',
      metric: metricOf('ErrorPortAllocation'),
      above: 0,
      periods: 5,
    });
    const all = '(FILL(sent, 0) + FILL(received, 0))';
    alarms.add(`NatDroppedPackets${index}`, {
      description:
        'A NAT gateway drops more than 0.01 % of its packets. If its zone is impaired, lead the zone through another gateway',
      metric: {
        expression: `IF(${all} > 0, 100 * FILL(dropped, 0) / ${all}, 0)`,
        metrics: {
          dropped: metricOf('PacketsDropCount'),
          sent: metricOf('PacketsInFromSource'),
          received: metricOf('PacketsInFromDestination'),
        },
      },
      above: 0.01,
      periods: 5,
    });
  }
}
