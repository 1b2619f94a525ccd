import type { Finding, Review, ReviewGroup, ReviewStack } from '@platform/tools/model/review';
import {
  actionWords,
  argumentText,
  asides,
  costText,
  objectivesText,
  countsText,
  destroyed,
  oneLine,
  shorten,
  stacksLine,
  subjectOf,
} from './text';

/** Most characters that GitHub takes in one comment; counted in bytes here, which are never fewer. */
const LIMIT = 65_536;
/** Kept for the note on what was left out. */
const RESERVE = 600;
/** Most bytes of what is destroyed or replaced, which is never left out, only said in fewer words. */
const DESTROYS = 30_000;
/** Likewise of the blocks. */
const BLOCKS = 20_000;
/** Longest line of a change, in characters. */
const LINE = 300;

/** Marks the comment of an environment, so that the next run finds it and updates it in place. */
export const commentMarker = (environment: string | null) => `<!-- platform-review:${environment ?? 'plans'} -->`;

/**
 * The review as one comment of a pull request: counts, blocks, what is destroyed, then sections to unfold. What has no room
 * is said shorter or left out, from the end; blocks and destroys stay.
 */
export function markdownOf(review: Review): string {
  const { stacks, findings, groups } = review;
  const of = (level: Finding['level']) => findings.filter((finding) => finding.level === level);
  const byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  const always = [
    headOf(review),
    errorsOf(stacks),
    shortest(blocksOf(of('block')), BLOCKS),
    shortest(destroysOf(stacks), DESTROYS),
    approvalsOf(review),
  ].filter((part) => part !== '');
  const optional: readonly Optional[] = [
    { title: 'warnings', forms: [folded(`Warnings (${of('warn').length})`, findingList(of('warn')))] },
    { title: 'the cost', forms: [costOf(review)] },
    { title: 'the objectives', forms: [folded('Objectives', objectiveLines(review))] },
    ...groups.map((group) => ({ title: `the changes of ${group.name}`, forms: groupForms(group, byName) })),
    { title: 'drift', forms: [folded('Changed outside of Terraform', driftLines(stacks))] },
    { title: 'notes', forms: [folded(`Notes (${of('note').length})`, findingList(of('note')))] },
    { title: 'declared differences', forms: [folded('Declared differences between regions', parityLines(review))] },
  ];
  return fit(always, optional);
}

interface Optional {
  readonly title: string;
  /** The longest first; empty where there is nothing to say. */
  readonly forms: readonly string[];
}

function fit(always: readonly string[], optional: readonly Optional[]): string {
  const parts = [...always];
  let room = LIMIT - RESERVE - size(parts.join('\n\n'));
  const left: string[] = [];
  for (const { title, forms } of optional) {
    const said = forms.filter((form) => form !== '');
    if (said.length === 0) continue;
    const form = said.find((each) => size(each) + 2 <= room);
    if (form === undefined) left.push(title);
    else {
      parts.push(form);
      room -= size(form) + 2;
    }
  }
  if (left.length > 0) {
    const named = `${left.slice(0, 5).map(escape).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`;
    parts.push(`Left out for length: ${shorten(named, 400)}. \`index.html\` and \`review.json\` have everything.`);
  }
  return `${parts.join('\n\n')}\n`;
}

const size = (text: string) => Buffer.byteLength(text);

/** The first form that has room, else the last. */
function shortest(forms: readonly string[], room: number): string {
  return forms.find((form) => size(form) <= room) ?? forms.at(-1) ?? '';
}

const titles: Readonly<Record<Review['verdict'], string>> = {
  'no changes': 'no changes',
  changes: 'changes',
  blocked: 'blocked',
  failed: 'failed',
};

function headOf(review: Review): string {
  const { environment, verdict, counts, assumptions } = review;
  return [
    commentMarker(environment),
    `## Plan review${environment === null ? '' : ` of ${escape(environment)}`}: ${titles[verdict]}`,
    '',
    `**${countsText(counts)}**`,
    '',
    `${escape(stacksLine(review))}; ${escape(subjectOf(review))}.`,
    ...assumptions.slice(0, 5).map((text) => `\n${escape(shorten(text, 500))}`),
  ].join('\n');
}

function errorsOf(stacks: readonly ReviewStack[]): string {
  const failed = stacks.filter(({ errors }) => errors.length > 0);
  if (failed.length === 0) return '';
  const lines = failed.map(
    ({ stack, errors }) => `- ${code(stack)}: ${escape(shorten(oneLine(errors.join('; ')), LINE))}`,
  );
  return capped(`### Not reviewed (${failed.length})`, lines, 10_000);
}

/** By rule, so that why and what to do stand once. */
function blocksOf(blocks: readonly Finding[]): string[] {
  if (blocks.length === 0) return [];
  const rules = [...new Set(blocks.map(({ rule }) => rule))];
  const title = `### Blocks (${blocks.length})`;
  const withMost = (most: number) =>
    [
      title,
      ...rules.map((rule) => {
        const own = blocks.filter((finding) => finding.rule === rule);
        const { why, remedy } = own[0]!;
        const rest = own.length - most;
        return [
          `**${rule}** ${escape(why)} ${escape(remedy)}`,
          ...own.slice(0, most).map((finding) => `- ${findingText(finding)}`),
          ...(rest > 0 ? [`- and ${rest} more`] : []),
        ].join('\n');
      }),
    ].join('\n\n');
  return [Infinity, 100, 30, 10, 3, 1].map(withMost);
}

function destroysOf(stacks: readonly ReviewStack[]): string[] {
  const found = destroyed(stacks);
  const all = found.flatMap(({ entries }) => entries);
  if (all.length === 0) return [];
  const replaced = all.filter(({ action }) => action === 'replace').length;
  const title = `### Destroyed or replaced (${all.length - replaced} destroyed, ${replaced} replaced)`;
  const long = found.flatMap(({ stack, entries }) =>
    entries.map((entry) => {
      const [, word] = actionWords[entry.action];
      const aside = asides(entry).join('; ');
      return `- ${word} ${code(entry.address)} in ${code(stack)}${aside === '' ? '' : ` (${escape(shorten(aside, LINE))})`}`;
    }),
  );
  const short = found.map(
    ({ stack, entries }) => `- ${code(stack)}: ${entries.map(({ address }) => code(address)).join(', ')}`,
  );
  const types = (entries: readonly { readonly type: string }[]) =>
    [...new Set(entries.map(({ type }) => type))]
      .map((type) => `${entries.filter((entry) => entry.type === type).length} ${code(type)}`)
      .join(', ');
  const counted = found.map(({ stack, entries }) => `- ${code(shorten(stack, 100))}: ${types(entries)}`);
  const sum = [`In ${found.length} stacks: ${types(all)}.`];
  return [long, short, counted, sum].map((lines) => [title, '', ...lines].join('\n'));
}

function approvalsOf({ approvals }: Review): string {
  if (approvals.length === 0) return '';
  const lines = approvals.map(({ owner, team, stacks, findings }) => {
    const found = findings > 0 ? `, ${findings} finding${findings === 1 ? '' : 's'}` : '';
    return `- ${code(team ?? owner)} for ${shorten(stacks.map(code).join(', '), 1000)}${found}`;
  });
  return capped('### Approval needed', lines, 4_000);
}

function costOf({ cost }: Review): string {
  return cost === null ? '' : `**Cost:** ${escape(shorten(costText(cost), 1000))}`;
}

/** Objectives whose figure changes, and those that are not met; the rest is counted. */
function objectiveLines(review: Review): string[] {
  return objectivesText(review).map((text) => `- ${escape(text)}`);
}

function groupForms({ name, stacks, entries }: ReviewGroup, byName: ReadonlyMap<string, ReviewStack>): string[] {
  const members = stacks.map((stack) => byName.get(stack)!);
  const outputs = members.flatMap(({ stack, outputs: own }) =>
    own.map((output) => `${actionWords[output.action][0]} output ${oneLine(output.name)} in ${stack}`),
  );
  if (entries.length + outputs.length === 0) return [];
  const count = (action: string) => entries.filter((entry) => entry.action === action).length;
  const words = (['replace', 'delete', 'update', 'create', 'import', 'move', 'forget', 'read'] as const)
    .filter((action) => count(action) > 0)
    .map((action) => `${count(action)} ${actionWords[action][1].toLowerCase()}`);
  const title = `${name}${stacks.length > 1 ? ` in ${stacks.join(', ')}` : ''}: ${[...words, ...(outputs.length > 0 ? [`${outputs.length} outputs`] : [])].join(', ')}`;
  const reasons = [...new Set(members.flatMap((member) => member.reasons))]
    .slice(0, 5)
    .map((reason) => `# because ${shorten(oneLine(reason), LINE)}`);
  const lines = (withArguments: boolean) =>
    entries.flatMap(({ address, action, stacks: own, differs }) => {
      const entry = byName.get(own[0]!)!.resources.find((each) => each.address === address && each.action === action)!;
      const only = own.length < stacks.length ? [`only ${own.join(', ')}`] : [];
      const aside = [...asides(entry), ...only].join('; ');
      const [sign, word] = actionWords[action];
      const head = `${mark(action)}${sign.padEnd(3)} ${word} ${oneLine(address)}${aside === '' ? '' : ` (${aside})`}`;
      if (!withArguments || action === 'create' || action === 'read') return [head];
      const different = new Set(differs.map(({ path }) => path));
      return [
        head,
        ...entry.changes.filter(({ path }) => !different.has(path)).map((each) => `      ${argumentText(each)}`),
        ...differs.flatMap(({ values }) =>
          Object.entries(values).map(
            ([stack, change]) => `      ${stack}: ${change === null ? 'no change' : argumentText(change)}`,
          ),
        ),
      ];
    });
  const form = (text: readonly string[]) =>
    folded(title, [fenced([...reasons, ...text, ...outputs].map((line) => shorten(line, LINE)))]);
  return [form(lines(true)), form(lines(false)), `- ${escape(shorten(title, LINE))}`];
}

/** Colours a line of a diff. */
function mark(action: string): string {
  if (action === 'delete' || action === 'replace') return '- ';
  return action === 'create' ? '+ ' : '! ';
}

function driftLines(stacks: readonly ReviewStack[]): string[] {
  return stacks.flatMap(({ stack, drift }) =>
    drift.map(({ address, action, meaning, changes }) => {
      const paths = [...new Set(changes.map(({ path }) => path))].slice(0, 10).join(', ');
      const what = action === 'delete' ? 'deleted' : `changed (${paths})`;
      return `- ${code(address)} in ${code(stack)}: ${escape(shorten(`${what}${meaning ? `: ${meaning}` : ''}`, LINE))}`;
    }),
  );
}

function parityLines({ parity }: Review): string[] {
  return parity.map(
    ({ project, name, here, reason, owner }) =>
      `- ${code(project)} ${here === 'added' ? 'adds' : 'omits'} ${code(name)}: ${escape(shorten(reason, LINE))} (${escape(owner)})`,
  );
}

function findingList(findings: readonly Finding[]): string[] {
  return findings.map((finding) => `- **${finding.rule}** ${findingText(finding)}`);
}

function findingText({ what, where, owner, waiver }: Finding): string {
  const of = [where.stack, owner].filter((each) => each !== null).join(', ');
  const waived = waiver
    ? ` Waiver by ${waiver.owner} ${waiver.expired ? 'expired on' : 'until'} ${waiver.until}: ${waiver.reason}`
    : '';
  return escape(shorten(oneLine(`${what}${of === '' ? '' : ` [${of}]`}.${waived}`), LINE));
}

function capped(title: string, lines: readonly string[], room: number): string {
  const shown: string[] = [];
  let used = size(title);
  for (const line of lines) {
    used += size(line) + 1;
    if (used > room) break;
    shown.push(line);
  }
  const rest = lines.length - shown.length;
  return [title, '', ...shown, ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n');
}

function folded(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return [
    '<details>',
    `<summary>${escape(shorten(oneLine(title), LINE))}</summary>`,
    '',
    ...lines,
    '',
    '</details>',
  ].join('\n');
}

/** No text inside can close the fence: it is longer than any run of its sign. */
function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, ...lines, fence].join('\n');
}

const code = (text: string) => `\`${oneLine(text).replaceAll('`', "'")}\``;

/** Text of a plan that must not become Markdown, HTML or a mention. */
function escape(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_{}[\]#|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;');
}
