import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Previews by the real Terraform and provider, as people start them: most of it is waiting for them.
 *
 * @waits
 */
jest.setTimeout(300_000);

let scratch: string;
let small: string;
let estate: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'cli-'));
  small = smallWorkspace(findRoot(__dirname));
  estate = exampleWorkspace();
});
afterAll(() => [scratch, small, estate].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

test('a plan that is stopped leaves no provider and no socket, and tries nothing else', async () => {
  const TMPDIR = join(scratch, 't');
  mkdirSync(TMPDIR);
  const { child, ended, says } = startCli(estate, ['plan', '--no-cache'], { TMPDIR });
  // With providers that run, and stacks that are planned.
  await says('[1/');
  expect(readdirSync(TMPDIR)).toEqual(expect.arrayContaining([expect.stringMatching(/^preview-/)]));
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect([code, stdout, stderr.split('\n').slice(-2)]).toEqual([
    130,
    '',
    ['SIGINT: stopping; no summary is written', ''],
  ]);
  expect(readdirSync(TMPDIR)).toEqual([]);
  expect(existsSync(join(estate, 'dist/plan/prod/summary.json'))).toBe(false);
});

test('a validation counts nothing', async () => {
  const { code, stdout, stderr } = await startCli(small, ['validate', 'global/reader', '--json']).ended;
  const { stacks } = JSON.parse(stdout) as { stacks: object[] };
  expect([code, stacks.length, Object.keys(stacks[0]!)]).toEqual([
    0,
    1,
    expect.not.arrayContaining(['create', 'delete']),
  ]);
  expect(stderr).toMatch(/\[1\/1\] global-reader is valid \(\d+\.\d s\)\n1 stack is valid\n$/);
});

test('a configuration that is wrong is not tried with another provider', async () => {
  const stack = join(small, 'region-us/topic/stack.ts');
  const nonsense = "topic.addOverride('nonsense', 1); this.publish(";
  writeFileSync(stack, readFileSync(stack, 'utf8').replace('this.publish(', nonsense));
  const { code, stderr } = await startCli(small, ['plan', 'region-us/topic']).ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining('nonsense')]);
  expect(stderr).not.toContain('trying with one of its own');
});
