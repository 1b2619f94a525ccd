import { round, text, widthOf } from './svg';

/** What a change does to a node, a link or a stack of the picture. */
export interface Mark {
  /** How many resources by action. `other` are imports, moves, and resources that leave the state. */
  readonly counts: Readonly<Record<MarkAction, number>>;
  /** The worst finding. */
  readonly risk: 'block' | 'warn' | null;
  /** Whether its stack could not be planned. */
  readonly failed: boolean;
}

/** From the worst to the mildest. */
export const markActions = ['delete', 'replace', 'update', 'create', 'other'] as const;
export type MarkAction = (typeof markActions)[number];
export const actionSigns: Readonly<Record<MarkAction, string>> = {
  delete: '−',
  replace: '±',
  update: '~',
  create: '+',
  other: '•',
};
const actionWords: Readonly<Record<MarkAction, string>> = {
  delete: 'destroyed',
  replace: 'replaced',
  update: 'changed',
  create: 'created',
  other: 'moved or imported',
};

/** Marks by id of a node or link, or by {@link tileId}. */
export type Marks = ReadonlyMap<string, Mark>;

/** The pills at the right end of a node, from its right border; `width` is what they take. */
export function badgesOf(
  mark: Mark,
  right: number,
  middle: number,
  room: number,
): { readonly parts: string[]; readonly width: number } {
  const parts: string[] = [];
  let x = right;
  const present = markActions.filter((action) => mark.counts[action] > 0);
  const pills = present.map((action) => ({ action, label: `${actionSigns[action]}${mark.counts[action]}` }));
  const widths = pills.map(({ label }) => round(widthOf(label, 10.5) + 12));
  const all = widths.reduce((sum, w) => sum + w + 4, 0);
  // Where there is no room for all, the worst one stands for them; the text of the node has the others.
  const shown = all > room ? pills.slice(0, 1) : pills;
  for (const [index, { action, label }] of [...shown.entries()].reverse()) {
    const w = widths[index]!;
    parts.push(
      `<rect class="pill-${action}" x="${x - w}" y="${middle - 8}" width="${w}" height="17" rx="8.5"/>`,
      text(round(x - w / 2), middle + 4.5, `ink-${action}`, label, 'middle'),
    );
    x -= w + 4;
  }
  const risk = mark.failed ? 'block' : mark.risk;
  if (risk) {
    const c = x - 9;
    const shape =
      risk === 'block'
        ? `<path class="risk-block" d="M${c - 3.5} ${middle - 8}h7l5 5v7l-5 5h-7l-5-5v-7z"/>`
        : `<path class="risk-warn" d="M${c} ${middle - 8.5}l9 17h-18z"/>`;
    parts.push(shape, text(c, middle + (risk === 'block' ? 4.5 : 6), 'risk-ink', '!', 'middle'));
    x -= 22;
  }
  return { parts, width: right - x };
}

/** `2 created, 1 destroyed, blocked` */
export function wordsOf({ counts, risk, failed }: Mark): string {
  return [
    ...markActions.filter((action) => counts[action] > 0).map((action) => `${counts[action]} ${actionWords[action]}`),
    ...(failed ? ['failed'] : []),
    ...(risk === 'block' ? ['blocked'] : risk === 'warn' ? ['warning'] : []),
  ].join(', ');
}
