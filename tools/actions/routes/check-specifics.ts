import { cidrRange, formatAddress, type AddressRange } from '@platform/libs/settings/cidr';
import { hasStaticOnPremises } from '@platform/libs/tgw/destinations';
import type { PolicySettings } from './ends';
import { LongestPrefix } from './longest-prefix';
import type { HubRoute, HubTable, Network } from './network';
import type { Violation } from './check-policy';

/** A network of which on-premises can draw a part through one table. */
interface Drawn {
  readonly table: HubTable;
  readonly announcement: HubRoute;
  /** The prefix that on-premises would announce. */
  readonly hostile: AddressRange;
}

/**
 * Tables through which on-premises could draw the traffic of another network, by announcing a more specific prefix: each
 * table that takes routes from there is tried with the first /24 of every other range that it knows. The longest prefix
 * wins, whatever its origin (Transit Gateway guide, "Route evaluation order":
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html).
 */
function drawnBy(network: Network): Drawn[] {
  return [...network.hubs.values()].flatMap(({ tables }) =>
    tables.flatMap((table) => {
      const announcement = table.routes.find(
        ({ origin, attachment }) => origin === 'propagated' && attachment?.kind === 'on-premises',
      );
      if (!announcement) return [];
      const others = table.routes.filter(
        ({ range, attachment }) => attachment?.kind !== 'on-premises' && range.last - range.first >= 255,
      );
      return others.flatMap((route): Drawn[] => {
        const hostile = cidrRange(`${formatAddress(route.range.first)}/24`);
        const added: HubRoute = { ...announcement, range: hostile };
        const entries = [...table.routes, added].map((value) => ({
          range: value.range,
          rank: value.origin === 'static' ? 0 : value === added ? 2 : 1,
          value,
        }));
        const decides = new LongestPrefix(entries).lookup(hostile.first)!.value;
        return decides === added ? [{ table, announcement, hostile }] : [];
      });
    }),
  );
}

/** Violations where the settings ask for static routes, a note where they leave it to what is propagated. */
export function checkSpecifics(
  network: Network,
  settings: PolicySettings,
): { readonly violations: readonly Violation[]; readonly notes: readonly string[] } {
  const drawn = drawnBy(network);
  const tables = [...new Set(drawn.map(({ table }) => table))];
  if (tables.length === 0) return { violations: [], notes: [] };
  if (!hasStaticOnPremises(settings)) {
    const names = tables.map(({ name }) => name).join(', ');
    const { hostile } = drawn[0]!;
    return {
      violations: [],
      notes: [
        `on-premises: ${names} take every route that is announced there: one of ${hostile.text}, for example, draws that network's traffic; onPremises.connectivity.${settings.name}.routes: 'static' prevents it`,
      ],
    };
  }
  return {
    violations: tables.map((table): Violation => {
      const { announcement, hostile } = drawn.find((each) => each.table === table)!;
      const { place } = announcement;
      return {
        rule: 'entitled',
        from: 'on-premises',
        says: `${table.name} takes every route that on-premises announces: one of ${hostile.text} would draw that network's traffic, and the settings ask for static routes`,
        owner: place,
        hops: [
          { place, does: `${table.name} takes the routes of on-premises` },
          {
            place: table.place,
            does: `${hostile.text} from there is more specific than what ${table.name} knows, and wins`,
          },
        ],
      };
    }),
    notes: [],
  };
}
