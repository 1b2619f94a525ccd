import { cidrRange, privateNetworks } from '@platform/libs/settings/cidr';

/** Addresses from `first` to `last`, as numbers. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** As it was written: `10.0.0.0/16`. */
  readonly text: string;
}

const ranges = new Map<string, Range>();

/** Reads a network; the same text gives the same object. @throws Error when the text is no network */
export function rangeOf(text: string): Range {
  let range = ranges.get(text);
  if (!range) {
    const parsed = cidrRange(text);
    range = { first: Number(parsed.getFirst().value), last: Number(parsed.getLast().value), text };
    ranges.set(text, range);
  }
  return range;
}

/** `10.0.0.1` as a number; undefined when the text is no address. */
export function addressOf(text: string): number | undefined {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((address, part) => address * 256 + part, 0);
}

/** `10.0.0.1` */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

/** True when the address is one of the range. */
export function holds({ first, last }: Range, address: number): boolean {
  return first <= address && address <= last;
}

/** True when the two ranges share an address. */
export function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True for an address that the internet does not know. */
export function isPrivateAddress(address: number): boolean {
  return privateNetworks.some((network) => holds(rangeOf(network), address));
}
