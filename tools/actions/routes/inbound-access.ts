import { cidrRange, contains, formatAddress, holds, parseCidr, privateNetworks } from '@platform/libs/settings/cidr';
import type { Block } from '@platform/libs/testing/synthesised-stack';
import { decide, type Ports } from './acl';
import type { EstateJson } from './estate-json';
import type { Acl, Network } from './network';
import { References, type Place, type Resource } from './references';

/** Something that the whole internet may enter, or leave for, and that is not meant to be. */
export interface InboundAccess {
  readonly place: Place;
  readonly says: string;
}

/** Ports that a network ACL in front of NAT gateways has open, for replies; in front of balancers also both services. */
const replyPorts: readonly Ports[] = [[1024, 65535]];
const servicePorts: readonly Ports[] = [
  [80, 80],
  [443, 443],
];
/** What is not the internet, beside private networks: this host, loopback, link-local, multicast and reserved (RFC 6890). */
const neverPublic = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'];
/** What is not the internet in IPv6: unique local, link-local, and loopback (RFC 4291, RFC 4193). */
const neverPublicIpv6 = /^(f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1\/128$)/i;
/** Any address of the internet: one that is reserved for documentation. */
const internetAddress = cidrRange('203.0.113.0/24').first + 1;

interface Rule {
  readonly resource: Resource;
  readonly group: string | undefined;
  readonly direction: 'ingress' | 'egress';
  readonly block: Block;
}

/**
 * Finds what is open to the internet, be it to a part of it: in security groups only ports 443 and 80 of balancers that
 * face it, where 80 redirects; out of them only to port 443; in the ACLs of subnets with a way to it only what their tier
 * is for. Any range that is neither private nor on premises counts, and any prefix list whose entries no stack makes.
 */
export function inboundAccess(estate: EstateJson, network: Network, onPremises: readonly string[]): InboundAccess[] {
  const references = new References(estate);
  const inside = [...privateNetworks, ...neverPublic, ...onPremises];
  const facing = balancersFacingTheInternet(references);
  const doors = rulesOf(references).flatMap(({ resource, group, direction, block }): InboundAccess[] => {
    const whom = publicPeer(references, resource, block, inside);
    if (whom === undefined) return [];
    const [from, to, protocol] = [
      block['from_port'],
      block['to_port'],
      String(block['ip_protocol'] ?? block['protocol']),
    ];
    const what = `${protocol === '-1' ? 'everything' : `${protocol} port ${from}–${to}`}`;
    if (protocol === 'tcp' && from === to) {
      if (direction === 'egress' && from === 443) return [];
      if (direction === 'ingress' && facing.get(group ?? '')?.has(Number(from))) return [];
    }
    const says =
      direction === 'ingress'
        ? `${what} is open to ${whom}; only an internet-facing load balancer may open 443, and 80 to redirect`
        : `${what} is allowed out to ${whom}; restrict the destination, or use 443`;
    return [{ place: resource.place, says }];
  });
  return [...doors, ...openAcls(network, inside)];
}

/** Ports on which balancers with an address in the internet listen, by security group; of 80 only a redirect. */
function balancersFacingTheInternet(references: References): Map<string, Set<number>> {
  const ports = new Map<string, Set<number>>();
  const listeners = references.ofType('aws_lb_listener');
  for (const balancer of references.ofType('aws_lb')) {
    if (balancer.block['internal'] === true) continue;
    const own = listeners.filter((listener) => references.text(listener, 'load_balancer_arn') === balancer.id);
    const meant = own.flatMap(({ block }) => {
      const action = [block['default_action']].flat()[0] as Block | undefined;
      const port = Number(block['port']);
      return port === 443 || (port === 80 && action?.['type'] === 'redirect') ? [port] : [];
    });
    for (const group of references.list(balancer, 'security_groups')) {
      ports.set(group, new Set([...(ports.get(group) ?? []), ...meant]));
    }
  }
  return ports;
}

function rulesOf(references: References): Rule[] {
  const single = (type: string, direction: Rule['direction']) =>
    references.ofType(type).map((resource): Rule => {
      return { resource, group: references.text(resource, 'security_group_id'), direction, block: resource.block };
    });
  const inside = ['aws_security_group', 'aws_default_security_group'].flatMap((type) =>
    references
      .ofType(type)
      .flatMap((resource) =>
        (['ingress', 'egress'] as const).flatMap((direction) =>
          ((resource.block[direction] ?? []) as Block[]).map(
            (block): Rule => ({ resource, group: resource.id, direction, block }),
          ),
        ),
      ),
  );
  const old = references.ofType('aws_security_group_rule').map((resource): Rule => {
    const direction = resource.block['type'] === 'egress' ? 'egress' : 'ingress';
    return { resource, group: references.text(resource, 'security_group_id'), direction, block: resource.block };
  });
  return [
    ...single('aws_vpc_security_group_ingress_rule', 'ingress'),
    ...single('aws_vpc_security_group_egress_rule', 'egress'),
    ...inside,
    ...old,
  ];
}

/** Of those that a rule names the first that is in the internet, in words; undefined when none is. */
function publicPeer(
  references: References,
  { place }: Resource,
  block: Block,
  inside: readonly string[],
): string | undefined {
  const named = (...names: readonly string[]) =>
    names.flatMap((argument) => {
      const value = references.follow(block[argument], place.stack);
      return value === undefined || value === null ? [] : [value].flat(2).map(String);
    });
  const ranges = named('cidr_ipv4', 'cidr_ipv6', 'cidr_blocks', 'ipv6_cidr_blocks');
  const found = ranges.find((range) => isPublic(range, inside));
  if (found !== undefined) return found.endsWith('/0') ? 'the whole internet' : `${found}, which is public`;
  const list = named('prefix_list_id', 'prefix_list_ids').find((id) => {
    const entries = entriesOf(references, id);
    return entries === undefined || entries.some((range) => isPublic(range, inside));
  });
  return list === undefined ? undefined : `the prefix list ${list}, which is public`;
}

/** False when no address of the range is in the internet. What cannot be read may be there. */
function isPublic(text: string, inside: readonly string[]): boolean {
  if (text.includes(':')) return !neverPublicIpv6.test(text);
  const range = parseCidr(text);
  return !range || !inside.some((network) => contains(cidrRange(network), range));
}

/** Ranges of a prefix list; undefined when no stack makes it, as with those of AWS. */
function entriesOf(references: References, id: string): string[] | undefined {
  const list = references.resource(id);
  if (list?.type !== 'aws_ec2_managed_prefix_list') return undefined;
  const within = references.follow(list.block['entry'] ?? [], list.place.stack);
  const beside = references
    .ofType('aws_ec2_managed_prefix_list_entry')
    .filter((entry) => references.text(entry, 'prefix_list_id') === id)
    .map((entry) => references.text(entry, 'cidr') ?? '');
  return [...[within].flat(2).map((entry) => String((entry as Block)['cidr'])), ...beside];
}

/** Subnets with a way to the internet gateway are those that it can come in to. */
function openAcls(network: Network, inside: readonly string[]): InboundAccess[] {
  // Behind what inspects stands no balancer: its public subnets are for NAT gateways alone.
  const inspecting = new Set([...network.endpoints.values()].map(({ subnet }) => subnet.vpc));
  return network.vpcs.flatMap((vpc) =>
    vpc.subnets.flatMap(({ name, place, table, acl }): InboundAccess[] => {
      if (table.lookup.lookup(internetAddress)?.value.target.kind !== 'internet') return [];
      if (!acl) return [{ place, says: `${name} has a route to the internet and no network ACL` }];
      const services = inspecting.has(vpc) ? [] : servicePorts;
      return [
        ...openPorts(acl, 'tcp', [...services, ...replyPorts], inside),
        ...openPorts(acl, 'udp', replyPorts, inside),
      ].map((what) => ({ place: acl.place, says: `the network ACL of ${name} allows ${what}` }));
    }),
  );
}

/** Ports beside the `meant` ones that addresses of the internet may come in to: each range of ports once. */
function openPorts(acl: Acl, protocol: 'tcp' | 'udp', meant: readonly Ports[], inside: readonly string[]): string[] {
  const found = new Map<string, string>();
  // Between two ends of rules all addresses are treated alike.
  const ends = acl.ingress.flatMap(({ range }) => [range.first, range.last + 1]).filter((end) => end < 2 ** 32);
  for (const other of [internetAddress, ...ends]) {
    if (inside.some((network) => holds(cidrRange(network), other))) continue;
    const { passed } = decide(acl.ingress, { other, protocol, ports: [0, 65535] });
    for (const [first, last] of passed) {
      const what = `${protocol} ports ${first}–${last}`;
      if (found.has(what) || meant.some(([from, to]) => from <= first && last <= to)) continue;
      const whom = other === internetAddress ? 'the whole internet' : `the internet, as from ${formatAddress(other)}`;
      found.set(what, `${what} from ${whom}`);
    }
  }
  return [...found.values()];
}
