import { formatProblem, WrongUse } from '@platform/libs/settings/problem';

interface Keyed {
  readonly key: string;
}

type ByRegion<T> = Readonly<Record<string, T>>;

/**
 * One value per region, from what stands under its key in `source`: contracts, plans, what was read of them.
 *
 * @throws WrongUse when a region has nothing there: a new region is one more line where `source` is declared.
 */
export function byRegion<T, V>(
  regions: readonly Keyed[],
  source: ByRegion<T>,
  value: (item: T, key: string) => V,
): Record<string, V> {
  assertListed(regions, 'by region', { values: source });
  return Object.fromEntries(regions.map(({ key }) => [key, value(source[key]!, key)]));
}

/**
 * Looks into the lists of a file whether every region has a line in each.
 *
 * @param file as the message names it: `global/ga/upstream.ts`
 * @param lists by the name that each is exported under
 * @throws WrongUse with everything that is missing
 */
export function assertListed(regions: readonly Keyed[], file: string, lists: ByRegion<ByRegion<unknown>>): void {
  const problems = Object.entries(lists).flatMap(([name, list]) =>
    regions
      .filter(({ key }) => !Object.hasOwn(list, key))
      .map(({ key }) => ({
        where: `${file}: ${name}`,
        what: `there is no region ${key}, only ${Object.keys(list).join(', ')}`,
        remedy: 'give it a line (docs/adding-a-region.md)',
      })),
  );
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
}
