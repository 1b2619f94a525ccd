import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFolders, findRegionKeys, findStackFolders, projectName } from './stack-folders';

describe('stack folders', () => {
  let root: string;
  const write = (path: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  };
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'workspace-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it('are those with a main.ts below global, shared and the regions, at any depth', () => {
    ['global/zone', 'region-us/vpc', 'shared/security/gwlb', 'libs/vpc', 'tools/actions/synth', 'docs'].forEach(
      (folder) => write(`${folder}/main.ts`),
    );
    write('region-us/region.ts');
    expect(findStackFolders(root)).toEqual(['global/zone', 'region-us/vpc', 'shared/security/gwlb']);
  });

  it('leave out installed packages and hidden folders', () => {
    write('global/zone/main.ts');
    write('global/zone/node_modules/package/main.ts');
    write('global/.cache/main.ts');
    expect(findStackFolders(root)).toEqual(['global/zone']);
  });

  it('are among the folders that people work in, without what tools write and hidden ones', () => {
    write('region-us/vpc/main.ts');
    write('libs/vpc/vpc.ts');
    ['dist/plan/x', 'node_modules/jest/x', 'coverage/x', '.nx/cache/x', 'libs/vpc/node_modules/x/x'].forEach(write);
    expect(findFolders(root)).toEqual(['libs', 'libs/vpc', 'region-us', 'region-us/vpc']);
  });

  it('name their project by their path', () => {
    expect(projectName('shared/security/gwlb')).toBe('shared-security-gwlb');
  });

  it('region keys are those with a region.ts', () => {
    write('region-us/region.ts');
    write('region-ap/region.ts');
    write('region-eu/notes.md');
    expect(findRegionKeys(root)).toEqual(['ap', 'us']);
  });
});
