import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { otherNode } from '@platform/e2e/fixtures/other-node';
import { stockCdktf } from '@platform/e2e/fixtures/stock-cdktf';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * The stock CLI on every supported version of Node.js. Its pseudoterminal is native code, which `diff` uses.
 *
 * @long
 */
jest.setTimeout(300_000);

const root = findRoot(__dirname);
const folder = mkdtempSync(join(tmpdir(), 'cdktf nodes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const current = Number(process.versions.node.split('.')[0]);

describe.each([20, 22, 24])('on Node.js %i', (major) => {
  const node = major === current ? process.execPath : otherNode(root, major);
  const outdir = join(folder, String(major));

  (node ? test : test.skip)('list names every stack, and diff plans one offline', () => {
    const { stacks } = synthesise({ root, outdir: join(folder, 'ours') });
    const listed = stockCdktf(root, outdir, ['list'], node);
    for (const { stack } of stacks) expect(listed).toContain(stack);
    expect(stockCdktf(root, outdir, ['diff', 'global-zone'], node)).toMatch(/Plan: \d+ to add, 0 to change/);
  });
});
