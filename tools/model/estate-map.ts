/*
 * What an estate consists of, as a picture shows it: read from synthesised JSON, and plain JSON itself, so that the review
 * page carries it.
 */

/** What a node is. The order is the one in which a stack's main node is chosen. */
export const nodeKinds = [
  'vpc',
  'hub',
  'balancer',
  'distribution',
  'accelerator',
  'records',
  'hosted-zone',
  'database',
  'cache',
  'table',
  'bucket',
  'state-bucket',
  'inspection',
  'fleet',
  'endpoints',
  'resolver',
  'direct-connect',
  'external',
  'on-premises',
] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** The same in AWS's words. */
export const kindNames: Readonly<Record<NodeKind, string>> = {
  vpc: 'VPC',
  hub: 'Transit Gateway',
  balancer: 'Load balancer',
  distribution: 'CloudFront',
  accelerator: 'Global Accelerator',
  records: 'Route 53',
  'hosted-zone': 'Hosted zone',
  database: 'Database',
  cache: 'Cache',
  table: 'DynamoDB table',
  bucket: 'S3 bucket',
  'state-bucket': 'State bucket',
  inspection: 'Gateway Load Balancer',
  fleet: 'Auto Scaling',
  endpoints: 'Private endpoints',
  resolver: 'DNS resolver',
  'direct-connect': 'Direct Connect gateway',
  external: 'VPC of another account',
  'on-premises': 'On-premises',
};

export interface MapRegion {
  /** `us` */
  readonly key: string;
  /** `us-east-1` */
  readonly awsRegion: string;
  readonly role: 'primary' | 'standby' | null;
  /** Whether it holds the states of global stacks. */
  readonly home: boolean;
}

export interface MapStack {
  readonly stack: string;
  /** Folder: `region-us/vpc`. */
  readonly project: string;
  /** Region that it belongs to alone; null for global stacks and links of two regions. */
  readonly region: string | null;
  readonly owner: string | null;
  /** Role of its account: `network`. */
  readonly account: string | null;
  /** Stacks whose outputs it reads: the contract edges. */
  readonly reads: readonly string[];
  /** How many resources it has. */
  readonly resources: number;
}

export interface MapSubnet {
  readonly zone: string;
  /** `10.0.16.0/20` */
  readonly range: string;
  readonly address: string;
}

/** Subnets with one purpose, one per zone. */
export interface MapTier {
  readonly name: string;
  readonly subnets: readonly MapSubnet[];
}

export interface MapNode {
  /** Unique: stack and address of its main resource. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** What is worth knowing at a glance, most important first: `3–24 instances`. */
  readonly facts: readonly string[];
  /** Stack that makes it; null for what is outside. */
  readonly stack: string | null;
  /** Key; null for what exists once. */
  readonly region: string | null;
  /** Address of the main resource: `aws_vpc.Vpc_Network_E85817B6`. */
  readonly address: string;
  /** Id of the VPC that it is in. */
  readonly vpc?: string;
  /** Tier of that VPC. */
  readonly tier?: string;
  /** Of a VPC. */
  readonly tiers?: readonly MapTier[];
}

export type LinkKind = 'attachment' | 'peering' | 'direct-connect' | 'vpn' | 'replication' | 'traffic';

/** A connection of two nodes. */
export interface MapLink {
  readonly id: string;
  readonly kind: LinkKind;
  readonly from: string;
  readonly to: string;
  /** Whether data flows in both directions; of replication only. */
  readonly both: boolean;
  /** `15 min`, `multi-writer`; empty where nothing is to say. */
  readonly label: string;
  readonly stack: string;
  readonly address: string;
}

export interface EstateMap {
  /** Null, as the next three, for plans of another repository. */
  readonly organisation: string | null;
  readonly environment: string | null;
  readonly level: string | null;
  readonly mode: string | null;
  readonly regions: readonly MapRegion[];
  /** In deploy order. */
  readonly stacks: readonly MapStack[];
  readonly nodes: readonly MapNode[];
  readonly links: readonly MapLink[];
}

/** Every id of a node or link by the stack that makes it, and what decides which of a stack's resources it stands for. */
export interface Homes {
  /** The node or link that stands for a resource; undefined where the stack has no node of its own for it. */
  of(stack: string, address: string): string | undefined;
  /** The node or link that stands for a stack as a whole. */
  main(stack: string): string | undefined;
}

/**
 * Which node or link stands for a resource: the one whose main resource it is, else the one in whose construct it is, by
 * the longest scope; else the stack's main node. A stack whose nodes are in several regions has no main node.
 */
export function homesOf({ nodes, links }: EstateMap): Homes {
  const byStack = new Map<string, { id: string; address: string; region: string | null; rank: number }[]>();
  const add = (stack: string | null, entry: { id: string; address: string; region: string | null; rank: number }) => {
    if (stack !== null) byStack.set(stack, [...(byStack.get(stack) ?? []), entry]);
  };
  for (const { id, stack, address, region, kind } of nodes) {
    add(stack, { id, address, region, rank: nodeKinds.indexOf(kind) });
  }
  // Links after nodes; those of data flow belong to the store that sends.
  for (const { id, stack, address, kind } of links) {
    if (kind !== 'traffic' && kind !== 'attachment' && kind !== 'replication') {
      add(stack, { id, address, region: null, rank: nodeKinds.length });
    }
  }
  const main = (stack: string) => {
    const all = byStack.get(stack) ?? [];
    const inside = all.filter(({ rank }) => rank < nodeKinds.length);
    if (new Set(inside.map(({ region }) => region)).size > 1) return undefined;
    return [...all].sort((a, b) => a.rank - b.rank)[0]?.id;
  };
  return {
    main,
    of: (stack, address) => {
      const all = byStack.get(stack) ?? [];
      const exact = all.find((entry) => entry.address === address);
      if (exact) return exact.id;
      const name = nameOf(address);
      const [inScope] = all
        .map((entry) => ({ id: entry.id, scope: scopeOf(entry.address) }))
        .filter(({ scope }) => scope !== '' && name.startsWith(scope))
        .sort((a, b) => b.scope.length - a.scope.length);
      return inScope?.id ?? main(stack);
    },
  };
}

/** `Vpc_App_Subnet0_DE7E2F4A` of `aws_subnet.Vpc_App_Subnet0_DE7E2F4A["a"]`. */
function nameOf(address: string): string {
  return (address.split('.').at(-1) ?? '').replace(/\[.*$/, '');
}

/** The construct that a resource is in, as cdktf writes it in front of the names of all that are in it: `Vpc_`. */
function scopeOf(address: string): string {
  const parts = nameOf(address)
    .replace(/_[0-9A-F]{8}$/, '')
    .split('_');
  return parts.length > 1 ? `${parts.slice(0, -1).join('_')}_` : '';
}
