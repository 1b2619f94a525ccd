import { includesLevel } from '@platform/libs/settings/adoption';
import { inspectionSegment, onPremisesSegment, peeringTable } from '@platform/libs/settings/segments';
import {
  destinationsOf,
  hasStaticOnPremises,
  isOwnRange,
  type Attachment,
  type Destination,
  type RoutingRegion,
  type RoutingSettings,
} from './destinations';
import { reaches } from './reach';

/** One route: packets for the destination leave through the attachment. */
export interface StaticRoute {
  readonly destination: Destination;
  readonly to: Attachment;
}

/** A route table of a Transit Gateway. It decides about packets of the attachments associated with it. */
export interface RoutingTable {
  /** A segment, `on-premises`, `inspection`, or `peering`, which decides about packets from other regions. */
  readonly name: string;
  readonly associations: readonly Attachment[];
  /** Attachments that propagate to this table. */
  readonly propagations: readonly Attachment[];
  readonly routes: readonly StaticRoute[];
  /** Destinations that are dropped; never the same range as a route of this table. */
  readonly blackholes: readonly Destination[];
}

/** The routing of one region's Transit Gateway. */
export interface HubRouting {
  /** One per segment in the order of the settings, `on-premises` if there is one, `peering`. */
  readonly tables: readonly RoutingTable[];
  /** By VPC name: ranges that the VPC's own route tables send to the Transit Gateway. */
  readonly vpcRoutes: Readonly<Record<string, readonly Destination[]>>;
  /** Ranges that the tables of the inspection endpoints send to the Transit Gateway; none below level `inspected`. */
  readonly inspectionRoutes: readonly Destination[];
}

/**
 * Plans the Transit Gateways of all regions of one environment, by region key.
 *
 * Every table lists every range of the estate: a route for those that its sources may reach, a blackhole for all
 * others, so that a wide range advertised by on-premises never matches a network that must be unreachable.
 *
 * Packets from another region arrive through one attachment, and one table, `peering`, decides about them; it cannot
 * know their segment. So the sender's table decides: it has a route to a network in another region only if the two
 * segments reach each other. `peering` routes to local networks that another region may reach, and to nothing else: not
 * to a third region and not to on-premises. Replies use a segment table of the other region, so one wrong route opens
 * no connection.
 *
 * Each region reaches on-premises by its own connection, never through another region. Its routes are propagated, or
 * static where the settings say so: the longest prefix wins in a table, whatever its origin, so on-premises could
 * otherwise draw a part of any network (Transit Gateway guide, "Route evaluation order":
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html).
 *
 * From level `inspected`, every route leads to the region's inspection. The sender's table still decides what may be
 * reached, and the table `inspection` routes inspected traffic to its destination. A packet between regions is
 * inspected in both, and the region's VPCs are inspected on their way to the internet.
 */
export function planRouting(
  settings: RoutingSettings,
  regions: readonly RoutingRegion[],
): Readonly<Record<string, HubRouting>> {
  const destinations = destinationsOf(settings, regions);
  return Object.fromEntries(
    regions.map(({ key }) => [
      key,
      {
        tables: planTables(settings, destinations, regions, key),
        vpcRoutes: planVpcRoutes(settings, destinations, key),
        inspectionRoutes: isInspected(settings) ? destinations.filter((to) => isOwnRange(to) || isOutside(to)) : [],
      },
    ]),
  );
}

function planTables(
  settings: RoutingSettings,
  destinations: readonly Destination[],
  regions: readonly RoutingRegion[],
  region: string,
): RoutingTable[] {
  const reach = (a: Destination, b: Destination) => reaches(settings.segments, a.segment ?? '', b.segment ?? '');
  const attached = destinations.filter(({ attachment }) => attachment);
  const local = attached.filter((network) => network.region === region);
  const remote = attached.filter((network) => network.region !== undefined && network.region !== region);

  const inspected = isInspected(settings);
  const announcing = hasStaticOnPremises(settings) ? (['vpc'] as const) : (['vpc', 'on-premises'] as const);
  const planned = (name: string, associations: Attachment[], ways: readonly StaticRoute[]) =>
    planTable(name, associations, ways, destinations, announcing);
  const direct = (to: Destination): StaticRoute => ({ destination: to, to: wayTo(to, region) });
  const way = (to: Destination): StaticRoute =>
    inspected ? { destination: to, to: { kind: 'inspection' } } : direct(to);

  const tables = Object.keys(settings.segments).map((segment) => {
    if (segment === inspectionSegment) {
      if (!inspected) return { name: segment, associations: [], propagations: [], routes: [], blackholes: [] };
      const passes = (to: Destination) =>
        local.includes(to)
          ? to.kind === 'vpc' || attached.some((from) => from !== to && reach(from, to))
          : local.some((from) => reach(from, to));
      return planned(segment, [{ kind: 'inspection' }], attached.filter(passes).map(direct));
    }
    const sources = local.filter((network) => network.segment === segment);
    const ways = attached.filter((to) => reaches(settings.segments, segment, to.segment!)).map(way);
    // Only for our VPCs: external networks need their own internet access. In a segment with one of ours, their packets
    // reach the NAT gateways, where the network ACL drops them.
    if (inspected && sources.some(({ kind }) => kind === 'vpc')) ways.push(way(internet));
    return planned(
      segment,
      sources.map(({ attachment }) => attachment!),
      ways,
    );
  });
  if (settings.onPremises) {
    const reachable = local.filter((to) => reaches(settings.segments, onPremisesSegment, to.segment!));
    tables.push(planned(onPremisesSegment, [{ kind: 'on-premises' }], reachable.map(way)));
  }
  const peers = regions
    .filter(({ key }) => key !== region)
    .map(({ key }): Attachment => ({ kind: 'peer', region: key }));
  const reachable = local.filter((to) => remote.some((from) => reach(from, to)));
  tables.push(planned(peeringTable, peers, reachable.map(way)));
  return tables;
}

function planTable(
  name: string,
  associations: Attachment[],
  ways: readonly StaticRoute[],
  destinations: readonly Destination[],
  announcing: readonly Attachment['kind'][],
): RoutingTable {
  // The owner of an external network can add any range to it: only the agreed range is routed, so nothing propagates.
  const announces = ({ to }: StaticRoute) => announcing.includes(to.kind);
  const named = new Set(ways.map(({ destination }) => destination.cidr));
  return {
    name,
    associations,
    propagations: distinct(ways.filter(announces).map(({ to }) => to)),
    routes: ways.filter((way) => !announces(way)),
    // A blackhole wins against an advertised route of the same range.
    blackholes: destinations.filter(({ cidr }) => !named.has(cidr) && named.add(cidr)),
  };
}

function wayTo(destination: Destination, region: string): Attachment {
  const remote = destination.region !== undefined && destination.region !== region;
  return remote ? { kind: 'peer', region: destination.region } : destination.attachment!;
}

/** True if traffic between networks passes the appliances of the inspection VPCs. */
function isInspected({ level }: RoutingSettings): boolean {
  return includesLevel(level, 'inspected');
}

/** True for attached networks outside the ranges of regions. */
function isOutside({ kind, attachment }: Destination): boolean {
  return attachment !== undefined && (kind === 'external' || kind === 'on-premises');
}

/** All other addresses. */
const internet: Destination = { kind: 'internet', name: 'internet', cidr: '0.0.0.0/0' };

/**
 * The internet as a VPC routes it to inspection: two halves, which are more specific than the default route to the
 * VPC's own NAT gateway. So routes of the Transit Gateway stack alone switch inspection on and off, and the default
 * route stays.
 */
const internetHalves: readonly Destination[] = [
  { kind: 'internet', name: 'internet/lower', cidr: '0.0.0.0/1' },
  { kind: 'internet', name: 'internet/upper', cidr: '128.0.0.0/1' },
];

function distinct(attachments: Attachment[]): Attachment[] {
  return [...new Map(attachments.map((attachment) => [JSON.stringify(attachment), attachment])).values()];
}

/**
 * A VPC sends the ranges of all regions, its own included, to the Transit Gateway: unreachable networks are dropped and
 * logged there instead of leaving through a NAT gateway, and a new VPC changes no other VPC's tables. A VPC whose
 * segment reaches nothing sends nothing there, except internet traffic by inspection.
 */
function planVpcRoutes(
  settings: RoutingSettings,
  destinations: readonly Destination[],
  region: string,
): Record<string, readonly Destination[]> {
  const vpcs = destinations.filter((destination) => destination.kind === 'vpc' && destination.region === region);
  const halves = isInspected(settings) ? internetHalves : [];
  return Object.fromEntries(
    vpcs.map((vpc) => {
      const reached = destinations.filter(
        (to) => to.attachment && reaches(settings.segments, vpc.segment!, to.segment!),
      );
      const ranges = reached.length > 0 ? destinations.filter(isOwnRange) : [];
      const named = new Set([vpc.cidr]);
      const routes = [...ranges, ...reached.filter(isOutside), ...halves].filter(
        ({ cidr }) => !named.has(cidr) && named.add(cidr),
      );
      return [vpc.name.slice(`${region}/`.length), routes];
    }),
  );
}
