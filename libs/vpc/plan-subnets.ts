import { cidrRange, formatAddress, prefixLength } from '@platform/libs/settings/cidr';
import { vpcPrefixes } from '@platform/libs/settings/networks';

/**
 * Tiers of subnets, by their reachability.
 *
 * - `public`: internet-facing load balancers and NAT gateways
 * - `app`: the application, internet access by NAT
 * - `data`: data stores, no internet access
 * - `transit`: Transit Gateway attachments only
 * - `inspection`: Gateway Load Balancer endpoints, in the inspection VPC only; unused in all others
 */
export const tiers = ['public', 'app', 'data', 'transit', 'inspection'] as const;
export type Tier = (typeof tiers)[number];

/** One tier's part of the VPC's range. */
export interface TierPlan {
  /** The tier's whole block, independent of the number of zones: for rules that must not change with a new zone. */
  readonly block: string;
  /** One range per zone, in the order of the zones. */
  readonly subnets: readonly string[];
}

/** Number of zones that each tier has places for; no AWS region has more than six. */
export const zonePlaces = 8;

/**
 * AWS's smallest subnet, 16 addresses, of which AWS reserves 5; a Transit Gateway attachment or endpoint needs 1 per
 * zone.
 */
const smallestSubnet = 28;

/**
 * Divides a VPC's range among tiers and zones.
 *
 * | part of the range | tier | per zone of a /16 | of a /21 |
 * |---|---|---|---|
 * | first half | app | /20, 4,091 usable | /25, 123 usable |
 * | fifth eighth | data | /22 | /27 |
 * | sixth eighth | public (a load balancer needs /27 with 8 free) | /22 | /27 |
 * | last 256 addresses | inspection, transit | /28 | /28 |
 *
 * The space between public and inspection is free. Every tier has places for eight zones, so appending a zone moves
 * nothing.
 *
 * @throws Error when the range is not between /16 and /21, or there are more zones than places. The settings check
 *   reports both first.
 */
export function planSubnets(cidr: string, zones: number): Readonly<Record<Tier, TierPlan>> {
  const range = cidrRange(cidr);
  const length = prefixLength(range);
  if (length < vpcPrefixes.shortest || length > vpcPrefixes.longest) {
    throw new Error(`${cidr} cannot be divided into subnets; use /${vpcPrefixes.shortest} to /${vpcPrefixes.longest}`);
  }
  if (zones < 1 || zones > zonePlaces) {
    throw new Error(`there are places for 1 to ${zonePlaces} zones, not for ${zones}`);
  }
  const start = range.first;
  const end = range.last + 1;
  const eighth = (end - start) / 8;
  const tail = zonePlaces * 2 ** (32 - smallestSubnet);

  const tier = (first: number, size: number): TierPlan => ({
    block: network(first, size),
    subnets: Array.from({ length: zones }, (_, zone) => network(first + (zone * size) / zonePlaces, size / zonePlaces)),
  });
  return {
    app: tier(start, 4 * eighth),
    data: tier(start + 4 * eighth, eighth),
    public: tier(start + 5 * eighth, eighth),
    inspection: tier(end - 2 * tail, tail),
    transit: tier(end - tail, tail),
  };
}

/** CIDR of `size` addresses, a power of two, from the address with number `first`. */
function network(first: number, size: number): string {
  return `${formatAddress(first)}/${32 - Math.log2(size)}`;
}
