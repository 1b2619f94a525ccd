import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { findRoot } from '@platform/tools/workspace/find-root';
import { checkTypes } from './check-types';

jest.setTimeout(180_000);

let root: string;
let stack: string;
beforeAll(() => {
  root = smallWorkspace(findRoot(__dirname));
  stack = join(root, 'region-us/topic/stack.ts');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('code with right types is checked once', async () => {
  await checkTypes(root);
  // It would be stopped before it checks anything.
  const stopped = AbortSignal.abort();
  await checkTypes(root, stopped);
  writeFileSync(stack, `${readFileSync(stack, 'utf8')}// ${root}\n`);
  await expect(checkTypes(root, stopped)).rejects.toThrow('aborted');
});

test('another address range in the settings needs no check; another text does', async () => {
  await checkTypes(root);
  const settings = join(root, 'region-us/region.ts');
  const given = readFileSync(settings, 'utf8');
  const stopped = AbortSignal.abort();
  expect(given).toContain("'10.0.0.0/14'");
  writeFileSync(settings, given.replace("'10.0.0.0/14'", "'10.4.0.0/15'"));
  await checkTypes(root, stopped);
  for (const wrong of ["'10.0.0.0'", '10.0', "'10.0.0.0/14', other: '10.4.0.0/14'"]) {
    writeFileSync(settings, given.replace("'10.0.0.0/14'", wrong));
    await expect(checkTypes(root, stopped)).rejects.toThrow('aborted');
  }
  writeFileSync(settings, given);
});

test('a plan of code with a wrong type says where it is, and publishes nothing', async () => {
  const right = readFileSync(stack, 'utf8');
  writeFileSync(stack, right.replace("displayName: 'first'", 'displayName: 1'));
  const { code, stdout, stderr } = await startCli(root, ['plan', 'global/reader']).ended;
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^region-us\/topic\/stack\.ts:10: Type 'number' is not assignable to type 'string'\.$/m);
  expect(existsSync(join(root, 'dist/plan'))).toBe(false);
});
