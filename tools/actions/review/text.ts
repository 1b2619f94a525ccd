import type { ArgumentChange, Cost, Counts, ResourceEntry, Review, ReviewStack } from '@platform/tools/model/review';
import { countsLine } from '@platform/tools/model/plan-review';
import { changes } from './assemble-review';

/** Text of a plan, fit for one line: control characters could rewrite a terminal or a comment. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** The first characters of a text, in the room that there is. */
export function shorten(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}

/** A value on one line; nothing is `(none)`. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return '(none)';
  // Marks are words and not values.
  return oneLine(
    typeof value === 'string' && /^\((sensitive|known after apply)\)$/.test(value) ? value : JSON.stringify(value),
  );
}

/** Sign and word of an action, as Terraform has them. */
export const actionWords: Readonly<Record<ResourceEntry['action'], readonly [sign: string, word: string]>> = {
  create: ['+', 'create'],
  update: ['~', 'update'],
  replace: ['-/+', 'REPLACE'],
  delete: ['-', 'DESTROY'],
  import: ['=', 'import'],
  move: ['>', 'move'],
  forget: ['.', 'forget'],
  read: ['<=', 'read'],
};

/** What is beside the address of a resource: where it comes from, and what forces its replacement. */
export function asides({ movedFrom, imported, forcedBy, reason, deposed, createFirst }: ResourceEntry): string[] {
  return [
    ...(movedFrom === null ? [] : [`moved from ${movedFrom}`]),
    ...(imported === null ? [] : [imported === '' ? 'imported' : `imported from ${imported}`]),
    ...(deposed === null ? [] : [`deposed ${deposed}`]),
    ...(forcedBy.length > 0 ? [`forced by ${forcedBy.join(', ')}`] : reason === null ? [] : [reason]),
    ...(createFirst ? ['the new one first'] : []),
  ].map(oneLine);
}

/** `cidr_block: "10.0.0.0/16" → "10.1.0.0/16" (forces replacement)` */
export function argumentText({ path, before, after, marks }: ArgumentChange): string {
  const words = marks.filter((mark) => mark === 'formatting only' || mark === 'forces replacement');
  const noted = words.length > 0 ? ` (${words.join(', ')})` : '';
  if (marks.includes('formatting only')) return `${oneLine(path)}${noted}`;
  const sides = before === null ? showValue(after) : `${showValue(before)} → ${showValue(after)}`;
  return `${oneLine(path)}: ${sides}${noted}`;
}

/** What a review is of, in one line. */
export function subjectOf({ environment, level, mode, target, base, head }: Review): string {
  const of = environment === null ? 'plan files' : `environment ${environment}, level ${level}, ${mode}`;
  const live = target === 'aws' || target === 'emulator' ? `, planned on ${target}` : '';
  const from = base === null ? '' : `, ${base.ref} (${base.commit.slice(0, 9)}) to ${headText(head)}`;
  return `${of}${live}${from}`;
}

function headText(head: Review['head']): string {
  if (!head?.commit) return 'the checkout';
  return `${head.commit.slice(0, 9)}${head.dirty ? ' with changes that are not committed' : ''}`;
}

/** `2 of 25 stacks change` */
export function stacksLine({ stacks, affected }: Pick<Review, 'stacks' | 'affected'>): string {
  const changed = stacks.filter((stack) => changes(stack)).length;
  const failed = stacks.filter(({ errors }) => errors.length > 0).length;
  return [
    `${changed} of ${stacks.length} stack${stacks.length === 1 ? '' : 's'} change${changed === 1 ? 's' : ''}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(affected === null ? [] : [`nx names ${affected.nx.length} project${affected.nx.length === 1 ? '' : 's'}`]),
  ].join(', ');
}

/** Terraform's line, and what it does not count. */
export function countsText(counts: Counts): string {
  const more = [
    ...(counts.replace > 0 ? [`${counts.replace} of these replaced`] : []),
    ...(counts.move > 0 ? [`${counts.move} moved`] : []),
    ...(counts.drift > 0 ? [`${counts.drift} changed outside of Terraform`] : []),
  ];
  return `${countsLine(counts)}${more.length > 0 ? ` ${more.join(', ')}.` : ''}`;
}

/** `+12.40 USD a month, list price; no price for 3 aws_x` */
/** Objectives whose figure changes or that are not met, one a line, and how many hold as before. */
export function objectivesText({ resilience }: Pick<Review, 'resilience'>): string[] {
  if (resilience === null) return [];
  const told = resilience.objectives.filter(
    ({ before, after, status }) => status === 'broken' || (before !== null && before !== after),
  );
  const rest = resilience.objectives.filter((each) => !told.includes(each));
  const count = (status: string) => rest.filter((each) => each.status === status).length;
  return [
    ...told.map(
      ({ path, objective, wanted, before, after, status }) =>
        `${path}, ${objective}: ${before === null || before === after ? after : `${before} becomes ${after}`}; objective ${wanted}: ${status}`,
    ),
    ...(rest.length > 0 ? [`${count('met')} objectives are met, ${count('unknown')} unknown`] : []),
  ];
}

export function costText(cost: Cost): string {
  const change = cost.after - cost.before;
  const unknown = cost.unknown.map(({ type, count }) => `${count} ${type}`);
  return [
    `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(2)} USD a month, list price (${cost.before.toFixed(2)} to ${cost.after.toFixed(2)})`,
    ...(cost.unconfirmed > 0 ? [`${cost.unconfirmed.toFixed(2)} of it at unconfirmed prices`] : []),
    ...(unknown.length > 0 ? [`without a price or by use: ${unknown.join(', ')}`] : []),
  ].join('; ');
}

/** What is destroyed or replaced, stack by stack. */
export function destroyed(
  stacks: readonly ReviewStack[],
): { readonly stack: string; readonly entries: ResourceEntry[] }[] {
  return stacks
    .map(({ stack, resources }) => ({
      stack,
      entries: resources.filter(({ action }) => action === 'delete' || action === 'replace'),
    }))
    .filter(({ entries }) => entries.length > 0);
}
