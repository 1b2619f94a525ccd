import type { Block } from '@platform/libs/testing/synthesised-stack';
import type { Ports } from './acl';
import { holds, cidrRange, type AddressRange } from '@platform/libs/settings/cidr';
import type { Packet } from './walk';
import type { Reading } from './reading';
import type { Place, Resource } from './references';

/** One thing that a group lets pass. */
export interface GroupRule {
  readonly protocol: string;
  readonly ports: Ports;
  /** Undefined where it names a group or a prefix list: whose addresses those are is not known here, so it may be anybody's. */
  readonly range: AddressRange | undefined;
}

/** A security group by what it lets pass. It remembers whom it let in: replies pass. */
export interface SecurityGroup {
  readonly place: Place;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}

const groupTypes = ['aws_security_group', 'aws_default_security_group'];
const ruleTypes = {
  aws_vpc_security_group_ingress_rule: 'ingress',
  aws_vpc_security_group_egress_rule: 'egress',
  aws_security_group_rule: undefined,
} as const;

/** Every security group of the estate by its id, with rules that are written inside it and beside it. */
export function readSecurityGroups(reading: Reading): Map<string, SecurityGroup> {
  const rules = { ingress: new Map<string, GroupRule[]>(), egress: new Map<string, GroupRule[]>() };
  const add = (direction: keyof typeof rules, group: string, resource: Resource, block: Block) =>
    rules[direction].set(group, [...(rules[direction].get(group) ?? []), ...rulesOf(reading, resource, block)]);
  for (const [type, fixed] of Object.entries(ruleTypes)) {
    reading.each(type, (resource) => {
      const direction = fixed ?? (resource.block['type'] === 'egress' ? 'egress' : 'ingress');
      add(direction, reading.references.text(resource, 'security_group_id') ?? '', resource, resource.block);
    });
  }
  const groups = groupTypes.flatMap((type) =>
    reading.each(type, (resource): [string, SecurityGroup] => {
      for (const direction of ['ingress', 'egress'] as const) {
        for (const block of (resource.block[direction] ?? []) as Block[]) add(direction, resource.id, resource, block);
      }
      const { id, place } = resource;
      return [id, { place, ingress: rules.ingress.get(id) ?? [], egress: rules.egress.get(id) ?? [] }];
    }),
  );
  return new Map(groups);
}

/** True when one of the groups lets all of a packet pass. */
export function letsPass(
  groups: readonly SecurityGroup[],
  direction: 'ingress' | 'egress',
  { protocol, source, destination, destinationPorts: [first, last] }: Packet,
): boolean {
  const other = direction === 'ingress' ? source : destination;
  return groups.some((group) =>
    group[direction].some(
      (rule) =>
        (rule.protocol === '-1' || rule.protocol === protocol) &&
        rule.ports[0] <= first &&
        last <= rule.ports[1] &&
        (!rule.range || holds(rule.range, other)),
    ),
  );
}

function rulesOf({ references }: Reading, { place }: Resource, block: Block): GroupRule[] {
  const named = ['cidr_ipv4', 'cidr_blocks'].flatMap((argument) => {
    const value = references.follow(block[argument], place.stack);
    return value === undefined || value === null ? [] : [value].flat(2).map(String);
  });
  const others = ['cidr_ipv6', 'ipv6_cidr_blocks'].some((argument) => [block[argument] ?? []].flat().length > 0);
  const protocol = String(block['ip_protocol'] ?? block['protocol']);
  const ports: Ports =
    protocol === '-1' ? [0, 65535] : [Number(block['from_port'] ?? 0), Number(block['to_port'] ?? 65535)];
  if (named.length > 0) return named.map((cidr) => ({ protocol, ports, range: cidrRange(cidr) }));
  return others ? [] : [{ protocol, ports, range: undefined }];
}
