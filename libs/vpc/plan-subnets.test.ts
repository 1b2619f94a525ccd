import fc from 'fast-check';
import { vpcPrefixes } from '@platform/libs/settings/networks';
import { cidrRange, contains, overlaps, prefixLength } from '@platform/libs/settings/cidr';
import { planSubnets, tiers, zonePlaces } from './plan-subnets';

/** Any range that the settings allow for a VPC. */
const vpcNetworks = fc
  .tuple(fc.nat(2 ** 21 - 1), fc.integer({ min: vpcPrefixes.shortest, max: vpcPrefixes.longest }))
  .map(([place, length]) => {
    const first = (place % 2 ** (length - 8)) * 2 ** (32 - length);
    return `10.${[16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${length}`;
  });
const zoneCounts = fc.integer({ min: 1, max: zonePlaces });

describe('the subnet plan of any allowed range', () => {
  test('is inside the range', () => {
    fc.assert(
      fc.property(vpcNetworks, zoneCounts, (cidr, zones) => {
        const vpc = cidrRange(cidr);
        for (const { block, subnets } of Object.values(planSubnets(cidr, zones))) {
          expect(contains(vpc, cidrRange(block))).toBe(true);
          expect(subnets.every((subnet) => contains(cidrRange(block), cidrRange(subnet)))).toBe(true);
        }
      }),
    );
  });

  test('has no overlapping subnets or tier blocks', () => {
    fc.assert(
      fc.property(vpcNetworks, zoneCounts, (cidr, zones) => {
        const plan = Object.values(planSubnets(cidr, zones));
        for (const networks of [plan.flatMap(({ subnets }) => subnets), plan.map(({ block }) => block)]) {
          const ranges = networks.map(cidrRange);
          const overlapping = ranges.filter((range, index) =>
            ranges.slice(0, index).some((other) => overlaps(range, other)),
          );
          expect(overlapping).toEqual([]);
        }
      }),
    );
  });

  test('does not change when a zone is appended', () => {
    fc.assert(
      fc.property(vpcNetworks, fc.integer({ min: 1, max: zonePlaces - 1 }), (cidr, zones) => {
        const [before, after] = [planSubnets(cidr, zones), planSubnets(cidr, zones + 1)];
        for (const tier of tiers) {
          expect(after[tier].subnets.slice(0, zones)).toEqual(before[tier].subnets);
          expect(after[tier].subnets).toHaveLength(zones + 1);
          expect(after[tier].block).toBe(before[tier].block);
        }
      }),
    );
  });

  test('gives each tier subnets that AWS accepts, the application the largest, and a load balancer its /27', () => {
    fc.assert(
      fc.property(vpcNetworks, zoneCounts, (cidr, zones) => {
        const plan = planSubnets(cidr, zones);
        const length = (tier: (typeof tiers)[number]) => prefixLength(cidrRange(plan[tier].subnets[0]!));
        expect(Math.min(...tiers.map(length))).toBe(length('app'));
        expect(length('public')).toBeLessThanOrEqual(27);
        expect([length('transit'), length('inspection')]).toEqual([28, 28]);
        expect(Math.max(...tiers.map(length))).toBeLessThanOrEqual(28);
      }),
    );
  });
});

test('a /16 over three zones', () => {
  expect(planSubnets('10.4.0.0/16', 3)).toEqual({
    app: { block: '10.4.0.0/17', subnets: ['10.4.0.0/20', '10.4.16.0/20', '10.4.32.0/20'] },
    data: { block: '10.4.128.0/19', subnets: ['10.4.128.0/22', '10.4.132.0/22', '10.4.136.0/22'] },
    public: { block: '10.4.160.0/19', subnets: ['10.4.160.0/22', '10.4.164.0/22', '10.4.168.0/22'] },
    inspection: { block: '10.4.255.0/25', subnets: ['10.4.255.0/28', '10.4.255.16/28', '10.4.255.32/28'] },
    transit: { block: '10.4.255.128/25', subnets: ['10.4.255.128/28', '10.4.255.144/28', '10.4.255.160/28'] },
  });
});

test('refuses a range that is too small or too large, and too many zones', () => {
  expect(() => planSubnets('10.0.0.0/22', 3)).toThrow('10.0.0.0/22 cannot be divided into subnets; use /16 to /21');
  expect(() => planSubnets('10.0.0.0/15', 3)).toThrow('10.0.0.0/15 cannot be divided into subnets');
  expect(() => planSubnets('10.0.0.0/16', 9)).toThrow('places for 1 to 8 zones, not for 9');
});
