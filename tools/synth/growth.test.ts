import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import type { RegionSettings } from '@platform/libs/settings/region';
import { loadEstate } from './load-estate';
import { synthesise } from './synth';

const repository = resolve(__dirname, '../..');

/** The third region, as somebody would add it. */
const europe: RegionSettings = {
  ...exampleRegions[1],
  key: 'eu',
  awsRegion: 'eu-west-1',
  zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
  asn: 64514,
  cidrs: { prod: '10.8.0.0/14' },
  vpcs: { vpc: { cidrs: { prod: '10.8.0.0/16' } } },
};

/** A workspace with the libs of this one, three regions, and `more` further VPCs, each a copy of the first one's folder. */
function writeWorkspace(root: string, more: number): void {
  for (const name of ['libs', 'tsconfig.base.json', 'node_modules'])
    symlinkSync(join(repository, name), join(root, name));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const regions = [...exampleRegions, europe].map((region, index) => ({
    ...region,
    vpcs: {
      ...region.vpcs,
      ...Object.fromEntries(
        Array.from({ length: more }, (_, number) => number)
          .filter((number) => number % 3 === index)
          .map((number) => [`lab${number}`, { cidrs: { prod: `10.${index * 4 + 1}.${number * 8}.0/21` } }]),
      ),
    },
  }));
  const owners = { ...exampleOrganisation.owners, 'region-eu': 'platform' };
  write('infra.config.ts', `export default ${JSON.stringify({ ...exampleOrganisation, owners })};`);
  for (const region of regions) {
    write(`region-${region.key}/region.ts`, `export const region = ${JSON.stringify(region)} as const;`);
    for (const name of Object.keys(region.vpcs)) {
      const folder = join(root, `region-${region.key}`, name);
      cpSync(join(repository, 'region-us/vpc'), folder, { recursive: true });
      for (const file of ['contract.ts', 'stack.ts']) {
        const text = readFileSync(join(folder, file), 'utf8');
        writeFileSync(
          join(folder, file),
          text.replace("(region, 'vpc')", `(region, '${name}')`).replace('vpcs.vpc.', `vpcs.${name}.`),
        );
      }
    }
  }
}

describe('an estate that grows', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'growth-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const synthTime = (more: number) => {
    const folder = join(root, String(more));
    mkdirSync(folder);
    writeWorkspace(folder, more);
    const start = process.cpuUsage();
    const { stacks } = synthesise({ root: folder, outdir: join(folder, 'dist'), estate: loadEstate(folder) });
    const { user, system } = process.cpuUsage(start);
    return { stacks: stacks.map(({ stack }) => stack), cpuSec: (user + system) / 1e6 };
  };

  test('takes a third region and twenty more VPCs without a change to the code, in proportion of time', () => {
    synthTime(1);
    const small = synthTime(2);
    const large = synthTime(20);
    expect(small.stacks).toHaveLength(5);
    expect(large.stacks).toHaveLength(23);
    expect(large.stacks).toContain('region-eu-lab2');
    // 4.6 times the stacks. What every run costs once makes it less; a square of the number would make it 21.
    expect(large.cpuSec / small.cpuSec).toBeLessThan(9);
  });
});
