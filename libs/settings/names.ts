import { accountRoles, type EnvironmentSettings } from './organisation';
import { inspectionSegment, onPremisesSegment, peeringTable } from './segments';
import { constructId, localName } from './construct-id';
import type { Problem } from './problem';
import type { RegionSettings } from './region';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/** A name that people chose, and its setting. */
interface Name {
  readonly text: string;
  readonly where: string;
}

/** The name of a construct's part; without a setting if the estate chose it. */
interface Id {
  readonly id: string;
  readonly name?: Name;
}

/** Names that other checks refuse. */
const reservedWords = [onPremisesSegment, peeringTable, inspectionSegment];

/**
 * Names that people choose and that become construct ids, which are addresses in the state: unique within a construct,
 * and words joined by single hyphens, as AWS requires for many names (RDS and ElastiCache refuse two hyphens in a row
 * and one at the end: API references, CreateDBInstance and CreateReplicationGroup).
 */
export function checkNames(input: SettingsInput): Problem[] {
  const problems = environmentsOf(input).flatMap(([name, environment]) =>
    scopesOf(input, name, environment).flatMap(checkScope),
  );
  return distinct([...checkSpelling(input), ...problems]);
}

function checkScope(ids: readonly Id[]): Problem[] {
  const firsts = new Map<string, Id>();
  return ids.flatMap(({ id, name }) => {
    const first = firsts.get(id);
    if (!first) firsts.set(id, { id, ...(name ? { name } : {}) });
    if (!first || !name || name.where === first.name?.where || name.text === first.name?.text) return [];
    if (!first.name && reservedWords.includes(name.text)) return [];
    return [
      {
        where: name.where,
        what: first.name
          ? `"${name.text}" and "${first.name.text}" (${first.name.where}) give one resource address, ${id}`
          : `"${name.text}" gives the resource address ${id}, which the estate uses itself`,
        remedy: 'use names that differ in more than punctuation and case',
      },
    ];
  });
}

/** Constructs of one environment whose parts are named after settings; ids of the estate's own come first. */
function scopesOf(input: SettingsInput, environmentName: string, environment: EnvironmentSettings): Id[][] {
  const { segments, onPremises } = input.settings;
  const inEnvironment = (path: string) => inSettings(input, `environments.${environmentName}.${path}`);
  const keys = (record: object | undefined, at: (key: string) => string): Name[] =>
    Object.keys(record ?? {}).map((text) => ({ text, where: at(text) }));
  const idsOf = (names: readonly Name[], id: (text: string) => string): Id[] =>
    names.map((name) => ({ id: id(name.text), name }));
  const own = (...ids: string[]): Id[] => ids.map((id) => ({ id }));

  const externals = (environment.externalAttachments ?? []).map(({ name, region }, index) => ({
    text: name,
    where: inEnvironment(`externalAttachments.${index}.name`),
    region,
  }));
  const partners = keys(environment.privateLink.partners, (key) => inEnvironment(`privateLink.partners.${key}`));
  const domains = (onPremises?.domains ?? []).map(({ name }, index) => ({
    text: name,
    where: inSettings(input, `onPremises.domains.${index}.name`),
  }));
  const joined = onPremises?.connectivity?.[environmentName];
  const atJoined = (path: string) => inSettings(input, `onPremises.connectivity.${environmentName}.${path}`);
  const connections = (joined?.directConnect?.connections ?? []).map(({ name }, index) => ({
    text: name,
    where: atJoined(`directConnect.connections.${index}.name`),
  }));
  const gateways = keys(joined?.vpn?.customerGateways, (key) => atJoined(`vpn.customerGateways.${key}`));
  const tables: Id[] = [
    ...own(...[onPremisesSegment, peeringTable].map((table) => constructId(table, 'table'))),
    ...idsOf(
      keys(segments, (key) => inSettings(input, `segments.${key}`)),
      (text) => constructId(text, 'table'),
    ),
  ];

  return [
    [...own('Share'), ...idsOf(externals, (text) => constructId('accepted', text))],
    [...own('Share', 'Gateway'), ...idsOf(externals, (text) => constructId(text))],
    [...own('Services', 'Offer'), ...idsOf(partners, (text) => constructId('partner', text))],
    [
      ...own('Hub', 'Gateway'),
      ...idsOf(connections, (text) => constructId('port', text)),
      ...idsOf(gateways, (text) => constructId('vpn', text)),
    ],
    ...input.regions.flatMap((region) => {
      const vpcs = keys(region.vpcs, (key) => inRegion(input, region, `vpcs.${key}`));
      const watched = [{ text: inspectionSegment, where: '' }, ...vpcs];
      const lists = keys(region.managedDomainLists, (key) => inRegion(input, region, `managedDomainLists.${key}`));
      const watchedIds = (id: (text: string) => string) =>
        watched.map((name): Id => (name.where ? { id: id(name.text), name } : { id: id(name.text) }));
      return [
        [
          ...own('Hub', 'Share', 'FlowLog', 'External'),
          ...tables,
          ...watchedIds((text) => constructId('attachment', text)),
        ],
        watchedIds((text) => constructId('log', 'of', text)),
        [
          ...own('RuleGroup', 'BlockedDomains', constructId('block', 'blocked')),
          ...idsOf(lists, (text) => constructId('block', text)),
          ...watchedIds((text) => constructId('group', 'in', text)),
          ...watchedIds((text) => constructId('config', 'of', text)),
        ],
        [
          ...own('Share', ...accountRoles.map((role) => constructId('account', role))),
          ...idsOf(domains, (text) => constructId('rule', text)),
          ...idsOf(domains, (text) => constructId('share', text)),
          ...vpcs.flatMap((vpc) => idsOf(domains, (text) => constructId(text, 'in', vpc.text))),
        ],
        destinationIds(input, environmentName, region, externals),
      ];
    }),
  ];
}

/**
 * Destinations in a region's Transit Gateway tables, by the last part of their address: own networks without the
 * region.
 */
function destinationIds(
  input: SettingsInput,
  environmentName: string,
  region: RegionSettings,
  externals: readonly Name[],
): Id[] {
  const idOf = (name: string) => constructId(localName(name, region.key));
  const onPremises = input.settings.onPremises?.cidrs ?? [];
  const otherEnvironments = Object.keys(input.settings.environments).filter((name) => name !== environmentName);
  return [
    ...['inspection', onPremisesSegment, 'internet', 'internet/lower', 'internet/upper'].map((name) => ({
      id: idOf(name),
    })),
    ...onPremises.map((_, index) => ({ id: idOf(`on-premises/${index}`) })),
    ...input.regions.flatMap(({ key }) => [
      ...(key === region.key ? [] : [{ id: idOf(`peer/${key}`) }]),
      { id: idOf(`${key}/range`) },
      ...otherEnvironments.map((text) => ({
        id: idOf(`${key}/range/${text}`),
        name: { text, where: inSettings(input, `environments.${text}`) },
      })),
    ]),
    ...externals.map((name) => ({ id: idOf(`external/${name.text}`), name })),
    ...input.regions.flatMap((each) =>
      Object.keys(each.vpcs).map((text) => ({
        id: idOf(`${each.key}/${text}`),
        name: { text, where: inRegion(input, each, `vpcs.${text}`) },
      })),
    ),
  ];
}

/** Hyphens of names that other checks accept, and names of lists, which no other check covers. */
function checkSpelling(input: SettingsInput): Problem[] {
  const { segments, onPremises, owners } = input.settings;
  const names: [where: string, name: string][] = [
    ...Object.keys(segments).map((name): [string, string] => [inSettings(input, `segments.${name}`), name]),
    ...Object.entries(owners).map(([folder, team]): [string, string] => [inSettings(input, `owners.${folder}`), team]),
    ...environmentsOf(input).flatMap(([name, { dataStores, privateLink, externalAttachments = [] }]) => {
      const at = (path: string) => inSettings(input, `environments.${name}${path}`);
      const { directConnect, vpn } = onPremises?.connectivity?.[name] ?? {};
      const atJoined = (path: string) => inSettings(input, `onPremises.connectivity.${name}.${path}`);
      const keysOf = (record: object | undefined, path: string): [string, string][] =>
        Object.keys(record ?? {}).map((key) => [at(`.${path}.${key}`), key]);
      return [
        [at(''), name] as [string, string],
        ...keysOf(dataStores.tables, 'dataStores.tables'),
        ...keysOf(dataStores.buckets, 'dataStores.buckets'),
        ...keysOf(privateLink.partners, 'privateLink.partners'),
        ...externalAttachments.map((each, index): [string, string] => [
          at(`.externalAttachments.${index}.name`),
          each.name,
        ]),
        ...(directConnect?.connections ?? []).map((each, index): [string, string] => [
          atJoined(`directConnect.connections.${index}.name`),
          each.name,
        ]),
        ...Object.keys(vpn?.customerGateways ?? {}).map((key): [string, string] => [
          atJoined(`vpn.customerGateways.${key}`),
          key,
        ]),
      ];
    }),
  ];
  const lists = input.regions.flatMap((region) =>
    Object.keys(region.managedDomainLists ?? {})
      .filter((name) => !/^[a-z][a-z0-9-]{0,31}$/.test(name))
      .map((name) => ({
        where: inRegion(input, region, `managedDomainLists.${name}`),
        what: `"${name}" cannot be part of resource names`,
        remedy: 'use 1–32 lower-case letters, digits or hyphens, a letter first',
      })),
  );
  return [
    ...names
      .filter(([, name]) => /^[a-z0-9][a-z0-9-]*$/.test(name) && /--|-$/.test(name))
      .map(([where, name]) => ({
        where,
        what: `"${name}" ${name.includes('--') ? 'has two hyphens in a row' : 'ends with a hyphen'}`,
        remedy: `use single hyphens between words, as in "${name.replaceAll(/-+/g, '-').replace(/-$/, '')}"`,
      })),
    ...lists,
  ];
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.where} ${problem.what}`, problem])).values()];
}
