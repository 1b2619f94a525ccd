import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { namedStackFolders } from './named-stack-folders';

const root = mkdtempSync(join(tmpdir(), 'workspace-'));
afterAll(() => rmSync(root, { recursive: true }));
const folders = ['global/zone', 'region-us/vpc', 'shared/security/gwlb', 'shared/tgw'];
for (const file of [...folders.map((folder) => `${folder}/main.ts`), 'region-us/region.ts', 'region-ap/region.ts']) {
  mkdirSync(join(root, dirname(file)), { recursive: true });
  writeFileSync(join(root, file), '');
}
const named = (...names: string[]) => [...namedStackFolders(root, names)];

test('projects are named by folder or by Nx name, folders also as a shell completes them', () => {
  expect(named('./region-us/vpc/', 'shared-security-gwlb', 'global/zone')).toEqual([
    'region-us/vpc',
    'shared/security/gwlb',
    'global/zone',
  ]);
  expect(named()).toEqual(folders);
});

test('every name that is of no project is refused as it was given, with what to write', () => {
  const complaint = (...names: string[]) => {
    try {
      return named(...names);
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2 });
      return (error as Error).message.split('\n');
    }
  };
  expect(complaint('./region-us/vcp', 'global/zone', 'shared-tgw-us', 'shared-tgw-link-us-ap', 'region-us/*')).toEqual([
    `project: there is no "./region-us/vcp"; use one of ${folders.join(', ')}`,
    'project: "shared-tgw-us" is a stack of shared/tgw; write shared/tgw, for all its stacks',
    'project: "shared-tgw-link-us-ap" is a stack of shared/tgw; write shared/tgw, for all its stacks',
    `project: "region-us/*" is a pattern, and only whole names are known here; name each project, or let Nx look for them: npx nx run-many -t plan -p '<pattern>'`,
  ]);
});
