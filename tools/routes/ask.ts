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
  readonly reaches: boolean;
  /** The way there, and the way of the reply if there is one; of the first conversation that fails, else of the first. */
  readonly there: readonly string[];
  readonly back: readonly string[];
}

/**
 * Asks about two networks by name (`us/vpc`, `external/acme`, `on-premises`) or by an address in them.
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
  const answers = conversations.between(from, to).flatMap((conversation) =>
    conversations.ask(conversation).flatMap((there): Tried[] => {
      if (!conversations.arrived(there, to)) return [{ works: false, there, back: undefined }];
      return conversations
        .reply(conversation, there)
        .map((back) => ({ works: conversations.arrived(back, from), there, back }));
    }),
  );
  const shown = answers.find(({ works }) => !works) ?? answers[0];
  return {
    from: from.name,
    to: to.name,
    promised: reaches(settings.segments, from.segment, to.segment),
    reaches: answers.length > 0 && answers.every(({ works }) => works),
    there: formatHops(shown?.there.hops ?? []),
    back: formatHops(shown?.back?.hops ?? []),
  };
}

interface Tried {
  readonly works: boolean;
  readonly there: Trace;
  readonly back: Trace | undefined;
}

/** The answer for people. */
export function formatAnswer({ from, to, promised, reaches: works, there, back }: Answer): string {
  return [
    `${from} ${works ? 'reaches' : 'does not reach'} ${to}, as ${promised === works ? '' : 'not '}promised`,
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
