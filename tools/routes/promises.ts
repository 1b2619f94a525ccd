import { onPremisesSegment } from '@platform/libs/settings/check-segments';
import { includesLevel } from '@platform/libs/settings/adoption';
import { reaches } from '@platform/libs/tgw/reach';
import { checkEntitled } from './check-entitled';
import { checkServices } from './check-services';
import { Conversations, formatConversation } from './conversations';
import { endsOf, type End, type PromiseRegion, type PromiseSettings } from './ends';
import { holds, overlap, type Range } from './ipv4';
import type { HubTable, Network, Vpc } from './network';
import { ownerOfAsymmetry, ownerOfGap, ownerOfLastHop, ownerOfWay } from './owner';
import type { Place } from './references';
import type { Hop, Trace } from './walk';

/**
 * What must hold, in the words of the report.
 *
 * - `reaches`: both ends of a promised pair reach each other, replies included; where NAT gateways or inspection are a way
 *   to the internet, every application subnet gets out by it, and replies come back
 * - `isolated`: no packet gets from one end of any other pair to the other
 * - `symmetric`: a reply passes the appliances that its question passed, each in the zone that the packet is in
 * - `inspected`: at level `inspected` nothing passes a hub or goes to the internet unseen
 * - `announced`: Direct Connect tells on premises of every network that it reaches, as exactly as a VPN beside it does
 * - `serves`: data stores, name servers, endpoints of AWS's services and appliances are reached by those that need them
 * - `entitled`: no table of a hub learns of a network that those whose packets it decides about must not reach
 * - `named`: every table of a hub says of every network whether it is routed or dropped
 * - `closed`: nothing but balancers that face the internet is open to any part of it
 * - `distinct`: no two networks share an address
 * - `made`: every network of the settings is made by a stack
 * - `readable`: the check could follow everything that decides about packets
 */
export type PromiseKind =
  | 'reaches'
  | 'isolated'
  | 'symmetric'
  | 'inspected'
  | 'announced'
  | 'serves'
  | 'entitled'
  | 'named'
  | 'closed'
  | 'distinct'
  | 'made'
  | 'readable';

/** A promise that does not hold, with a case in which it does not. */
export interface BrokenPromise {
  readonly promise: PromiseKind;
  readonly from?: string;
  readonly to?: string;
  /** What is wrong, in one sentence. */
  readonly says: string;
  /** Who has to change something. */
  readonly owner?: Place;
  readonly hops: readonly Hop[];
  /** The way back, where that is what is wrong. */
  readonly reply?: readonly Hop[];
}

/** What the check found of two ends. */
export interface PairAnswer {
  readonly from: string;
  readonly to: string;
  readonly promised: boolean;
  /** True when packets arrive; for a promised pair, when replies do too. */
  readonly reaches: boolean;
}

export interface PromiseAnswers {
  readonly ends: readonly End[];
  readonly pairs: readonly PairAnswer[];
  /** Whether all application subnets of each VPC reach the internet and get replies, by the end's name. */
  readonly internet: Readonly<Record<string, boolean>>;
  readonly broken: readonly BrokenPromise[];
  /** What was not judged, and why. */
  readonly notes: readonly string[];
}

/** Holds the forwarding graph against what the settings promise. */
export function checkPromises(
  network: Network,
  settings: PromiseSettings,
  regions: readonly PromiseRegion[],
): PromiseAnswers {
  const { ends, missing } = endsOf(network, settings, regions);
  const conversations = new Conversations(network, ends);
  const inspected = includesLevel(settings.level, 'inspected');
  const broken: BrokenPromise[] = [
    ...network.unread.map(
      ({ place, what }): BrokenPromise => ({ promise: 'readable', says: what, owner: place, hops: [] }),
    ),
    ...missing.map(
      (name): BrokenPromise => ({
        promise: 'made',
        says: `${name} is in the settings, and no stack makes it`,
        hops: [],
      }),
    ),
    ...checkConnected(settings, ends),
    ...checkDistinct(network, ends),
    ...checkNamed(network, ends),
    ...checkAnnounced(network, ends, settings),
    ...checkEntitled(network, ends, settings),
    ...checkServices(network, ends, settings),
  ];
  const pairs: PairAnswer[] = [];
  for (const from of ends) {
    for (const to of ends) {
      if (from === to && from.kind !== 'on-premises') continue;
      const promised = reaches(settings.segments, from.segment, to.segment);
      const found = promised
        ? checkReach(network, from, to, conversations, inspected)
        : checkIsolation(network, from, to, conversations);
      broken.push(...found);
      const works = !found.some(({ promise }) => promise === 'reaches' || promise === 'isolated');
      pairs.push({ from: from.name, to: to.name, promised, reaches: promised === works });
    }
  }
  const wayOut = inspected || settings.natGateways !== 'none';
  const internet: Record<string, boolean> = {};
  for (const end of ends) {
    if (end.kind !== 'vpc') continue;
    const out = checkInternet(network, end, conversations, { promised: wayOut, inspected });
    internet[end.name] = out.reaches;
    broken.push(...out.broken);
  }
  return { ends, pairs, internet, broken, notes: notesOn(settings, ends) };
}

function notesOn(settings: PromiseSettings, ends: readonly End[]): string[] {
  if (!settings.onPremises || isConnected(settings) || ends.some(({ kind }) => kind === 'on-premises')) return [];
  return [
    `${onPremisesSegment}: the settings join ${settings.name} with no network there; what is promised of them is not judged`,
  ];
}

function checkConnected(settings: PromiseSettings, ends: readonly End[]): BrokenPromise[] {
  if (!isConnected(settings) || ends.some(({ kind }) => kind === 'on-premises')) return [];
  const says = `${onPremisesSegment}: the settings have lines or VPN there, and no stack joins one to a hub`;
  return [{ promise: 'made', says, hops: [] }];
}

function isConnected({ name, onPremises }: PromiseSettings): boolean {
  return Object.hasOwn(onPremises?.connectivity ?? {}, name);
}

function checkReach(
  network: Network,
  from: End,
  to: End,
  conversations: Conversations,
  inspected: boolean,
): BrokenPromise[] {
  const found = new Map<PromiseKind, BrokenPromise>();
  const add = (broken: BrokenPromise) => {
    if (!found.has(broken.promise)) found.set(broken.promise, { ...broken, from: from.name, to: to.name });
  };
  const all = conversations.between(from, to);
  if (all.length === 0) {
    add({
      promise: 'reaches',
      says: `${from.name} has no way in to a hub that leads to ${to.name}`,
      hops: [],
      ...ownerOfGap(network, from, to),
    });
  }
  for (const conversation of all) {
    for (const there of conversations.ask(conversation)) {
      if (!conversations.arrived(there, to)) {
        add({
          promise: 'reaches',
          says: `${from.name} does not reach ${to.name} (${formatConversation(conversation)})`,
          hops: there.hops,
          ...ownerOfGap(network, from, to, there),
        });
        continue;
      }
      for (const back of conversations.reply(conversation, there)) {
        if (!conversations.arrived(back, from)) {
          add({
            promise: 'reaches',
            says: `${to.name} gets packets of ${from.name}, and its replies do not arrive (${formatConversation(conversation)})`,
            hops: there.hops,
            reply: back.hops,
            ...ownerOfGap(network, to, from, back),
          });
          continue;
        }
        for (const broken of checkPassages(network, there, back, inspected, `${from.name} → ${to.name}`)) add(broken);
      }
    }
  }
  return [...found.values()];
}

function checkIsolation(network: Network, from: End, to: End, conversations: Conversations): BrokenPromise[] {
  for (const conversation of conversations.attempts(from, to)) {
    for (const trace of conversations.ask(conversation, 'ignored')) {
      if (!conversations.arrived(trace, to)) continue;
      return [
        {
          promise: 'isolated',
          from: from.name,
          to: to.name,
          says: `${from.name} (${from.segment}) must not reach ${to.name} (${to.segment}), and packets arrive (${formatConversation(conversation)})`,
          hops: trace.hops,
          ...ownerOfWay(network, trace),
        },
      ];
    }
  }
  return [];
}

/** Appliances are stateful: one that sees half a conversation drops it. */
function checkPassages(network: Network, there: Trace, back: Trace, inspected: boolean, what: string): BrokenPromise[] {
  const passages = [...there.passages, ...back.passages];
  const ways = { hops: there.hops, reply: back.hops };
  const astray = passages.find(({ endpoint, zoneBefore }) => endpoint.subnet.zone !== zoneBefore);
  if (astray) {
    const { zoneBefore, endpoint, place } = astray;
    const says = `${what} is in zone ${zoneBefore} and is sent to the appliances of zone ${endpoint.subnet.zone}, whose loss it would share`;
    return [{ promise: 'symmetric', says, owner: place, ...ways }];
  }
  const ids = ({ passages: passed }: Trace) => passed.map(({ endpoint }) => endpoint.id);
  if (ids(there).join() !== ids(back).reverse().join()) {
    const zones = ({ passages: passed }: Trace) =>
      passed.map(({ endpoint }) => endpoint.subnet.zone).join(', ') || 'none';
    const says = `${what} passes appliances in ${zones(there)}, and the reply in ${zones(back)}`;
    return [{ promise: 'symmetric', says, ...ownerOfAsymmetry(network, there, back), ...ways }];
  }
  if (inspected && passages.length === 0) {
    return [{ promise: 'inspected', says: `${what} passes no appliance`, ...ownerOfWay(network, there), ...ways }];
  }
  return [];
}

/**
 * The way out and back, which NAT gateways or inspection promise to every application subnet. Where neither does, what gets
 * out all the same is judged, and what does not is not missed.
 */
function checkInternet(
  network: Network,
  end: End & { kind: 'vpc' },
  conversations: Conversations,
  { promised, inspected }: { readonly promised: boolean; readonly inspected: boolean },
): { reaches: boolean; broken: BrokenPromise[] } {
  const found = new Map<PromiseKind, BrokenPromise>();
  const add = (broken: BrokenPromise) => {
    if (!found.has(broken.promise)) found.set(broken.promise, { ...broken, from: end.name, to: 'internet' });
  };
  let reached = false;
  for (const conversation of conversations.toInternet(end)) {
    for (const there of conversations.ask(conversation)) {
      if (there.outcome.kind !== 'internet') {
        if (promised) {
          const says = `${end.name} does not reach the internet (${formatConversation(conversation)})`;
          add({ promise: 'reaches', says, hops: there.hops, ...ownerOfLastHop(there) });
        }
        continue;
      }
      reached = true;
      const replies = conversations.reply(conversation, there);
      if (replies.length === 0) {
        const says = `${end.name} sends packets to the internet with a private address, and replies find nobody (${formatConversation(conversation)})`;
        add({ promise: 'reaches', says, hops: there.hops, ...ownerOfLastHop(there) });
      }
      for (const back of replies) {
        if (!conversations.arrived(back, end)) {
          const says = `${end.name} sends packets to the internet, and replies do not arrive (${formatConversation(conversation)})`;
          add({ promise: 'reaches', says, hops: there.hops, reply: back.hops, ...ownerOfLastHop(back) });
        } else {
          for (const broken of checkPassages(network, there, back, inspected, `${end.name} → internet`)) add(broken);
        }
      }
    }
  }
  return { reaches: reached && !found.has('reaches'), broken: [...found.values()] };
}

function checkDistinct(network: Network, ends: readonly End[]): BrokenPromise[] {
  const networks: { name: string; range: Range; place?: Place }[] = [
    ...network.vpcs.flatMap(({ name, place, ranges, awsRegion }) =>
      ranges.map((range) => ({ name: `${name} (${awsRegion})`, range, place })),
    ),
    ...ends.flatMap((end) =>
      end.kind === 'vpc'
        ? []
        : end.ranges.map((range) => ({
            name: end.name,
            range,
            ...(end.kind === 'external' ? { place: end.attachment.place } : {}),
          })),
    ),
  ];
  const sorted = networks.sort((a, b) => a.range.first - b.range.first);
  return sorted.flatMap((network, index) =>
    sorted
      .slice(index + 1)
      .filter((other) => overlap(network.range, other.range))
      .map((other): BrokenPromise => {
        const owner = other.place ?? network.place;
        return {
          promise: 'distinct',
          says: `${network.name} and ${other.name} share addresses: ${network.range.text}, ${other.range.text}`,
          hops: [],
          ...(owner ? { owner } : {}),
        };
      }),
  );
}

function checkNamed(network: Network, ends: readonly End[]): BrokenPromise[] {
  return [...network.hubs.values()].flatMap((hub) =>
    hub.tables
      .filter((table) => [...hub.associations.values()].includes(table))
      .flatMap((table) =>
        ends.flatMap(({ name, ranges }) =>
          ranges
            .filter((range) => !namesAll(table, range))
            .map(
              ({ text }): BrokenPromise => ({
                promise: 'named',
                to: name,
                says: `${table.name} in ${hub.awsRegion} says nothing of ${name} (${text}): neither a way nor a blackhole`,
                owner: table.place,
                hops: [],
              }),
            ),
        ),
      ),
  );
}

/** Whether a table knows every address of a range: what it does not know begins with the range, or after one of its routes. */
function namesAll({ routes, lookup }: HubTable, range: Range): boolean {
  const behind = routes.map((route) => route.range.last + 1).filter((address) => holds(range, address));
  return [range.first, ...behind].every((address) => lookup.lookup(address));
}

/** VPNs announce each network by itself, and routers prefer the narrower one: a line must not be wider than its backup. */
function checkAnnounced(network: Network, ends: readonly End[], { segments }: PromiseSettings): BrokenPromise[] {
  const attachments = [...network.attachments.values()].filter((attachment) => attachment.kind === 'on-premises');
  const width = ({ first, last }: Range) => last - first;
  return attachments.flatMap(({ hub, announced, place }) => {
    if (!announced) return [];
    const backed = attachments.some((other) => other.hub === hub && !other.announced);
    return ends.flatMap((end) => {
      const here =
        end.kind === 'external' ? end.hub.id === hub : end.kind === 'vpc' && isAttached(network, end.vpc, hub);
      if (!here || !reaches(segments, onPremisesSegment, end.segment)) return [];
      return end.ranges.flatMap((range): BrokenPromise[] => {
        const covering = announced.filter(({ first, last }) => first <= range.first && range.last <= last);
        const says =
          covering.length === 0
            ? `Direct Connect does not tell on premises of ${end.name}: ${range.text} is in none of ${announced.map(({ text }) => text).join(', ') || 'no prefixes'}`
            : backed && covering.every((wide) => width(wide) > width(range))
              ? `the VPN announces ${end.name} (${range.text}) by itself and Direct Connect only within ${covering[0]!.text}, so that routers on premises prefer the VPN`
              : undefined;
        return says
          ? [{ promise: 'announced', from: onPremisesSegment, to: end.name, says, owner: place, hops: [] }]
          : [];
      });
    });
  });
}

function isAttached(network: Network, vpc: Vpc, hub: string): boolean {
  return [...network.attachments.values()].some(
    (attachment) => attachment.kind === 'vpc' && attachment.vpc === vpc && attachment.hub === hub,
  );
}
