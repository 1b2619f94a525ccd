import { table } from '@platform/tools/session/table';
import type { Finding, GroupEntry, OutputEntry, Review, ReviewGroup, ReviewStack } from '@platform/tools/model/review';
import {
  actionWords,
  argumentText,
  asides,
  costText,
  objectivesText,
  countsText,
  oneLine,
  shorten,
  showValue,
  stacksLine,
  subjectOf,
} from './text';

/** Width of the text, in characters. */
const WIDTH = 100;
/** Arguments of one resource that are printed; `review.json` has all. */
const MOST_ARGUMENTS = 8;
/** Created resources of one stack that are printed by address. */
const MOST_CREATED = 10;
/** Findings of one rule that are printed. */
const MOST_FINDINGS = 20;
/** Changed outputs of a group that are printed. */
const MOST_OUTPUTS = 10;

/** The review for a terminal, at most 100 columns wide. */
export function terminalText(review: Review): string {
  const { stacks, groups, findings, approvals, cost } = review;
  const of = (level: Finding['level']) => findings.filter((finding) => finding.level === level);
  const byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  const errors = stacks.flatMap(({ stack, errors: all }) => all.map((text) => `${stack}: ${text}`));
  const lines = [
    ...section(
      'Errors',
      errors.flatMap((text) => wrap(text, 2)),
    ),
    ...section(`Blocks (${of('block').length})`, findingLines(of('block'))),
    ...section(`Warnings (${of('warn').length})`, findingLines(of('warn'))),
    ...groups.flatMap((group) => groupLines(group, byName)),
    ...section(
      'Notes',
      of('note').flatMap((finding) => wrap(noteText(finding), 2)),
    ),
    ...section(
      'Approval of',
      approvals.flatMap(({ owner, team, stacks: own }) => wrap(`${team ?? owner}: ${own.join(', ')}`, 2)),
    ),
    ...section(
      'Objectives',
      objectivesText(review).flatMap((text) => wrap(text, 2)),
    ),
    ...section('Cost', cost === null ? [] : wrap(costText(cost), 2)),
    ...section('', stackTable(stacks)).slice(1),
    '',
    ...wrap(countsText(review.counts), 0),
    ...wrap(`${verdictText(review)}: ${stacksLine(review)}; ${subjectOf(review)}`, 0),
  ];
  return lines.join('\n').replace(/^\n+/, '');
}

function verdictText({ verdict, findings }: Review): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  if (verdict === 'blocked') return `BLOCKED by ${count('block')} finding${count('block') === 1 ? '' : 's'}`;
  if (verdict === 'failed') return 'FAILED';
  return `${verdict === 'changes' ? 'changes' : 'no changes'}, ${count('warn')} warnings`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', title, ...lines] : [];
}

/** By rule, so that why and what to do stand once. */
function findingLines(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))].flatMap((rule) => {
    const own = findings.filter((finding) => finding.rule === rule);
    const { why, remedy } = own[0]!;
    return [
      ...wrap(`${rule}: ${why} ${remedy}`, 2),
      ...own.slice(0, MOST_FINDINGS).flatMap(({ what, where, owner, waiver }) => {
        const of = [where.stack, owner].filter((each) => each !== null).join(', ');
        return [
          ...wrap(`${what}${of === '' ? '' : ` [${of}]`}`, 6),
          ...(waiver ? wrap(`its waiver by ${waiver.owner} expired on ${waiver.until}: ${waiver.reason}`, 8) : []),
        ];
      }),
      ...(own.length > MOST_FINDINGS ? [`      and ${own.length - MOST_FINDINGS} more`] : []),
    ];
  });
}

function noteText({ rule, what, waiver }: Finding): string {
  return `${rule}: ${what}${waiver ? ` (waived by ${waiver.owner} until ${waiver.until}: ${waiver.reason})` : ''}`;
}

function groupLines(
  { name, stacks: members, entries }: ReviewGroup,
  byName: ReadonlyMap<string, ReviewStack>,
): string[] {
  const outputs = members.flatMap((stack) => byName.get(stack)!.outputs.map((output) => ({ stack, ...output })));
  const drift = members.flatMap((stack) => byName.get(stack)!.drift.map((each) => ({ stack, ...each })));
  if (entries.length + outputs.length + drift.length === 0) return [];
  const created = entries.filter(({ action }) => action === 'create');
  const shown = created.length > MOST_CREATED ? entries.filter(({ action }) => action !== 'create') : entries;
  const types = new Set(created.map(({ type }) => type));
  const reasons = members.flatMap((stack) => byName.get(stack)!.reasons);
  return [
    '',
    ...wrap(members.length > 1 ? `${name}: ${members.join(', ')}` : members[0]!, 0),
    ...reasons.slice(0, 3).flatMap((reason) => wrap(`because ${reason}`, 4)),
    ...(reasons.length > 3 ? [`    and ${reasons.length - 3} more reasons`] : []),
    ...shown.flatMap((entry) => entryLines(entry, members, byName)),
    ...(shown.length < entries.length ? [`  + create  ${created.length} resources of ${types.size} types`] : []),
    ...drift.flatMap(({ address, action, meaning }) =>
      wrap(
        `! ${action === 'delete' ? 'deleted' : 'changed'} outside of Terraform: ${address}${meaning ? ` (${meaning})` : ''}`,
        2,
      ),
    ),
    ...outputLines(outputs),
  ];
}

function outputLines(outputs: readonly (OutputEntry & { readonly stack: string })[]): string[] {
  const changed = outputs.filter(({ action }) => action !== 'create');
  const created = outputs.length - changed.length;
  return [
    ...(created > 0 ? [`  + ${created} output${created === 1 ? '' : 's'}`] : []),
    ...changed
      .slice(0, MOST_OUTPUTS)
      .map(({ stack, name, action, before, after }) =>
        clip(
          `  ${actionWords[action][0]} output ${oneLine(name)} of ${stack}: ${showValue(before)} → ${showValue(after)}`,
        ),
      ),
    ...(changed.length > MOST_OUTPUTS ? [`  and ${changed.length - MOST_OUTPUTS} more outputs`] : []),
  ];
}

function entryLines(
  { address, action, stacks, differs }: GroupEntry,
  members: readonly string[],
  byName: ReadonlyMap<string, ReviewStack>,
): string[] {
  const [first] = stacks;
  const entry = byName.get(first!)!.resources.find((each) => each.address === address && each.action === action)!;
  const [sign, word] = actionWords[action];
  const only = stacks.length < members.length ? [`only ${stacks.join(', ')}`] : [];
  const aside = [...asides(entry), ...only].join('; ');
  const head = `${sign.padStart(3)} ${word.padEnd(8)}${oneLine(address)}${aside === '' ? '' : ` (${aside})`}`;
  if (action === 'create' || action === 'read') return wrap(head, 0, 16);
  const different = new Set(differs.map(({ path }) => path));
  const changes = entry.changes.filter(({ path }) => !different.has(path));
  return [
    ...wrap(head, 0, 16),
    ...changes.slice(0, MOST_ARGUMENTS).map((each) => clip(`        ${argumentText(each)}`)),
    ...differs
      .slice(0, MOST_ARGUMENTS)
      .flatMap(({ values }) =>
        Object.entries(values).map(([stack, change]) =>
          clip(`        ${stack}: ${change === null ? 'no change' : argumentText(change)}`),
        ),
      ),
    ...(changes.length > MOST_ARGUMENTS ? [`        and ${changes.length - MOST_ARGUMENTS} more arguments`] : []),
  ];
}

function stackTable(all: readonly ReviewStack[]): string[] {
  const stacks = all.filter(
    ({ status, resources, outputs, drift }) =>
      status === 'failed' || resources.length + outputs.length + drift.length > 0,
  );
  if (stacks.length === 0) return [];
  const number = (stack: ReviewStack, value: number) => (stack.errors.length > 0 ? '–' : String(value));
  return table({
    head: ['stack', 'region', 'owner', 'add', 'change', 'destroy', ''],
    rows: stacks.map((stack) => [
      shorten(oneLine(stack.stack), 44),
      stack.region ?? '',
      stack.owner ?? '',
      number(stack, stack.counts.add),
      number(stack, stack.counts.change),
      number(stack, stack.counts.destroy),
      stack.status === 'changed' ? '' : stack.status,
    ]),
    numbers: [3, 4, 5],
  }).split('\n');
}

const clip = (line: string) => shorten(line, WIDTH);

/** Breaks a text into lines at spaces; a word that is longer than a line is cut. */
function wrap(text: string, indent: number, hanging = indent + 2): string[] {
  const [lead] = /^ */.exec(text)!;
  const lines: string[] = [];
  let line = ' '.repeat(indent) + lead;
  let isEmpty = true;
  const next = () => {
    lines.push(line.trimEnd());
    line = ' '.repeat(hanging);
    isEmpty = true;
  };
  for (const word of oneLine(text.slice(lead.length)).split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) next();
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
    while (line.length > WIDTH) {
      const rest = line.slice(WIDTH);
      line = line.slice(0, WIDTH);
      next();
      line += rest;
      isEmpty = false;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}
