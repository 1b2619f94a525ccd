import { oneOf, type Problem } from '@platform/libs/settings/problem';
import { inEveryRegion } from '@platform/libs/settings/owners';
import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { refuse, type WorkspaceFiles } from './changes';
import { addOwners } from './owners';

/** Where a stack can lie: once, or in every region. */
export const stackPlaces = ['region', 'global'] as const;
/** One of {@link stackPlaces}. */
export type StackPlace = (typeof stackPlaces)[number];

export interface NewStack {
  /** Name of its folder: `reports`. */
  readonly name: string;
  readonly place: StackPlace;
  /** Account that it is deployed to. Default: workload. */
  readonly account?: AccountRole;
  /** Team that owns it. Default: the owner of the folder above. */
  readonly owner?: string;
}

/**
 * A stack without resources: one below `global/`, or one in every region with its composition in `libs/regional`. A folder that
 * exists is left alone.
 * @throws WrongUse with all problems
 */
export function newStack(
  files: WorkspaceFiles,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  options: NewStack,
): void {
  const { name, place, account = 'workload', owner } = options;
  const folders = place === 'global' ? [`global/${name}`] : regions.map(({ key }) => `region-${key}/${name}`);
  const problems: Problem[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 24)
    problems.push({
      where: 'stack',
      what: `"${name}" is not a name of a folder`,
      remedy: 'use at most 24 lower-case letters, digits or single hyphens, a letter first',
    });
  refuse(problems);
  oneOf('--in', stackPlaces, place);
  oneOf('--account', accountRoles, account);
  const Name = name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  const write = (path: string, lines: readonly string[]) => {
    if (!files.exists(path)) files.write(path, `${lines.join('\n')}\n`);
  };
  if (place === 'region') {
    write(`libs/regional/${name}/stack.ts`, [
      `import type { Construct } from 'constructs';`,
      `import { defineContract, text } from '@platform/libs/contract/contract';`,
      `import type { Environment } from '@platform/libs/settings/environment';`,
      `import type { RegionSettings } from '@platform/libs/settings/region';`,
      `import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';`,
      ``,
      `/** What ${name} offers to other stacks. */`,
      `export const ${camel(Name)}Contract = (region: RegionSettings) =>`,
      `  defineContract({`,
      `    stack: \`region-\${region.key}-${name}\`,`,
      `    project: \`region-\${region.key}/${name}\`,`,
      `    stateRegion: region,`,
      `    fields: { name: text('Name that its resources begin with', 'prod-${name}') },`,
      `  });`,
      ``,
      `/** ${Name} of a region. */`,
      `export class Regional${Name} extends EstateStack {`,
      `  constructor(scope: Construct, environment: Environment, props: RegionalStackProps<ReturnType<typeof ${camel(Name)}Contract>>) {`,
      `    super(scope, { environment, account: '${account}', ...props });`,
      `    this.publish(props.contract, { name: \`\${environment.name}-${name}\` });`,
      `  }`,
      `}`,
    ]);
    write(`libs/regional/${name}/README.md`, [
      `# ${name}`,
      '',
      `The stack \`${name}\` of a region. Add what it creates, its outputs and costs.`,
    ]);
  }
  for (const folder of folders) {
    write(`${folder}/README.md`, [
      `# ${folder}`,
      '',
      place === 'region'
        ? `[What it creates, outputs, costs](../../libs/regional/${name}/README.md).`
        : `Add what it creates, its outputs and costs.`,
    ]);
    write(`${folder}/jest.config.cjs`, [`module.exports = require('../../jest.preset.cjs')(__dirname);`]);
    write(`${folder}/main.ts`, [
      `import infra from '@platform/infra.config';`,
      `import { runStacks } from '@platform/libs/stack/run-stacks';`,
      `import { ${Name}Stack } from './stack';`,
      ``,
      `runStacks(infra, (app, environment) => new ${Name}Stack(app, environment));`,
    ]);
    if (place === 'region') {
      write(`${folder}/contract.ts`, [
        `import { ${camel(Name)}Contract } from '@platform/libs/regional/${name}/stack';`,
        `import { region } from '../region';`,
        ``,
        `export const contract = ${camel(Name)}Contract(region);`,
      ]);
      write(`${folder}/stack.ts`, [
        `import type { Construct } from 'constructs';`,
        `import { Regional${Name} } from '@platform/libs/regional/${name}/stack';`,
        `import type { Environment } from '@platform/libs/settings/environment';`,
        `import { region } from '../region';`,
        `import { contract } from './contract';`,
        ``,
        `/** ${Name} of the region. */`,
        `export class ${Name}Stack extends Regional${Name} {`,
        `  constructor(scope: Construct, environment: Environment) {`,
        `    super(scope, environment, { region, contract });`,
        `  }`,
        `}`,
      ]);
      write(`${folder}/stack.test.ts`, [
        `import infra from '@platform/infra.config';`,
        `import { testRegionalStack } from '@platform/libs/testing/test-regional-stack';`,
        `import { contract } from './contract';`,
        `import { ${Name}Stack } from './stack';`,
        ``,
        `testRegionalStack({`,
        `  settings: infra,`,
        `  contract,`,
        `  build: (app, environment) => new ${Name}Stack(app, environment),`,
        `});`,
      ]);
    } else {
      write(`${folder}/contract.ts`, [
        `import { defineContract, text } from '@platform/libs/contract/contract';`,
        `import { home } from '../home';`,
        ``,
        `export const contract = defineContract({`,
        `  stack: 'global-${name}',`,
        `  project: 'global/${name}',`,
        `  stateRegion: home,`,
        `  fields: { name: text('Name that its resources begin with', 'prod-${name}') },`,
        `});`,
      ]);
      write(`${folder}/stack.ts`, [
        `import type { Construct } from 'constructs';`,
        `import type { Environment } from '@platform/libs/settings/environment';`,
        `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
        `import { home } from '../home';`,
        `import { contract } from './contract';`,
        ``,
        `/** ${Name}, once for all regions. */`,
        `export class ${Name}Stack extends EstateStack {`,
        `  constructor(scope: Construct, environment: Environment) {`,
        `    super(scope, { environment, contract, region: home, account: '${account}' });`,
        `    this.publish(contract, { name: \`\${environment.name}-${name}\` });`,
        `  }`,
        `}`,
      ]);
      write(`${folder}/stack.test.ts`, [
        `import infra from '@platform/infra.config';`,
        `import { selectEnvironment } from '@platform/libs/settings/environment';`,
        `import { synthStack } from '@platform/libs/testing/synth-stack';`,
        `import { contract } from './contract';`,
        `import { ${Name}Stack } from './stack';`,
        ``,
        `test.each(Object.keys(infra.environments))('publishes its contract in %s', (name) => {`,
        `  const stack = synthStack((app) => new ${Name}Stack(app, selectEnvironment(infra, name)));`,
        `  expect(Object.keys(stack.outputs())).toEqual(Object.keys(contract.fields));`,
        `});`,
      ]);
    }
  }
  if (owner !== undefined) addOwners(files, settings.owners, [[inEveryRegion(folders[0]!), owner]]);
}

const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
