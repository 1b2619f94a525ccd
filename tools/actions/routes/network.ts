import type { AddressRange } from '@platform/libs/settings/cidr';
import type { LongestPrefix } from './longest-prefix';
import type { Service } from './read-services';
import type { Place } from './references';

/** Where a VPC's route table sends a packet. `unknown` is a target that no stack makes. */
export type Target =
  | { readonly kind: 'local' | 'internet' | 'unknown' }
  | { readonly kind: 'hub' | 'nat' | 'endpoint'; readonly id: string };

/** One line of a VPC's route table. */
export interface VpcRoute {
  readonly range: AddressRange;
  readonly target: Target;
  readonly place: Place;
}

export interface VpcRouteTable {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly routes: readonly VpcRoute[];
  readonly lookup: LongestPrefix<VpcRoute>;
}

/** A rule of a network ACL, ICMP left out. */
export interface AclRule {
  readonly number: number;
  readonly action: 'allow' | 'deny';
  readonly protocol: 'all' | 'tcp' | 'udp';
  readonly range: AddressRange;
  readonly ports: readonly [first: number, last: number];
}

export interface Acl {
  readonly place: Place;
  /** In the order in which they are tried. */
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly vpc: Vpc;
  readonly range: AddressRange;
  readonly zone: string;
  readonly table: VpcRouteTable;
  /** Undefined: AWS's default one, which lets everything pass. */
  readonly acl: Acl | undefined;
}

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  /** AWS's name of the region. */
  readonly awsRegion: string;
  readonly ranges: readonly AddressRange[];
  readonly subnets: Subnet[];
  /** Decides about packets that the internet gateway lets in; undefined where it has no table. */
  readonly edgeTable: VpcRouteTable | undefined;
}

/** What a hub is joined to. */
export type Attachment = { readonly id: string; readonly place: Place } & (
  | {
      readonly kind: 'vpc';
      readonly hub: string;
      readonly vpc: Vpc;
      readonly subnets: readonly Subnet[];
      readonly applianceMode: boolean;
    }
  | { readonly kind: 'peer'; readonly hubs: readonly [string, string] }
  /** A VPC of another account, known by the id that its owner told. */
  | { readonly kind: 'external' }
  | {
      readonly kind: 'on-premises';
      readonly hub: string;
      readonly by: 'Direct Connect' | 'VPN';
      /** What is announced to on premises; undefined: all that the table has a way to, as BGP over a VPN does. */
      readonly announced: readonly AddressRange[] | undefined;
    }
);

/** One line of a hub's route table. No attachment: the packet is dropped on purpose. */
export interface HubRoute {
  readonly range: AddressRange;
  readonly attachment: Attachment | undefined;
  readonly origin: 'static' | 'propagated';
  readonly place: Place;
}

export interface HubTable {
  readonly id: string;
  readonly hub: string;
  readonly name: string;
  readonly place: Place;
  readonly routes: readonly HubRoute[];
  readonly lookup: LongestPrefix<HubRoute>;
}

export interface Hub {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly awsRegion: string;
  readonly tables: HubTable[];
  /** The table that decides about packets of an attachment, by its id. */
  readonly associations: Map<string, HubTable>;
  /** Who said so, by the attachment's id. */
  readonly associationPlaces: Map<string, Place>;
}

/** An endpoint of a Gateway Load Balancer: what goes in comes out after an appliance has seen it. */
export interface InspectionEndpoint {
  readonly id: string;
  readonly place: Place;
  readonly subnet: Subnet;
}

export interface Nat {
  readonly id: string;
  readonly place: Place;
  readonly subnet: Subnet;
}

/** Something of the configuration that decides about packets and that the model cannot express. */
export interface Unread {
  readonly place: Place;
  readonly what: string;
}

/** Everything that forwards packets, of all stacks together. */
export interface Network {
  readonly vpcs: readonly Vpc[];
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly attachments: ReadonlyMap<string, Attachment>;
  readonly endpoints: ReadonlyMap<string, InspectionEndpoint>;
  readonly nats: ReadonlyMap<string, Nat>;
  /** Ids of the subnets whose packets may go to the hub, as their stacks publish in `appSubnetIds`. */
  readonly speakers: ReadonlySet<string>;
  /** What is asked, and asks, inside the estate. */
  readonly services: readonly Service[];
  readonly unread: readonly Unread[];
}
