import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { samplePlan } from '@platform/tools/model/testing/sample-plan';
import { findRoot } from '@platform/tools/workspace/find-root';

jest.setTimeout(120_000);

let root: string;
let plans: string;
beforeAll(() => {
  root = smallWorkspace(findRoot(__dirname));
  plans = mkdtempSync(join(tmpdir(), 'plans-'));
  const write = (name: string, content: object) => {
    mkdirSync(join(plans, name));
    writeFileSync(join(plans, name, 'plan.json'), JSON.stringify(content));
  };
  const change = (actions: string[]) => ({
    format_version: '1.2',
    resource_changes: [{ address: 'aws_sns_topic.A', type: 'aws_sns_topic', mode: 'managed', change: { actions } }],
  });
  write('sample', samplePlan());
  write('made', change(['create']));
  write('same', change(['no-op']));
  write('damaged', change([]));
});
afterAll(() => [root, plans].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const review = (names: string, ...options: string[]) =>
  startCli(root, ['review', '--plans', join(plans, names, 'plan.json'), ...options]).ended;

test.each([
  ['nothing that changes', 'same', [], 0],
  ['changes', 'made', [], 0],
  ['changes, with --detailed-exitcode', 'made', ['--detailed-exitcode'], 2],
  ['a block', 'sample', ['--detailed-exitcode'], 3],
  ['a file that is damaged', '{made,damaged}', [], 1],
])('exits by what it finds: %s', async (_, names, options, code) => {
  const result = await review(names, ...options);
  expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(/^review in [^\n]+\n$/)]);
});

test('writes the review in every form', async () => {
  const { stdout } = await review('sample', '--json');
  const folder = join(root, 'dist', 'review', 'plans');
  expect(readdirSync(folder).sort()).toEqual(['index.html', 'review.json', 'review.md', 'review.sarif']);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(folder, 'review.json'), 'utf8')));
  expect(readFileSync(join(folder, 'review.md'), 'utf8')).toContain(
    'Plan: 1 to import, 2 to add, 1 to change, 3 to destroy',
  );
});

test('refuses a pattern without a file, and projects beside plan files', async () => {
  const none = await review('none');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('names no file')]);
  const both = await startCli(root, ['review', 'global/reader', '--plans', plans]).ended;
  expect(both.code).toBe(2);
});
