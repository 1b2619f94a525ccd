import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A workspace with the settings, libs and tools of another, and three small stacks instead of its own: a topic in each
 * region (`region-us/topic`, `region-ap/topic`), and `global/reader`, which reads the US topic's ARN and writes it into a
 * parameter. Emulators make them in a second, so whole lifecycles can be tried on them.
 * @returns its root; the caller removes it
 */
export function smallWorkspace(root: string): string {
  const small = mkdtempSync(join(tmpdir(), 'small workspace-'));
  for (const name of ['node_modules', 'libs', 'tools', 'package.json', 'tsconfig.base.json']) {
    symlinkSync(join(root, name), join(small, name));
  }
  for (const file of [
    'infra.config.ts',
    'region-us/region.ts',
    'region-ap/region.ts',
    'shared/regions.ts',
    'global/home.ts',
  ]) {
    cpSync(join(root, file), join(small, file), { recursive: true });
  }
  const write = writerIn(small);
  // Owners name folders that are there, and regions name VPCs that have a folder.
  const config = readFileSync(join(small, 'infra.config.ts'), 'utf8');
  write('infra.config.ts', [
    config.replace(
      /owners: \{[\s\S]*?\n {2}\},/,
      "owners: { global: 'platform', 'region-us': 'platform', 'region-ap': 'platform', shared: 'network', libs: 'platform', tools: 'platform' },",
    ),
  ]);
  for (const key of ['us', 'ap']) {
    const region = readFileSync(join(small, `region-${key}/region.ts`), 'utf8');
    write(`region-${key}/region.ts`, [region.replace(/vpcs: \{\n[\s\S]*?\n {2}\},/, 'vpcs: {},')]);
    const folder = `region-${key}/topic`;
    write(`${folder}/contract.ts`, [
      `import { defineContract, text } from '@platform/libs/contract/contract';`,
      `import { region } from '../region';`,
      `export const contract = defineContract({`,
      `  stack: 'region-${key}-topic', project: '${folder}', stateRegion: region,`,
      `  fields: { arn: text('ARN', 'arn:aws:sns:us-east-1:111111111111:example') },`,
      `});`,
    ]);
    write(`${folder}/stack.ts`, [
      `import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';`,
      `import type { Construct } from 'constructs';`,
      `import type { Environment } from '@platform/libs/settings/environment';`,
      `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
      `import { contract } from './contract';`,
      `import { region } from '../region';`,
      `export class TopicStack extends EstateStack {`,
      `  constructor(scope: Construct, environment: Environment) {`,
      `    super(scope, { environment, contract, region, account: 'workload' });`,
      `    const topic = new SnsTopic(this, 'Topic', { name: 'topic', displayName: 'first' });`,
      `    this.publish(contract, { arn: topic.arn });`,
      `  }`,
      `}`,
    ]);
    write(`${folder}/main.ts`, mainOf('TopicStack'));
  }
  write('global/reader/contract.ts', [
    `import { defineContract, text } from '@platform/libs/contract/contract';`,
    `import { home } from '../home';`,
    `export const contract = defineContract({`,
    `  stack: 'global-reader', project: 'global/reader', stateRegion: home,`,
    `  fields: { name: text('Name of the parameter', '/example') },`,
    `});`,
  ]);
  write('global/reader/stack.ts', [
    `import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';`,
    `import type { Construct } from 'constructs';`,
    `import type { Environment } from '@platform/libs/settings/environment';`,
    `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
    `import { contract as topic } from '@platform/region-us/topic/contract';`,
    `import { contract } from './contract';`,
    `import { home } from '../home';`,
    `export class ReaderStack extends EstateStack {`,
    `  constructor(scope: Construct, environment: Environment) {`,
    `    super(scope, { environment, contract, region: home, account: 'workload' });`,
    `    const { arn } = this.read(topic);`,
    `    const copy = new SsmParameter(this, 'Copy', { name: '/copy', type: 'String', value: arn });`,
    `    this.publish(contract, { name: copy.name });`,
    `  }`,
    `}`,
  ]);
  write('global/reader/main.ts', mainOf('ReaderStack'));
  return small;
}

/**
 * Adds `region-us/fleet` to a small workspace: a group of instances, whose capacity operations change, and a queue,
 * whose messages a destroy loses.
 */
export function addFleet(small: string): void {
  const write = writerIn(small);
  write('region-us/fleet/contract.ts', [
    `import { defineContract, text } from '@platform/libs/contract/contract';`,
    `import { region } from '../region';`,
    `export const contract = defineContract({`,
    `  stack: 'region-us-fleet', project: 'region-us/fleet', stateRegion: region,`,
    `  fields: { name: text('Name of the group', 'fleet') },`,
    `});`,
  ]);
  write('region-us/fleet/stack.ts', [
    `import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';`,
    `import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';`,
    `import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';`,
    `import type { Construct } from 'constructs';`,
    `import type { Environment } from '@platform/libs/settings/environment';`,
    `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
    `import { contract } from './contract';`,
    `import { region } from '../region';`,
    `export class FleetStack extends EstateStack {`,
    `  constructor(scope: Construct, environment: Environment) {`,
    `    super(scope, { environment, contract, region, account: 'workload' });`,
    `    const { id } = new LaunchTemplate(this, 'Template', { imageId: 'ami-12c6146b', instanceType: 't3.micro' });`,
    `    const group = new AutoscalingGroup(this, 'Group', {`,
    `      name: 'fleet', minSize: 0, maxSize: 3, desiredCapacity: 0, waitForCapacityTimeout: '0',`,
    `      availabilityZones: [region.zones[0]!], launchTemplate: { id, version: '1' },`,
    `    });`,
    `    new SqsQueue(this, 'Queue', { name: 'queue' });`,
    `    this.publish(contract, { name: group.name });`,
    `  }`,
    `}`,
  ]);
  write('region-us/fleet/main.ts', mainOf('FleetStack'));
}

/**
 * Adds `global/names` to a small workspace: what leads clients to the topic of the other region, so that a change of that
 * topic depends on the level that is reached.
 */
export function addNames(small: string): void {
  const write = writerIn(small);
  write('global/names/contract.ts', [
    `import { defineContract, text } from '@platform/libs/contract/contract';`,
    `import { reachedLevelField } from '@platform/libs/settings/adoption';`,
    `import { home } from '../home';`,
    `export const contract = defineContract({`,
    `  stack: 'global-names', project: 'global/names', stateRegion: home,`,
    `  fields: { [reachedLevelField]: text('Level that the names lead to', 'standby') },`,
    `});`,
  ]);
  write('global/names/stack.ts', [
    `import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';`,
    `import type { Construct } from 'constructs';`,
    `import type { Environment } from '@platform/libs/settings/environment';`,
    `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
    `import { contract as topic } from '@platform/region-ap/topic/contract';`,
    `import { contract } from './contract';`,
    `import { home } from '../home';`,
    `export class NamesStack extends EstateStack {`,
    `  constructor(scope: Construct, environment: Environment) {`,
    `    super(scope, { environment, contract, region: home, account: 'workload' });`,
    `    const { arn } = this.read(topic);`,
    `    new SsmParameter(this, 'Name', { name: '/name', type: 'String', value: arn });`,
    `    this.publish(contract, { reachedLevel: environment.level });`,
    `  }`,
    `}`,
  ]);
  write('global/names/main.ts', mainOf('NamesStack'));
}

function writerIn(root: string) {
  return (path: string, lines: string[]) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${lines.join('\n')}\n`);
  };
}

function mainOf(stack: string): string[] {
  return [
    `import infra from '@platform/infra.config';`,
    `import { runStacks } from '@platform/libs/stack/run-stacks';`,
    `import { ${stack} } from './stack';`,
    `runStacks(infra, (app, environment) => new ${stack}(app, environment));`,
  ];
}
