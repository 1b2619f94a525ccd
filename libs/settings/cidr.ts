import { IPv4CidrRange } from 'ip-num';

/** Reads an IPv4 network such as `10.0.0.0/16`; undefined when the text is none or has host bits set (`10.0.0.1/16`). */
export function parseCidr(text: string): IPv4CidrRange | undefined {
  try {
    const range = IPv4CidrRange.fromCidr(text);
    return range.getFirst().toString() === text.split('/')[0] ? range : undefined;
  } catch {
    return undefined;
  }
}

/** As {@link parseCidr}, for values that the settings check has passed already. @throws Error when the text is not a network. */
export function cidrRange(text: string): IPv4CidrRange {
  const range = parseCidr(text);
  if (!range) throw new Error(`"${text}" is not an IPv4 network; write it as 10.0.0.0/16`);
  return range;
}

/** Number of bits of the network part: 16 for `10.0.0.0/16`. */
export function prefixLength(range: IPv4CidrRange): number {
  return Number(range.getPrefix().getValue());
}

/** True when the two networks share an address. */
export function overlaps(a: IPv4CidrRange, b: IPv4CidrRange): boolean {
  return a.getFirst().value <= b.getLast().value && b.getFirst().value <= a.getLast().value;
}

/** True when every address of `inner` is one of `outer`. */
export function contains(outer: IPv4CidrRange, inner: IPv4CidrRange): boolean {
  return outer.getFirst().value <= inner.getFirst().value && inner.getLast().value <= outer.getLast().value;
}

/** Private address space: RFC 1918, and RFC 6598 for carriers, which AWS lets a VPC have too. */
export const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** True when no address of the network is a public one. */
export function isPrivate(range: IPv4CidrRange): boolean {
  return privateNetworks.some((network) => contains(cidrRange(network), range));
}
