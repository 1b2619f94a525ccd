import { onPremisesSegment, peeringTable } from '@platform/libs/settings/check-segments';
import {
  destinationsOf,
  isOwnRange,
  type Attachment,
  type Destination,
  type RoutingRegion,
  type RoutingSettings,
} from './destinations';
import { reaches } from './reach';

/** One way: packets for the destination leave through the attachment. */
export interface StaticRoute {
  readonly destination: Destination;
  readonly to: Attachment;
}

/** A route table of a hub. It decides about packets that come in through the attachments associated with it. */
export interface RoutingTable {
  /** A segment, `on-premises`, or `peering`, the one that decides about packets from other regions. */
  readonly name: string;
  readonly associations: readonly Attachment[];
  /** Attachments that announce their ranges into this table. */
  readonly propagations: readonly Attachment[];
  readonly routes: readonly StaticRoute[];
  /** Destinations that are dropped; never one of the same range as a way of this table. */
  readonly blackholes: readonly Destination[];
}

/** Everything that one region's hub routes. */
export interface HubRouting {
  /** One per segment in the order of the settings, `on-premises` when there is one, `peering`. */
  readonly tables: readonly RoutingTable[];
  /** By VPC name: ranges that the VPC's own route tables send to the hub. */
  readonly vpcRoutes: Readonly<Record<string, readonly Destination[]>>;
}

/**
 * Plans the hubs of all regions of one environment, by region key.
 *
 * Every table names every range of the estate: those that its sources may reach with a way, all others with a blackhole,
 * so that a wide range announced from on premises never catches what was meant to be unreachable.
 *
 * Packets from another region come in through one attachment and are decided by one table, `peering`, which cannot know
 * their segment. So the sender's table decides: it has a route to a network in another region only when the two segments
 * reach each other. `peering` leads to local networks that somebody in another region reaches and to nothing else, not to
 * a third region and not on premises. Replies pass a segment table of the other region, so that one wrong route opens
 * no connection.
 *
 * On premises is reached from each region by its own connection, never through another region, which could be lost.
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

  const tables = Object.keys(settings.segments).map((segment) => {
    const sources = local.filter((network) => network.segment === segment).map(({ attachment }) => attachment!);
    const reachable = attached.filter((to) => reaches(settings.segments, segment, to.segment!));
    return planTable(segment, sources, reachable, destinations, region);
  });
  if (settings.onPremises) {
    const reachable = local.filter((to) => reaches(settings.segments, onPremisesSegment, to.segment!));
    tables.push(planTable(onPremisesSegment, [{ kind: 'on-premises' }], reachable, destinations, region));
  }
  const peers = regions
    .filter(({ key }) => key !== region)
    .map(({ key }): Attachment => ({ kind: 'peer', region: key }));
  const reachable = local.filter((to) => remote.some((from) => reach(from, to)));
  tables.push(planTable(peeringTable, peers, reachable, destinations, region));
  return tables;
}

function planTable(
  name: string,
  associations: Attachment[],
  reachable: readonly Destination[],
  destinations: readonly Destination[],
  region: string,
): RoutingTable {
  const ways = reachable.map((destination): StaticRoute => ({ destination, to: wayTo(destination, region) }));
  // The owner of an external network can add any range to it: only the agreed one is routed, so nothing of it propagates.
  const announces = ({ to }: StaticRoute) => to.kind === 'vpc' || to.kind === 'on-premises';
  const named = new Set(reachable.map(({ cidr }) => cidr));
  return {
    name,
    associations,
    propagations: distinct(ways.filter(announces).map(({ to }) => to)),
    routes: ways.filter((way) => !announces(way)),
    // A blackhole wins against an announced route of the same range.
    blackholes: destinations.filter(({ cidr }) => !named.has(cidr) && named.add(cidr)),
  };
}

function wayTo(destination: Destination, region: string): Attachment {
  const remote = destination.region !== undefined && destination.region !== region;
  return remote ? { kind: 'peer', region: destination.region } : destination.attachment!;
}

function distinct(attachments: Attachment[]): Attachment[] {
  return [...new Map(attachments.map((attachment) => [JSON.stringify(attachment), attachment])).values()];
}

/**
 * A VPC sends whole regions to the hub, its own included: what may not be reached is dropped and logged there instead of
 * leaving through a NAT gateway, and a new VPC changes no other VPC's tables. One whose segment reaches nothing sends nothing.
 */
function planVpcRoutes(
  settings: RoutingSettings,
  destinations: readonly Destination[],
  region: string,
): Record<string, readonly Destination[]> {
  const vpcs = destinations.filter((destination) => destination.kind === 'vpc' && destination.region === region);
  return Object.fromEntries(
    vpcs.map((vpc) => {
      const reached = destinations.filter(
        (to) => to.attachment && reaches(settings.segments, vpc.segment!, to.segment!),
      );
      const outside = reached.filter(({ kind }) => kind === 'external' || kind === 'on-premises');
      const ranges = reached.length > 0 ? destinations.filter(isOwnRange) : [];
      const named = new Set([vpc.cidr]);
      const routes = [...ranges, ...outside].filter(({ cidr }) => !named.has(cidr) && named.add(cidr));
      return [vpc.name.slice(`${region}/`.length), routes];
    }),
  );
}
