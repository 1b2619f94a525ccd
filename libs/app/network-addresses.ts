import { applicationOf } from '@platform/libs/settings/application';
import { cidrRange, prefixLength } from '@platform/libs/settings/cidr';
import type { Environment } from '@platform/libs/settings/environment';
import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import { networkOf, type RegionSettings } from '@platform/libs/settings/region';
import { planSubnets } from '@platform/libs/vpc/plan-subnets';

/**
 * Addresses of the network load balancer in a region, one per zone; empty if AWS chooses them.
 * @throws WrongUse for an address outside the application subnet of its zone, or one that AWS reserves: the first four
 *   and the last (VPC user guide, "Subnet sizing")
 */
export function networkAddresses(
  environment: Pick<Environment, 'name' | 'applications'>,
  application: string,
  { key, vpcs, zones }: Pick<RegionSettings, 'key' | 'vpcs' | 'zones'>,
): readonly string[] {
  const addresses = applicationOf(environment, application).networkBalancer?.addresses?.[key] ?? [];
  const { subnets } = planSubnets(networkOf(vpcs['vpc']!.cidrs, environment), zones.length).app;
  const problems = addresses.flatMap((address, zone): Problem[] => {
    const subnet = cidrRange(subnets[zone]!);
    const place = cidrRange(`${address}/32`).first - subnet.first;
    if (place > 3 && place < 2 ** (32 - prefixLength(subnet)) - 1) return [];
    return [
      {
        where: `infra.config.ts: environments.${environment.name}.applications.${application}.networkBalancer.addresses.${key}`,
        what: `"${address}" is not a usable address of the application subnet in ${zones[zone]}`,
        remedy: `use one of ${subnets[zone]}, except the first four and the last`,
      },
    ];
  });
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
  return addresses;
}
