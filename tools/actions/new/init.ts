import type { Problem } from '@platform/libs/settings/problem';
import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import { awsRegions, firstZoneIds } from '@platform/libs/settings/aws-regions';
import { parseCidr, prefixLength } from '@platform/libs/settings/cidr';
import { movedTo } from '@platform/libs/settings/free-ranges';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { refuse, type WorkspaceFiles } from './changes';
import { literal, objectAt, propertiesOf, type SourceEdit } from './source-edit';
import type ts from 'typescript';

export interface Init {
  readonly organisation?: string;
  readonly githubOrganisation?: string;
  readonly costCentre?: string;
  /** Repository on GitHub whose workflows plan and deploy, in every environment with access of the CI. */
  readonly repository?: string;
  /** Domain by environment. */
  readonly domains?: Readonly<Record<string, string>>;
  /** Account ids by environment and role. */
  readonly accounts?: Readonly<Record<string, Partial<Record<AccountRole, string>>>>;
  /** AWS's name by region key: zones become the first ones of the region. */
  readonly awsRegions?: Readonly<Record<string, string>>;
  /** Range by region and environment: the networks in it move along. */
  readonly ranges?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `none` removes the networks outside AWS. */
  readonly onPremises?: 'none';
}

/**
 * Writes what an organisation decides first into the settings. What is not given stays as it is.
 * @throws WrongUse with all problems
 */
export function init(
  files: WorkspaceFiles,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  options: Init,
): void {
  const {
    organisation,
    githubOrganisation,
    costCentre,
    repository,
    domains = {},
    accounts = {},
    awsRegions: moved = {},
    ranges = {},
    onPremises,
  } = options;
  const problems: Problem[] = [];
  const known = (where: string, names: readonly string[], given: readonly string[]) => {
    for (const name of given.filter((each) => !names.includes(each)))
      problems.push({ where, what: `there is no "${name}"`, remedy: `use one of ${names.join(', ')}` });
  };
  const environments = Object.keys(settings.environments);
  known('--domain', environments, Object.keys(domains));
  known('--account', environments, Object.keys(accounts));
  const keys = regions.map(({ key }) => key);
  known('--region', keys, Object.keys(moved));
  known('--range', keys, Object.keys(ranges));
  for (const [key, name] of Object.entries(moved)) {
    if (!awsRegions.includes(name))
      problems.push({
        where: `--region ${key}`,
        what: `AWS has no region "${name}"`,
        remedy: 'write it as eu-west-1',
      });
  }
  for (const [name, ids] of Object.entries(accounts)) {
    known(`--account ${name}`, accountRoles, Object.keys(ids));
    for (const [role, id] of Object.entries(ids)) {
      if (!/^\d{12}$/.test(id))
        problems.push({
          where: `--account ${name}.${role}`,
          what: `"${id}" is not an account id`,
          remedy: 'write its 12 digits',
        });
    }
  }
  for (const [key, byEnvironment] of Object.entries(ranges)) {
    known(`--range ${key}`, environments, Object.keys(byEnvironment));
    const region = regions.find((each) => each.key === key);
    for (const [name, range] of Object.entries(byEnvironment)) {
      const [parsed, old] = [parseCidr(range), region && parseCidr(region.cidrs[name] ?? '')];
      if (!parsed)
        problems.push({
          where: `--range ${key}.${name}`,
          what: `"${range}" is not an IPv4 network`,
          remedy: 'write it as 10.8.0.0/14',
        });
      else if (old && prefixLength(parsed) > prefixLength(old))
        problems.push({
          where: `--range ${key}.${name}`,
          what: `${range} is smaller than ${region!.cidrs[name]}, so the networks in it have no place`,
          remedy: `give a /${prefixLength(old)}`,
        });
    }
  }
  refuse(problems);

  files.edit('infra.config.ts', (source) => {
    const root = source.defaultExport();
    const top = propertiesOf(root);
    for (const [name, value] of Object.entries({ organisation, githubOrganisation, costCentre })) {
      if (value === undefined) continue;
      const property = top.get(name);
      if (!property) source.append(objectAt(root)!, `${name}: ${literal(value)}`);
      else set(source, property, value);
    }
    for (const name of environments) {
      const environment = propertiesOf(objectAt(root, 'environments', name));
      const domain = environment.get('domain');
      if (domain && domains[name] !== undefined) set(source, domain, domains[name]);
      const ci = objectAt(root, 'environments', name, 'access', 'ci');
      const written = propertiesOf(ci).get('repository');
      if (repository !== undefined && written) set(source, written, repository);
      else if (repository !== undefined && ci) source.append(ci, `repository: ${literal(repository)}`);
      const byRole = propertiesOf(environment.get('accounts')?.initializer);
      for (const [role, id] of Object.entries(accounts[name] ?? {})) {
        const property = byRole.get(role);
        if (property) set(source, property, id);
      }
    }
    for (const connection of connectionsIn(objectAt(root, 'onPremises', 'connectivity'))) {
      const [region, secret] = [connection.get('region'), connection.get('bgpKeySecretArn')];
      const awsRegion = region && moved[valueOf(region)];
      // The secret is in the region of its connection.
      if (secret && awsRegion) set(source, secret, valueOf(secret).replace(/^((?:[^:]*:){3})[^:]*/, `$1${awsRegion}`));
    }
    const outside = top.get('onPremises');
    if (onPremises === 'none' && outside) {
      source.remove(outside);
      for (const { initializer } of propertiesOf(objectAt(root, 'segments')).values()) {
        const reaches = propertiesOf(initializer).get('reaches')?.initializer as ts.ArrayLiteralExpression | undefined;
        const entry = reaches?.elements.find((each) => each.getText().slice(1, -1) === 'on-premises');
        if (reaches && entry)
          source.replace(
            reaches,
            `[${reaches.elements
              .filter((each) => each !== entry)
              .map((each) => each.getText())
              .join(', ')}]`,
          );
      }
    }
  });
  for (const region of regions) {
    const own = ranges[region.key] ?? {};
    const awsRegion = moved[region.key];
    if (Object.keys(own).length === 0 && awsRegion === undefined) continue;
    files.edit(`region-${region.key}/region.ts`, (source) => {
      const root = source.constant('region');
      const properties = propertiesOf(root);
      if (awsRegion !== undefined && awsRegion !== region.awsRegion) {
        set(source, properties.get('awsRegion')!, awsRegion);
        set(source, properties.get('zones')!, firstZoneIds(awsRegion).slice(0, region.zones.length));
        const endpointZones = properties.get('endpointZones');
        if (endpointZones) source.remove(endpointZones);
      }
      for (const [name, range] of Object.entries(own)) {
        const old = region.cidrs[name];
        const lists: [ts.ObjectLiteralExpression | undefined, string | undefined][] = [
          [objectAt(root, 'cidrs'), range],
          [
            objectAt(root, 'inspectionCidrs'),
            old && region.inspectionCidrs[name] && movedTo(region.inspectionCidrs[name], old, range),
          ],
          ...Object.entries(region.vpcs).map(
            ([vpc, { cidrs }]): [ts.ObjectLiteralExpression | undefined, string | undefined] => [
              objectAt(root, 'vpcs', vpc, 'cidrs'),
              old && cidrs[name] && movedTo(cidrs[name], old, range),
            ],
          ),
        ];
        for (const [list, value] of lists) {
          const property = propertiesOf(list).get(name);
          if (property && value) set(source, property, value);
        }
      }
    });
  }
}

function set(source: SourceEdit, property: ts.PropertyAssignment, value: string | readonly string[]): void {
  if (property.initializer.getText() !== literal(value)) source.replace(property.initializer, literal(value));
}

/** Properties of each Direct Connect connection of all environments. */
function connectionsIn(connectivity: ts.ObjectLiteralExpression | undefined) {
  return [...propertiesOf(connectivity).values()].flatMap(({ initializer }) => {
    const list = propertiesOf(propertiesOf(initializer).get('directConnect')?.initializer).get('connections');
    const { elements = [] } = (list?.initializer ?? {}) as Partial<ts.ArrayLiteralExpression>;
    return [...elements].map((each) => propertiesOf(each));
  });
}

const valueOf = ({ initializer }: ts.PropertyAssignment) => initializer.getText().slice(1, -1);
