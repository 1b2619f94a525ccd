import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { Construct } from 'constructs';
import type { NatLayout } from '@platform/libs/settings/organisation';
import type { SubnetTier } from './subnet-tier';

export interface NatGatewaysProps {
  /** Begins the names of all that is made: `prod-vpc-nat`. */
  readonly name: string;
  readonly layout: NatLayout;
  /** Tier in which the gateways stand. */
  readonly from: SubnetTier;
  /** Tier that gets its way out. */
  readonly to: SubnetTier;
  /** Routes to the internet of the tier in which the gateways stand: AWS makes no gateway where there is none. */
  readonly wayOut: readonly Route[];
}

/**
 * The way out to the internet for subnets without public addresses, with fixed addresses that partners can allow.
 *
 * - `per-zone`: each zone has its own gateway, and its loss concerns no other
 * - `single`: the first zone's gateway serves all; its loss cuts every zone off, and the others pay $0.01/GB to reach it
 * - `none`: no way out
 *
 * Each gateway costs $0.045 an hour, $0.045 per GB, and $0.005 an hour for its address: about $37 a month before
 * traffic (list price, US East, check). An address carries up to 55,000 connections at a time to one and the same destination
 * (VPC user guide, "NAT gateway basics").
 */
export class NatGateways extends Construct {
  /** Public addresses from which the estate's requests come, one per gateway. */
  readonly addresses: readonly string[];
  readonly gatewayIds: readonly string[];

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
    if (count > 0) {
      to.routeTables.forEach(
        (table, index) =>
          new Route(this, `Route${index}`, {
            routeTableId: table.id,
            destinationCidrBlock: '0.0.0.0/0',
            natGatewayId: gateways[Math.min(index, count - 1)]!.id,
          }),
      );
    }
    this.addresses = addresses.map(({ publicIp }) => publicIp);
    this.gatewayIds = gateways.map(({ id: gatewayId }) => gatewayId);
  }
}
