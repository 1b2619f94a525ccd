import { holds } from '@platform/libs/settings/cidr';
import type { AclRule } from './network';

/** What a network ACL knows of a packet that passes it. */
export interface Passing {
  /** The address on the other side: source when it comes in, destination when it goes out. */
  readonly other: number;
  readonly protocol: 'tcp' | 'udp';
  /** Destination ports that the packet may have. */
  readonly ports: Ports;
}

export type Ports = readonly [first: number, last: number];

/**
 * Which ports of the packet pass. Rules are tried in order, and the first that matches a port decides; a port that none
 * matches is dropped. An ACL has no memory of what passed the other way.
 */
export function decide(
  rules: readonly AclRule[],
  { other, protocol, ports }: Passing,
): { readonly passed: readonly Ports[]; readonly dropped: readonly Ports[] } {
  let undecided: Ports[] = [ports];
  const passed: Ports[] = [];
  const dropped: Ports[] = [];
  for (const rule of rules) {
    if ((rule.protocol !== 'all' && rule.protocol !== protocol) || !holds(rule.range, other)) continue;
    const [first, last] = rule.ports;
    undecided = undecided.flatMap(([from, to]): Ports[] => {
      if (from > last || first > to) return [[from, to]];
      (rule.action === 'allow' ? passed : dropped).push([Math.max(from, first), Math.min(to, last)]);
      const rest: Ports[] = [
        [from, first - 1],
        [last + 1, to],
      ];
      return rest.filter(([start, end]) => start <= end);
    });
    if (undecided.length === 0) break;
  }
  return { passed, dropped: [...dropped, ...undecided] };
}

/** One port of the packet that the rules drop; undefined when all pass. */
export function droppedPort(rules: readonly AclRule[], passing: Passing): number | undefined {
  return decide(rules, passing).dropped[0]?.[0];
}
