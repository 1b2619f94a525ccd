import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import { type OrganisationSettings } from '@platform/libs/settings/organisation';
import { SettingsError } from '@platform/libs/settings/problem';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = findRoot(__dirname);
const estate = loadEstate(root);
const outdir = mkdtempSync(join(tmpdir(), 'combinations '));
afterAll(() => rmSync(outdir, { recursive: true }));
jest.setTimeout(180_000);

/** Half of all combinations of environment, level and mode; `tools/actions/scan/security-checks.test.ts` synthesises the other half. */
const combinations = Object.keys(estate.settings.environments).flatMap((environment, other) =>
  adoptionLevels.map((level, index) => [environment, level, modes[(index + other + 1) % 2]!] as const),
);

test.each(combinations)('%s synthesises at %s, %s', (environment, level, mode) => {
  const manifest = synthesise({ root, estate, environment, whatIf: { level, mode }, outdir });
  expect(manifest).toMatchObject({ environment, level, mode });
  expect(readdirSync(join(outdir, 'stacks')).sort()).toEqual(manifest.stacks.map(({ stack }) => stack).sort());
});

test('a mode that is only supposed has to fit the other settings, before anything is written', () => {
  const settings = structuredClone(estate.settings) as OrganisationSettings;
  const [name, prod] = Object.entries(settings.environments)[0]!;
  Object.assign(prod, { mode: 'active-passive' });
  Object.assign(prod.dataStores.database!, { writeForwarding: 'off' });
  const unwritten = join(outdir, 'unwritten');
  const supposed = () =>
    synthesise({
      root,
      estate: { ...estate, settings },
      environment: name,
      whatIf: { mode: 'active-active' },
      outdir: unwritten,
    });
  expect(supposed).toThrow(SettingsError);
  expect(supposed).toThrow('writeForwarding: "off" leaves a region');
  expect(existsSync(unwritten)).toBe(false);
});
