import { cidrRange, isPrivate, privateNetworks } from '@platform/libs/settings/cidr';
import type { Tier, TierPlan } from './plan-subnets';

/** One rule of a network ACL. The first one that matches a packet decides; a packet that none matches is dropped. */
export interface AclRule {
  readonly action: 'allow' | 'deny';
  readonly protocol: 'all' | 'tcp' | 'udp' | 'path-mtu';
  /** Where the packet comes from (ingress) or goes to (egress). */
  readonly cidr: string;
  /** First and last destination port; only with `tcp` and `udp`, all ports when absent. */
  readonly ports?: readonly [first: number, last: number];
}

/** Rules of one tier, in the order in which they are tried. */
export interface AclPlan {
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

/** Networks that rules speak of. */
export interface AclNetworks {
  readonly vpc: string;
  readonly tiers: Readonly<Record<Tier, TierPlan>>;
  /** Networks on premises; those outside private address space would else count as internet. */
  readonly onPremises: readonly string[];
}

const anywhere = '0.0.0.0/0';

/** Ports that replies come back to; NAT gateways and balancers use all of them (VPC user guide, "Ephemeral ports"). */
const replyPorts = [1024, 65535] as const;

/** Replies to what the tier asked of the internet, and the ICMP message without which large packets vanish. */
const replies: readonly AclRule[] = [
  { action: 'allow', protocol: 'tcp', cidr: anywhere, ports: replyPorts },
  { action: 'allow', protocol: 'udp', cidr: anywhere, ports: replyPorts },
  { action: 'allow', protocol: 'path-mtu', cidr: anywhere },
];

const open: readonly AclRule[] = [{ action: 'allow', protocol: 'all', cidr: anywhere }];

/**
 * Network ACL rules of one tier. They are the second fence behind security groups, and stateless: each direction has
 * to let replies through. At most 20 rules per direction (quota of VPC) are used by far.
 *
 * - public: HTTP and HTTPS from anywhere, everything from the VPC (which leaves through NAT here)
 * - nat, a public tier without balancers: everything from the VPC, and replies; nothing from other private networks, to
 *   which no table leads back
 * - app: everything from inside; from the internet only replies
 * - data: TCP from app, everything among data stores, replies of the S3 and DynamoDB endpoints; nothing else from inside
 * - transit, inspection: open, since packets of every source and port pass through
 */
export function planNetworkAcl(tier: Tier | 'nat', { vpc, tiers, onPremises }: AclNetworks): AclPlan {
  const allow = (protocol: AclRule['protocol'], cidr: string, ports?: AclRule['ports']): AclRule => ({
    action: 'allow',
    protocol,
    cidr,
    ...(ports ? { ports } : {}),
  });
  // All private address space is inside: which part of it reaches the VPC is decided by the hub, and a region that is
  // added to the estate changes no rule here.
  const inside = [...privateNetworks, ...onPremises.filter((network) => !isPrivate(cidrRange(network)))];
  const notInside = inside.map((cidr): AclRule => ({ action: 'deny', protocol: 'all', cidr }));
  const { app, data } = tiers;

  switch (tier) {
    case 'public':
      return {
        ingress: [allow('all', vpc), allow('tcp', anywhere, [80, 80]), allow('tcp', anywhere, [443, 443]), ...replies],
        egress: open,
      };
    case 'nat':
      return { ingress: [allow('all', vpc), ...notInside, ...replies], egress: open };
    case 'app':
      return { ingress: [...inside.map((cidr) => allow('all', cidr)), ...replies], egress: open };
    case 'data':
      return {
        ingress: [
          allow('tcp', app.block),
          allow('all', data.block),
          ...notInside,
          // The public addresses of S3 and DynamoDB, through gateway endpoints: no table has a route to any other.
          allow('tcp', anywhere, replyPorts),
        ],
        egress: [
          allow('tcp', app.block, replyPorts),
          // Interface endpoints of AWS services stand among the application.
          allow('tcp', app.block, [443, 443]),
          allow('all', data.block),
          ...notInside,
          allow('tcp', anywhere, [443, 443]),
        ],
      };
    case 'transit':
    case 'inspection':
      return { ingress: open, egress: open };
  }
}
