import { applicationFolder, furtherApplications, mainApplication } from '@platform/libs/settings/physical-names';
import { inEveryRegion, ownerOf } from '@platform/libs/settings/owners';
import type { Problem } from '@platform/libs/settings/problem';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { refuse, type WorkspaceFiles } from './changes';
import { addOwners } from './owners';
import { literal, objectAt, propertiesOf, type SourceEdit } from './source-edit';

/** What a service can ask for beside its load balancer and instances. */
export const serviceNeeds = ['queue', 'database', 'cache', 'tables', 'buckets'] as const;
/** One of {@link serviceNeeds}. */
export type ServiceNeed = (typeof serviceNeeds)[number];

export interface NewService {
  /** Name of the application, of its folders and of its record: `shop`. */
  readonly name: string;
  /** Team that owns it. Default: the owner of the first application. */
  readonly owner?: string;
  /** What it may use. Default: nothing. */
  readonly uses?: readonly string[];
}

/** Files with a list of applications. */
function listsOf(regions: LoadedEstate['regions']): string[] {
  return [
    'global/route53/upstream.ts',
    'global/ga/upstream.ts',
    ...regions.map(({ key }) => `region-${key}/cloudfront/upstream.ts`),
  ];
}

/**
 * A further application: a folder in every region, its settings in every environment, its owner, its alarms in the gate of
 * a rollout, and a line in every list of applications. One that exists is left alone.
 * @throws WrongUse with all problems
 */
export function newService(
  files: WorkspaceFiles,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  { name, owner, uses = [] }: NewService,
): void {
  const [first] = Object.values(settings.environments);
  const exists = first !== undefined && furtherApplications(first).includes(name);
  refuse(problemsOf(files, { settings, regions }, { name, uses, ...(owner ? { owner } : {}) }, exists));
  if (exists) return;

  const folders = regions.map(({ key }) => `region-${key}/${name}`);
  for (const folder of folders) writeFolder(files, folder, name);
  files.edit('infra.config.ts', (source) => {
    addSettings(source, Object.keys(settings.environments), name, uses as readonly ServiceNeed[]);
  });
  addOwners(files, settings.owners, ownersOf(folders, owner, settings.owners));
  for (const list of listsOf(regions)) {
    files.edit(list, (source) => {
      const applications = objectAt(source.constant('applications'));
      if (!applications || propertiesOf(applications).has(name)) return;
      const contracts = regions.map(({ key }) => ({ key, local: camel(`${key}-${name}`) }));
      for (const { key, local } of contracts)
        source.addImport(`import { contract as ${local} } from '@platform/region-${key}/${name}/contract';`);
      const inRegions = contracts.map(({ key, local }) => `${literalKey(key)}: ${local}`).join(', ');
      source.append(applications, `${literalKey(name)}: { ${inRegions} }`);
    });
  }
}

function problemsOf(
  files: WorkspaceFiles,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  { name, owner, uses = [] }: NewService,
  exists: boolean,
): Problem[] {
  const problems: Problem[] = [];
  if (name.length > 16 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    problems.push({
      where: 'service',
      what: `"${name}" cannot be part of resource names`,
      remedy: 'use up to 16 lower-case letters, digits or single hyphens, a letter first',
    });
  else if (name === mainApplication)
    problems.push({
      where: 'service',
      what: `"${name}" is the application of region-*/${applicationFolder(name)}`,
      remedy: 'use another name',
    });
  const taken = regions.map(({ key }) => `region-${key}/${name}`).filter((folder) => files.below(folder).length > 0);
  if (!exists && taken.length > 0)
    problems.push({ where: 'service', what: `there is a folder ${taken.join(' and ')}`, remedy: 'use another name' });
  const teams = [...new Set(Object.values(settings.owners))];
  if (owner !== undefined && !teams.includes(owner))
    problems.push({ where: '--owner', what: `there is no team "${owner}"`, remedy: `use one of ${teams.join(', ')}` });
  for (const need of uses.filter((each) => !serviceNeeds.some((known) => known === each)))
    problems.push({
      where: '--uses',
      what: `"${need}" is not known`,
      remedy: `use some of ${serviceNeeds.join(', ')}`,
    });
  if (uses.includes('cache') && Object.values(settings.environments).some(({ dataStores }) => !dataStores.cache))
    problems.push({
      where: '--uses',
      what: 'the environments have no cache',
      remedy: 'add dataStores.cache to infra.config.ts, or leave it out',
    });
  return problems;
}

function writeFolder(files: WorkspaceFiles, folder: string, name: string): void {
  const write = (file: string, lines: readonly string[]) => files.write(`${folder}/${file}`, `${lines.join('\n')}\n`);
  const Name = `${pascal(name)}Stack`;
  write('README.md', [
    `# ${folder}`,
    '',
    `The application \`${name}\` of this region, at \`${name}.<domain>\`. [What it makes, outputs, costs, safe changes](../../libs/regional/alb-asg-app/README.md).`,
    '',
    `Its settings are \`applications.${name}\` of every environment in \`infra.config.ts\`. [Applications](../../docs/applications.md)`,
    'says how to release it and how to remove it.',
  ]);
  write('jest.config.cjs', [`module.exports = require('../../jest.preset.cjs')(__dirname);`]);
  write('contract.ts', [
    `import { applicationContract } from '@platform/libs/app/contract';`,
    `import { region } from '../region';`,
    ``,
    `export const contract = applicationContract(region, '${name}');`,
  ]);
  write('main.ts', [
    `import infra from '@platform/infra.config';`,
    `import { runStacks } from '@platform/libs/stack/run-stacks';`,
    `import { ${Name} } from './stack';`,
    ``,
    `runStacks(infra, (app, environment) => new ${Name}(app, environment));`,
  ]);
  write('stack.ts', [
    `import type { Construct } from 'constructs';`,
    `import { RegionalApplication } from '@platform/libs/regional/alb-asg-app/stack';`,
    `import type { Environment } from '@platform/libs/settings/environment';`,
    `import { contract as database } from '../aurora/contract';`,
    `import { contract as cache } from '../cache/contract';`,
    `import { contract as certificate } from '../certificate/contract';`,
    `import { contract as data } from '../data/contract';`,
    `import { region } from '../region';`,
    `import { contract as vpc } from '../vpc/contract';`,
    `import { contract } from './contract';`,
    ``,
    `/** The application ${name} of the region. */`,
    `export class ${Name} extends RegionalApplication {`,
    `  constructor(scope: Construct, environment: Environment) {`,
    `    const upstream = { vpc, certificate, data, database, cache };`,
    `    super(scope, environment, { region, contract, application: '${name}', upstream });`,
    `  }`,
    `}`,
  ]);
  write('stack.test.ts', [
    `import infra from '@platform/infra.config';`,
    `import { testRegionalStack } from '@platform/libs/testing/test-regional-stack';`,
    `import { contract } from './contract';`,
    `import { ${Name} } from './stack';`,
    ``,
    `testRegionalStack({`,
    `  settings: infra,`,
    `  contract,`,
    `  build: (app, environment) => new ${Name}(app, environment),`,
    `});`,
  ]);
}

/** Settings of the application in every environment, and its alarms in the gate of a rollout that looks at some. */
function addSettings(source: SourceEdit, environments: readonly string[], name: string, uses: readonly ServiceNeed[]) {
  const all = (need: ServiceNeed, what: string) => (uses.includes(need) ? { [what]: 'all' } : {});
  const settings = {
    releases: { blue: { name: '1.0.0' }, green: { name: '1.0.0' } },
    ...(uses.includes('queue') ? { messaging: {} } : {}),
    uses: {
      ...all('database', 'database'),
      ...all('cache', 'cache'),
      ...all('tables', 'tables'),
      ...all('buckets', 'buckets'),
    },
  };
  for (const environment of environments) {
    const applications = objectAt(source.defaultExport(), 'environments', environment, 'applications');
    if (applications && !propertiesOf(applications).has(name))
      source.append(applications, `${literalKey(name)}: ${literal(settings)}`);
    const rollout = objectAt(source.defaultExport(), 'environments', environment, 'rollout');
    const alarms = propertiesOf(rollout).get('alarms');
    if (alarms) source.appendTo(alarms.initializer, literal(`${environment}-${name}-errors`));
  }
}

/** The given owner, or those of the first application: one entry for all regions where it is the same team. */
function ownersOf(
  folders: readonly string[],
  given: string | undefined,
  owners: Readonly<Record<string, string>>,
): (readonly [key: string, team: string])[] {
  const entries = folders.flatMap((folder) => {
    const [region] = folder.split('/') as [string];
    const team = given ?? ownerOf(owners, `${region}/${applicationFolder(mainApplication)}`);
    return team === undefined || team === ownerOf(owners, folder) ? [] : [[folder, team] as const];
  });
  const teams = new Set(entries.map(([, team]) => team));
  return teams.size > 1 || entries.length < folders.length
    ? entries
    : entries.slice(0, 1).map(([folder, team]) => [inEveryRegion(folder), team]);
}

const pascal = (name: string) =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
const camel = (name: string) => {
  const text = pascal(name);
  return text.charAt(0).toLowerCase() + text.slice(1);
};
const literalKey = (name: string) => (/^[a-z]\w*$/i.test(name) ? name : literal(name));
