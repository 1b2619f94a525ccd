import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { firstZoneIds } from '@platform/libs/settings/aws-regions';
import type { ExternalAttachment } from '@platform/libs/settings/external-attachments';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';
import type { RegionSettings } from '@platform/libs/settings/region';
import { exampleOnPremises, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { formatWeeklyWindow } from '@platform/libs/settings/window';

/** VPCs of a region by name, with the segment of those that are not the environment's. */
export type SketchedRegion = Readonly<Record<string, { readonly segment?: string }>>;

export interface NetworkSketch {
  /** By region key, at most eight; the first is primary. */
  readonly regions: Readonly<Record<string, SketchedRegion>>;
  readonly externalAttachments?: readonly ExternalAttachment[];
}

const awsRegions = [
  'us-east-1',
  'ap-northeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-west-2',
  'eu-central-1',
  'ap-south-1',
  'ca-central-1',
];

/**
 * A workspace with the network of the example organisation: regions, VPCs and attachments of others as sketched, lines and
 * VPN to on premises, and of the repository's projects those that make VPCs and hubs. The repository's own settings have
 * no part in it.
 * @returns its root; the caller removes it
 */
export function sketchNetwork(repository: string, { regions, externalAttachments = [] }: NetworkSketch): string {
  const root = mkdtempSync(join(tmpdir(), 'network-'));
  for (const name of ['node_modules', 'libs', 'tools', 'e2e', 'package.json', 'tsconfig.base.json']) {
    symlinkSync(join(repository, name), join(root, name));
  }
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const keys = Object.keys(regions);
  keys.forEach((key, index) => {
    const region = regionOf(exampleRegions[0], key, index, keys, regions[key]!);
    write(`region-${key}/region.ts`, `export const region = ${JSON.stringify(region, null, 2)};\n`);
    for (const name of Object.keys(region.vpcs)) copyVpc(repository, write, key, name);
  });
  for (const path of ['shared/tgw', 'shared/security/gwlb', 'shared/hybrid', 'global/home.ts']) {
    cpSync(join(repository, path), join(root, path), { recursive: true });
  }
  write(
    'shared/regions.ts',
    [
      ...keys.map((key) => `import { region as ${key} } from '../region-${key}/region';`),
      `import type { RegionSettings } from '@platform/libs/settings/region';`,
      `export const regions: readonly RegionSettings[] = [${keys.join(', ')}] as never;`,
    ].join('\n'),
  );
  const attached = keys.flatMap((key) => Object.keys(regions[key]!).map((name) => ({ key, name })));
  write(
    'shared/tgw/attachments.ts',
    [
      ...attached.map(
        ({ key, name }, index) => `import { contract as vpc${index} } from '@platform/region-${key}/${name}/contract';`,
      ),
      'export const attachedVpcs = [',
      ...attached.map(({ key, name }, index) => `  { region: '${key}', name: '${name}', contract: vpc${index} },`),
      '];',
    ].join('\n'),
  );
  write('infra.config.ts', `export default ${JSON.stringify(settingsOf(keys, externalAttachments), null, 2)};\n`);
  return root;
}

function settingsOf(keys: readonly string[], externalAttachments: readonly ExternalAttachment[]): OrganisationSettings {
  const { prod } = exampleOrganisation.environments;
  return {
    ...exampleOrganisation,
    onPremises: { ...exampleOnPremises, connectivity: { prod: exampleOnPremises.connectivity.prod } },
    home: keys[0]!,
    environments: { prod: { ...prod, externalAttachments } },
    owners: {
      global: 'platform',
      shared: 'network',
      libs: 'platform',
      tools: 'platform',
      e2e: 'platform',
      ...Object.fromEntries(keys.map((key) => [`region-${key}`, 'platform'])),
    },
  };
}

function regionOf(
  example: RegionSettings,
  key: string,
  index: number,
  keys: readonly string[],
  vpcs: SketchedRegion,
): RegionSettings {
  const awsRegion = awsRegions[index]!;
  const named = Object.entries(vpcs).map(([name, { segment }], number) => {
    const cidr = `10.${index * 4}.${number * 8}.0/21`;
    return [name, { cidrs: { prod: cidr }, ...(segment ? { segment } : {}) }];
  });
  return {
    ...example,
    key,
    awsRegion,
    role: index === 0 ? 'primary' : 'standby',
    failsOverTo: index === 0 ? keys[1]! : keys[0]!,
    zones: firstZoneIds(awsRegion),
    asn: 64512 + index,
    maintenanceWindow: formatWeeklyWindow({ start: index * 180, length: 150 }),
    cidrs: { prod: `10.${index * 4}.0.0/14` },
    inspectionCidrs: { prod: `10.${index * 4 + 3}.248.0/21` },
    vpcs: Object.fromEntries(named),
  };
}

function copyVpc(repository: string, write: (path: string, text: string) => void, key: string, name: string): void {
  for (const file of ['main.ts', 'contract.ts', 'stack.ts']) {
    const text = readFileSync(join(repository, 'region-us', 'vpc', file), 'utf8');
    write(
      `region-${key}/${name}/${file}`,
      text.replace("'vpc'", () => `'${name}'`),
    );
  }
}
