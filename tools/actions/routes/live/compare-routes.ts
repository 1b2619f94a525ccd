import type { EntryKind, PromisedEntry, TablePlace } from './promised-routes';
import type { FoundEntry } from './read-tables';

/** What was found of one entry. */
export interface LiveEntry extends TablePlace {
  readonly verdict: 'ok' | 'missing' | 'wrong-state' | 'not-deployed' | 'unexpected' | 'unreadable' | 'unsupported';
  readonly kind: EntryKind | 'table';
  /** Id of the route table; empty for an entry that is not deployed. */
  readonly tableId: string;
  /** Attachment or CIDR. */
  readonly of: string;
  readonly expected: string;
  readonly found: string;
  /** `<address> of <stack>`; absent for what no stack has. */
  readonly owner?: string;
}

/** State in AWS of an entry that works. */
const good: Readonly<Record<EntryKind, string>> = {
  association: 'associated',
  propagation: 'enabled',
  route: 'active',
  'vpc-route': 'active',
};

/**
 * Compares what the estate promises with what AWS has, in the tables that could be read. A propagation without an active
 * route is a finding too: its attachment advertises nothing into the table.
 */
export function compareRoutes(
  promised: readonly PromisedEntry[],
  found: readonly (FoundEntry & TablePlace)[],
  /** Kinds and tables whose entries are known: `route tgw-rtb-1`. Others are left out. */
  isKnown: (kind: EntryKind, tableId: string) => boolean,
): LiveEntry[] {
  const keyOf = ({ kind, tableId, of }: { kind: EntryKind; tableId: string; of: string }) => `${kind} ${tableId} ${of}`;
  const byKey = new Map(found.map((each) => [keyOf(each), each]));
  const expectedKeys = new Set<string>();
  const results: LiveEntry[] = [];
  for (const { entry, kind, stack, address, role, awsRegion, state } of promised) {
    const owner = `${address} of ${stack}`;
    const expected = state ?? good[kind];
    if (!entry) {
      const nothing = { tableId: '', of: '', expected, found: 'not in the state' };
      results.push({ verdict: 'not-deployed', kind, role, awsRegion, owner, ...nothing });
      continue;
    }
    expectedKeys.add(keyOf(entry));
    if (!isKnown(kind, entry.tableId)) continue;
    const real = byKey.get(keyOf(entry));
    const verdict = !real ? 'missing' : real.state === expected ? 'ok' : 'wrong-state';
    results.push({ ...entry, verdict, role, awsRegion, owner, expected, found: real?.state ?? 'none' });
    if (kind !== 'propagation' || verdict !== 'ok' || !isKnown('route', entry.tableId)) continue;
    const routes = found.filter(
      (each) =>
        each.kind === 'route' &&
        each.tableId === entry.tableId &&
        each.attachmentId === entry.of &&
        each.state === 'active',
    );
    if (routes.length > 0) continue;
    const place = { kind: 'route' as const, tableId: entry.tableId, of: `from ${entry.of}`, role, awsRegion, owner };
    results.push({ ...place, verdict: 'missing', expected: 'an active route', found: 'none' });
  }
  for (const each of found) {
    if (!each.isStatic || expectedKeys.has(keyOf(each))) continue;
    const { kind, tableId, of, role, awsRegion, state } = each;
    results.push({ verdict: 'unexpected', kind, tableId, of, role, awsRegion, expected: 'none', found: state });
  }
  return results;
}

/** Whether the account differs from what the estate promises, or could not be read. */
export function differs({ verdict }: LiveEntry): boolean {
  return verdict !== 'ok' && verdict !== 'unsupported';
}
