import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { closestNames, editDistance } from './closest-names';
import { selectStacks } from './select-stacks';
import { projectName } from './stack-folders';

const root = mkdtempSync(join(tmpdir(), 'workspace-'));
afterAll(() => rmSync(root, { recursive: true }));
const folders = ['global/zone', 'region-ap/vpc', 'region-us/vpc', 'shared/security/gwlb', 'shared/tgw'];
for (const file of [...folders.map((folder) => `${folder}/main.ts`), 'region-us/region.ts', 'region-ap/region.ts']) {
  mkdirSync(join(root, dirname(file)), { recursive: true });
  writeFileSync(join(root, file), '');
}
const stacks = folders.flatMap((project) =>
  (project.startsWith('shared/') ? ['-us', '-ap', '-link-us-ap'] : ['']).map((suffix) => ({
    stack: `${projectName(project)}${suffix}`,
    project,
  })),
);
const named = (names: string[], region?: string) =>
  selectStacks(root, { names, ...(region ? { region } : {}) })
    .of(stacks)
    .map(({ stack }) => stack);
const foldersOf = (names: string[], region?: string) => [
  ...selectStacks(root, { names, ...(region ? { region } : {}) }).folders,
];

test('projects are named by folder or by Nx name, folders also as a shell completes them', () => {
  expect(foldersOf(['./region-us/vpc/', 'shared-security-gwlb', 'global/zone'])).toEqual([
    'global/zone',
    'region-us/vpc',
    'shared/security/gwlb',
  ]);
  expect(foldersOf([])).toEqual(folders);
  expect(named(['shared/tgw'])).toEqual(['shared-tgw-us', 'shared-tgw-ap', 'shared-tgw-link-us-ap']);
});

test.each<[string, string[], string | undefined, string[]]>([
  ['a single stack of a project', ['shared-tgw-us'], undefined, ['shared-tgw-us']],
  ['a pattern of folders', ['region-us/*'], undefined, ['region-us-vpc']],
  ['a pattern of folders at any depth', ['shared/**'], undefined, stacks.slice(3).map(({ stack }) => stack)],
  ['a pattern within a segment', ['shared/*'], undefined, ['shared-tgw-us', 'shared-tgw-ap', 'shared-tgw-link-us-ap']],
  ['a pattern of stacks', ['*-us'], undefined, ['shared-security-gwlb-us', 'shared-tgw-us']],
  ['a region', [], 'ap', ['region-ap-vpc', 'shared-security-gwlb-ap', 'shared-tgw-ap']],
  ['a region of a project', ['shared/tgw'], 'us', ['shared-tgw-us']],
])('%s is chosen', (_, names, region, expected) => {
  expect(named(names, region)).toEqual(expected);
});

test('every name that is of nothing is refused as it was given, with what is near to it', () => {
  const complaint = (names: string[], region?: string) => {
    try {
      return named(names, region);
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2 });
      return (error as Error).message.split('\n');
    }
  };
  const use = `use one of ${folders.join(', ')}`;
  expect(
    complaint(['./region-us/vcp', 'global/zone', 'shared-twg-us', 'nothing/like/it', 'region-eu/*'], 'us1'),
  ).toEqual([
    `project: there is no "./region-us/vcp"; did you mean region-us/vpc?`,
    `project: there is no "shared-twg-us"; did you mean shared-tgw-us?`,
    `project: there is no "nothing/like/it"; ${use}`,
    `project: no project and no stack matches "region-eu/*"; ${use}`,
    `--region: there is no region "us1"; did you mean us?`,
  ]);
  expect(complaint(['shared-tgw-link-ap-us'])).toEqual([
    'stack: the settings of this environment have no "shared-tgw-link-ap-us"; did you mean shared-tgw-link-us-ap?',
  ]);
});

test('the distance of two names is what it is the other way round, none for equal ones, and one for a swap', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (one, other) => {
      expect(editDistance(one, other)).toBe(editDistance(other, one));
      expect(editDistance(one, one)).toBe(0);
      expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
    }),
  );
  expect(editDistance('vcp', 'vpc')).toBe(1);
  expect(closestNames('region-us-vcp', ['region-us-vpc', 'region-ap-vpc', 'global-zone'])).toEqual(['region-us-vpc']);
});
