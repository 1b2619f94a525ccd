import { constructId } from '@platform/libs/settings/construct-id';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';

/** A name or text that people wrote, and where. */
interface Written {
  readonly where: string;
  readonly text: string;
}

/**
 * The settings that a name in a configuration was made of: the longest words of the settings that stand in it, all of those
 * that are equally long. The environment itself where it has nothing else of theirs.
 */
export function settingsBehind(name: string, environment: Environment, regions: readonly RegionSettings[]): string[] {
  const within = (text: string) =>
    new RegExp(`(^|[^A-Za-z0-9])${text.replaceAll(/[^A-Za-z0-9]+/g, '[^A-Za-z0-9]+')}($|[^A-Za-z0-9])`, 'i').test(name);
  return longest(
    written(environment, regions).filter(({ text }) => within(text)),
    environment,
  );
}

/** As {@link settingsBehind}, for an id of a construct. */
export function settingsBehindId(id: string, environment: Environment, regions: readonly RegionSettings[]): string[] {
  return longest(
    written(environment, regions).filter(({ text }) => id.includes(constructId(text))),
    environment,
  );
}

/** The list of names or texts in the settings that takes most of a long text, and how many of it stand there. */
export function listBehind(
  text: string,
  environment: Environment,
): { readonly where: string; readonly entries: number } | undefined {
  const lists = new Map<string, Set<string>>();
  for (const { where, text: name } of [...written(environment, []), ...listed(environment)]) {
    if (!text.includes(name)) continue;
    const list = where.replace(/(\.[^.]+|\.\d+\.\w+)$/, '');
    lists.set(list, (lists.get(list) ?? new Set()).add(name));
  }
  const lengthOf = (names: Iterable<string>) => [...names].reduce((sum, { length }) => sum + length, 0);
  const [most] = [...lists].sort(([, a], [, b]) => lengthOf(b) - lengthOf(a));
  return most && { where: most[0], entries: most[1].size };
}

/** Texts of lists in the settings of the environment itself. */
function listed({ name, access, privateLink, dns }: Environment): Written[] {
  return leavesOf({ access, privateLink, dns }, '')
    .filter(({ path }) => /\.\d+$/.test(path))
    .map(({ path, value }) => ({ where: `infra.config.ts: environments.${name}.${path}`, text: value }));
}

/**
 * The settings that a diagnostic of Terraform is about: those whose value stands in the lines of the configuration that it shows,
 * else those whose words do. None where it shows no value of theirs.
 */
export function settingsInDiagnostic(
  diagnostic: string,
  environment: Environment,
  regions: readonly RegionSettings[],
): string[] {
  const shown = diagnostic
    .split('\n')
    .filter((line) => /^\s*\| /.test(line))
    .flatMap((line) => [...line.matchAll(/"([^"]*)"(\s*:)?/g)])
    .flatMap(([, value, colon]) => (colon === undefined ? [value!] : []))
    .filter((value) => value.length > 2 && !value.includes('${'));
  const { name, ...own } = environment;
  const organisation = [
    'organisation',
    'costCentre',
    'home',
    'deployRole',
    'planRole',
    'segments',
    'onPremises',
    'owners',
  ];
  const leaves = [
    ...leavesOf(own, '').map(({ path, value }) => ({
      where: `infra.config.ts: ${organisation.includes(path.split('.')[0]!) ? path : `environments.${name}.${path}`}`,
      value,
    })),
    ...regions.flatMap((region) =>
      leavesOf(region, '').map(({ path, value }) => ({ where: `region-${region.key}/region.ts: ${path}`, value })),
    ),
  ];
  const equal = leaves.filter(({ value }) => shown.includes(value)).map(({ where }) => where);
  if (equal.length > 0) return [...new Set(equal)];
  return [...new Set(shown.flatMap((value) => settingsBehind(value, environment, regions)))].filter(
    (where) => where !== `infra.config.ts: environments.${name}`,
  );
}

/** Texts and numbers in settings, by path. */
function leavesOf(value: unknown, path: string): { readonly path: string; readonly value: string }[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ path, value: String(value) }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => leavesOf(inside, path ? `${path}.${key}` : key));
}

function longest(found: readonly Written[], environment: Environment): string[] {
  const most = Math.max(0, ...found.map(({ text }) => constructId(text).length));
  const places = found.filter(({ text }) => constructId(text).length === most).map(({ where }) => where);
  return places.length > 0 ? [...new Set(places)] : [`infra.config.ts: environments.${environment.name}`];
}

/** Names that people choose: keys of what they may add to, and names that stand as a value. */
function written(environment: Environment, regions: readonly RegionSettings[]): Written[] {
  const at = (path: string) => `infra.config.ts: environments.${environment.name}.${path}`;
  const keys = (record: object | undefined, where: string): Written[] =>
    Object.keys(record ?? {}).map((text) => ({ where: `${where}.${text}`, text }));
  const { dataStores, privateLink, applications, externalAttachments = [], onPremises } = environment;
  const joined = onPremises?.connectivity?.[environment.name];
  const atJoined = `infra.config.ts: onPremises.connectivity.${environment.name}`;
  return [
    ...keys(dataStores.tables, at('dataStores.tables')),
    ...keys(dataStores.buckets, at('dataStores.buckets')),
    ...keys(privateLink.partners, at('privateLink.partners')),
    ...keys(applications, at('applications')),
    ...Object.entries(applications).flatMap(([application, { networkBalancer, releases }]) => [
      ...keys(networkBalancer?.listeners, at(`applications.${application}.networkBalancer.listeners`)),
      ...Object.entries(releases).map(([colour, { name }]) => ({
        where: at(`applications.${application}.releases.${colour}.name`),
        text: name,
      })),
    ]),
    ...keys(environment.segments, 'infra.config.ts: segments'),
    ...keys(joined?.vpn?.customerGateways, `${atJoined}.vpn.customerGateways`),
    ...externalAttachments.map(({ name }, index) => ({ where: at(`externalAttachments.${index}.name`), text: name })),
    ...(joined?.directConnect?.connections ?? []).map(({ name }, index) => ({
      where: `${atJoined}.directConnect.connections.${index}.name`,
      text: name,
    })),
    ...(onPremises?.domains ?? []).map(({ name }, index) => ({
      where: `infra.config.ts: onPremises.domains.${index}.name`,
      text: name,
    })),
    { where: at('domain'), text: environment.domain },
    { where: 'infra.config.ts: costCentre', text: environment.costCentre },
    ...Object.entries(environment.owners).map(([folder, text]) => ({
      where: `infra.config.ts: owners.${folder}`,
      text,
    })),
    ...regions.flatMap((region) => [
      ...keys(region.vpcs, `region-${region.key}/region.ts: vpcs`),
      ...keys(region.managedDomainLists, `region-${region.key}/region.ts: managedDomainLists`),
    ]),
  ].filter(({ text }) => constructId(text) !== '');
}
