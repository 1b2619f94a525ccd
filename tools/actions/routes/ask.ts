import { WrongUse } from '@platform/libs/settings/problem';
import { reaches } from '@platform/libs/tgw/reach';
import { Conversations, type Side } from './conversations';
import type { End, PolicySettings } from './ends';
import { parseAddress, holds, isPrivateAddress } from '@platform/libs/settings/cidr';
import type { Network } from './network';
import { hopsOfNoWayIn, allowsInternet } from './check-policy';
import { formatHops } from './report';
import type { DropCause, Trace } from './walk';

/** Answer to one question: does `from` reach `to`. */
export interface Answer {
  /** Name of the network, with the address where one was given: `us/vpc`, `10.0.0.10 (us/vpc)`. */
  readonly from: string;
  /** Likewise; `internet`, `8.8.8.8 (internet)`. */
  readonly to: string;
  /** What the settings say: that it works, that no packet arrives, or nothing, as of subnets beside the application's. */
  readonly policy: 'reaches' | 'isolated' | 'none';
  /**
   * Where the settings let the two be apart: at least one packet arrives, by routes alone. Else: every conversation works, by
   * every port and with its reply; to the internet by TCP 443.
   */
  readonly reaches: boolean;
  /** Why the way that is shown ends early. An ACL may stop some ports and let others pass. */
  readonly stoppedBy?: DropCause;
  /**
   * The way there, and the way of the reply if there is one: of the first conversation that violates the policy,
   * else of the first.
   */
  readonly there: readonly string[];
  readonly back: readonly string[];
}

/**
 * Asks about two networks by name (`us/vpc`, `external/acme`, `on-premises`), or about single addresses in them: then from
 * the subnet of the one to exactly the other. `to` may be `internet` or an address there. Judged as
 * by the whole check: an allowed pair must always work, any other pair never.
 * @throws WrongUse when there is no such network, or nobody can have the address
 */
export function ask(
  network: Network,
  ends: readonly End[],
  settings: Pick<PolicySettings, 'segments' | 'level' | 'natGateways'>,
  question: { readonly from: string; readonly to: string },
): Answer {
  const conversations = new Conversations(network, ends);
  const from = sideNamed(ends, 'from', question.from);
  const outside = internetNamed(ends, question.to);
  if (outside) {
    const { end } = from;
    if (end.kind !== 'vpc') {
      throw new WrongUse(
        `--from: "${question.from}" is not in a VPC, so its route to the internet is unknown; use a VPC or an address in one`,
      );
    }
    const policy = allowsInternet(settings) && speaks(network, from) ? 'reaches' : 'none';
    const tried = goesOut(conversations, { ...from, end }, outside.address);
    return answer(nameOf(from, question.from), outside.name, policy, tried);
  }
  const to = sideNamed(ends, 'to', question.to);
  const policy = policyOf(network, settings, from, to);
  const tried = policy === 'isolated' ? arrivals(conversations, from, to) : talks(conversations, from, to);
  const said = answer(nameOf(from, question.from), nameOf(to, question.to), policy, tried);
  return tried.length > 0 ? said : { ...said, there: formatHops(hopsOfNoWayIn(network, from.end, to.end)) };
}

/** Whether the answer conforms to the policy. */
export function isAsPolicySays({ policy, reaches: works }: Pick<Answer, 'policy' | 'reaches'>): boolean {
  return policy === 'none' || (policy === 'reaches') === works;
}

function answer(from: string, to: string, policy: Answer['policy'], tried: readonly Tried[]): Answer {
  const shown = tried.find(({ works }) => works === (policy === 'isolated')) ?? tried[0];
  const stop = [shown?.there, shown?.back].flatMap((trace) => (trace?.outcome.kind === 'dropped' ? trace.outcome : []));
  return {
    ...(stop[0] ? { stoppedBy: stop[0].cause } : {}),
    from,
    to,
    policy,
    reaches:
      policy === 'isolated' ? tried.some(({ works }) => works) : tried.length > 0 && tried.every(({ works }) => works),
    there: formatHops(shown?.there.hops ?? []),
    back: formatHops(shown?.back?.hops ?? []),
  };
}

/** Segments allow whole networks; the policy then requires reachability for application subnets, and isolation for all. */
function policyOf(
  network: Network,
  { segments }: Pick<PolicySettings, 'segments'>,
  from: Side,
  to: Side,
): Answer['policy'] {
  if (from.end === to.end && from.end.kind !== 'on-premises') return 'none';
  if (!reaches(segments, from.end.segment, to.end.segment)) return 'isolated';
  return speaks(network, from) && speaks(network, to) ? 'reaches' : 'none';
}

function speaks({ speakers }: Network, { end, address }: Side): boolean {
  if (end.kind !== 'vpc' || address === undefined) return true;
  return end.vpc.subnets.some(({ id, range }) => speakers.has(id) && holds(range, address));
}

interface Tried {
  readonly works: boolean;
  readonly there: Trace;
  readonly back?: Trace;
}

/** Questions and their replies between the machines that the policy is about, or between two addresses. */
function talks(conversations: Conversations, from: Side, to: Side): Tried[] {
  return conversations.between(from, to).flatMap((conversation) =>
    conversations.ask(conversation).flatMap((there): Tried[] => {
      if (!conversations.arrived(there, to.end)) return [{ works: false, there }];
      return conversations
        .reply(conversation, there)
        .map((back) => ({ works: conversations.arrived(back, from.end), there, back }));
    }),
  );
}

/** Packets from anywhere to anywhere in the two networks, or between two addresses, which no ACL stops. */
function arrivals(conversations: Conversations, from: Side, to: Side): Tried[] {
  return conversations.attempts(from, to).flatMap((conversation) =>
    conversations.ask(conversation, 'ignored').map((there) => {
      return { works: conversations.arrived(there, to.end), there };
    }),
  );
}

/** Questions to the internet and their replies. */
function goesOut(
  conversations: Conversations,
  from: Side & { readonly end: End & { readonly kind: 'vpc' } },
  address: number | undefined,
): Tried[] {
  return conversations.toInternet(from, address).flatMap((conversation) =>
    conversations.ask(conversation).flatMap((there): Tried[] => {
      const replies = there.outcome.kind === 'internet' ? conversations.reply(conversation, there) : [];
      // Nobody answers a private address.
      if (replies.length === 0) return [{ works: false, there }];
      return replies.map((back) => ({ works: conversations.arrived(back, from.end), there, back }));
    }),
  );
}

/** The answer for people. */
export function formatAnswer({ there, back, stoppedBy, ...said }: Answer): string {
  const { from, to, policy, reaches: works } = said;
  const judged =
    policy === 'none'
      ? 'which the policy does not cover'
      : isAsPolicySays(said)
        ? 'as the policy requires'
        : 'which violates the policy';
  return [
    `${from} ${works ? 'reaches' : 'does not reach'} ${to}${!works && stoppedBy === 'acl' ? ' by every port' : ''}, ${judged}`,
    ...there,
    ...(back.length > 0 ? ['  reply:', ...back] : []),
  ].join('\n');
}

function nameOf({ end, address }: Side, text: string): string {
  return address === undefined ? end.name : `${text} (${end.name})`;
}

function internetNamed(
  ends: readonly End[],
  text: string,
): { readonly name: string; readonly address: number | undefined } | undefined {
  if (text === 'internet') return { name: text, address: undefined };
  const address = parseAddress(text);
  const isOurs = (candidate: number) => ends.some(({ ranges }) => ranges.some((range) => holds(range, candidate)));
  if (address === undefined || isPrivateAddress(address) || isOurs(address)) return undefined;
  return { name: `${text} (internet)`, address };
}

function sideNamed(ends: readonly End[], option: 'from' | 'to', text: string): Side {
  const named = ends.find(({ name }) => name === text);
  if (named) return { end: named };
  const address = parseAddress(text);
  const sizeOf = ({ ranges }: End) =>
    Math.min(...ranges.filter((range) => holds(range, address!)).map(({ first, last }) => last - first));
  // A wide range on premises may contain ours, which are then not on premises.
  const [end] =
    address === undefined ? [] : ends.filter((each) => sizeOf(each) < Infinity).sort((a, b) => sizeOf(a) - sizeOf(b));
  if (end?.kind === 'vpc' && !end.vpc.subnets.some(({ range }) => holds(range, address!))) {
    throw new WrongUse(`--${option}: no subnet of ${end.name} has "${text}"; use the address of a machine in one`);
  }
  if (end) return { end, address };
  const known = [...ends.map(({ name }) => name), ...(option === 'to' ? ['internet'] : [])].join(', ');
  const hint =
    option === 'from' && text === 'internet'
      ? 'the policy does not cover requests from the internet'
      : `no network of the settings is or holds "${text}"`;
  throw new WrongUse(`--${option}: ${hint}; use one of ${known}, or an address in one`);
}
