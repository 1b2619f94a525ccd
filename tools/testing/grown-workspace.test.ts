import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesise } from '@platform/tools/synth/synth';
import { findRoot } from '@platform/tools/workspace/find-root';
import { growWorkspace } from './grown-workspace';

const root = findRoot(__dirname);
const grown = growWorkspace(root, { vpcs: 20 });
const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => [grown, outdir].forEach((folder) => rmSync(folder, { recursive: true })));

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
