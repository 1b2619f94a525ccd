import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import { findRoot } from '@platform/tools/workspace/find-root';

/* Every command is a process of its own, as people start it. */
jest.setTimeout(120_000);

let root: string;
let scratch: string;
beforeAll(() => {
  root = smallWorkspace(findRoot(__dirname));
  scratch = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterAll(() => [root, scratch].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const run = (args: string[], variables: NodeJS.ProcessEnv = {}, from = root) => startCli(from, args, variables).ended;
const edited = (file: string, from: string, to: string): string => {
  const copy = smallWorkspace(findRoot(__dirname));
  const path = join(copy, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
  return copy;
};

test('the manifest is of the projects that are named, and of what the process chooses where no option does', async () => {
  const { code, stdout } = await run(['synth', 'region-us/topic', '--json', '--mode', 'active-passive'], {
    PLATFORM_ENVIRONMENT: 'staging',
    PLATFORM_LEVEL: 'accelerated',
    PLATFORM_MODE: 'active-active',
  });
  const { environment, level, mode, stacks } = JSON.parse(stdout) as EstateManifest;
  expect([code, environment, level, mode]).toEqual([0, 'staging', 'accelerated', 'active-passive']);
  expect(stacks.map(({ stack }) => stack)).toEqual(['region-us-topic']);
});

test.each([
  [['deploy', '-c', 'prod'], 'see npx platform deploy --help'],
  [['depoly'], 'see npx platform --help'],
])('a command line that cannot be read, %j, is answered with where its options are', async (args, last) => {
  const { code, stderr } = await run(args);
  expect([code, stderr.trimEnd().split('\n').at(-1)]).toEqual([2, last]);
});

test('without Terraform and without a network, the message says how to get one', async () => {
  const nothing = join(scratch, 'nothing');
  mkdirSync(nothing);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const { code, stderr } = await run(['plan', 'region-us/topic'], {
    PATH: nothing,
    PLATFORM_TERRAFORM_CACHE: nothing,
    PLATFORM_TERRAFORM_RELEASES: `http://127.0.0.1:${port}`,
  });
  expect(stderr).toMatch(/^terraform: no program that can run the estate was found; install Terraform/m);
  expect([code, stderr]).toEqual([2, expect.not.stringContaining('an endpoint cannot be reached')]);
});

test('refuses a field that is not in a contract, instead of planning without the argument', async () => {
  const copy = edited('region-us/topic/contract.ts', "{ arn: text('ARN'", "{ topicArn: text('ARN'");
  const { code, stderr } = await run(['synth'], {}, copy);
  rmSync(copy, { recursive: true });
  expect([code, stderr]).toEqual([
    2,
    [
      'region-us/topic: its contract has no field "arn", which global/reader reads; use one of topicArn',
      'region-us/topic: it does not publish "topicArn" of its contract; use the same names in contract.ts and in publish of stack.ts',
      'region-us/topic: it publishes "arn", not in its contract; use the same names in contract.ts and in publish of stack.ts',
      '',
    ].join('\n'),
  ]);
});

test('a bug is shown with files and lines of the code', async () => {
  // A file where a folder has to be.
  const outdir = join(root, 'dist', 'synth');
  rmSync(outdir, { recursive: true, force: true });
  writeFileSync(outdir, '');
  const { code, stderr } = await run(['synth']);
  rmSync(outdir);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/\/tools\/actions\/synth\/synth\.ts:\d+:\d+\)/)]);
  expect(stderr).toMatch(/\/tools\/cli\/program\.ts:\d+:\d+\)/);
  expect(stderr).not.toMatch(/\/tools\/cli\/tools\/|main\.ts:\d{3}/);
});

test('what npm took for itself is not lost without a word', async () => {
  const variables = { npm_lifecycle_event: 'synth', npm_config_call: 'staging' };
  expect(await run(['synth'], variables)).toEqual({
    code: 2,
    stdout: '',
    stderr: '-c: npm took it for itself; write npx platform synth -c staging\n',
  });
});

test('a reader that leaves ends nothing, and is told nothing', async () => {
  const { child, ended } = startCli(root, ['synth', '--json']);
  child.stdout!.destroy();
  expect(await ended).toEqual({ code: 0, stdout: '', stderr: expect.stringMatching(/^\d+ stacks in \S+\n$/) });
});
