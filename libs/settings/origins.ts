import { fill, type DefaultOrigin } from './effective';
import { organisationSchema, writtenOf, type OrganisationSettings } from './organisation';
import type { Problem } from './problem';
import type { RegionSettings } from './region';
import { renamedInOrganisation, withPresentNames } from './renamed';
import { isPlain } from './schema';
import { inSettings, type SettingsInput } from './settings-input';

/** Origin of an effective value: written in the environment, for the organisation or in a region, or a default. */
export type Origin = DefaultOrigin | 'environment' | 'organisation' | 'region';

/** One setting as stacks get it. */
export interface EffectiveSetting {
  /**
   * Path in `infra.config.ts` without `environments.<name>`, or `regions.<key>.` and the path in
   * `region-<key>/region.ts`.
   */
  readonly setting: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/**
 * Values that were filled in, by path: `environments.prod.applications.app.diskGib`. Empty for settings that were written in
 * full.
 */
function defaultsOf(settings: OrganisationSettings): ReadonlyMap<string, DefaultOrigin> {
  const defaults = new Map<string, DefaultOrigin>();
  const written = writtenOf(settings);
  if (written) {
    const present = withPresentNames(written, renamedInOrganisation);
    fill(organisationSchema, present, 'production', (path, origin) => defaults.set(path.join('.'), origin));
  }
  return defaults;
}

/** Origin of the default at a path, or of the default that contains it. */
function defaultAt(defaults: ReadonlyMap<string, DefaultOrigin>, path: string): DefaultOrigin | undefined {
  const keys = path.split('.');
  for (let length = keys.length; length > 0; length--) {
    const origin = defaults.get(keys.slice(0, length).join('.'));
    if (origin) return origin;
  }
  return undefined;
}

/** Adds the origin to a problem of a default value. */
export function withOrigins(problems: readonly Problem[], input: SettingsInput): Problem[] {
  const start = inSettings(input, '');
  if (!problems.some(({ where }) => where.startsWith(start))) return [...problems];
  const defaults = defaultsOf(input.settings);
  return problems.map((problem) => {
    if (!problem.where.startsWith(start)) return problem;
    const origin = defaultAt(defaults, problem.where.slice(start.length));
    if (!origin) return problem;
    return { ...problem, where: `${problem.where} (${origin.replace(/^profile /, 'default of profile ')})` };
  });
}

/**
 * Every setting of one environment with its value and origin, in the order of the reference page. Of regions only the
 * values for this environment.
 */
export function effectiveSettings(
  settings: OrganisationSettings,
  regions: readonly RegionSettings[],
  environment: string,
): EffectiveSetting[] {
  const defaults = defaultsOf(settings);
  const { environments, onPremises, ...organisation } = settings;
  const names = Object.keys(environments);
  const start = `environments.${environment}.`;
  const ofOrganisation = (value: unknown, path: string) =>
    leavesOf(value, path).map(
      (leaf): EffectiveSetting => ({ ...leaf, origin: defaultAt(defaults, leaf.setting) ?? 'organisation' }),
    );
  return [
    ...Object.entries(organisation).flatMap(([key, value]) => ofOrganisation(value, key)),
    ...(onPremises ? ofOrganisation(onlyOf(onPremises, environment, names), 'onPremises') : []),
    ...leavesOf(environments[environment], '').map(
      (leaf): EffectiveSetting => ({
        ...leaf,
        origin: defaultAt(defaults, `${start}${leaf.setting}`) ?? 'environment',
      }),
    ),
    ...regions.flatMap((region) =>
      leavesOf(onlyOf(region, environment, names), `regions.${region.key}`).map(
        (leaf): EffectiveSetting => ({ ...leaf, origin: 'region' }),
      ),
    ),
  ];
}

/** A value without the parts for other environments. */
function onlyOf(value: unknown, environment: string, names: readonly string[]): unknown {
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key === environment || !names.includes(key))
      .map(([key, inside]) => [key, onlyOf(inside, environment, names)]),
  );
}

/** Values that are not objects, by path; a list of plain values counts as one, and so does an empty object. */
function leavesOf(value: unknown, path: string): { readonly setting: string; readonly value: unknown }[] {
  const isLeaf =
    typeof value !== 'object' ||
    value === null ||
    Object.keys(value).length === 0 ||
    (Array.isArray(value) && value.every((each) => typeof each !== 'object'));
  if (isLeaf) return [{ setting: path, value }];
  return Object.entries(value).flatMap(([key, inside]) => leavesOf(inside, path ? `${path}.${key}` : key));
}

/**
 * The settings as a table for a terminal: name, value, origin.
 * @param width maximum number of characters in a line; longer values are cut. Default: no limit
 */
export function settingsTable(settings: readonly EffectiveSetting[], width?: number): string {
  const rows = settings.map(({ setting, value, origin }) => ({ setting, value: show(value), origin }));
  const [nameWidth, originWidth] = [
    Math.max(...rows.map(({ setting }) => setting.length)),
    Math.max(...rows.map(({ origin }) => origin.length)),
  ];
  return rows
    .map(({ setting, value, origin }) => {
      const line = `${setting.padEnd(nameWidth)}  ${origin.padEnd(originWidth)}  ${value}`;
      return width !== undefined && line.length > width ? `${line.slice(0, Math.max(width - 1, 1))}…` : line;
    })
    .join('\n');
}

function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : typeof value === 'string' ? value : JSON.stringify(value);
}
