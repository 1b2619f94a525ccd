import { WrongUse } from '@platform/libs/settings/problem';
import { reaches } from '@platform/libs/tgw/reach';
import { Conversations } from './conversations';
import type { End, PromiseSettings } from './ends';
import { addressOf, holds } from './ipv4';
import type { Network } from './network';
import { formatHops } from './report';
import type { Trace } from './walk';

/** Answer to one question: does `from` reach `to`. */
export interface Answer {
  readonly from: string;
  readonly to: string;
  readonly promised: boolean;
  /** Of a promised pair: every conversation works, replies included. Of any other: at least one packet arrives, by routes alone. */
  readonly reaches: boolean;
  /**
   * The way there, and the way of the reply if there is one: of the first conversation that says otherwise than promised,
   * else of the first.
   */
  readonly there: readonly string[];
  readonly back: readonly string[];
}

/**
 * Asks about two networks by name (`us/vpc`, `external/acme`, `on-premises`) or by an address in them. What counts is what
 * the promises of the pair count: what is promised must work always, and what is not must never get through.
 * @throws WrongUse when there is no such network
 */
export function ask(
  network: Network,
  ends: readonly End[],
  settings: Pick<PromiseSettings, 'segments'>,
  question: { readonly from: string; readonly to: string },
): Answer {
  const from = endNamed(ends, 'from', question.from);
  const to = endNamed(ends, 'to', question.to);
  const conversations = new Conversations(network, ends);
  const promised = reaches(settings.segments, from.segment, to.segment);
  const tried = promised ? talks(conversations, from, to) : arrivals(conversations, from, to);
  const shown = tried.find(({ works }) => works !== promised) ?? tried[0];
  return {
    from: from.name,
    to: to.name,
    promised,
    reaches: promised ? tried.length > 0 && tried.every(({ works }) => works) : tried.some(({ works }) => works),
    there: formatHops(shown?.there.hops ?? []),
    back: formatHops(shown?.back?.hops ?? []),
  };
}

interface Tried {
  readonly works: boolean;
  readonly there: Trace;
  readonly back?: Trace;
}

/** Questions and their replies between the machines that the pair is promised for. */
function talks(conversations: Conversations, from: End, to: End): Tried[] {
  return conversations.between(from, to).flatMap((conversation) =>
    conversations.ask(conversation).flatMap((there): Tried[] => {
      if (!conversations.arrived(there, to)) return [{ works: false, there }];
      return conversations
        .reply(conversation, there)
        .map((back) => ({ works: conversations.arrived(back, from), there, back }));
    }),
  );
}

/** Packets from anywhere to anywhere in the two networks, which no ACL stops. */
function arrivals(conversations: Conversations, from: End, to: End): Tried[] {
  return conversations
    .attempts(from, to)
    .flatMap((conversation) =>
      conversations.ask(conversation, 'ignored').map((there) => ({ works: conversations.arrived(there, to), there })),
    );
}

/** The answer for people. */
export function formatAnswer({ from, to, promised, reaches: works, there, back }: Answer): string {
  return [
    `${from} ${works ? 'reaches' : 'does not reach'} ${to}, ${promised === works ? 'as promised' : 'against the promise'}`,
    ...there,
    ...(back.length > 0 ? ['  and back:', ...back] : []),
  ].join('\n');
}

function endNamed(ends: readonly End[], option: string, text: string): End {
  const address = addressOf(text);
  const found = ends.find(
    ({ name, ranges }) => name === text || (address !== undefined && ranges.some((range) => holds(range, address))),
  );
  if (found) return found;
  throw new WrongUse(
    `--${option}: no network of the settings is or holds "${text}"; use one of ${ends.map(({ name }) => name).join(', ')}`,
  );
}
