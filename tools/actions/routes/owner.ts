import { reaches } from '@platform/libs/tgw/reach';
import { sendersOf, type End, type PolicySettings } from './ends';
import type { Attachment, Hub, HubRoute, HubTable, Network } from './network';
import type { Place } from './references';
import type { Trace } from './walk';

/** Who has to add what is missing on the way between two ends. */
export function ownerOfGap(network: Network, from: End, to: End, trace?: Trace): { readonly owner?: Place } {
  const outcome = trace?.outcome;
  if (outcome?.kind !== 'dropped') {
    const connections = [from, to].flatMap((end) => (end.kind === 'on-premises' ? end.attachments : []));
    // What a VPN announces follows from the tables; what Direct Connect announces is written down.
    const connection = connections.find(({ announced }) => announced) ?? connections[0];
    return connection ? { owner: connection.place } : {};
  }
  const { cause, place, hub } = outcome;
  if ((cause !== 'no-route' && cause !== 'blackhole') || !hub) return { owner: place };
  // A table that drops exactly this network means it; one that drops a wider range lacks a way to this one.
  const meant = hub.tables.some(({ routes }) => routes.some((route) => route.place === place && isRangeOf(route, to)));
  if (meant) return { owner: place };
  return { owner: whoAnnounces(network, hub, to) ?? tableThatDropped(hub, place) };
}

/**
 * Who has to say something of a network that a table does not name: where those whose packets the table decides about may
 * reach it, whoever joins it with the hub, else the table, which has to drop it.
 */
export function ownerOfSilence(
  network: Network,
  ends: readonly End[],
  { segments }: Pick<PolicySettings, 'segments'>,
  { hub, table, to }: { readonly hub: Hub; readonly table: HubTable; readonly to: End },
): Place {
  const asking = [...hub.associations].flatMap(([id, associated]) => {
    if (associated !== table) return [];
    const senders = sendersOf(network, network.attachments.get(id)!, hub, ends);
    // What comes out of inspection is of everybody.
    return senders.length > 0 ? senders : ends;
  });
  const allowed = asking.some((from) => from !== to && reaches(segments, from.segment, to.segment));
  return (allowed ? whoAnnounces(network, hub, to) : undefined) ?? table.place;
}

/** Who lets a question and its reply meet different appliances. */
export function ownerOfAsymmetry(network: Network, there: Trace, back: Trace): { readonly owner?: Place } {
  if (there.passages.length !== back.passages.length) {
    return ownerOfWay(network, there.passages.length < back.passages.length ? there : back);
  }
  const vpcs = [...there.passages, ...back.passages].map(({ endpoint }) => endpoint.subnet.vpc);
  const attachment = [...network.attachments.values()].find(
    (candidate) => candidate.kind === 'vpc' && !candidate.applianceMode && vpcs.includes(candidate.vpc),
  );
  return attachment ? { owner: attachment.place } : { owner: there.passages[0]!.place };
}

/** Who wrote the way that should not be there: the first route of a hub that led on, or of a VPC where no hub was asked. */
export function ownerOfWay(network: Network, { hops }: Trace): { readonly owner?: Place } {
  const ways = new Set(
    [...network.hubs.values()].flatMap(({ tables }) =>
      tables.flatMap(({ routes }) => routes.map(({ place }) => place)),
    ),
  );
  const first = hops.find(({ place }) => ways.has(place)) ?? hops[0];
  return first ? { owner: first.place } : {};
}

/** Who decided last about a packet that got lost, or ended where it should not. */
export function ownerOfLastHop({ outcome, hops }: Trace): { readonly owner?: Place } {
  const place = outcome.kind === 'dropped' ? outcome.place : hops.at(-1)?.place;
  return place ? { owner: place } : {};
}

function isRangeOf({ range, attachment }: HubRoute, end: End): boolean {
  return !attachment && end.ranges.includes(range);
}

function tableThatDropped({ tables }: Hub, place: Place): Place {
  return (
    tables.find((table) => table.place === place || table.routes.some((route) => route.place === place))?.place ?? place
  );
}

/** Whoever makes the peering or connection over which a hub hears of a network; its own VPCs its tables announce themselves. */
function whoAnnounces(network: Network, hub: Hub, to: End): Place | undefined {
  const attachment = attachmentToward(network, hub, to);
  return attachment && attachment.kind !== 'vpc' ? attachment.place : undefined;
}

/** What the hub would have to route to: the peering with the other region's hub, or the connection to on premises. */
function attachmentToward(network: Network, hub: Hub, to: End): Attachment | undefined {
  const all = [...network.attachments.values()];
  if (to.kind === 'on-premises') return to.attachments.find((attachment) => attachment.hub === hub.id);
  if (to.kind === 'external' && to.hub === hub) return to.attachment;
  const own = all.find((attachment) => attachment.kind === 'vpc' && to.kind === 'vpc' && attachment.vpc === to.vpc);
  const other = to.kind === 'external' ? to.hub.id : own?.kind === 'vpc' ? own.hub : undefined;
  if (other === hub.id) return own;
  return all.find(
    (attachment) =>
      attachment.kind === 'peer' &&
      attachment.hubs.includes(hub.id) &&
      other !== undefined &&
      attachment.hubs.includes(other),
  );
}
