import { cidrRange, privateNetworks, type AddressRange } from '@platform/libs/settings/cidr';
import type { Network } from './network';

/**
 * Picks addresses that stand for all others: no route and no ACL rule of the network tells two addresses apart that lie
 * between the same two cuts. A proof over one address of each piece is a proof over all of them.
 */
export class Representatives {
  private readonly cuts: readonly number[];

  /** @param told Networks that something else than the network tells apart */
  constructor(network: Network, told: readonly AddressRange[] = []) {
    const cuts = new Set<number>();
    const cut = ({ first, last }: AddressRange) => cuts.add(first).add(last + 1);
    for (const { subnets, edgeTable } of network.vpcs) {
      edgeTable?.routes.forEach(({ range }) => cut(range));
      for (const { table, acl } of subnets) {
        table.routes.forEach(({ range }) => cut(range));
        [...(acl?.ingress ?? []), ...(acl?.egress ?? [])].forEach(({ range }) => cut(range));
      }
    }
    for (const { tables } of network.hubs.values()) {
      for (const { routes } of tables) routes.forEach(({ range }) => cut(range));
    }
    for (const attachment of network.attachments.values()) {
      if (attachment.kind === 'on-premises') attachment.announced?.forEach(cut);
    }
    told.forEach(cut);
    // An internet gateway drops what goes to these.
    privateNetworks.forEach((network) => cut(cidrRange(network)));
    this.cuts = [...cuts].sort((a, b) => a - b);
  }

  /** One address for each piece of the range, in ascending order. */
  of({ first, last }: AddressRange): number[] {
    const starts = [first];
    for (let index = this.after(first); index < this.cuts.length && this.cuts[index]! <= last; index++) {
      starts.push(this.cuts[index]!);
    }
    // Not the first address of a subnet, which is no machine's.
    return starts.map((start, index) => Math.min(start + 10, (starts[index + 1] ?? last + 1) - 1));
  }

  /** All pieces of the whole address space, in ascending order. */
  pieces(): { readonly first: number; readonly last: number }[] {
    const starts = [...new Set([0, ...this.cuts])].filter((start) => start < 2 ** 32);
    return starts.map((first, index) => ({ first, last: (starts[index + 1] ?? 2 ** 32) - 1 }));
  }

  /** Number of the piece that an address lies in. */
  piece(address: number): number {
    return this.after(address);
  }

  private after(address: number): number {
    let low = 0;
    let high = this.cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cuts[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
