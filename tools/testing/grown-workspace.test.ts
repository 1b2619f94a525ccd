import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesise } from '@platform/tools/synth/synth';
import { findRoot } from '@platform/tools/workspace/find-root';
import { growWorkspace } from './grown-workspace';

const root = findRoot(__dirname);
const grown = growWorkspace(root, { vpcs: 20 });
const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => [grown, outdir].forEach((folder) => rmSync(folder, { recursive: true })));

/** Files that name the new region where the old workspace does not, by the lists in which it stands. */
function changedFiles(before: string, after: string): string[] {
  return ['shared', 'global', 'region-us', 'region-ap', 'region-eu'].flatMap((top) =>
    readdirSync(join(after, top), { recursive: true, encoding: 'utf8' })
      .map((path) => `${top}/${path}`)
      .filter((path) => path.endsWith('.ts') && !/spoke-/.test(path))
      .filter((path) => {
        const text = readFileSync(join(after, path), 'utf8');
        const old = join(before, path);
        return /region-eu\//.test(text) && !(existsSync(old) && /region-eu\//.test(readFileSync(old, 'utf8')));
      }),
  );
}

test('the page on adding a region names every list that a region stands in, and no other', () => {
  const page = readFileSync(join(root, 'docs/adding-a-region.md'), 'utf8');
  const named = [...page.matchAll(/`((?:shared|global|region-\w+)\/[\w/-]+\.ts)`/g)].map(([, file]) => file!);
  const isCopy = (file: string) => file === 'region-eu/region.ts';
  expect([...new Set(named.filter((file) => !isCopy(file)))].sort()).toEqual(changedFiles(root, grown).sort());
});

test('a third region and twenty more VPCs need no change to libs or tools', () => {
  const before = synthesise({ root, outdir: join(outdir, 'before') }).stacks.map(({ stack }) => stack);
  const manifest = synthesise({ root: grown, outdir: join(outdir, 'after') });
  const stacks = manifest.stacks.map(({ stack }) => stack);

  expect(stacks).toEqual(expect.arrayContaining(before));
  expect(stacks.filter((stack) => stack.includes('spoke-'))).toHaveLength(20);
  const added = stacks.filter((stack) => !before.includes(stack) && !stack.includes('spoke-'));
  const twins = before
    .filter((stack) => /^region-ap-|^shared-.*-ap$/.test(stack) && !stack.includes('-link-'))
    .map((stack) => stack.replace('-ap', '-eu'));
  expect(added.sort()).toEqual([...twins, 'shared-tgw-link-ap-eu', 'shared-tgw-link-us-eu'].sort());
  for (const stack of stacks) expect(existsSync(join(outdir, 'after', 'stacks', stack, 'cdk.tf.json'))).toBe(true);

  const hub = manifest.stacks.find(({ stack }) => stack === 'shared-tgw-us')!;
  expect(hub.reads.filter((read) => read.startsWith('region-us-'))).toHaveLength(8);
});
