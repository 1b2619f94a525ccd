import { defineContract, list, text } from '@platform/libs/contract/contract';
import { WrongUse } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';

/**
 * Outputs of a VPC stack, the same in every region. Lists have one entry per zone, in the order of the region's zones.
 * @throws WrongUse when the region's settings have no such VPC
 */
export function vpcContract(region: RegionSettings, name: string) {
  if (!Object.hasOwn(region.vpcs, name)) {
    const where = `region-${region.key}`;
    throw new WrongUse(
      `${where}/region.ts: vpcs has no "${name}", which ${where}/${name} makes; give it its cidrs there`,
    );
  }
  const perZone = (prefix: string, tier: number) =>
    region.zones.map((_, zone) => `${prefix}-0${tier}${zone}${'e'.repeat(14)}`);
  return defineContract({
    stack: `region-${region.key}-${name}`,
    project: `region-${region.key}/${name}`,
    stateRegion: region,
    fields: {
      vpcId: text('Id of the VPC', 'vpc-0eeeeeeeeeeeeeeee'),
      cidr: text('IPv4 network of the VPC', '10.255.0.0/16'),
      publicSubnetIds: list('Public subnets: internet-facing load balancers and NAT gateways', perZone('subnet', 1)),
      appSubnetIds: list('Private subnets of the application', perZone('subnet', 2)),
      dataSubnetIds: list('Private subnets of data stores, without a route to the internet', perZone('subnet', 3)),
      transitSubnetIds: list('Small subnets that hold only Transit Gateway attachments', perZone('subnet', 4)),
      publicRouteTableIds: list('Route tables of the public subnets', perZone('rtb', 1)),
      appRouteTableIds: list('Route tables of the application subnets', perZone('rtb', 2)),
      dataRouteTableIds: list('Route tables of the data subnets', perZone('rtb', 3)),
      transitRouteTableIds: list('Route tables of the transit subnets', perZone('rtb', 4)),
      natAddresses: list('Public addresses that requests to the internet come from, one per NAT gateway', [
        '192.0.2.10',
      ]),
    },
  });
}

/** The contract of a VPC. */
export type VpcContract = ReturnType<typeof vpcContract>;
