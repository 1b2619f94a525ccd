import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { projectName } from '@platform/tools/workspace/stack-folders';

/** What the order needs to know of a stack. */
export type OrderedStack = Pick<StackDescription, 'stack' | 'project' | 'region' | 'reads'> & {
  readonly contract: Pick<StackDescription['contract'], 'creation'>;
};

export interface DeployOrderOptions {
  /** Key of the primary region; all others are standbys. */
  readonly primary: string;
  /** Whether a stack has been deployed before. */
  readonly exists: (stack: string) => boolean;
  /** Whether a deploy only takes away what a stack has made, because the level is lower than it was. Default: none does. */
  readonly isEmptied?: (stack: string) => boolean;
}

/**
 * The stacks that must be deployed before each stack: those it reads, except emptied ones, which come after
 * their readers, so that no reader still uses what is destroyed; and among twins the standbys before the primary, so
 * that a change that breaks meets the region that carries nothing first. While twins are being created, those whose
 * contract says so go primary first. An order among twins gives way to an order by reads.
 */
export function deployOrder<T extends OrderedStack>(
  stacks: readonly T[],
  { primary, exists, isEmptied = () => false }: DeployOrderOptions,
): ReadonlyMap<string, readonly string[]> {
  const names = new Set(stacks.map(({ stack }) => stack));
  const goes = (stack: string) => exists(stack) && isEmptied(stack);
  const before = new Map(
    stacks.map(({ stack, reads }) => {
      const readers = goes(stack) ? stacks.filter((each) => each.reads.includes(stack)).map((each) => each.stack) : [];
      return [stack, [...reads.filter((read) => names.has(read) && !goes(read)), ...readers]];
    }),
  );
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    from === to || (before.get(from) ?? []).some((next) => !seen.has(next) && reaches(next, to, seen.add(next)));
  const add = (first: string, then: string) => {
    if (!reaches(first, then)) before.get(then)!.push(first);
  };
  const pairs = twinPairs(stacks, primary);
  const creating = ([first, standby]: readonly [T, T]) =>
    first.contract.creation === 'primary-first' && !(exists(first.stack) && exists(standby.stack));
  // Those that cannot be made otherwise first: in a conflict they stay.
  for (const [main, standby] of pairs.filter(creating)) add(main.stack, standby.stack);
  for (const [main, standby] of pairs.filter((pair) => !creating(pair))) add(standby.stack, main.stack);
  return before;
}

/** The primary region's stack with each of its twins. */
function twinPairs<T extends OrderedStack>(stacks: readonly T[], primary: string): (readonly [T, T])[] {
  return stacks.flatMap((main) => {
    const name = familyOf(main);
    if (name === undefined || main.region !== primary) return [];
    return stacks
      .filter((other) => other.region !== primary && familyOf(other) === name)
      .map((other) => [main, other] as const);
  });
}

/** What the counterparts of all regions have in common: `region/vpc`, `shared/tgw`; nothing for a stack that has none. */
export function familyOf(stack: Pick<OrderedStack, 'project' | 'stack' | 'region'>): string | undefined {
  if (/^region-[^/]+\//.test(stack.project)) return stack.project.replace(/^region-[^/]+/, 'region');
  return isOneOfRegions(stack) ? stack.project : undefined;
}

/** A stack of a `shared/` project that every region has: its name ends with the region, and it is no link of two. */
export function isOneOfRegions({
  project,
  stack,
  region,
}: Pick<OrderedStack, 'project' | 'stack' | 'region'>): boolean {
  return project.startsWith('shared/') && stack === `${projectName(project)}-${region}`;
}

/** The same stacks in an order in which none comes before what {@link deployOrder} puts before it. */
export function inDeployOrder<T extends OrderedStack>(
  stacks: readonly T[],
  before: ReadonlyMap<string, readonly string[]>,
): T[] {
  const byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  const ordered = new Set<T>();
  const visit = (stack: T) => {
    if (ordered.has(stack)) return;
    for (const name of before.get(stack.stack) ?? []) visit(byName.get(name)!);
    ordered.add(stack);
  };
  for (const stack of stacks) visit(stack);
  return [...ordered];
}
