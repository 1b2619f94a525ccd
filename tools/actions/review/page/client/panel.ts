import type {
  ArgumentChange,
  Finding,
  OutputEntry,
  ResourceEntry,
  Review,
  ReviewGroup,
} from '@platform/tools/model/review';
import { kindNames } from '@platform/tools/model/estate-map';
import { h, swatch, type Child } from './dom';
import { actionOrder, actionSigns, actionWords, isChanged, levelRank, type Estate, type Stack } from './estate';

/** Shows stacks by name, wherever one is mentioned. */
export interface Navigation {
  open(stack: string): void;
  close(): void;
}

/** What the change is about as a whole: findings, changed stacks, approvals, and what is assumed. */
export function overview(estate: Estate, shown: readonly Stack[], navigation: Navigation | null): Child {
  const { review } = estate;
  if (!review) return [h('h2', {}, 'Stacks'), ...byOwner(estate, shown, navigation), navigation && keys()];
  const names = new Set(shown.map(({ stack }) => stack));
  const all = shown.length === estate.stacks.length;
  const findings = review.findings.filter(({ where }) => (where.stack === null ? all : names.has(where.stack)));
  const urgent = findings.filter(({ level }) => level !== 'note');
  const notes = findings.filter(({ level }) => level === 'note');
  const changed = shown.filter(isChanged).sort(worstFirst);
  const rest = shown.length - changed.length;
  const { reachability, cost } = review;
  return [
    h(
      'h2',
      {},
      changed.length === 0
        ? 'No stack changes'
        : `${plural(changed.length, 'stack')} ${changed.length === 1 ? 'changes' : 'change'}`,
    ),
    section('Needs attention', urgent.length, findingsByRule(urgent, estate, navigation)),
    section(
      'Changes',
      changed.length,
      h(
        'div',
        { class: 'rows' },
        changed.map((stack) => row(stack, estate, navigation)),
      ),
    ),
    rest > 0 && changed.length > 0 && h('p', { class: 'meta' }, `${plural(rest, 'stack')} unchanged`),
    section(
      'Approvals',
      review.approvals.length,
      h(
        'ul',
        { class: 'bullets' },
        review.approvals.map(({ owner, team, stacks, findings: count }) =>
          h(
            'li',
            {},
            h('b', {}, owner),
            team ? ` (${team})` : '',
            `: ${plural(stacks.length, 'stack')}`,
            count > 0 ? `, ${plural(count, 'finding')}` : '',
          ),
        ),
      ),
    ),
    reachability &&
      section(
        'Reachability',
        reachability.gained.length + reachability.lost.length,
        h(
          'ul',
          { class: 'bullets' },
          reachability.lost.map(({ from, to }) => h('li', {}, `${from} no longer reaches ${to}`)),
          reachability.gained.map(({ from, to }) => h('li', {}, `${from} now reaches ${to}`)),
        ),
      ),
    objectives(review),
    cost && [h('h3', {}, 'Cost a month'), costLine(cost)],
    section('Notes', notes.length, findingsByRule(notes, estate, navigation)),
    section('Assumed', review.assumptions.length, bullets(review.assumptions)),
    navigation && keys(),
  ];
}

/** Objectives that do not hold or whose figure changes; the others are counted. */
function objectives({ resilience }: Review): Child {
  if (!resilience) return null;
  const told = resilience.objectives.filter(
    ({ before, after, status }) => status !== 'met' || (before !== null && before !== after),
  );
  const met = resilience.objectives.length - told.length;
  return section(
    'Objectives',
    resilience.objectives.length,
    h(
      'ul',
      { class: 'bullets' },
      told.map(({ path, objective, wanted, before, after, status }) =>
        h(
          'li',
          {},
          h('b', {}, `${path}, ${objective}`),
          `: ${before === null || before === after ? after : `${before} becomes ${after}`}; objective ${wanted}: ${status}`,
        ),
      ),
      met > 0 && h('li', {}, `${plural(met, 'objective')} met as before`),
    ),
  );
}

/** One stack: what changes, what is to be done, and what the stack is. `navigation` is null on paper. */
export function stackDetails(stack: Stack, estate: Estate, navigation: Navigation | null): Child {
  const { review } = stack;
  const region = estate.map.regions.find(({ key }) => key === stack.region);
  const approvals = estate.review?.approvals.filter(({ stacks }) => stacks.includes(stack.stack)) ?? [];
  const open = navigation === null;
  const links = (names: readonly string[]) =>
    names.length > 0 &&
    h(
      'div',
      { class: 'links' },
      names.map((name) => stackLink(name, estate, navigation)),
    );
  const resources = review?.resources ?? [];
  const group = estate.review?.groups.find(({ stacks }) => stacks.includes(stack.stack));
  const drift = review?.drift ?? [];
  const failing = review?.checks.filter(({ status }) => status !== 'pass') ?? [];
  const assumed = review?.assumed ?? [];
  return [
    navigation && h('button', { class: 'back', type: 'button', click: () => navigation.close() }, '← All stacks'),
    h('h2', {}, stack.stack),
    h(
      'p',
      { class: 'meta' },
      h('span', { class: 'owner' }, swatch(estate.ownerClass(stack.owner)), stack.owner ?? 'no owner'),
      [
        stack.region === null ? 'global' : `${stack.region}${region?.awsRegion ? ` ${region.awsRegion}` : ''}`,
        stack.account && `${stack.account} account`,
        review && review.status !== 'changed' && review.status,
      ].map((text) => text && ` · ${text}`),
    ),
    stack.actions.length > 0 && h('p', { class: 'more' }, pills(stack)),
    approvals.length > 0 &&
      h(
        'p',
        { class: 'more' },
        'Approval of ',
        h('b', {}, approvals.map(({ owner, team }) => team ?? owner).join(', ')),
      ),
    (review?.errors ?? []).map((text) => h('pre', { class: 'problem more' }, text)),
    section(
      'Findings',
      stack.findings.length,
      stack.findings.map((each) => finding(each, estate, navigation, true)),
    ),
    section(
      'Resources',
      resources.length,
      resources.map((each) => resource(each, group, stack.stack, open || resources.length === 1)),
    ),
    resources.length === 0 &&
      estate.review &&
      review?.status !== 'failed' &&
      h('p', { class: 'empty more' }, 'No resource changes.'),
    section('Outputs', review?.outputs.length, (review?.outputs ?? []).map(output)),
    section(
      'Changed outside of Terraform',
      drift.length,
      drift.map(({ address, action, meaning, changes }) =>
        disclosure(
          [h('span', { class: `pill pill-${action}` }, actionSigns[action]), h('code', {}, address)],
          () => [meaning && h('p', { class: 'notes' }, meaning), ...changes.map(change)],
          open,
        ),
      ),
    ),
    section(
      'Checks',
      failing.length,
      bullets(failing.map(({ address, status, problems }) => [`${address}: ${status}`, ...problems].join('; '))),
    ),
    section(
      'Assumed inputs',
      assumed.length,
      bullets(
        assumed.map(
          ({ address, argument, stack: from, field, source }) =>
            `${address} ${argument}: ${field} of ${from} (${source})`,
        ),
      ),
    ),
    section('Warnings', review?.warnings.length, bullets(review?.warnings ?? [])),
    h('h3', {}, 'About'),
    h(
      'dl',
      { class: 'facts' },
      fact('Folder', stack.project),
      fact('Affected by', review && review.reasons.length > 0 && bullets(review.reasons)),
      fact('Counterparts', links(group?.stacks.filter((name) => name !== stack.stack) ?? [])),
      fact('Reads', links(stack.reads)),
      fact('Read by', links(stack.readBy)),
      fact('Cost a month', review?.cost && costLine(review.cost)),
      fact('Plan file', review?.source),
      fact('Terraform', review?.terraform),
      fact(
        'Consists of',
        stack.nodes.length > 0 &&
          bullets(stack.nodes.map(({ kind, name, facts }) => [`${kindNames[kind]} ${name}`, ...facts].join(', '))),
      ),
    ),
  ];
}

function byOwner(estate: Estate, shown: readonly Stack[], navigation: Navigation | null): Child[] {
  const owners = [...new Set(shown.map(({ owner }) => owner))].sort();
  return owners.map((owner) => {
    const own = shown.filter((stack) => stack.owner === owner);
    return section(
      owner ?? 'No owner',
      own.length,
      h(
        'div',
        { class: 'rows' },
        own.map((stack) => row(stack, estate, navigation)),
      ),
    );
  });
}

function row(stack: Stack, estate: Estate, navigation: Navigation | null): HTMLElement {
  const status = stack.review?.status;
  const says = status === 'new' || status === 'removed' || status === 'failed' ? `${status} · ` : '';
  return h(
    'button',
    { class: 'row', type: 'button', click: () => navigation?.open(stack.stack) },
    swatch(estate.ownerClass(stack.owner)),
    h('span', { class: 'who', title: stack.stack }, stack.stack, h('small', {}, `${says}${stack.owner ?? ''}`)),
    stack.worst &&
      stack.worst !== 'note' &&
      h(
        'span',
        { class: `pill ${stack.worst === 'block' ? 'pill-delete' : 'pill-update'}` },
        stack.worst === 'block' ? '! block' : '! warn',
      ),
    stack.actions.length > 0 && pills(stack),
  );
}

function pills({ actions }: Stack): HTMLElement {
  return h(
    'span',
    { class: 'pills' },
    actions.map(([action, count]) =>
      h(
        'span',
        { class: `pill pill-${action}`, title: `${count} to ${actionWords[action]}` },
        `${actionSigns[action]}${count}`,
      ),
    ),
  );
}

function finding(
  { level, rule, what, why, remedy, where, owner, waiver }: Finding,
  estate: Estate,
  navigation: Navigation | null,
  inStack = false,
): HTMLElement {
  const stack = estate.get(where.stack);
  const advice = h('dl', {}, h('dt', {}, 'Why'), h('dd', {}, why), h('dt', {}, 'Do'), h('dd', {}, remedy));
  return h(
    'article',
    { class: `finding finding-${level}` },
    h('div', { class: 'lead' }, h('span', { class: 'level' }, level), h('span', { class: 'what' }, what)),
    h(
      'div',
      { class: 'meta' },
      !inStack && stack && stackLink(stack.stack, estate, navigation),
      !inStack && owner && h('span', { class: 'owner' }, swatch(estate.ownerClass(owner)), owner),
      inStack && where.address && h('span', {}, where.argument ? `${where.address} ${where.argument}` : where.address),
      h('span', {}, rule),
      waiver &&
        h(
          'span',
          {},
          `${waiver.expired ? 'waiver expired' : 'waived until'} ${waiver.until} by ${waiver.owner}: ${waiver.reason}`,
        ),
    ),
    inStack || !navigation
      ? advice
      : h('details', { class: 'advice' }, h('summary', {}, 'Why, and what to do'), advice),
  );
}

/** Findings in their order; of a rule that finds more than two, the first one and the others folded. */
function findingsByRule(findings: readonly Finding[], estate: Estate, navigation: Navigation | null): Child {
  const rules = new Map<string, Finding[]>();
  for (const each of findings) {
    const key = `${each.level} ${each.rule}`;
    rules.set(key, [...(rules.get(key) ?? []), each]);
  }
  const show = (each: Finding) => finding(each, estate, navigation);
  return [...rules.values()].map(([first, ...others]) =>
    others.length < 2
      ? [first!, ...others].map(show)
      : [
          show(first!),
          disclosure(`${others.length} more of ${first!.rule}`, () => others.map(show), navigation === null),
        ],
  );
}

function stackLink(name: string, estate: Estate, navigation: Navigation | null): HTMLElement {
  return navigation && estate.get(name)
    ? h('button', { class: 'link', type: 'button', click: () => navigation.open(name) }, name)
    : h('span', {}, name);
}

function resource(entry: ResourceEntry, group: ReviewGroup | undefined, stack: string, open: boolean): HTMLElement {
  const { address, action, changes, forcedBy, movedFrom, imported, reason, stateful, deposed, createFirst } = entry;
  const counterpart = group?.entries.find((each) => each.address === address && each.action === action);
  const others = counterpart?.stacks.includes(stack) ? counterpart.stacks.filter((each) => each !== stack) : [];
  const differs = counterpart?.differs.map(({ path }) => path).join(', ');
  const facts: readonly (readonly [string, string | null | false | undefined])[] = [
    ['Forced by', forcedBy.join(', ')],
    ['Why', reason],
    ['Moved from', movedFrom],
    ['Imported from', imported],
    ['Holds', stateful],
    ['Deposed object', deposed],
    [
      'Order',
      action === 'replace' &&
        (createFirst ? 'created before the old one is destroyed' : 'destroyed before the new one is created'),
    ],
    [differs ? 'As in' : 'Same in', others.length > 0 && `${others.join(', ')}${differs ? `, except ${differs}` : ''}`],
  ];
  return disclosure(
    [
      h(
        'span',
        { class: `pill pill-${action}`, title: actionWords[action] },
        `${actionSigns[action]} ${actionWords[action]}`,
      ),
      h('code', {}, address),
    ],
    () => [
      facts.map(([name, value]) => value && h('p', { class: 'notes' }, `${name}: `, h('strong', {}, value))),
      changes.map(change),
      changes.length === 0 && h('p', { class: 'empty' }, 'No argument differs.'),
    ],
    open,
  );
}

/** Blocks, then warnings, then by the worst action; otherwise in deploy order. */
function worstFirst(one: Stack, other: Stack): number {
  const rank = ({ worst, actions: [first] }: Stack) =>
    (worst === null ? 3 : levelRank[worst]) * 10 + (first ? actionOrder.indexOf(first[0]) : 9);
  return rank(one) - rank(other);
}

/** A body that is made when it is opened: a review of 500 stacks has tens of thousands of arguments. */
function disclosure(summary: Child, body: () => Child, open: boolean): HTMLElement {
  let made = open;
  const element: HTMLDetailsElement = h(
    'details',
    {
      class: 'resource',
      open,
      toggle: () => {
        if (!made) element.append(h('div', { class: 'body' }, body()));
        made = true;
      },
    },
    h('summary', {}, summary),
    open && h('div', { class: 'body' }, body()),
  );
  return element;
}

function output({ name, action, before, after, marks }: OutputEntry): HTMLElement {
  return h(
    'div',
    { class: 'change' },
    h('span', { class: `pill pill-${action}` }, actionSigns[action]),
    ' ',
    h('span', { class: 'path' }, name),
    markPills(marks),
    values(before, after, marks),
  );
}

function change({ path, before, after, marks }: ArgumentChange): HTMLElement {
  return h(
    'div',
    { class: 'change' },
    h('span', { class: 'path' }, path),
    markPills(marks),
    values(before, after, marks),
  );
}

function markPills(marks: ArgumentChange['marks']): Child {
  return marks
    .filter((mark) => mark !== 'unknown')
    .map((mark) => h('span', { class: `pill ${mark === 'forces replacement' ? 'pill-replace' : 'pill-mark'}` }, mark));
}

function values(before: unknown, after: unknown, marks: ArgumentChange['marks']): HTMLElement {
  const side = (cls: string, value: unknown) => {
    const special = marks.includes('sensitive') || (cls === 'after' && marks.includes('unknown'));
    return (
      value !== null && value !== undefined && h('pre', { class: special ? `${cls} special` : cls }, textOf(value))
    );
  };
  return h('div', { class: 'values' }, side('before', before), side('after', after));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value || '""' : JSON.stringify(value, null, 2);
}

function costLine({
  before,
  after,
  unconfirmed,
  unknown,
}: {
  readonly before: number;
  readonly after: number;
  readonly unconfirmed: number;
  readonly unknown: readonly unknown[];
}): HTMLElement {
  const money = (value: number) =>
    value.toLocaleString('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
  const difference = after - before;
  return h(
    'p',
    {},
    `${money(before)} → ${money(after)} (${difference < 0 ? '' : '+'}${money(difference)})`,
    unconfirmed > 0 && `, ${money(unconfirmed)} of it at unconfirmed prices`,
    unknown.length > 0 && `, ${plural(unknown.length, 'type')} without a price`,
  );
}

function section(title: string, count: number | undefined, ...content: Child[]): Child {
  return (
    count !== undefined && count > 0 && [h('h3', {}, title, ' ', h('span', { class: 'n' }, String(count))), ...content]
  );
}

function fact(name: string, value: Child): Child {
  return (
    value !== null && value !== undefined && value !== false && value !== '' && [h('dt', {}, name), h('dd', {}, value)]
  );
}

function bullets(texts: readonly string[]): HTMLElement {
  return h(
    'ul',
    { class: 'bullets' },
    texts.map((text) => h('li', {}, text)),
  );
}

function keys(): HTMLElement {
  const key = (text: string) => h('kbd', {}, text);
  return h(
    'p',
    { class: 'keys' },
    key('/'),
    ' search   ',
    key('←'),
    ' ',
    key('↑'),
    ' ',
    key('↓'),
    ' ',
    key('→'),
    ' move   ',
    key('Enter'),
    ' open   ',
    key('Esc'),
    ' back',
  );
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
