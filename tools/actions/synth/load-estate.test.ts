import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { RegionSettings } from '@platform/libs/settings/region';
import { SettingsError } from '@platform/libs/settings/problem';
import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { EstateLoadError, loadEstate, loadSettings } from '@platform/tools/workspace/load-estate';
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

  test('whose global stacks have another home is refused', () => {
    writeSettings(exampleOrganisation, exampleRegions);
    write('global/home.ts', "export { region as home } from '../region-ap/region';");
    expect(() => loadEstate(root)).toThrow('infra.config.ts: home: "us" is not the region of global/home.ts, ap');
  });

  test('whose files export no settings is refused with their names', () => {
    writeSettings(exampleOrganisation, exampleRegions);
    write('region-ap/region.ts', '');
    write('region-ap/vpc/main.ts', '');
    write('shared/regions.ts', "import { region } from '../region-ap/region'; export const regions = [region];");
    write('infra.config.ts', 'export default undefined;');
    expect(() => loadEstate(root)).toThrow(SettingsError);
    expect(() => loadEstate(root)).toThrow(
      /infra\.config\.ts: default export: undefined .*\n {2}region-ap\/region\.ts: region: undefined is not an object/,
    );
  });

  test.each([
    ['infra.config.ts', "throw new Error('no account');", 'infra.config.ts:1: no account'],
    [
      'infra.config.ts',
      'const names = {};\nexport default { costCentre: names.cost.centre };',
      'infra.config.ts:2: Cannot read properties of undefined',
    ],
    ['region-us/region.ts', "throw new Error('late');", 'region-us/region.ts:1: late'],
    [
      'infra.config.ts',
      "import x from 'no-such-package';\nexport default x;",
      "estate: Cannot find module 'no-such-package'; run npm ci",
    ],
  ])('whose %s fails (%j) is refused in one line, with its place', (file, text, message) => {
    writeSettings(exampleOrganisation, exampleRegions);
    write(file, text);
    const load = () => loadEstate(root);
    expect(load).toThrow(EstateLoadError);
    expect(load).toThrow(message);
    expect(load).not.toThrow(/\n/);
  });

  test('whose settings wait is refused once, however many projects import them', () => {
    writeSettings(exampleOrganisation, exampleRegions);
    write('infra.config.ts', 'export default {};\nawait null;');
    for (const key of ['us', 'ap']) write(`region-${key}/vpc/main.ts`, `import '../../infra.config';`);
    expect(() => loadEstate(root)).toThrow(EstateLoadError);
    expect(() => loadEstate(root)).toThrow(/^infra\.config\.ts:2: a top-level await cannot be synthesised[^\n]*$/);
  });

  test('whose libs fail throws what they throw: that is a bug', () => {
    rmSync(join(root, 'libs'));
    write('libs/faulty.ts', "export const faulty = () => { throw new Error('bug'); };");
    writeSettings(exampleOrganisation, exampleRegions);
    write('infra.config.ts', "import { faulty } from '@platform/libs/faulty';\nexport default faulty();");
    expect(() => loadSettings(root)).toThrow(new Error('bug'));
  });

  test('whose code does not compile is refused with file and line', () => {
    writeSettings(exampleOrganisation, exampleRegions);
    write('region-us/vpc/main.ts', 'const half = ;');
    expect(() => loadEstate(root)).toThrow(EstateLoadError);
    expect(() => loadEstate(root)).toThrow('region-us/vpc/main.ts:1: Unexpected ";"; correct it: npm run typecheck');
  });
});
