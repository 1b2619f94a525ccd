import type { Block } from '@platform/libs/testing/synthesised-stack';
import { decide, type Ports } from './acl';
import type { EstateJson } from './estate-json';
import { rangeOf } from './ipv4';
import type { Network } from './network';
import { References, type Place, type Resource } from './references';

/** Something that the whole internet may enter, or leave for, and that is not meant to be. */
export interface OpenDoor {
  readonly place: Place;
  readonly says: string;
}

/** Ports that a network ACL in front of balancers and NAT gateways has open: both services, and replies. */
const publicPorts: readonly Ports[] = [
  [80, 80],
  [443, 443],
  [1024, 65535],
];
/** Any address of the internet: one that is reserved for documentation. */
const internetAddress = rangeOf('203.0.113.0/24').first + 1;

interface Rule {
  readonly resource: Resource;
  readonly group: string | undefined;
  readonly direction: 'ingress' | 'egress';
  readonly block: Block;
}

/**
 * Finds what is open to the whole internet: in security groups only ports 443 and 80 of balancers that face it, where 80
 * redirects; out of them only to port 443; in the ACLs of subnets with a way to it only what their tier is for.
 */
export function openDoors(estate: EstateJson, network: Network): OpenDoor[] {
  const references = new References(estate);
  const facing = balancersFacingTheInternet(references);
  const doors = rulesOf(references).flatMap(({ resource, group, direction, block }): OpenDoor[] => {
    if (!isAnywhere(references, resource, block)) return [];
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
        ? `${what} is open to the whole internet, and it is not 443, or a redirect on 80, of a balancer that faces it`
        : `${what} may leave for the whole internet; name where to, or use 443`;
    return [{ place: resource.place, says }];
  });
  return [...doors, ...openAcls(network)];
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

function isAnywhere(references: References, { place }: Resource, block: Block): boolean {
  const named = ['cidr_ipv4', 'cidr_ipv6', 'cidr_blocks', 'ipv6_cidr_blocks'].flatMap((argument) => {
    const value = references.follow(block[argument], place.stack);
    return value === undefined || value === null ? [] : [value].flat(2).map(String);
  });
  return named.some((cidr) => cidr.endsWith('/0'));
}

/** Subnets with a way to the internet gateway are those that it can come in to. */
function openAcls(network: Network): OpenDoor[] {
  return network.vpcs.flatMap(({ subnets }) =>
    subnets.flatMap(({ name, place, table, acl }): OpenDoor[] => {
      if (table.lookup.lookup(internetAddress)?.value.target.kind !== 'internet') return [];
      if (!acl) return [{ place, says: `${name} faces the internet without a network ACL` }];
      const { passed } = decide(acl.ingress, { other: internetAddress, protocol: 'tcp', ports: [0, 65535] });
      return passed
        .filter(([first, last]) => !publicPorts.some(([from, to]) => from <= first && last <= to))
        .map(([first, last]) => ({
          place: acl.place,
          says: `the network ACL of ${name} lets tcp ports ${first}–${last} in from the whole internet`,
        }));
    }),
  );
}
