import type { End } from './ends';
import { formatAddress, holds, isPrivateAddress, type AddressRange } from '@platform/libs/settings/cidr';
import type { Attachment, Network, Subnet } from './network';
import { Representatives } from './representatives';
import { walk, type Packet, type Start, type Trace } from './walk';

/** A question of one machine to another; the reply goes the other way with the ports exchanged. */
export interface Conversation {
  readonly start: Start;
  readonly packet: Packet;
  readonly applianceZone: number;
}

/** What a question asks for. */
export interface Asked {
  readonly protocol: Packet['protocol'];
  readonly port: number;
  /** Where it may be any of several ports, the last of them. */
  readonly lastPort?: number;
}

/** One of the two that talk: a whole network, or one address in it. */
export interface Side {
  readonly end: End;
  readonly address?: number | undefined;
}

/** Ports that clients of any system choose from (VPC user guide, "Ephemeral ports"). */
const clientPorts = [1024, 65535] as const;
/** Which services a machine offers is said by its security groups: the network carries them all. */
const everyService: readonly Asked[] = (['tcp', 'udp'] as const).map((protocol) => {
  return { protocol, port: 1, lastPort: 65535 };
});
/** What the application asks of the internet; any service would do where ACLs are ignored. */
const https: Asked = { protocol: 'tcp', port: 443 };
/** An address of the internet, reserved for documentation (RFC 5737). */
const internetAddress = 0xcb007101;

/** Makes the conversations that stand for all that the ends of the estate can have with each other. */
export class Conversations {
  private readonly representatives: Representatives;
  private readonly applianceZones: readonly number[];
  private readonly internet: readonly number[];

  constructor(
    private readonly network: Network,
    private readonly ends: readonly End[],
    /** Networks that something else than routes and ACLs tells apart. */
    told: readonly AddressRange[] = [],
  ) {
    this.representatives = new Representatives(network, told);
    this.internet = this.representatives
      .pieces()
      // Not the first ones of all addresses, which nobody has.
      .map(({ first, last }) => (first <= internetAddress && internetAddress <= last ? internetAddress : last))
      .filter((address) => !isPrivateAddress(address))
      .filter((address) => !ends.some(({ ranges }) => ranges.some((range) => holds(range, address))));
    const zones = [...network.attachments.values()].map((attachment) =>
      attachment.kind === 'vpc' && attachment.applianceMode ? attachment.subnets.length : 1,
    );
    this.applianceZones = Array.from({ length: Math.max(1, ...zones) }, (_, zone) => zone);
  }

  /**
   * Between the machines of two ends that may speak to the hub: every zone with every zone, by every port. An end with an
   * address is that address alone, whichever subnet it is in.
   */
  between(from: Side, to: Side): Conversation[] {
    const destinations = to.address === undefined ? this.addresses(to.end) : [to.address];
    return destinations.flatMap((destination) => {
      const starts = this.startsOf(from, destination) ?? this.speakers(from.end, destination);
      return everyService.flatMap((asked) => this.conversations(starts, destination, asked));
    });
  }

  /** From any subnet of an end, to any place in another, or between addresses in them. */
  attempts(from: Side, to: Side): Conversation[] {
    const places = to.end.kind === 'vpc' ? this.places(to.end.vpc.subnets) : this.addresses(to.end);
    const destinations = to.address === undefined ? places : [to.address];
    return destinations.flatMap((destination) => {
      const anywhere =
        from.end.kind === 'vpc' ? from.end.vpc.subnets.map(startIn) : this.speakers(from.end, destination);
      return this.conversations(this.startsOf(from, destination) ?? anywhere, destination);
    });
  }

  /** From the machines of a VPC to the internet: one address of each piece of it that routes tell apart, or the one given. */
  toInternet(from: Side & { readonly end: { readonly kind: 'vpc' } }, address?: number): Conversation[] {
    const destinations = address === undefined ? this.internet : [address];
    return destinations.flatMap((destination) =>
      this.conversations(this.startsOf(from, destination) ?? this.speakers(from.end, destination), destination),
    );
  }

  /** From every one of some subnets to every one of others. */
  amongSubnets(from: readonly Subnet[], to: readonly Subnet[], asked: Asked): Conversation[] {
    return this.outOfSubnets(
      from,
      to.map(({ range }) => range),
      asked,
    );
  }

  /** From some subnets to all addresses of networks. */
  outOfSubnets(from: readonly Subnet[], to: readonly AddressRange[], asked: Asked): Conversation[] {
    const starts = this.startsIn(from);
    return to
      .flatMap((range) => this.representatives.of(range))
      .flatMap((destination) => this.conversations(starts, destination, asked));
  }

  /** From the machines of an end to every one of some subnets. */
  intoSubnets(from: End, to: readonly Subnet[], asked: Asked): Conversation[] {
    return to
      .flatMap(({ range }) => this.representatives.of(range))
      .flatMap((destination) => this.conversations(this.speakers(from, destination), destination, asked));
  }

  /** The ways of the question. */
  ask({ start, packet, applianceZone }: Conversation, acls: 'respected' | 'ignored' = 'respected'): Trace[] {
    return walk(this.network, start, packet, { acls, applianceZone });
  }

  /** The ways of the reply to a question that took the way `there`. */
  reply({ packet, applianceZone }: Conversation, { outcome }: Trace): Trace[] {
    const back: Packet = {
      source: packet.destination,
      destination: packet.source,
      protocol: packet.protocol,
      sourcePorts: packet.destinationPorts,
      destinationPorts: packet.sourcePorts,
    };
    return this.repliers(outcome, back.destination).flatMap((start) =>
      walk(this.network, start, back, { acls: 'respected', applianceZone }),
    );
  }

  /** True when a packet ended in the network of an end. */
  arrived({ outcome }: Trace, end: End): boolean {
    switch (outcome.kind) {
      case 'host':
        return end.kind === 'vpc' && outcome.subnet.vpc === end.vpc;
      case 'outside':
        return end.kind === 'external'
          ? outcome.attachment === end.attachment
          : end.kind === 'on-premises' && outcome.attachment.kind === 'on-premises';
      default:
        return false;
    }
  }

  private repliers(outcome: Trace['outcome'], destination: number): Start[] {
    switch (outcome.kind) {
      case 'host':
        return [startIn(outcome.subnet).start];
      case 'internet':
        return outcome.nat ? [{ from: 'internet', nat: outcome.nat }] : [];
      case 'outside': {
        const end = this.ends.find((candidate) => this.arrived({ outcome, hops: [], passages: [] }, candidate));
        return end ? this.speakers(end, destination).map(({ start }) => start) : [];
      }
      case 'dropped':
        return [];
    }
  }

  private conversations(
    starts: readonly { start: Start; source: number }[],
    destination: number,
    { protocol, port, lastPort = port }: Asked = https,
  ): Conversation[] {
    return starts.flatMap(({ start, source }) =>
      this.applianceZones.map((applianceZone) => ({
        start,
        applianceZone,
        packet: { source, destination, protocol, sourcePorts: clientPorts, destinationPorts: [port, lastPort] },
      })),
    );
  }

  private speakers(end: End, destination: number): { start: Start; source: number }[] {
    switch (end.kind) {
      case 'vpc':
        return this.startsIn(end.vpc.subnets.filter(({ id }) => this.network.speakers.has(id)));
      case 'external': {
        const { attachment, hub } = end;
        return this.addresses(end).map((source) => ({ start: { from: 'attachment', attachment, hub }, source }));
      }
      case 'on-premises':
        return this.entrances(end, destination).flatMap((start) =>
          this.addresses(end).map((source) => ({ start, source })),
        );
    }
  }

  /** Where the packets of one address set out; undefined where no single one is asked about. */
  private startsOf(
    { end, address: source }: Side,
    destination: number,
  ): { start: Start; source: number }[] | undefined {
    if (source === undefined) return undefined;
    if (end.kind === 'vpc') {
      const subnet = end.vpc.subnets.find(({ range }) => holds(range, source));
      return subnet ? [{ start: { from: 'subnet', subnet }, source }] : [];
    }
    if (end.kind === 'on-premises') return this.entrances(end, destination).map((start) => ({ start, source }));
    return [{ start: { from: 'attachment', attachment: end.attachment, hub: end.hub }, source }];
  }

  private startsIn(subnets: readonly Subnet[]): { start: Start; source: number }[] {
    return subnets.flatMap((subnet) =>
      this.representatives.of(subnet.range).map((source) => ({ start: { from: 'subnet', subnet }, source })),
    );
  }

  /** Which connections on premises would send a packet over: those that announce its destination. */
  private entrances({ attachments }: End & { kind: 'on-premises' }, destination: number): Start[] {
    return attachments.flatMap((attachment): Start[] => {
      const hub = this.network.hubs.get(attachment.hub);
      return hub && announces(this.network, attachment, destination) ? [{ from: 'attachment', attachment, hub }] : [];
    });
  }

  private addresses(end: End): number[] {
    switch (end.kind) {
      case 'vpc':
        return end.vpc.subnets
          .filter(({ id }) => this.network.speakers.has(id))
          .flatMap(({ range }) => this.representatives.of(range));
      case 'external':
      case 'on-premises':
        return end.ranges
          .flatMap((range) => this.representatives.of(range))
          .filter((address) => this.belongsTo(address, end));
    }
  }

  /** A wide range on premises may contain ours, which are then not on premises. */
  private belongsTo(address: number, end: End): boolean {
    const size = (other: End) =>
      Math.min(...other.ranges.filter((range) => holds(range, address)).map(({ first, last }) => last - first));
    return this.ends.every((other) => size(other) >= size(end));
  }

  /** One address of each piece that routes tell apart, in whichever subnet has it. */
  private places(subnets: readonly Subnet[]): number[] {
    const found = new Map<number, number>();
    for (const { range } of subnets) {
      for (const address of this.representatives.of(range)) found.set(this.representatives.piece(address), address);
    }
    return [...found.values()];
  }
}

/** True when a connection tells on premises of an address: BGP over a VPN what the table has a way to, Direct Connect what its list says. */
export function announces(
  { hubs }: Network,
  { id, hub, announced }: Attachment & { kind: 'on-premises' },
  address: number,
): boolean {
  if (announced) return announced.some((range) => holds(range, address));
  return hubs.get(hub)?.associations.get(id)?.lookup.lookup(address)?.value.attachment !== undefined;
}

function startIn(subnet: Subnet): { start: Start & { from: 'subnet' }; source: number } {
  return { start: { from: 'subnet', subnet }, source: subnet.range.first + 10 };
}

/** `10.0.0.10 → 10.4.0.10, tcp port 443` */
export function formatConversation({ packet }: Conversation): string {
  const [first, last] = packet.destinationPorts;
  const ports = first === last ? `port ${first}` : `ports ${first}–${last}`;
  return `${formatAddress(packet.source)} → ${formatAddress(packet.destination)}, ${packet.protocol} ${ports}`;
}
