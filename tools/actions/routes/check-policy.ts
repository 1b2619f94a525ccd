import { onPremisesSegment } from '@platform/libs/settings/segments';
import { includesLevel } from '@platform/libs/settings/adoption';
import { reaches } from '@platform/libs/tgw/reach';
import { checkEntitled } from './check-entitled';
import { checkSpecifics } from './check-specifics';
import { checkServices } from './check-services';
import { announces, Conversations, formatConversation } from './conversations';
import { endsOf, sendersOf, type End, type PolicyRegion, type PolicySettings } from './ends';
import { holds, overlaps, type AddressRange } from '@platform/libs/settings/cidr';
import type { Attachment, HubTable, Network, Vpc } from './network';
import { ownerOfAsymmetry, ownerOfGap, ownerOfLastHop, ownerOfSilence, ownerOfWay } from './owner';
import type { Place } from './references';
import type { Hop, Trace } from './walk';

/**
 * Rules of the reachability policy, by their names in the report.
 *
 * - `reaches`: both ends of an allowed pair reach each other, replies included; where NAT gateways or inspection are a way
 *   to the internet, every application subnet gets out by it, and replies come back
 * - `isolated`: no packet gets from one end of any other pair to the other
 * - `symmetric`: a reply passes the appliances that its question passed, each in the zone that the packet is in
 * - `inspected`: at level `inspected` nothing passes a hub or goes to the internet unseen
 * - `announced`: Direct Connect tells on premises of every network that it reaches, as exactly as a VPN beside it does, and
 *   those networks hear of on premises by each connection of their hub
 * - `serves`: data stores, name servers, endpoints of AWS's services and appliances are reached by those that need them
 * - `entitled`: no table of a hub learns of a network that those whose packets it decides about must not reach, nor, where
 *   the settings ask for static routes, takes any route that on premises announces
 * - `named`: every table of a hub says of every network whether it is routed or dropped
 * - `closed`: nothing but balancers that face the internet is open to any part of it
 * - `distinct`: no two networks share an address
 * - `made`: every network of the settings is made by a stack
 * - `readable`: the check could follow everything that decides about packets
 */
export type PolicyRule =
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

/** A violation of the policy, with a counterexample. */
export interface Violation {
  readonly rule: PolicyRule;
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
  readonly allowed: boolean;
  /** True when packets arrive; for an allowed pair, when replies do too. */
  readonly reaches: boolean;
}

export interface PolicyAnswers {
  readonly ends: readonly End[];
  readonly pairs: readonly PairAnswer[];
  /** Whether all application subnets of each VPC reach the internet and get replies, by the end's name. */
  readonly internet: Readonly<Record<string, boolean>>;
  readonly violations: readonly Violation[];
  /** What was not judged, and why. */
  readonly notes: readonly string[];
}

/** Checks the forwarding graph against the policy of the settings. */
export function checkPolicy(
  network: Network,
  settings: PolicySettings,
  regions: readonly PolicyRegion[],
): PolicyAnswers {
  const { ends, missing } = endsOf(network, settings, regions);
  const conversations = new Conversations(network, ends);
  const inspected = includesLevel(settings.level, 'inspected');
  const specifics = checkSpecifics(network, settings);
  const violations: Violation[] = [
    ...network.unread.map(({ place, what }): Violation => ({ rule: 'readable', says: what, owner: place, hops: [] })),
    ...missing.map(
      (name): Violation => ({
        rule: 'made',
        says: `${name} is in the settings, but no stack creates it`,
        hops: [],
      }),
    ),
    ...checkConnected(settings, ends),
    ...checkDistinct(network, ends),
    ...checkNamed(network, ends, settings),
    ...checkAnnounced(network, ends, settings),
    ...checkEntitled(network, ends, settings),
    ...checkServices(network, ends, settings),
    ...specifics.violations,
  ];
  const pairs: PairAnswer[] = [];
  for (const from of ends) {
    for (const to of ends) {
      if (from === to && from.kind !== 'on-premises') continue;
      const allowed = reaches(settings.segments, from.segment, to.segment);
      const found = allowed
        ? checkReach(network, from, to, conversations, inspected)
        : checkIsolation(network, from, to, conversations);
      violations.push(...found);
      const works = !found.some(({ rule }) => rule === 'reaches' || rule === 'isolated');
      pairs.push({ from: from.name, to: to.name, allowed, reaches: allowed === works });
    }
  }
  const wayOut = allowsInternet(settings);
  const internet: Record<string, boolean> = {};
  for (const end of ends) {
    if (end.kind !== 'vpc') continue;
    const out = checkInternet(network, end, conversations, { allowed: wayOut, inspected });
    internet[end.name] = out.reaches;
    violations.push(...out.violations);
  }
  return { ends, pairs, internet, violations, notes: [...notesOn(settings, ends), ...specifics.notes] };
}

/** Whether the policy gives application subnets a route to the internet. */
export function allowsInternet({ level, natGateways }: Pick<PolicySettings, 'level' | 'natGateways'>): boolean {
  return includesLevel(level, 'inspected') || natGateways !== 'none';
}

function notesOn(settings: PolicySettings, ends: readonly End[]): string[] {
  if (!settings.onPremises || isConnected(settings) || ends.some(({ kind }) => kind === 'on-premises')) return [];
  return [
    `${onPremisesSegment}: the settings give ${settings.name} no network there; the policy for it is not checked`,
  ];
}

function checkConnected(settings: PolicySettings, ends: readonly End[]): Violation[] {
  if (!isConnected(settings) || ends.some(({ kind }) => kind === 'on-premises')) return [];
  const says = `${onPremisesSegment}: the settings have connections there, but no stack attaches one to a Transit Gateway`;
  return [{ rule: 'made', says, hops: [] }];
}

function isConnected({ name, onPremises }: PolicySettings): boolean {
  return Object.hasOwn(onPremises?.connectivity ?? {}, name);
}

function checkReach(
  network: Network,
  from: End,
  to: End,
  conversations: Conversations,
  inspected: boolean,
): Violation[] {
  const found = new Map<PolicyRule, Violation>();
  const add = (violation: Violation) => {
    if (!found.has(violation.rule)) found.set(violation.rule, { ...violation, from: from.name, to: to.name });
  };
  const all = conversations.between({ end: from }, { end: to });
  if (all.length === 0) {
    add({
      rule: 'reaches',
      says: `${from.name} has no attachment to a Transit Gateway that routes to ${to.name}`,
      hops: hopsOfNoWayIn(network, from, to),
      ...ownerOfGap(network, from, to),
    });
  }
  for (const conversation of all) {
    for (const there of conversations.ask(conversation)) {
      if (!conversations.arrived(there, to)) {
        add({
          rule: 'reaches',
          says: `${from.name} does not reach ${to.name} (${formatConversation(conversation)})`,
          hops: there.hops,
          ...ownerOfGap(network, from, to, there),
        });
        continue;
      }
      for (const violation of checkHeard(network, there, from)) add(violation);
      for (const back of conversations.reply(conversation, there)) {
        if (!conversations.arrived(back, from)) {
          add({
            rule: 'reaches',
            says: `${to.name} receives packets of ${from.name}, but its replies do not arrive (${formatConversation(conversation)})`,
            hops: there.hops,
            reply: back.hops,
            ...ownerOfGap(network, to, from, back),
          });
          continue;
        }
        for (const violation of checkPassages(network, there, back, inspected, `${from.name} → ${to.name}`))
          add(violation);
      }
    }
  }
  return [...found.values()];
}

/** A packet to on premises has every connection of the hub that it leaves by: the best is used, the others are its backup. */
function checkHeard(network: Network, { outcome, hops }: Trace, from: End): Violation[] {
  if (outcome.kind !== 'outside' || outcome.attachment.kind !== 'on-premises') return [];
  const { hub: id, by } = outcome.attachment;
  const decided = hops.at(-1)!;
  const table = network.hubs.get(id)?.tables.find(({ routes }) => routes.some(({ place }) => place === decided.place));
  const unheard = [...network.attachments.values()].find(
    (other) =>
      other.kind === 'on-premises' && other.hub === id && !table?.routes.some(({ attachment }) => attachment === other),
  );
  if (unheard?.kind !== 'on-premises' || !table) return [];
  const says = `${from.name} reaches on premises by ${by} alone: ${table.name} has no route from ${unheard.by}`;
  const last = { place: unheard.place, does: `${table.name}: no route from ${unheard.by}` };
  return [{ rule: 'announced', says, owner: unheard.place, hops: [...hops, last] }];
}

/** Why there is nobody to ask, or nobody who is asked. */
export function hopsOfNoWayIn(network: Network, from: End, to: End): Hop[] {
  const text = to.ranges.map((range) => range.text).join(', ');
  const silent = [from, to].flatMap((end): Hop[] =>
    end.kind === 'vpc' && !end.vpc.subnets.some(({ id }) => network.speakers.has(id))
      ? [{ place: end.vpc.place, does: `${end.vpc.name} has no subnet with an attachment to a Transit Gateway` }]
      : [],
  );
  switch (from.kind) {
    case 'vpc':
      return silent;
    case 'external':
      return [...silent, { place: from.attachment.place, does: `${from.name} sends nothing to ${text}` }];
    case 'on-premises':
      return [
        ...silent,
        ...from.attachments.map(({ by, announced, place }) => {
          const told = announced?.map((range) => range.text).join(', ') || 'nothing of it';
          return { place, does: `routers on premises: ${by} announces ${told} → ${text} is not sent over it` };
        }),
      ];
  }
}

function checkIsolation(network: Network, from: End, to: End, conversations: Conversations): Violation[] {
  for (const conversation of conversations.attempts({ end: from }, { end: to })) {
    for (const trace of conversations.ask(conversation, 'ignored')) {
      if (!conversations.arrived(trace, to)) continue;
      return [
        {
          rule: 'isolated',
          from: from.name,
          to: to.name,
          says: `${from.name} (${from.segment}) must not reach ${to.name} (${to.segment}), but packets arrive (${formatConversation(conversation)})`,
          hops: trace.hops,
          ...ownerOfWay(network, trace),
        },
      ];
    }
  }
  return [];
}

/** Appliances are stateful: one that sees half a conversation drops it. */
function checkPassages(network: Network, there: Trace, back: Trace, inspected: boolean, what: string): Violation[] {
  const passages = [...there.passages, ...back.passages];
  const ways = { hops: there.hops, reply: back.hops };
  const astray = passages.find(({ endpoint, zoneBefore }) => endpoint.subnet.zone !== zoneBefore);
  if (astray) {
    const { zoneBefore, endpoint, place } = astray;
    const says = `${what} is in zone ${zoneBefore}, but uses the appliances of zone ${endpoint.subnet.zone}`;
    return [{ rule: 'symmetric', says, owner: place, ...ways }];
  }
  const ids = ({ passages: passed }: Trace) => passed.map(({ endpoint }) => endpoint.id);
  if (ids(there).join() !== ids(back).reverse().join()) {
    const zones = ({ passages: passed }: Trace) =>
      passed.map(({ endpoint }) => endpoint.subnet.zone).join(', ') || 'none';
    const says = `${what} passes appliances in ${zones(there)}, and the reply in ${zones(back)}`;
    return [{ rule: 'symmetric', says, ...ownerOfAsymmetry(network, there, back), ...ways }];
  }
  if (inspected && passages.length === 0) {
    return [{ rule: 'inspected', says: `${what} passes no appliance`, ...ownerOfWay(network, there), ...ways }];
  }
  return [];
}

/**
 * Routes to the internet and back, required for every application subnet with NAT gateways or inspection. Without either,
 * only what does get out is checked.
 */
function checkInternet(
  network: Network,
  end: End & { kind: 'vpc' },
  conversations: Conversations,
  { allowed, inspected }: { readonly allowed: boolean; readonly inspected: boolean },
): { reaches: boolean; violations: Violation[] } {
  const found = new Map<PolicyRule, Violation>();
  const add = (violation: Violation) => {
    if (!found.has(violation.rule)) found.set(violation.rule, { ...violation, from: end.name, to: 'internet' });
  };
  let reached = false;
  for (const conversation of conversations.toInternet({ end })) {
    for (const there of conversations.ask(conversation)) {
      if (there.outcome.kind !== 'internet') {
        if (allowed) {
          const says = `${end.name} does not reach the internet (${formatConversation(conversation)})`;
          add({ rule: 'reaches', says, hops: there.hops, ...ownerOfLastHop(there) });
        }
        continue;
      }
      reached = true;
      const replies = conversations.reply(conversation, there);
      if (replies.length === 0) {
        const says = `${end.name} sends packets to the internet with a private source address, which gets no replies (${formatConversation(conversation)})`;
        add({ rule: 'reaches', says, hops: there.hops, ...ownerOfLastHop(there) });
      }
      for (const back of replies) {
        if (!conversations.arrived(back, end)) {
          const says = `${end.name} sends packets to the internet, but replies do not arrive (${formatConversation(conversation)})`;
          add({ rule: 'reaches', says, hops: there.hops, reply: back.hops, ...ownerOfLastHop(back) });
        } else {
          for (const violation of checkPassages(network, there, back, inspected, `${end.name} → internet`))
            add(violation);
        }
      }
    }
  }
  return { reaches: reached && !found.has('reaches'), violations: [...found.values()] };
}

function checkDistinct(network: Network, ends: readonly End[]): Violation[] {
  const networks: { name: string; range: AddressRange; place?: Place; hop: Hop }[] = [
    ...network.vpcs.flatMap(({ name, place, ranges, awsRegion }) =>
      ranges.map((range) => {
        return { name: `${name} (${awsRegion})`, range, place, hop: { place, does: `${name} has ${range.text}` } };
      }),
    ),
    ...ends.flatMap((end) => {
      if (end.kind === 'vpc') return [];
      const { place } = end.kind === 'external' ? end.attachment : end.attachments[0]!;
      return end.ranges.map((range) => ({
        name: end.name,
        range,
        // The range on premises stands in the settings: who joins it cannot change it.
        ...(end.kind === 'external' ? { place } : {}),
        hop: { place, does: `${end.name} has ${range.text}, and is joined here` },
      }));
    }),
  ];
  const sorted = networks.sort((a, b) => a.range.first - b.range.first);
  return sorted.flatMap((network, index) =>
    sorted
      .slice(index + 1)
      .filter((other) => overlaps(network.range, other.range))
      .map((other): Violation => {
        const owner = other.place ?? network.place;
        return {
          rule: 'distinct',
          says: `${network.name} and ${other.name} share addresses: ${network.range.text}, ${other.range.text}`,
          hops: [network.hop, other.hop],
          ...(owner ? { owner } : {}),
        };
      }),
  );
}

function checkNamed(network: Network, ends: readonly End[], settings: PolicySettings): Violation[] {
  return [...network.hubs.values()].flatMap((hub) =>
    hub.tables.flatMap((table) => {
      const [entering] = [...hub.associations].filter(([, associated]) => associated === table);
      if (!entering) return [];
      const [id] = entering;
      const senders = sendersOf(network, network.attachments.get(id)!, hub, ends).map(({ name }) => name);
      return ends.flatMap((to) =>
        to.ranges
          .filter((range) => !namesAll(table, range))
          .map(
            ({ text }): Violation => ({
              rule: 'named',
              to: to.name,
              says: `${table.name} in ${hub.awsRegion} has no route and no blackhole for ${to.name} (${text})`,
              owner: ownerOfSilence(network, ends, settings, { hub, table, to }),
              hops: [
                {
                  place: hub.associationPlaces.get(id)!,
                  does: `packets of ${senders.join(', ') || 'everybody'} use ${table.name}`,
                },
                { place: table.place, does: `${table.name}: no route and no blackhole for all of ${text}` },
              ],
            }),
          ),
      );
    }),
  );
}

/** Whether a table knows every address of a range: what it does not know begins with the range, or after one of its routes. */
function namesAll({ routes, lookup }: HubTable, range: AddressRange): boolean {
  const behind = routes.map((route) => route.range.last + 1).filter((address) => holds(range, address));
  return [range.first, ...behind].every((address) => lookup.lookup(address));
}

/** VPNs announce each network by itself, and routers prefer the narrower one: a line must not be wider than its backup. */
function checkAnnounced(network: Network, ends: readonly End[], { segments }: PolicySettings): Violation[] {
  const attachments = [...network.attachments.values()].filter((attachment) => attachment.kind === 'on-premises');
  const width = ({ first, last }: AddressRange) => last - first;
  return attachments.flatMap(({ id, hub, announced, place }) => {
    if (!announced) return [];
    const backup = attachments.find((other) => other.hub === hub && !other.announced);
    return ends.flatMap((end) => {
      const here =
        end.kind === 'external' ? end.hub.id === hub : end.kind === 'vpc' && isAttached(network, end.vpc, hub);
      if (!here || !reaches(segments, onPremisesSegment, end.segment)) return [];
      return end.ranges.flatMap((range): Violation[] => {
        const violation = (says: string, hops: readonly Hop[]): Violation[] => [
          { rule: 'announced', from: onPremisesSegment, to: end.name, says, owner: place, hops },
        ];
        const covering = announced.filter(({ first, last }) => first <= range.first && range.last <= last);
        const listed = announced.map(({ text }) => text).join(', ');
        const prefixes = listed ? `none of ${listed}` : 'no prefix';
        if (covering.length === 0) {
          return violation(
            `Direct Connect does not announce ${end.name} on premises: ${range.text} is in ${prefixes}`,
            [
              {
                place,
                does: `routers on premises: ${range.text} is in ${prefixes} → not sent over Direct Connect`,
              },
              ...attachments
                .filter((other) => other.id !== id && other.hub === hub)
                .map((other) => takeOver(network, other, range)),
            ],
          );
        }
        if (backup && covering.every((wide) => width(wide) > width(range))) {
          return violation(
            `the VPN announces ${range.text} (${end.name}), and Direct Connect the wider ${covering[0]!.text}, so routers on premises prefer the VPN`,
            [
              { place, does: `routers on premises: Direct Connect announces ${covering[0]!.text}` },
              {
                place: backup.place,
                does: `routers on premises: the VPN announces ${range.text}, and the longer wins`,
              },
            ],
          );
        }
        return [];
      });
    });
  });
}

/** What a connection beside the one that lacks a network does about it. */
function takeOver(
  network: Network,
  attachment: Attachment & { kind: 'on-premises' },
  { first, text }: AddressRange,
): Hop {
  const { by, place } = attachment;
  const takes = announces(network, attachment, first);
  return {
    place,
    does: `routers on premises: ${text} is ${takes ? '' : 'not '}announced by ${by === 'VPN' ? 'the VPN' : by} → ${takes ? 'sent over it' : 'not sent over it either'}`,
  };
}

function isAttached(network: Network, vpc: Vpc, hub: string): boolean {
  return [...network.attachments.values()].some(
    (attachment) => attachment.kind === 'vpc' && attachment.vpc === vpc && attachment.hub === hub,
  );
}
