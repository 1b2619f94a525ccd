import { holds } from './ipv4';
import type { AclRule } from './network';

/** What a network ACL knows of a packet that passes it. */
export interface Passing {
  /** The address on the other side: source when it comes in, destination when it goes out. */
  readonly other: number;
  readonly protocol: 'tcp' | 'udp';
  /** Destination ports that the packet may have; the ACL must let all of them pass. */
  readonly ports: readonly [first: number, last: number];
}

/**
 * The first port of the packet that the rules drop; undefined when all pass. Rules are tried in order, and the first that
 * matches a port decides; a port that none matches is dropped. An ACL has no memory of what passed the other way.
 */
export function droppedPort(rules: readonly AclRule[], { other, protocol, ports }: Passing): number | undefined {
  let undecided: (readonly [number, number])[] = [ports];
  for (const rule of rules) {
    if ((rule.protocol !== 'all' && rule.protocol !== protocol) || !holds(rule.range, other)) continue;
    const [first, last] = rule.ports;
    const matched = undecided.find(([from, to]) => from <= last && first <= to);
    if (!matched) continue;
    if (rule.action === 'deny') return Math.max(matched[0], first);
    undecided = undecided.flatMap(([from, to]) =>
      from <= last && first <= to
        ? (
            [
              [from, first - 1],
              [last + 1, to],
            ] as const
          ).filter(([start, end]) => start <= end)
        : [[from, to] as const],
    );
    if (undecided.length === 0) return undefined;
  }
  return undecided[0]?.[0];
}
