import type { AddressRange } from '@platform/libs/settings/cidr';

/** What a route table says of one range. Of two for the same range the one with the lower `rank` decides. */
export interface Entry<T> {
  readonly range: AddressRange;
  readonly rank: number;
  readonly value: T;
}

/** Finds the narrowest range that holds an address, in as many steps as there are different lengths of prefixes. */
export class LongestPrefix<T> {
  private readonly bySize: { readonly size: number; readonly entries: ReadonlyMap<number, Entry<T>> }[];

  constructor(entries: readonly Entry<T>[]) {
    const bySize = new Map<number, Map<number, Entry<T>>>();
    for (const entry of entries) {
      const { first, last } = entry.range;
      const size = last - first + 1;
      const ofSize = bySize.get(size) ?? new Map<number, Entry<T>>();
      const other = ofSize.get(first);
      if (!other || entry.rank < other.rank) ofSize.set(first, entry);
      bySize.set(size, ofSize);
    }
    this.bySize = [...bySize].sort(([a], [b]) => a - b).map(([size, found]) => ({ size, entries: found }));
  }

  /** What decides about the address; undefined when nothing does. */
  lookup(address: number): Entry<T> | undefined {
    for (const { size, entries } of this.bySize) {
      const found = entries.get(address - (address % size));
      if (found) return found;
    }
    return undefined;
  }
}
