import type { PageData } from '../page-data';
import type { MapNode, MapStack } from '@platform/tools/model/estate-map';
import type { Finding, ResourceEntry, Review, ReviewStack } from '@platform/tools/model/review';

export type Action = ResourceEntry['action'];
/** From the worst to the mildest. */
export const actionOrder: readonly Action[] = [
  'delete',
  'replace',
  'update',
  'create',
  'import',
  'move',
  'forget',
  'read',
];
export const actionSigns: Readonly<Record<Action, string>> = {
  delete: '−',
  replace: '±',
  update: '~',
  create: '+',
  import: '↓',
  move: '→',
  forget: '∅',
  read: '?',
};
export const actionWords: Readonly<Record<Action, string>> = {
  delete: 'destroy',
  replace: 'replace',
  update: 'change',
  create: 'create',
  import: 'import',
  move: 'move',
  forget: 'forget',
  read: 'read',
};

export type Level = Finding['level'];
export const levelRank: Readonly<Record<Level, number>> = { block: 0, warn: 1, note: 2 };

/** A stack of the estate and what the change does to it. */
export interface Stack extends MapStack {
  readonly review: ReviewStack | undefined;
  readonly findings: readonly Finding[];
  /** Actions with their counts, the worst first. Reads do not count: they change nothing. */
  readonly actions: readonly (readonly [Action, number])[];
  readonly worst: Level | null;
  readonly nodes: readonly MapNode[];
  readonly readBy: readonly string[];
  /** What the search looks in, in lower case. */
  readonly words: string;
}

/** Everything that the page shows, by stack. */
export class Estate {
  readonly stacks: readonly Stack[];
  readonly review: Review | null;
  readonly map: PageData['map'];
  private readonly byName: ReadonlyMap<string, Stack>;

  constructor(private readonly data: PageData) {
    const { review, map } = data;
    this.review = review;
    this.map = map;
    const reviewed = new Map(review?.stacks.map((stack) => [stack.stack, stack]));
    const nodes = lists(map.nodes, ({ stack }) => stack);
    const findings = lists(review?.findings ?? [], ({ where }) => where.stack);
    const readers = new Map<string, string[]>();
    for (const { stack, reads } of map.stacks) {
      for (const read of reads) readers.set(read, [...(readers.get(read) ?? []), stack]);
    }
    this.stacks = map.stacks.map((stack): Stack => {
      const own = reviewed.get(stack.stack);
      const found = findings.get(stack.stack) ?? [];
      const its = nodes.get(stack.stack) ?? [];
      return {
        ...stack,
        review: own,
        findings: found,
        actions: countActions(own?.resources ?? []),
        worst: own?.status === 'failed' ? 'block' : worstOf(found),
        nodes: its,
        readBy: readers.get(stack.stack) ?? [],
        words: [
          stack.stack,
          stack.project,
          stack.owner ?? '',
          stack.account ?? '',
          ...its.flatMap(({ name, kind, facts }) => [name, kind, ...facts]),
          ...(own?.resources ?? []).map(({ address }) => address),
        ]
          .join(' ')
          .toLowerCase(),
      };
    });
    this.byName = new Map(this.stacks.map((stack) => [stack.stack, stack]));
  }

  get(stack: string | null | undefined): Stack | undefined {
    return this.byName.get(stack ?? '');
  }

  ownerClass(owner: string | null): string {
    return (owner !== null ? this.data.ownerClasses[owner] : undefined) ?? 'own-none';
  }
}

/** Whether anything of it is worth a line in the list of changes. */
export function isChanged({ review, worst }: Stack): boolean {
  return (review !== undefined && review.status !== 'unchanged') || (worst !== null && worst !== 'note');
}

export function worstOf(findings: readonly Finding[]): Level | null {
  return findings.reduce<Level | null>(
    (worst, { level }) => (worst === null || levelRank[level] < levelRank[worst] ? level : worst),
    null,
  );
}

function countActions(resources: readonly ResourceEntry[]): (readonly [Action, number])[] {
  const counts = new Map<Action, number>();
  for (const { action } of resources) if (action !== 'read') counts.set(action, (counts.get(action) ?? 0) + 1);
  return actionOrder.flatMap((action) => (counts.has(action) ? [[action, counts.get(action)!] as const] : []));
}

function lists<T>(all: readonly T[], keyOf: (each: T) => string | null): Map<string | null, T[]> {
  const made = new Map<string | null, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const list = made.get(key);
    if (list) list.push(each);
    else made.set(key, [each]);
  }
  return made;
}
