import { contains, parseCidr } from '@platform/libs/settings/cidr';
import { byField, valueAt, type ResourceRule, type ReviewedChange } from './rule';

/** What carries traffic between networks. */
const routing = [
  'aws_ec2_transit_gateway',
  'aws_ec2_transit_gateway_route',
  'aws_ec2_transit_gateway_route_table',
  'aws_ec2_transit_gateway_route_table_association',
  'aws_ec2_transit_gateway_route_table_propagation',
  'aws_ec2_transit_gateway_vpc_attachment',
  'aws_ec2_transit_gateway_peering_attachment',
  'aws_ec2_transit_gateway_peering_attachment_accepter',
  'aws_ec2_transit_gateway_prefix_list_reference',
  'aws_dx_gateway',
  'aws_dx_gateway_association',
  'aws_dx_transit_virtual_interface',
  'aws_vpn_connection',
  'aws_vpn_connection_route',
  'aws_vpc_peering_connection',
  'aws_route',
  'aws_route_table_association',
];

/** Traffic that a group or list lets in. */
interface Opening {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A network, or an id of a group or prefix list. */
  readonly source: string;
}

/** Rules on who reaches whom. */
export const networkRules: readonly ResourceRule[] = [
  {
    id: 'route-removed',
    level: 'warn',
    finds: 'a route, an attachment or a Transit Gateway association or propagation that is removed or replaced',
    why: 'Traffic of the networks behind it stops at once; a replacement interrupts it while it is made.',
    remedy: 'Compare with what the review says on reachability; run `npx platform routes` before and after.',
    source: 'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html',
    look: (change) => {
      if (!routing.includes(change.type)) return [];
      if (change.isDestroyed) return [{ what: `is ${change.action === 'replace' ? 'replaced' : 'destroyed'}` }];
      return change.switchedOn('blackhole');
    },
  },
  {
    id: 'route-added',
    level: 'note',
    finds: 'a Transit Gateway route, association or propagation that is added to a table that exists',
    why: 'A route makes networks reach each other that did not, or draws traffic away from another route.',
    remedy: 'Compare with what the review says on reachability.',
    source: 'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html',
    look: (change) => {
      const isTable = /^aws_ec2_transit_gateway_(route|route_table_association|route_table_propagation)$/;
      const isNewTable = change.isUnknown('transit_gateway_route_table_id');
      return isTable.test(change.type) && change.action === 'create' && !isNewTable ? [{ what: 'is added' }] : [];
    },
  },
  {
    id: 'security-group-open',
    level: 'block',
    finds: 'a security group that lets the whole internet in on a port other than 80 and 443',
    why: 'Scanners find an open port within minutes.',
    remedy: 'Name the networks, a prefix list or another security group as the source.',
    source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18',
    look: (change) => {
      const before = openings(change, 'before');
      return openings(change, 'after')
        .filter((opening) => isWorld(opening.source) && !isWeb(opening) && !before.some((old) => covers(old, opening)))
        .map((opening) => ({ what: `lets ${describe(opening)} in`, argument: 'ingress' }));
    },
  },
  {
    id: 'security-group-widened',
    level: 'warn',
    finds: 'a security group that exists and lets more in',
    why: 'Every machine in the group can be reached by the new source.',
    remedy: 'Check that the source needs it, and the ports.',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    look: (change) => {
      // Of a group that is made in the same plan, only the whole internet matters.
      if (change.action === 'create' && (change.type === 'aws_security_group' || change.isUnknown('security_group_id')))
        return [];
      const before = openings(change, 'before');
      return openings(change, 'after')
        .filter((opening) => !(isWorld(opening.source) && !isWeb(opening)))
        .filter((opening) => !before.some((old) => covers(old, opening)))
        .map((opening) => ({ what: `lets ${describe(opening)} in`, argument: 'ingress' }));
    },
  },
  {
    id: 'network-acl-widened',
    level: 'warn',
    finds: 'a network ACL that exists and lets more in',
    why: 'The subnets behind it lose a limit that their security groups cannot widen.',
    remedy: 'Check that the subnets need it.',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    look: (change) => {
      if (change.type === 'aws_network_acl_rule') {
        if (change.before('egress') === true || change.after('egress') === true) return [];
        const refused =
          change.before('rule_action') === 'deny' && (change.isDestroyed || change.after('rule_action') === 'allow');
        if (refused) return [{ what: 'refuses nothing any more' }];
      }
      if (change.action === 'create' && (change.type === 'aws_network_acl' || change.isUnknown('network_acl_id')))
        return [];
      const before = aclOpenings(change, 'before');
      return aclOpenings(change, 'after')
        .filter((opening) => !before.some((old) => covers(old, opening)))
        .map((opening) => ({ what: `lets ${describe(opening)} in`, argument: 'ingress' }));
    },
  },
  {
    id: 'made-public',
    level: 'block',
    finds: 'a resource that becomes reachable from the internet',
    why: 'What was inside the network, or behind a login, can be reached by anyone.',
    remedy: 'Keep it private; put a distribution, an accelerator or a load balancer in front.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    look: (change) => {
      if (/^aws_s3_(bucket|account)_public_access_block$/.test(change.type)) {
        if (change.action === 'delete') return [{ what: 'is destroyed: public access is not blocked any more' }];
        return ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].flatMap(
          (path) => change.switchedOff(path),
        );
      }
      return [
        ...change.switchedOn('publicly_accessible'),
        ...change.switchedOn('map_public_ip_on_launch'),
        ...change.switchedOn('associate_public_ip_address'),
        ...(change.type === 'aws_lb' ? change.switchedOff('internal') : []),
      ];
    },
  },
];

function openings(change: ReviewedChange, side: 'before' | 'after'): Opening[] {
  const value = change.resource.change[side];
  switch (change.type) {
    case 'aws_vpc_security_group_ingress_rule':
      return opened(value, byField('ip_protocol')(value), [
        ...textsAt(value, 'cidr_ipv4'),
        ...textsAt(value, 'cidr_ipv6'),
        ...textsAt(value, 'prefix_list_id'),
        ...textsAt(value, 'referenced_security_group_id'),
      ]);
    case 'aws_security_group_rule':
      return byField('type')(value) === 'ingress' ? blockOpenings(value) : [];
    case 'aws_security_group':
    case 'aws_default_security_group': {
      const rules = valueAt(value, 'ingress');
      return Array.isArray(rules) ? rules.flatMap(blockOpenings) : [];
    }
    default:
      return [];
  }
}

function blockOpenings(rule: unknown): Opening[] {
  const lists = ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'security_groups', 'source_security_group_id'];
  return opened(
    rule,
    byField('protocol')(rule),
    lists.flatMap((name) => textsAt(rule, name)),
  );
}

function aclOpenings(change: ReviewedChange, side: 'before' | 'after'): Opening[] {
  const value = change.resource.change[side];
  const rules =
    change.type === 'aws_network_acl_rule'
      ? [value]
      : /_network_acl$/.test(change.type)
        ? valueAt(value, 'ingress')
        : [];
  return (Array.isArray(rules) ? rules : []).flatMap((rule: unknown) => {
    const action = byField('rule_action')(rule) ?? byField('action')(rule);
    if (action !== 'allow') return [];
    return opened(rule, byField('protocol')(rule), [
      ...textsAt(rule, 'cidr_block'),
      ...textsAt(rule, 'ipv6_cidr_block'),
    ]);
  });
}

function opened(rule: unknown, protocol = '-1', sources: readonly string[]): Opening[] {
  const isAll = protocol === '-1' || protocol === 'all';
  const port = (name: string, otherwise: number) => {
    const value = Number(byField(name)(rule) ?? NaN);
    return isAll || Number.isNaN(value) || value < 0 ? otherwise : value;
  };
  const range = { from: port('from_port', 0), to: port('to_port', 65535) };
  return sources.map((source) => ({ protocol: isAll ? '-1' : protocol, ...range, source }));
}

function textsAt(value: unknown, name: string): string[] {
  return [valueAt(value, name)].flat().filter((each): each is string => typeof each === 'string' && each !== '');
}

const isWorld = (source: string) => source === '0.0.0.0/0' || source === '::/0';

const isWeb = ({ protocol, from, to }: Opening) =>
  (protocol === 'tcp' || protocol === '6' || protocol === 'udp' || protocol === '17') &&
  from === to &&
  [80, 443].includes(from);

/** Whether `outer` lets all of `inner` in. */
function covers(outer: Opening, inner: Opening): boolean {
  if (outer.protocol !== '-1' && outer.protocol !== inner.protocol) return false;
  if (outer.from > inner.from || outer.to < inner.to) return false;
  if (outer.source === inner.source || (outer.source === '::/0' && inner.source.includes(':'))) return true;
  const [network, part] = [parseCidr(outer.source), parseCidr(inner.source)];
  return network !== undefined && part !== undefined && contains(network, part);
}

function describe({ protocol, from, to, source }: Opening): string {
  const ports = from === to ? `port ${from}` : from === 0 && to >= 65535 ? 'all ports' : `ports ${from} to ${to}`;
  return `${source} on ${protocol === '-1' ? 'all protocols' : `${protocol} ${ports}`}`;
}
