import type { PlacedStack } from '@platform/tools/model/placed-resources';
import type { TerraformState } from '@platform/tools/model/state';
import type { LiveSession } from '@platform/tools/session/live-session';
import { table } from '@platform/tools/session/table';
import { compareRoutes, differs, type LiveEntry } from './compare-routes';
import { promisedEntries, type EntryKind, type PromisedEntry, type TablePlace } from './promised-routes';
import { readHubTable, readVpcTables, type FoundEntry, type FoundTable } from './read-tables';

/**
 * Compares the route tables of the accounts with what the estate promises: associations, propagations and routes of
 * Transit Gateways, and routes of VPCs. Changes nothing. A call that AWS refuses is a finding. What only AWS propagates,
 * such as routes of a Direct Connect gateway, must be active and is otherwise not compared.
 */
export async function checkLiveRoutes(
  session: Pick<LiveSession, 'options' | 'stacks' | 'states'>,
): Promise<LiveEntry[]> {
  const { environment, target, note } = session.options;
  const stacks: PlacedStack[] = session.stacks.all.map((stack) => ({
    stack,
    configuration: session.stacks.configuration(stack.stack),
    accounts: environment.accounts,
  }));
  const concerned = stacks.filter((stack) => promisedEntries([stack], new Map()).length > 0);
  const states = new Map<string, TerraformState | undefined>();
  for (const { stack } of concerned) states.set(stack.stack, await session.states.of(stack.stack));
  note?.(`routes: ${concerned.length} states read`);
  return readAndCompare(promisedEntries(concerned, states), async ({ role, awsRegion }) => {
    const { EC2Client } = await import('@aws-sdk/client-ec2');
    return new EC2Client(await target.clientOptions(role, awsRegion));
  });
}

type Client = Parameters<typeof readHubTable>[0];

/** Reads the tables of the promised entries and compares. */
export async function readAndCompare(
  promised: readonly PromisedEntry[],
  clientFor: (place: TablePlace) => Promise<Client>,
): Promise<LiveEntry[]> {
  const places = new Map<string, TablePlace & { hubs: Set<string>; vpcs: Set<string> }>();
  for (const { role, awsRegion, entry } of promised) {
    if (!entry) continue;
    const key = `${role} ${awsRegion}`;
    const place = places.get(key) ?? { role, awsRegion, hubs: new Set<string>(), vpcs: new Set<string>() };
    places.set(key, place);
    (entry.kind === 'vpc-route' ? place.vpcs : place.hubs).add(entry.tableId);
  }
  const found: (FoundEntry & TablePlace)[] = [];
  const known = new Set<string>();
  const unread: LiveEntry[] = [];
  for (const { role, awsRegion, hubs, vpcs } of places.values()) {
    const client = await clientFor({ role, awsRegion });
    const take = (result: FoundTable, kind: EntryKind, tableIds: readonly string[]) => {
      if ('entries' in result) {
        found.push(...result.entries.map((entry) => ({ ...entry, role, awsRegion })));
        for (const tableId of tableIds) known.add(`${kind} ${tableId}`);
        return;
      }
      const verdict = result.isUnsupported ? ('unsupported' as const) : ('unreadable' as const);
      unread.push({
        verdict,
        kind: 'table',
        tableId: tableIds.join(', '),
        of: kind,
        role,
        awsRegion,
        expected: `the right to call ${result.call}`,
        found: result.error,
      });
    };
    for (const tableId of hubs) {
      const results = await readHubTable(client, tableId);
      (['association', 'propagation', 'route'] as const).forEach((kind, index) =>
        take(results[index]!, kind, [tableId]),
      );
    }
    if (vpcs.size > 0) take(await readVpcTables(client, [...vpcs]), 'vpc-route', [...vpcs]);
  }
  return [...unread, ...compareRoutes(promised, found, (kind, tableId) => known.has(`${kind} ${tableId}`))];
}

/** All that differs, and a line for the rest. */
export function liveRoutesTable(entries: readonly LiveEntry[]): string {
  const shown = entries.filter(({ verdict }) => verdict !== 'ok');
  const count = (verdict: LiveEntry['verdict']) => entries.filter((each) => each.verdict === verdict).length;
  const sums = (['ok', 'missing', 'wrong-state', 'unexpected', 'not-deployed', 'unreadable', 'unsupported'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`);
  return table({
    head: ['', 'entry', 'route table', 'of', 'where', 'expected', 'found', 'by'],
    rows: [
      ...shown.map(({ verdict, kind, tableId, of, role, awsRegion, expected, found, owner = 'no stack' }) => [
        differs({ verdict } as LiveEntry) ? verdict.toUpperCase() : verdict,
        kind,
        tableId || '–',
        of || '–',
        `${role} ${awsRegion}`,
        expected,
        found,
        owner,
      ]),
      [`${entries.length} entries: ${sums.join(', ') || 'none'}`],
    ],
  });
}
