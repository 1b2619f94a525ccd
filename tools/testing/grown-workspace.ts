import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findStackFolders } from '@platform/tools/workspace/stack-folders';

/** What a grown workspace has beside what it was copied from. */
export interface Growth {
  /** More VPC stacks, spread evenly over the regions. At most 16 a region. */
  readonly vpcs: number;
}

const keys = ['us', 'ap', 'eu'] as const;

/**
 * A copy of a workspace, in a folder whose name has a space, with a third region and more VPCs. Only settings, contracts
 * and lists are written, as a person would who adds them; libs and tools are those of the original.
 * @returns its root; the caller removes it
 */
export function growWorkspace(root: string, growth: Growth): string {
  const grown = copyWorkspace(root);
  growInPlace(grown, growth);
  return grown;
}

/** Gives a workspace a third region and more VPCs where it lies. */
export function growInPlace(root: string, { vpcs }: Growth): void {
  addRegion(root);
  for (let index = 0; index < vpcs; index++) addVpc(root, keys[index % keys.length]!, index);
}

/**
 * A copy of a workspace with no network outside AWS in its settings, and with services for and from partners.
 * @returns its root; the caller removes it
 */
export function workspaceWithPartners(root: string): string {
  const copy = copyWorkspace(root);
  replaceSettings(copy, [
    "import { settingsVariants } from '@platform/tools/synth/testing/settings-variants';",
    "import { regions } from './shared/regions';",
    'const [, settings] = settingsVariants(original);',
    'const serviceNames = Object.fromEntries(',
    '  regions.map(({ key, awsRegion }) => [key, `com.amazonaws.vpce.${awsRegion}.vpce-svc-0123456789abcdef0`]),',
    ');',
    "const partners = { acme: { serviceNames, ports: [443], privateDns: 'on' } };",
    'const environments = Object.fromEntries(',
    '  Object.entries(settings.environments).map(([name, { privateLink, ...environment }]) => [',
    '    name,',
    '    { ...environment, privateLink: { ...privateLink, partners } },',
    '  ]),',
    ');',
    'export default { ...settings, environments, onPremises: undefined };',
  ]);
  return copy;
}

/**
 * A copy of a workspace with the other choice wherever its settings have two: `prod` on its way up to level `accelerated`, where the
 * accelerator's group does not exist yet, `staging` with a cache of the other engine.
 * @returns its root; the caller removes it
 */
export function workspaceWithOtherChoices(root: string): string {
  const copy = copyWorkspace(root);
  replaceSettings(copy, [
    "import { otherChoices } from '@platform/tools/synth/testing/settings-variants';",
    'const { prod, staging } = otherChoices(original).environments;',
    "const redis = { ...staging.dataStores.cache, engine: 'redis', engineVersion: '7.1' };",
    'const environments = {',
    "  prod: { ...prod, level: 'accelerated' },",
    '  staging: { ...staging, dataStores: { ...staging.dataStores, cache: redis } },',
    '};',
    'export default { ...original, environments };',
  ]);
  for (const [key, letter] of [
    ['us', 'a'],
    ['ap', 'b'],
  ]) {
    edit(copy, `region-${key}/region.ts`, [[`prod: 'sg-00000000000000${letter}1'`, "prod: 'not-yet'"]]);
  }
  return copy;
}

/**
 * A copy of what a person changes, in a folder whose name has a space; libs and tools are those of the original.
 * @returns its root; the caller removes it
 */
export function copyWorkspace(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'grown workspace-'));
  for (const name of ['node_modules', 'libs', 'tools', 'package.json', 'tsconfig.base.json']) {
    symlinkSync(join(root, name), join(copy, name));
  }
  for (const name of ['global', 'shared', 'region-us', 'region-ap', 'infra.config.ts']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  return copy;
}

/** Writes settings that begin with those that are there, as `original`. */
function replaceSettings(copy: string, lines: readonly string[]): void {
  const file = join(copy, 'infra.config.ts');
  renameSync(file, join(copy, 'infra.original.ts'));
  writeFileSync(file, ["import original from './infra.original';", ...lines, ''].join('\n'));
}

function addRegion(root: string): void {
  cpSync(join(root, 'region-ap'), join(root, 'region-eu'), { recursive: true });
  writeFileSync(
    join(root, 'region-eu', 'region.ts'),
    readFileSync(join(root, 'region-ap', 'region.ts'), 'utf8')
      .replaceAll('ap-northeast-2', 'eu-west-1')
      .replace("key: 'ap'", "key: 'eu'")
      .replace('asn: 64513', 'asn: 64514')
      .replaceAll('10.4.', '10.8.')
      .replaceAll('10.68.', '10.72.')
      .replaceAll('10.7.248.', '10.11.248.')
      .replaceAll('10.71.248.', '10.75.248.'),
  );
  edit(root, 'shared/regions.ts', [
    ['import {', "import { region as eu } from '@platform/region-eu/region';\nimport {"],
    ['us, ap]', 'us, ap, eu]'],
  ]);
  edit(root, 'infra.config.ts', [['owners: {', "owners: {\n    'region-eu': 'platform',"]]);
  attach(root, 'eu', 'vpc', 'euVpc');
  for (const folder of findStackFolders(root)) {
    if (existsSync(join(root, folder, 'upstream.ts'))) listRegion(root, `${folder}/upstream.ts`);
  }
}

/** Gives the new region a line beside each of its twin's, in a file that lists contracts by region key. */
function listRegion(root: string, file: string): void {
  const asEu = (text: string) => text.replaceAll('region-ap/', 'region-eu/').replaceAll(/\bap(?=[A-Z]|\b)/g, 'eu');
  const text = readFileSync(join(root, file), 'utf8');
  const listed = text
    .replaceAll(/^import .*'@platform\/region-ap\/.*\n/gm, (line) => line + asEu(line))
    .replaceAll(/\bap(: (\{[^}]*\}|\w+))?(?=,? \})/g, (entry) => `${entry}, ${asEu(entry)}`);
  writeFileSync(join(root, file), listed);
}

function addVpc(root: string, key: (typeof keys)[number], index: number): void {
  const name = `spoke-${String(index + 1).padStart(2, '0')}`;
  const folder = join(root, `region-${key}`, name);
  cpSync(join(root, `region-${key}`, 'vpc'), folder, { recursive: true });
  edit(root, `region-${key}/${name}/contract.ts`, [["'vpc'", `'${name}'`]]);
  // The second /16 of the region's range, a /20 each.
  const [prod, staging] = { us: [1, 65], ap: [5, 69], eu: [9, 73] }[key];
  const third = Math.floor(index / keys.length) * 16;
  edit(root, `region-${key}/region.ts`, [
    [
      'vpcs: {',
      `vpcs: {\n    '${name}': { cidrs: { prod: '10.${prod}.${third}.0/20', staging: '10.${staging}.${third}.0/20' } },`,
    ],
  ]);
  attach(root, key, name, `${key}Spoke${index + 1}`);
}

function attach(root: string, key: string, name: string, binding: string): void {
  edit(root, 'shared/tgw/attachments.ts', [
    ['import ', `import { contract as ${binding} } from '@platform/region-${key}/${name}/contract';\nimport `],
    ['\n];', `\n  { region: '${key}', name: '${name}', contract: ${binding} },\n];`],
  ]);
}

/** Replaces the first occurrence of each text; one that is not there means that this file and the workspace have parted. */
function edit(root: string, file: string, changes: readonly (readonly [from: string, to: string])[]): void {
  const path = join(root, file);
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file}: has no "${from}" to grow from`);
    text = text.replace(from, () => to);
  }
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
