import { undeclaredBetween, type Counterpart } from '@platform/libs/stack/counterparts';
import type { Mask } from '@platform/libs/stack/region-words';
import type { EstateSighting } from './risk/estate-rule';

export interface PlacedCounterpart extends Counterpart {
  /** `region-us/vpc` */
  readonly project: string;
  /** `us` */
  readonly region: string;
}

/** Undeclared differences between a stack of a region's folder and its counterpart in the first region. */
export function undeclaredDifferences(stacks: readonly PlacedCounterpart[], mask: Mask): EstateSighting[] {
  const folders = new Map<string, PlacedCounterpart[]>();
  for (const each of stacks) {
    const prefix = `region-${each.region}/`;
    if (!each.project.startsWith(prefix)) continue;
    const folder = each.project.slice(prefix.length);
    folders.set(folder, [...(folders.get(folder) ?? []), each]);
  }
  return [...folders.values()].flatMap(([first, ...others]) =>
    others.flatMap((other) => undeclaredBetween(first!, other, mask)),
  );
}
