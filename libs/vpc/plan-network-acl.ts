import { cidrRange, isPrivate, privateNetworks } from '@platform/libs/settings/cidr';
import type { Tier, TierPlan } from './plan-subnets';

/** One rule of a network ACL. The first rule that matches a packet decides; without a match it is dropped. */
export interface AclRule {
  readonly action: 'allow' | 'deny';
  readonly protocol: 'all' | 'tcp' | 'udp' | 'path-mtu';
  /** Source (ingress) or destination (egress) of the packet. */
  readonly cidr: string;
  /** First and last destination port; only with `tcp` and `udp`. Absent: all ports. */
  readonly ports?: readonly [first: number, last: number];
}

/** Rules of one tier, in the order of evaluation. */
export interface AclPlan {
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

/** Networks that the rules use. */
export interface AclNetworks {
  readonly vpc: string;
  readonly tiers: Readonly<Record<Tier, TierPlan>>;
  /** On-premises networks; those outside private address space would otherwise count as internet. */
  readonly onPremises: readonly string[];
}

const anywhere = '0.0.0.0/0';

/**
 * Ports that replies return to; NAT gateways and load balancers use all of them (VPC user guide, "Ephemeral ports").
 */
const replyPorts = [1024, 65535] as const;

/** Replies from the internet, and the ICMP message that large packets need. */
const replies: readonly AclRule[] = [
  { action: 'allow', protocol: 'tcp', cidr: anywhere, ports: replyPorts },
  { action: 'allow', protocol: 'udp', cidr: anywhere, ports: replyPorts },
  { action: 'allow', protocol: 'path-mtu', cidr: anywhere },
];

const open: readonly AclRule[] = [{ action: 'allow', protocol: 'all', cidr: anywhere }];

/**
 * Network ACL rules of one tier. They are the second layer behind security groups, and stateless: each direction must
 * allow replies. AWS allows 20 rules per direction by default (VPC quotas).
 *
 * - public: HTTP and HTTPS from anywhere, everything from the VPC (for NAT)
 * - nat, a public tier without load balancers: everything from the VPC, and replies; nothing from other private
 *   networks, to which no table routes back
 * - app: everything from inside; only replies from the internet
 * - data: TCP from app, everything among data stores, replies of the S3 and DynamoDB endpoints; nothing else from
 *   inside
 * - transit, inspection: everything, because packets of every source and port pass through
 */
export function planNetworkAcl(tier: Tier | 'nat', { vpc, tiers, onPremises }: AclNetworks): AclPlan {
  const allow = (protocol: AclRule['protocol'], cidr: string, ports?: AclRule['ports']): AclRule => ({
    action: 'allow',
    protocol,
    cidr,
    ...(ports ? { ports } : {}),
  });
  // All private address space is inside: the Transit Gateway decides which part of it reaches the VPC, so a new region
  // changes no rule here.
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
          // Interface endpoints of AWS services are in the application subnets.
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
