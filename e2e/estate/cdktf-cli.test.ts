import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { otherNode } from '@platform/e2e/fixtures/other-node';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);
const folder = mkdtempSync(join(tmpdir(), 'cdktf cli-'));
const outdir = join(folder, 'cdktf.out');
const ours = synthesise({ root, outdir: join(folder, 'ours') });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(300_000);

/** The stock CLI as `npx cdktf` starts it, with an output folder of its own. */
function cdktf(...args: string[]): string {
  return cdktfOn(process.execPath, args);
}

function cdktfOn(node: string, args: readonly string[]): string {
  const { status, said } = cdktfEnds(node, args);
  expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });
  return said;
}

function cdktfEnds(node: string, args: readonly string[]) {
  const cli = join(root, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf.js');
  const { status, stdout, stderr } = spawnSync(node, [cli, ...args, '--output', outdir], {
    cwd: root,
    encoding: 'utf8',
    // The CLI starts the app of cdktf.json by the node on PATH.
    env: {
      ...process.env,
      PATH: `${dirname(node)}:${process.env['PATH']}`,
      CHECKPOINT_DISABLE: '1',
      CI: 'true',
      PLATFORM_TARGET: 'preview',
    },
  });
  return { status, said: stripVTControlCharacters(status === 0 ? stdout : stderr + stdout) };
}

test('list names every stack', () => {
  const listed = cdktf('list');
  for (const { stack } of ours.stacks) expect(listed).toContain(stack);
});

test('synth writes the same bytes as the targets of Nx', () => {
  cdktf('synth');
  for (const { stack } of ours.stacks) {
    const file = join('stacks', stack, 'cdk.tf.json');
    expect(readFileSync(join(outdir, file), 'utf8')).toBe(readFileSync(join(folder, 'ours', file), 'utf8'));
  }
});

test('diff of one stack is an offline plan', () => {
  expect(cdktf('diff', 'region-us-vpc')).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
});

test.each(['deploy', 'destroy'])('%s of a preview is refused with the command that does it', (verb) => {
  const { status, said } = cdktfEnds(process.execPath, [verb, 'region-us-vpc', '--auto-approve']);
  expect(status).not.toBe(0);
  expect(said).toContain(`npx platform ${verb} --target aws -c prod`);
  expect(said).not.toMatch(/Initializing|Creating/);
});

describe.each([20, 22, 24].filter((major) => major !== Number(process.versions.node.split('.')[0])))(
  'on Node.js %i',
  (major) => {
    const node = otherNode(root, major);
    (node ? test : test.skip)('list names every stack, and diff plans one', () => {
      const listed = cdktfOn(node!, ['list']);
      for (const { stack } of ours.stacks) expect(listed).toContain(stack);
      expect(cdktfOn(node!, ['diff', 'global-zone'])).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
    });
  },
);
