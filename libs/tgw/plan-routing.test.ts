import fc from 'fast-check';
import type { AdoptionLevel } from '@platform/libs/settings/adoption';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import type { Attachment, RoutingRegion, RoutingSettings } from './destinations';
import { planRouting, type HubRouting, type RoutingTable } from './plan-routing';
import { reaches } from './reach';

interface Network {
  readonly region: string;
  readonly name: string;
  readonly segment: string;
  readonly cidr: string;
}

/**
 * Routes a packet from `from` to `to` by the tables. Returns the regions whose inspection it passed, in order;
 * undefined if it does not arrive.
 */
function travels(plan: Readonly<Record<string, HubRouting>>, from: Network, to: Network): string[] | undefined {
  const entry = (hub: string, attachment: Attachment) =>
    plan[hub]!.tables.find(({ associations }) => associations.some((other) => same(other, attachment)))!;
  const forward = (hub: string, table: RoutingTable, hops: number): string[] | undefined => {
    const route = table.routes.find(({ destination }) => destination.cidr === to.cidr);
    const dropped = table.blackholes.some(({ cidr }) => cidr === to.cidr);
    if (route) {
      if (hops === 0) return undefined;
      if (route.to.kind === 'inspection') {
        if (table.name === 'inspection') return undefined;
        const rest = forward(hub, entry(hub, route.to), hops - 1);
        return rest && [hub, ...rest];
      }
      if (route.to.kind !== 'peer') return hub === to.region && same(route.to, attachmentOf(to)) ? [] : undefined;
      return forward(route.to.region, entry(route.to.region, { kind: 'peer', region: hub }), hops - 1);
    }
    const announced = table.propagations.some((other) => same(other, attachmentOf(to)));
    return !dropped && hub === to.region && announced ? [] : undefined;
  };
  return forward(from.region, entry(from.region, attachmentOf(from)), 5);
}

const same = (a: Attachment, b: Attachment) => JSON.stringify(a) === JSON.stringify(b);
const attachmentOf = ({ name }: Network): Attachment => ({
  kind: name.startsWith('external') ? 'external' : 'vpc',
  name,
});

const segmentNames = ['prod', 'nonprod', 'partner', 'shared'];
const estates = fc
  .record({
    segments: fc.record(
      Object.fromEntries(
        segmentNames.map((name) => [name, fc.record({ reaches: fc.subarray([...segmentNames, 'on-premises']) })]),
      ),
    ),
    regions: fc.array(fc.array(fc.constantFrom(...segmentNames), { minLength: 0, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    }),
    externals: fc.array(
      fc.record({ region: fc.nat(3), segment: fc.constantFrom(...segmentNames), attached: fc.boolean() }),
      {
        maxLength: 3,
      },
    ),
    onPremises: fc.boolean(),
    level: fc.constantFrom<AdoptionLevel>('accelerated', 'inspected'),
  })
  .map(({ segments, regions: vpcSegments, externals, onPremises, level }) => {
    const regions = vpcSegments.map(
      (vpcs, index): RoutingRegion => ({
        key: `r${index}`,
        cidrs: { prod: `10.${index * 4}.0.0/14`, staging: `10.${64 + index * 4}.0.0/14` },
        vpcs: Object.fromEntries(
          vpcs.map((segment, vpc) => [`vpc${vpc}`, { segment, cidrs: { prod: `10.${index * 4 + vpc}.0.0/16` } }]),
        ),
      }),
    );
    const settings: RoutingSettings = {
      name: 'prod',
      level,
      segment: 'prod',
      segments: { ...segments, inspection: { reaches: [] } },
      externalAttachments: externals.map(({ region, segment, attached }, index) => ({
        name: `external${index}`,
        account: '999999999999',
        region: `r${region % regions.length}`,
        segment,
        cidr: `172.16.${index}.0/24`,
        ...(attached ? { attachmentId: `tgw-attach-${index}` } : {}),
      })),
      ...(onPremises ? { onPremises: { cidrs: ['192.168.0.0/16', '172.31.0.0/16'] } } : {}),
    };
    const networks: Network[] = [
      ...regions.flatMap(({ key, vpcs }) =>
        Object.entries(vpcs).map(([name, { segment, cidrs }]) => ({
          region: key,
          name,
          segment: segment!,
          cidr: cidrs['prod']!,
        })),
      ),
      ...settings.externalAttachments!.filter(({ attachmentId }) => attachmentId),
    ];
    return { settings, regions, networks, plan: planRouting(settings, regions) };
  });

describe('in every estate', () => {
  test('a network reaches another exactly if their segments reach each other, and so do the replies', () => {
    fc.assert(
      fc.property(estates, ({ settings, networks, plan }) => {
        for (const from of networks) {
          for (const to of networks) {
            if (from === to) continue;
            const promised = reaches(settings.segments, from.segment, to.segment);
            expect([from, to, travels(plan, from, to) !== undefined]).toEqual([from, to, promised]);
          }
        }
      }),
    );
  });

  test('at level inspected packets and replies pass the inspection of both regions, and below it none', () => {
    fc.assert(
      fc.property(estates, ({ settings, networks, plan }) => {
        for (const from of networks) {
          for (const to of networks) {
            const passed = from === to ? undefined : travels(plan, from, to);
            if (!passed) continue;
            const both = [...new Set([from.region, to.region])];
            expect([from, to, passed]).toEqual([from, to, settings.level === 'inspected' ? both : []]);
          }
        }
      }),
    );
  });

  test('at level inspected our VPCs reach the internet by inspection, others do not, and replies find every VPC', () => {
    fc.assert(
      fc.property(estates, ({ settings, networks, plan, regions }) => {
        for (const { key, vpcs } of regions) {
          const { tables, vpcRoutes } = plan[key]!;
          const inspected = settings.level === 'inspected';
          for (const { name, routes } of tables) {
            const ours = networks.some((vpc) => vpc.region === key && vpc.segment === name && vpc.name in vpcs);
            const ways = routes.filter(({ destination }) => destination.kind === 'internet').map(({ to }) => to);
            expect([name, ways]).toEqual([name, inspected && ours ? [{ kind: 'inspection' }] : []]);
          }
          const { propagations } = tables.find(({ name }) => name === 'inspection')!;
          for (const name of Object.keys(vpcs)) {
            const halves = vpcRoutes[name]!.filter(({ kind }) => kind === 'internet').map(({ cidr }) => cidr);
            expect(halves).toEqual(inspected ? ['0.0.0.0/1', '128.0.0.0/1'] : []);
            expect(propagations.some((other) => same(other, { kind: 'vpc', name }))).toBe(inspected);
          }
        }
      }),
    );
  });

  test('the table of inspection is empty below level inspected', () => {
    fc.assert(
      fc.property(estates, ({ settings, plan }) => {
        fc.pre(settings.level !== 'inspected');
        for (const { tables, inspectionRoutes } of Object.values(plan)) {
          const table = tables.find(({ name }) => name === 'inspection');
          expect(table).toEqual({ name: 'inspection', associations: [], propagations: [], routes: [], blackholes: [] });
          expect(inspectionRoutes).toEqual([]);
        }
      }),
    );
  });

  test('no table of a segment has a route to a segment that it does not reach, used or not', () => {
    fc.assert(
      fc.property(estates, ({ settings, plan, regions }) => {
        for (const { key } of regions) {
          for (const table of plan[key]!.tables.filter(isOfNetworks(settings))) {
            const ways = [
              ...table.routes.flatMap(({ destination: { kind, segment } }) => (kind === 'internet' ? [] : [segment!])),
              ...table.propagations.map((attachment) => segmentOf(settings, regions, key, attachment)),
            ];
            expect(ways.filter((segment) => !reaches(settings.segments, table.name, segment))).toEqual([]);
          }
        }
      }),
    );
  });

  test('every table lists every known range, once', () => {
    fc.assert(
      fc.property(estates, ({ settings, plan, regions }) => {
        const known = [
          ...regions.flatMap(({ cidrs, vpcs }) => [
            ...Object.values(cidrs),
            ...Object.values(vpcs).map((vpc) => vpc.cidrs['prod']!),
          ]),
          ...settings.externalAttachments!.map(({ cidr }) => cidr),
          ...(settings.onPremises?.cidrs ?? []),
        ];
        for (const { key, vpcs, cidrs } of regions) {
          expect(Object.keys(cidrs)).toHaveLength(2);
          for (const { name, routes, propagations, blackholes } of plan[key]!.tables) {
            if (name === 'inspection' && settings.level !== 'inspected') continue;
            const announced = propagations.flatMap((attachment) =>
              attachment.kind === 'on-premises'
                ? settings.onPremises!.cidrs
                : attachment.kind === 'vpc'
                  ? [vpcs[attachment.name]!.cidrs['prod']!]
                  : [],
            );
            const named = [
              ...routes.map(({ destination }) => destination.cidr).filter((cidr) => cidr !== '0.0.0.0/0'),
              ...announced,
              ...blackholes.map(({ cidr }) => cidr),
            ];
            expect([...named].sort()).toEqual([...known].sort());
          }
        }
      }),
    );
  });

  test('every attachment is associated with one table, peerings with the one for peerings', () => {
    fc.assert(
      fc.property(estates, ({ networks, plan, regions }) => {
        for (const { key } of regions) {
          const entries = plan[key]!.tables.flatMap(({ name, associations }) =>
            associations.map((attachment) => [JSON.stringify(attachment), name] as const),
          );
          expect(new Set(entries.map(([attachment]) => attachment)).size).toBe(entries.length);
          for (const network of networks.filter(({ region }) => region === key)) {
            expect(entries).toContainEqual([JSON.stringify(attachmentOf(network)), network.segment]);
          }
          const peers = entries.filter(([attachment]) => JSON.parse(attachment).kind === 'peer');
          expect(peers.map(([, name]) => name)).toEqual(regions.slice(1).map(() => 'peering'));
        }
      }),
    );
  });

  test('packets from another region reach local networks that a network there may reach, and nothing else', () => {
    fc.assert(
      fc.property(estates, ({ settings, networks, plan, regions }) => {
        for (const { key } of regions) {
          const table = plan[key]!.tables.find(({ name }) => name === 'peering')!;
          const ways = [...table.propagations, ...table.routes.map(({ destination }) => destination.attachment!)];
          const reached = networks.filter(
            (to) =>
              to.region === key &&
              networks.some((from) => from.region !== key && reaches(settings.segments, from.segment, to.segment)),
          );
          const sorted = (attachments: Attachment[]) =>
            attachments.map((attachment) => JSON.stringify(attachment)).sort();
          expect(sorted(ways)).toEqual(sorted(reached.map(attachmentOf)));
        }
      }),
    );
  });

  test('an external attachment gives a route to those that its segment reaches, and a blackhole to all others', () => {
    fc.assert(
      fc.property(estates, fc.constantFrom(...segmentNames), (estate, segment) => {
        const added = {
          name: 'added',
          account: '999999999999',
          region: 'r0',
          segment,
          cidr: '172.20.0.0/24',
          attachmentId: 'tgw-attach-added',
        };
        const settings = { ...estate.settings, externalAttachments: [...estate.settings.externalAttachments!, added] };
        const after = planRouting(settings, estate.regions);
        for (const { key } of estate.regions) {
          after[key]!.tables.forEach((table, index) => {
            const before = estate.plan[key]!.tables[index]!;
            if (!isOfNetworks(settings)(table) || reaches(settings.segments, table.name, segment)) return;
            expect(table.routes).toEqual(before.routes);
            expect(table.propagations).toEqual(before.propagations);
            expect(table.blackholes.filter(({ cidr }) => cidr !== added.cidr)).toEqual(before.blackholes);
          });
        }
      }),
    );
  });
});

/** True for the tables of segments with networks. */
function isOfNetworks({ segments }: RoutingSettings): (table: RoutingTable) => boolean {
  return ({ name }) => name in segments && name !== 'inspection';
}

function segmentOf(
  settings: RoutingSettings,
  regions: readonly RoutingRegion[],
  region: string,
  attachment: Attachment,
): string {
  if (attachment.kind === 'on-premises') return 'on-premises';
  if (attachment.kind === 'vpc') {
    return regions.find(({ key }) => key === region)!.vpcs[attachment.name]!.segment ?? settings.segment;
  }
  throw new Error(`${attachment.kind} announces nothing`);
}

describe('the ranges that inspection sends to its Transit Gateway', () => {
  test('are all regions, external networks and on-premises', () => {
    const attached = { name: 'acme', account: '9', region: 'us', segment: 'shared', cidr: '172.16.0.0/24' };
    const inspected = exampleEnvironment({
      level: 'inspected',
      externalAttachments: [
        { ...attached, attachmentId: 'tgw-attach-1' },
        { ...attached, name: 'pending', cidr: '172.16.1.0/24' },
      ],
    });
    const ranges = planRouting(inspected, exampleRegions)['us']!.inspectionRoutes.map(({ cidr }) => cidr);
    expect(ranges.sort()).toEqual(['10.0.0.0/14', '10.4.0.0/14', '172.16.0.0/24', '192.168.0.0/16']);
  });
});

describe('the ranges that a VPC sends to its Transit Gateway', () => {
  const [us, ap] = exampleRegions;
  const routes = (overrides = {}, regions: readonly RoutingRegion[] = exampleRegions) =>
    planRouting(exampleEnvironment(overrides), regions)['us']!.vpcRoutes['vpc']!.map(({ cidr }) => cidr);

  test('are all regions, its own included, and on-premises', () => {
    expect(routes()).toEqual([us.cidrs['prod'], ap.cidrs['prod'], '192.168.0.0/16']);
  });

  test('exclude on-premises if there is none or the segment does not reach it', () => {
    const prod = { prod: { reaches: ['prod'] } };
    expect(routes({ onPremises: undefined })).toEqual(['10.0.0.0/14', '10.4.0.0/14']);
    expect(routes({ segments: prod })).toEqual(['10.0.0.0/14', '10.4.0.0/14']);
  });

  test('are none if its segment reaches nothing', () => {
    expect(routes({ segments: { prod: { reaches: [] } } })).toEqual([]);
  });

  test('exclude a range that is the VPC itself', () => {
    const whole = { ...us, vpcs: { vpc: { cidrs: { prod: '10.0.0.0/14' } } } };
    expect(routes({}, [whole, ap])).toEqual(['10.4.0.0/14', '192.168.0.0/16']);
  });
});

test("a VPC as wide as its region is not dropped by the region's blackhole", () => {
  const [us, ap] = exampleRegions;
  const whole = { ...us, vpcs: { vpc: { cidrs: { prod: '10.0.0.0/14' } } } };
  const tables = planRouting(exampleEnvironment(), [whole, ap])['us']!.tables;
  const prod = tables.find(({ name }) => name === 'prod')!;
  expect(prod.propagations).toContainEqual({ kind: 'vpc', name: 'vpc' });
  expect(prod.blackholes.map(({ cidr }) => cidr)).not.toContain('10.0.0.0/14');
});

test('names a VPC without a range in the environment', () => {
  const [us] = exampleRegions;
  expect(() => planRouting(exampleEnvironment(), [{ ...us, vpcs: { vpc: { cidrs: {} } } }])).toThrow(
    'region-us/region.ts: vpcs.vpc has no range in prod; add one to its cidrs',
  );
});

test('an external network without an attachment is shared with, not routed', () => {
  const pending = { name: 'acme', account: '9', region: 'us', segment: 'shared', cidr: '172.16.0.0/24' };
  const { tables } = planRouting(exampleEnvironment({ externalAttachments: [pending] }), exampleRegions)['us']!;
  for (const { name, routes, blackholes, associations } of tables) {
    if (name === 'inspection') continue;
    expect([...routes.map(({ to }) => to), ...associations].map(({ kind }) => kind)).not.toContain('external');
    expect(blackholes.map(({ name }) => name)).toContain('external/acme');
  }
});
