import { isDeepStrictEqual } from 'node:util';
import type { ArgumentChange, GroupEntry, ResourceEntry, ReviewGroup, ReviewStack } from './review';

type FoldedStack = Pick<ReviewStack, 'stack' | 'project' | 'region' | 'resources'>;

/**
 * Puts stacks of the same folder in different regions together: a change that all of them have is one entry, which says
 * in what it differs. Each stack is in one group.
 */
export function foldCounterparts(stacks: readonly FoldedStack[]): ReviewGroup[] {
  const groups = new Map<string, FoldedStack[]>();
  for (const each of stacks) {
    const key = counterpartOf(each) ?? each.stack;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups].map(([name, members]) => ({
    name,
    stacks: members.map(({ stack }) => stack),
    entries: entriesOf(members),
  }));
}

/** What counterparts have in common: `vpc` of `region-us/vpc`, `shared/tgw` of its stack in `us`; undefined where a stack has none. */
export function counterpartOf({ stack, project, region }: Omit<FoldedStack, 'resources'>): string | undefined {
  if (project === null || region === null) return undefined;
  if (project.startsWith(`region-${region}/`)) return project.slice(`region-${region}/`.length);
  return stack === `${project.replaceAll('/', '-')}-${region}` ? project : undefined;
}

function entriesOf(members: readonly FoldedStack[]): GroupEntry[] {
  const found = new Map<string, { entry: ResourceEntry; of: Map<string, ResourceEntry> }>();
  for (const { stack, resources } of members) {
    for (const entry of resources) {
      const key = [entry.address, entry.deposed ?? '', entry.action].join('\n');
      const known = found.get(key) ?? { entry, of: new Map() };
      found.set(key, { ...known, of: new Map([...known.of, [stack, entry]]) });
    }
  }
  return [...found.values()].map(({ entry: { address, type, action }, of }) => ({
    address,
    type,
    action,
    stacks: [...of.keys()],
    differs: of.size > 1 ? differencesOf(of) : [],
  }));
}

function differencesOf(of: ReadonlyMap<string, ResourceEntry>): GroupEntry['differs'] {
  const paths = new Set([...of.values()].flatMap(({ changes }) => changes.map(({ path }) => path)));
  return [...paths].flatMap((path) => {
    const changes = new Map(
      [...of].map(([stack, entry]) => [stack, entry.changes.filter((each) => each.path === path)]),
    );
    const [first, ...others] = [...changes.values()];
    if (others.every((each) => isDeepStrictEqual(each, first))) return [];
    const one = (all: readonly ArgumentChange[]): ArgumentChange | null =>
      all.length > 1
        ? { path, before: all.map(({ before }) => before), after: all.map(({ after }) => after), marks: all[0]!.marks }
        : (all[0] ?? null);
    return [{ path, values: Object.fromEntries([...changes].map(([stack, all]) => [stack, one(all)])) }];
  });
}
