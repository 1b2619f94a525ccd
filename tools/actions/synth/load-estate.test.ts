import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { RegionSettings } from '@platform/libs/settings/region';
import { SettingsError } from '@platform/libs/settings/problem';
import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { EstateLoadError, loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from './synth';

const repository = resolve(__dirname, '../../..');
const ranMarker = '.project-ran';

describe('a workspace', () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const writeSettings = (
    settings: object,
    regions: readonly { readonly [name in keyof RegionSettings]: unknown }[],
  ) => {
    write('infra.config.ts', `export default ${JSON.stringify(settings)};`);
    for (const region of regions) {
      write(`region-${region.key}/region.ts`, `export const region = ${JSON.stringify(region)};`);
      write(
        `region-${region.key}/vpc/main.ts`,
        `import { writeFileSync } from 'node:fs';
         import { region } from '../region';
         region.zones.map((zone) => zone);
         writeFileSync(${JSON.stringify(join(root, ranMarker))}, '');`,
      );
    }
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'estate-'));
    for (const name of ['libs', 'tsconfig.base.json', 'node_modules'])
      symlinkSync(join(repository, name), join(root, name));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('with good settings is loaded, and its projects run', () => {
    writeSettings(exampleOrganisation, exampleRegions);
    const estate = loadEstate(root);
    expect([...estate.projects.keys()]).toEqual(['region-ap/vpc', 'region-us/vpc']);
    expect(estate.regions.map(({ key }) => key)).toEqual(['ap', 'us']);
    expect(existsSync(join(root, ranMarker))).toBe(true);
  });

  test('with bad settings is refused with all problems, before a project runs or anything is written', () => {
    const [us, ap] = exampleRegions;
    writeSettings({ ...exampleOrganisation, home: 'eu' }, [
      { ...us, zones: 3 },
      { ...ap, asn: us.asn },
    ]);
    write('data/lake.ts', '');
    write('shared/regions.ts', `import { region } from '../region-us/region'; export const regions = [region];`);
    const outdir = join(root, 'dist');
    expect(() => synthesise({ root, outdir })).toThrow(SettingsError);
    expect(() => synthesise({ root, outdir })).toThrow(
      [
        '5 problems in the settings',
        'region-us/region.ts: zones: 3 is not a list; write a list',
        'infra.config.ts: home: there is no region "eu"; use one of ap, us',
        'shared/regions.ts: regions: region ap is not among them; import it from region-ap/region and add it at the end',
        'region-us/region.ts: asn: 64512 is the ASN of region ap already; give each region its own: Transit Gateways with the same ASN cannot peer',
        "infra.config.ts: owners: the folder data has no owner; add 'data': '<team>'",
      ].join('\n  '),
    );
    expect([existsSync(join(root, ranMarker)), existsSync(outdir)]).toEqual([false, false]);
  });

  test('whose code does not compile is refused with file and line', () => {
    writeSettings(exampleOrganisation, exampleRegions);
    write('region-us/vpc/main.ts', 'const half = ;');
    expect(() => loadEstate(root)).toThrow(EstateLoadError);
    expect(() => loadEstate(root)).toThrow('region-us/vpc/main.ts:1: Unexpected ";"; correct it: npm run typecheck');
  });
});
