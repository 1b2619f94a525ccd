/** IPv4 addresses from `first` to `last`, as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
  /** As it was written: `10.0.0.0/16`. */
  readonly text: string;
}

/** The same text gives the same object: the reachability check compares the same networks a million times. */
const known = new Map<string, AddressRange>();

/** Reads an IPv4 network such as `10.0.0.0/16`; undefined for other text, or if host bits are set (`10.0.0.1/16`). */
export function parseCidr(text: string): AddressRange | undefined {
  const found = known.get(text);
  if (found) return found;
  const [, address, bits] = /^([\d.]+)\/(\d|[12]\d|3[0-2])$/.exec(text) ?? [];
  const first = address === undefined ? undefined : parseAddress(address);
  const size = 2 ** (32 - Number(bits));
  if (first === undefined || first % size !== 0) return undefined;
  const range = { first, last: first + size - 1, text };
  known.set(text, range);
  return range;
}

/** As {@link parseCidr}, for values that the settings check has accepted. @throws Error when the text is not a network */
export function cidrRange(text: string): AddressRange {
  const range = parseCidr(text);
  if (!range) throw new Error(`"${text}" is not an IPv4 network; write it as 10.0.0.0/16`);
  return range;
}

/** `10.0.0.1` as a number; undefined when the text is not an address. Leading zeros are refused: some read them as octal. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.').map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((address, part) => address * 256 + part, 0);
}

/** `10.0.0.1` */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

/** Number of bits of the network part: 16 for `10.0.0.0/16`. */
export function prefixLength({ first, last }: AddressRange): number {
  return 32 - Math.log2(last - first + 1);
}

/** True when the two ranges share an address. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True when every address of `inner` is in `outer`. */
export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** True when the address is one of the range. */
export function holds({ first, last }: AddressRange, address: number): boolean {
  return first <= address && address <= last;
}

/** Private address space: RFC 1918, and RFC 6598 for carriers, which AWS also allows for a VPC. */
export const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** True when the range has no public address. */
export function isPrivate(range: AddressRange): boolean {
  return privateNetworks.some((network) => contains(cidrRange(network), range));
}

/** True for an address that the internet does not route. */
export function isPrivateAddress(address: number): boolean {
  return privateNetworks.some((network) => holds(cidrRange(network), address));
}
