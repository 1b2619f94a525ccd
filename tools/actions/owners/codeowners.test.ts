import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadOrganisation } from '@platform/tools/workspace/load-estate';
import { codeowners, codeownersFile } from './codeowners';

const root = join(__dirname, '..', '..', '..');

describe('CODEOWNERS', () => {
  it('names a team per folder, the inner folder after the outer one', () => {
    const text = codeowners({
      organisation: 'example',
      owners: { 'region-us/vpc': 'network', tools: 'platform', 'region-us': 'platform' },
    });
    expect(text.split('\n').slice(1)).toEqual([
      '*               @example/platform',
      '/region-us/     @example/platform',
      '/tools/         @example/platform',
      '/region-us/vpc/ @example/network',
      '',
    ]);
  });

  it('names the owner of every folder first, and of a region after that of all regions', () => {
    const text = codeowners({
      organisation: 'example',
      owners: { 'region-us/vpc': 'edge', 'region-*/vpc': 'network', 'region-us': 'application', '*': 'platform' },
    });
    expect(text.split('\n').slice(1)).toEqual([
      '*               @example/platform',
      '/region-us/     @example/application',
      '/region-*/vpc/  @example/network',
      '/region-us/vpc/ @example/edge',
      '',
    ]);
  });

  it('names teams of the organisation on GitHub, where that has another name', () => {
    const text = codeowners({
      organisation: 'example',
      githubOrganisation: 'Example-Labs',
      owners: { tools: 'platform' },
    });
    expect(text).toContain('/tools/ @Example-Labs/platform');
  });

  it('is up to date; "npx platform owners" writes it', () => {
    expect(readFileSync(join(root, codeownersFile), 'utf8')).toBe(codeowners(loadOrganisation(root)));
  });
});
