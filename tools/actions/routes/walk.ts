import { droppedPort } from './acl';
import { formatAddress, holds, isPrivateAddress } from '@platform/libs/settings/cidr';
import type { Attachment, Hub, InspectionEndpoint, Nat, Network, Subnet, VpcRouteTable } from './network';
import type { Place } from './references';

/** All packets of one direction of a conversation: ports are every one that the packet may have. */
export interface Packet {
  readonly source: number;
  readonly destination: number;
  readonly protocol: 'tcp' | 'udp';
  readonly sourcePorts: readonly [first: number, last: number];
  readonly destinationPorts: readonly [first: number, last: number];
}

/** Where a packet sets out: from a machine, from beyond an attachment, or from the internet in reply to a NAT gateway. */
export type Start =
  | { readonly from: 'subnet'; readonly subnet: Subnet }
  | { readonly from: 'attachment'; readonly attachment: Attachment; readonly hub: Hub }
  | { readonly from: 'internet'; readonly nat: Nat };

/** One step: where it is decided, and what. */
export interface Hop {
  readonly place: Place;
  readonly does: string;
}

/** A packet that went through an appliance, by the endpoint of its Gateway Load Balancer. */
export interface Passage {
  readonly endpoint: InspectionEndpoint;
  /** Zone that the packet was in before. */
  readonly zoneBefore: string;
  /** The route that led there. */
  readonly place: Place;
}

export type DropCause = 'no-route' | 'blackhole' | 'acl' | 'not-attached' | 'no-host' | 'loop';

export type Outcome =
  | { readonly kind: 'host'; readonly subnet: Subnet }
  | { readonly kind: 'outside'; readonly attachment: Attachment }
  | { readonly kind: 'internet'; readonly nat: Nat | undefined }
  | {
      readonly kind: 'dropped';
      readonly cause: DropCause;
      readonly place: Place;
      /** Hub whose table had no way. */
      readonly hub?: Hub;
    };

/** The way of a packet from its start to where it ends. */
export interface Trace {
  readonly hops: readonly Hop[];
  readonly passages: readonly Passage[];
  readonly outcome: Outcome;
}

export interface WalkOptions {
  /** `ignored` asks where routes lead alone: a fence behind a wrong route does not make the route right. */
  readonly acls: 'respected' | 'ignored';
  /** Which zone appliance mode picks for the conversation: the same for both its directions. */
  readonly applianceZone: number;
}

interface Travel {
  readonly packet: Packet;
  /** Undefined after a hub that does not know the zone of the sender. */
  readonly zone: string | undefined;
  readonly hops: readonly Hop[];
  readonly passages: readonly Passage[];
  readonly nat?: Nat;
}

/** More steps than any way of the estate has. */
const maximumHops = 40;

/**
 * Follows a packet through the tables and ACLs of all stacks.
 * @returns one trace per way that AWS may choose, where it chooses by zone and the zone is not known
 */
export function walk(network: Network, start: Start, packet: Packet, options: WalkOptions): Trace[] {
  return new Walker(network, options, packet.destination).begin(start, packet);
}

class Walker {
  constructor(
    private readonly network: Network,
    private readonly options: WalkOptions,
    /** What a NAT gateway puts back as the destination of a reply. */
    private readonly originalDestination: number,
  ) {}

  begin(start: Start, packet: Packet): Trace[] {
    const travel = { packet, hops: [], passages: [] };
    switch (start.from) {
      case 'subnet':
        return this.leave(start.subnet, { ...travel, zone: start.subnet.zone });
      case 'attachment':
        return this.enterHub(start.hub, start.attachment, { ...travel, zone: undefined });
      case 'internet': {
        const { subnet } = start.nat;
        const toNat = { ...packet, destination: natAddress(start.nat) };
        const arrived: Travel = { ...travel, packet: toNat, zone: subnet.zone, nat: start.nat };
        const { edgeTable } = subnet.vpc;
        return edgeTable ? this.route(edgeTable, undefined, arrived) : this.arrive(subnet, undefined, arrived);
      }
    }
  }

  /** Out of a subnet: its ACL, then its table. */
  private leave(subnet: Subnet, travel: Travel): Trace[] {
    if (holds(subnet.range, travel.packet.destination)) return this.arrive(subnet, subnet, travel);
    const { destination, protocol, destinationPorts } = travel.packet;
    return (
      this.fence(subnet, 'egress', destination, protocol, destinationPorts, travel) ??
      this.route(subnet.table, subnet, travel)
    );
  }

  private route(table: VpcRouteTable, subnet: Subnet | undefined, travel: Travel): Trace[] {
    const { destination } = travel.packet;
    const vpc = subnet?.vpc ?? travel.nat!.subnet.vpc;
    const found = table.lookup.lookup(destination);
    if (!found)
      return drop(travel, 'no-route', table.place, `${table.name} has no route for ${formatAddress(destination)}`);
    const { target, place, range } = found.value;
    const step = (to: string) => hop(travel, place, `${table.name}: ${range.text} → ${to}`);
    switch (target.kind) {
      case 'local': {
        const to = vpc.subnets.find((candidate) => holds(candidate.range, destination));
        if (!to)
          return drop(
            step('local'),
            'no-host',
            vpc.place,
            `${vpc.name} has no subnet with ${formatAddress(destination)}`,
          );
        return this.arrive(to, subnet, step('local'));
      }
      case 'hub':
        return this.toHub(target.id, subnet, step(this.network.hubs.get(target.id)?.name ?? target.id), place);
      case 'endpoint':
        return this.inspect(target.id, subnet, step('inspection'), place);
      case 'nat': {
        const nat = this.network.nats.get(target.id);
        if (!nat) return drop(travel, 'no-route', place, `${table.name} leads to a NAT gateway that is not there`);
        return this.translate(nat, subnet, step('NAT gateway'));
      }
      case 'internet':
        return isPrivateAddress(destination)
          ? drop(step('internet gateway'), 'no-route', place, `the internet knows no ${formatAddress(destination)}`)
          : [{ ...step('internet gateway'), outcome: { kind: 'internet', nat: travel.nat } }];
      case 'unknown':
        return drop(travel, 'no-route', place, `${table.name}: ${range.text} leads to something that is not known`);
    }
  }

  private arrive(subnet: Subnet, from: Subnet | undefined, travel: Travel): Trace[] {
    const { source, protocol, destinationPorts, destination } = travel.packet;
    const fenced =
      from === subnet ? undefined : this.fence(subnet, 'ingress', source, protocol, destinationPorts, travel);
    if (fenced) return fenced;
    const { nat } = travel;
    if (nat?.subnet === subnet && destination === natAddress(nat) && destination !== this.originalDestination) {
      const back = { ...travel, packet: { ...travel.packet, destination: this.originalDestination } };
      return this.leave(subnet, hop(back, nat.place, 'the NAT gateway puts back the address of the sender'));
    }
    return [{ ...hop(travel, subnet.place, `arrives in ${subnet.name}`), outcome: { kind: 'host', subnet } }];
  }

  private translate(nat: Nat, from: Subnet | undefined, travel: Travel): Trace[] {
    const { source, protocol, destinationPorts } = travel.packet;
    const fenced =
      from === nat.subnet ? undefined : this.fence(nat.subnet, 'ingress', source, protocol, destinationPorts, travel);
    if (fenced) return fenced;
    const packet = { ...travel.packet, source: natAddress(nat) };
    return this.leave(
      nat.subnet,
      hop({ ...travel, packet, nat, zone: nat.subnet.zone }, nat.place, 'gets the address of the NAT gateway'),
    );
  }

  private inspect(id: string, from: Subnet | undefined, travel: Travel, place: Place): Trace[] {
    const endpoint = this.network.endpoints.get(id);
    if (!endpoint) return drop(travel, 'no-route', place, 'the route leads to an endpoint that is not there');
    if (travel.hops.length > maximumHops) return drop(travel, 'loop', place, 'the packet goes in a circle');
    const { subnet } = endpoint;
    const { source, protocol, destinationPorts } = travel.packet;
    const fenced =
      from === subnet ? undefined : this.fence(subnet, 'ingress', source, protocol, destinationPorts, travel);
    if (fenced) return fenced;
    const passage = { endpoint, zoneBefore: travel.zone ?? '', place };
    return this.leave(subnet, {
      ...hop(travel, endpoint.place, `an appliance of zone ${subnet.zone} sees it`),
      passages: [...travel.passages, passage],
      zone: subnet.zone,
    });
  }

  /** Into the hub through the attachment's own subnet of the zone. */
  private toHub(id: string, from: Subnet | undefined, travel: Travel, place: Place): Trace[] {
    const hub = this.network.hubs.get(id);
    const vpc = from?.vpc;
    const attachment = [...this.network.attachments.values()].find(
      (candidate) => candidate.kind === 'vpc' && candidate.vpc === vpc && candidate.hub === id,
    );
    if (!hub || attachment?.kind !== 'vpc')
      return drop(travel, 'not-attached', place, `${vpc?.name} is not attached to the hub`);
    const door = attachment.subnets.find(({ zone }) => zone === from!.zone);
    if (!door)
      return drop(travel, 'not-attached', attachment.place, `${vpc!.name} is not attached in zone ${from!.zone}`);
    const { source, protocol, destinationPorts } = travel.packet;
    const fenced = from === door ? undefined : this.fence(door, 'ingress', source, protocol, destinationPorts, travel);
    return fenced ?? this.enterHub(hub, attachment, { ...travel, zone: from!.zone });
  }

  private enterHub(hub: Hub, entered: Attachment, travel: Travel): Trace[] {
    const { destination } = travel.packet;
    if (travel.hops.length > maximumHops) return drop(travel, 'loop', entered.place, 'the packet goes in a circle');
    const table = hub.associations.get(entered.id);
    if (!table)
      return drop(
        travel,
        'not-attached',
        entered.place,
        `${hub.name} has no table for what comes in through the attachment`,
      );
    const found = table.lookup.lookup(destination);
    if (!found)
      return drop(travel, 'no-route', table.place, `${table.name} has no route for ${formatAddress(destination)}`, hub);
    const { attachment, place, range } = found.value;
    if (!attachment) return drop(travel, 'blackhole', place, `${table.name}: ${range.text} → dropped on purpose`, hub);
    const step = (to: string) => hop(travel, place, `${table.name}: ${range.text} → ${to}`);
    switch (attachment.kind) {
      case 'vpc': {
        const through = step(attachment.vpc.name);
        return this.doors(attachment, travel.zone).flatMap((door) => this.leave(door, { ...through, zone: door.zone }));
      }
      case 'peer': {
        const other = this.network.hubs.get(attachment.hubs[0] === hub.id ? attachment.hubs[1] : attachment.hubs[0]);
        if (!other) return drop(travel, 'no-route', place, 'the peering leads to no hub of the estate', hub);
        return this.enterHub(other, attachment, { ...step(`${other.name} of ${other.awsRegion}`), zone: undefined });
      }
      case 'external':
        return [{ ...step('the VPC of the other account'), outcome: { kind: 'outside', attachment } }];
      case 'on-premises':
        return [{ ...step(`on premises by ${attachment.by}`), outcome: { kind: 'outside', attachment } }];
    }
  }

  /** A hub stays in the sender's zone where it can; with appliance mode one zone serves both directions of a conversation. */
  private doors(attachment: Attachment & { kind: 'vpc' }, zone: string | undefined): readonly Subnet[] {
    const { subnets, applianceMode } = attachment;
    if (applianceMode) return [subnets[this.options.applianceZone % subnets.length]!];
    const same = subnets.filter((subnet) => subnet.zone === zone);
    return same.length > 0 ? same : subnets;
  }

  private fence(
    subnet: Subnet,
    direction: 'ingress' | 'egress',
    other: number,
    protocol: Packet['protocol'],
    ports: Packet['destinationPorts'],
    travel: Travel,
  ): Trace[] | undefined {
    if (this.options.acls === 'ignored' || !subnet.acl) return undefined;
    const port = droppedPort(subnet.acl[direction], { other, protocol, ports });
    if (port === undefined) return undefined;
    const sense = direction === 'ingress' ? 'in from' : 'out to';
    const said = `the network ACL of ${subnet.name} lets no ${protocol} port ${port} ${sense} ${formatAddress(other)}`;
    return drop(travel, 'acl', subnet.acl.place, said);
  }
}

function hop<T extends Travel>(travel: T, place: Place, does: string): T {
  return { ...travel, hops: [...travel.hops, { place, does }] };
}

function drop(travel: Travel, cause: DropCause, place: Place, does: string, hub?: Hub): Trace[] {
  const { hops, passages } = hop(travel, place, does);
  return [{ hops, passages, outcome: { kind: 'dropped', cause, place, ...(hub ? { hub } : {}) } }];
}

/** The first four addresses of a subnet are AWS's. */
function natAddress({ subnet }: Nat): number {
  return subnet.range.first + 4;
}
