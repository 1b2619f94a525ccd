import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { containerReleases, otherChoices } from '@platform/e2e/fixtures/settings-variants';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import type { WhatIf } from '@platform/libs/settings/environment';
import { readEstateJson } from '@platform/tools/actions/routes/estate-json';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { runSecurityChecks, type ScannedStack } from './run-security-checks';
import { exemptTypes, securityChecks } from './security-checks';

jest.setTimeout(300_000);
const root = useExampleWorkspace();
let loaded: LoadedEstate | undefined;

function stacksOf(environment: string, whatIf: WhatIf, change = (settings: LoadedEstate['settings']) => settings) {
  const estate = (loaded ??= loadEstate(root));
  const outdir = mkdtempSync(join(tmpdir(), 'security-checks-'));
  try {
    const settings = change(estate.settings);
    const manifest = synthesise({ root, estate: { ...estate, settings }, environment, whatIf, outdir });
    const files = readEstateJson(root, outdir, manifest);
    return manifest.stacks.map(({ stack, waivers }) => ({ stack, waivers, json: files.get(stack)!.json }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const failures = (stack: ScannedStack) =>
  runSecurityChecks(stack, securityChecks, exemptTypes)
    .filter(({ passed }) => !passed)
    .map(({ check, block }) => `${check} ${block.split('.')[0]}`);

/** The other half of the combinations is in `e2e/estate/combinations.test.ts`. */
const matrix = adoptionLevels.flatMap((level, index) =>
  ['prod', 'staging'].map((environment, other) => [level, environment, modes[(index + other) % 2]!] as const),
);

test.each(matrix)('the estate passes at level %s in %s, %s', (level, environment, mode) => {
  const stacks = stacksOf(environment, { level, mode });
  expect(stacks.length).toBeGreaterThan(10);
  expect(stacks.flatMap(failures)).toEqual([]);
});

describe('at the highest level, with and without the other choices of the settings', () => {
  const highest: readonly ScannedStack[] = [
    ...stacksOf('prod', { level: 'inspected' }),
    ...stacksOf('prod', { level: 'inspected' }, otherChoices),
    ...stacksOf('prod', { level: 'inspected' }, containerReleases),
  ];

  test('the estate passes', () => {
    expect(highest.flatMap(failures)).toEqual([]);
  });

  const mutations = securityChecks.flatMap((check) =>
    check.breaks.flatMap((each, index) =>
      typeof each === 'function'
        ? check.types.map((type) => [check.id, index, type, each, check.of ?? (() => true)] as const)
        : [[check.id, index, each.type, each.change, () => true] as const],
    ),
  );

  test.each(mutations)('%s fails after change %i of %s', (id, _, type, change, of) => {
    for (const stack of highest) {
      const [name] = Object.entries(stack.json.resource?.[type] ?? {}).find(([, block]) => of(block)) ?? [];
      if (name === undefined) continue;
      const json = structuredClone(stack.json);
      const resource = json.resource!;
      change(resource[type]![name]!, resource, type);
      expect(failures({ ...stack, json })).toContain(`PLATFORM_${id} ${type}`);
      return;
    }
    throw new Error(`no stack has such an ${type}`);
  });
});

test('every check has a change that breaks it, and every type either checks or an exemption', () => {
  expect(securityChecks.filter(({ breaks }) => breaks.length === 0)).toEqual([]);
  expect(securityChecks.flatMap(({ types }) => types.filter((type) => exemptTypes.has(type)))).toEqual([]);
});

test('a type that the table does not have fails', () => {
  const json = { resource: { aws_efs_file_system: { Files: {} } } };
  expect(failures({ stack: 'global-data', json, waivers: [] })).toEqual(['PLATFORM_TYPE aws_efs_file_system']);
});
