import { formatProblem, WrongUse } from '@platform/libs/settings/problem';

interface Keyed {
  readonly key: string;
}

type ByRegion<T> = Readonly<Record<string, T>>;

/**
 * One value per region, from the value under its key in `source`: contracts, plans, values read from them.
 *
 * @throws WrongUse when a region is missing in `source`: a new region is one more line where `source` is declared
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
 * Checks that the lists of a file have a line for every region.
 *
 * @param file as the message names it: `global/ga/upstream.ts`
 * @param lists by their exported names
 * @throws WrongUse with every missing region
 */
export function assertListed(regions: readonly Keyed[], file: string, lists: ByRegion<ByRegion<unknown>>): void {
  const problems = Object.entries(lists).flatMap(([name, list]) =>
    regions
      .filter(({ key }) => !Object.hasOwn(list, key))
      .map(({ key }) => ({
        where: `${file}: ${name}`,
        what: `has no line for region ${key}, only for ${Object.keys(list).join(', ')}`,
        remedy: 'add one (docs/adding-a-region.md)',
      })),
  );
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
}

/**
 * The lines of a list that belong to the applications of the settings, in the order of the settings.
 *
 * @param names those that must have a line, each with one for every region
 * @param file as the message names it: `global/ga/upstream.ts`
 * @throws WrongUse with every application that lacks a line, and every line that is of no application
 */
export function byApplication<T>(
  names: readonly string[],
  regions: readonly Keyed[],
  file: string,
  applications: ByRegion<ByRegion<T>>,
): [name: string, inRegions: ByRegion<T>][] {
  const where = `${file}: applications`;
  const problems = [
    ...names
      .filter((name) => !Object.hasOwn(applications, name))
      .map((name) => ({ where, what: `has no line for ${name}`, remedy: `run npx platform new service ${name}` })),
    ...Object.keys(applications)
      .filter((name) => !names.includes(name))
      .map((name) => ({
        where,
        what: `has a line for ${name}, and infra.config.ts has no such application`,
        remedy: 'remove it',
      })),
  ];
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
  assertListed(regions, file, Object.fromEntries(names.map((name) => [`applications.${name}`, applications[name]!])));
  return names.map((name) => [name, applications[name]!]);
}
