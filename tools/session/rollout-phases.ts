import type { RegionSettings } from '@platform/libs/settings/region';
import { isOneOfRegions, type OrderedStack } from './deploy-order';

/** The phase of what exists once, is not there yet, and is read in the regions. */
export const FOUNDATIONS = 'foundations';
/** The phase of emptied stacks: a deploy destroys their resources. */
export const REMOVALS = 'removals';

/** Stacks that are deployed together; a gate stands between two phases. */
export interface RolloutPhase<T> {
  /** `foundations`, the region's key, `global`, or `removals`. */
  readonly name: string;
  readonly stacks: readonly T[];
}

export interface RolloutOptions {
  readonly regions: readonly Pick<RegionSettings, 'key' | 'role'>[];
  readonly exists: (stack: string) => boolean;
  /** As for {@link deployOrder}. */
  readonly isEmptied?: (stack: string) => boolean;
}

/**
 * One region after the other, standbys before the primary, then what exists once. What a region reads and nobody has
 * deployed yet cannot wait: such global stacks are foundations and go first, and a regional stack that reads a stack of
 * a later phase which is not there yet goes with that phase. What a lower level takes away comes last, when nothing leads to
 * it any more.
 */
export function rolloutPhases<T extends OrderedStack>(
  stacks: readonly T[],
  { regions, exists, isEmptied = () => false }: RolloutOptions,
): RolloutPhase<T>[] {
  const standbys = regions.filter(({ role }) => role === 'standby').map(({ key }) => key);
  const primaries = regions.filter(({ role }) => role === 'primary').map(({ key }) => key);
  const names = [FOUNDATIONS, ...standbys, ...primaries, 'global', REMOVALS];
  const byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  const phase = new Map<string, number>();

  const own = (stack: T) => {
    if (exists(stack.stack) && isEmptied(stack.stack)) return names.indexOf(REMOVALS);
    return names.indexOf(isRegional(stack) ? stack.region : 'global');
  };
  const missingReads = (stack: T) => stack.reads.flatMap((read) => (exists(read) ? [] : (byName.get(read) ?? [])));
  const isFoundation = (stack: T): boolean => !isRegional(stack) && missingReads(stack).every(isFoundation);

  const needed = new Set<T>();
  const need = (stack: T) => {
    for (const read of missingReads(stack)) {
      if (needed.has(read) || !isFoundation(read)) continue;
      needed.add(read);
      need(read);
    }
  };
  for (const stack of stacks.filter(isRegional)) need(stack);

  const phaseOf = (stack: T): number => {
    const known = phase.get(stack.stack);
    if (known !== undefined) return known;
    const result = needed.has(stack) ? 0 : Math.max(own(stack), ...missingReads(stack).map(phaseOf));
    phase.set(stack.stack, result);
    return result;
  };
  return names
    .map((name, index) => ({ name, stacks: stacks.filter((stack) => phaseOf(stack) === index) }))
    .filter((each) => each.stacks.length > 0);
}

/** A stack of one region: not one that exists once, nor one that joins two regions. */
function isRegional(stack: OrderedStack): boolean {
  return stack.project.startsWith('region-') || isOneOfRegions(stack);
}
