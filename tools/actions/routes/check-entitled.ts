import { reaches } from '@platform/libs/tgw/reach';
import { isOf, sendersOf, type End, type PolicySettings } from './ends';
import type { HubTable, Network } from './network';
import type { Violation } from './check-policy';

/**
 * What a table learns is to be meant for those whose packets it decides about. A blackhole or a fence that stops them all
 * the same does not make it right: taken away later, for a reason of its own, it would open a way that nobody sees open.
 */
export function checkEntitled(
  network: Network,
  ends: readonly End[],
  { segments }: Pick<PolicySettings, 'segments'>,
): Violation[] {
  return [...network.hubs.values()].flatMap((hub) =>
    hub.tables.flatMap((table) => {
      const groups = [...hub.associations]
        .filter(([, associated]) => associated === table)
        .map(([id]) => ({ id, senders: sendersOf(network, network.attachments.get(id)!, hub, ends) }))
        // What comes out of inspection is of everybody.
        .filter(({ senders }) => senders.length > 0);
      return table.routes
        .filter(({ origin }) => origin === 'propagated')
        .flatMap(({ attachment, range, place }): Violation[] => {
          const learned = ends.find((end) => isOf(attachment!, end));
          const unmeant = groups.filter(
            ({ senders }) =>
              !senders.some(
                (from) => learned && (from === learned || reaches(segments, from.segment, learned.segment)),
              ),
          );
          if (unmeant.length === 0) return [];
          const { id, senders } = unmeant[0]!;
          const to = learned?.name ?? range.text;
          const from = senders.map(({ name }) => name).join(', ');
          // Where others may have it, it is the sender that is in the wrong table.
          const owner = unmeant.length < groups.length ? hub.associationPlaces.get(id)! : place;
          const hops = [
            { place: hub.associationPlaces.get(id)!, does: `packets of ${from} use ${table.name}` },
            { place, does: `${table.name} has a propagated route for ${range.text} (${to})` },
          ];
          return [{ rule: 'entitled', from: senders[0]!.name, to, says: sentence(table, from, to), owner, hops }];
        });
    }),
  );
}

function sentence(table: HubTable, from: string, to: string): string {
  return `${table.name} routes packets of ${from} and has a propagated route to ${to}, which they must not reach`;
}
