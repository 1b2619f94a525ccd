import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { findTerraform } from '@platform/tools/terraform/find-terraform';

jest.setTimeout(300_000);

const scratch = mkdtempSync(join(tmpdir(), 'cloud backend-'));
let root: string;

beforeAll(() => {
  root = smallWorkspace(join(__dirname, '..', '..'));
  const file = join(root, 'infra.config.ts');
  const config = readFileSync(file, 'utf8');
  const state = "state: { backend: 'cloud', cloud: { organization: 'acme', project: 'platform' } },";
  writeFileSync(file, config.replace("domain: 'example.com',", `domain: 'example.com', ${state}`));
});
afterAll(() => {
  for (const folder of [root, scratch]) rmSync(folder, { recursive: true, force: true });
});

test('Terraform accepts a stack in HCP Terraform; it is previewed without it, and live commands are refused', async () => {
  const planned = await startCli(root, ['plan', 'region-us/topic', 'global/reader', '-c', 'prod']).ended;
  expect({ code: planned.code, stderr: planned.stderr }).toEqual({ code: 0, stderr: planned.stderr });
  expect(planned.stdout).toMatch(/^global-reader +us +\S+ +1 +0 +0/m);

  const synth = await startCli(root, ['synth', '-c', 'prod']).ended;
  expect(synth.code).toBe(0);
  const stack = join(root, 'dist', 'synth', 'prod', 'stacks', 'global-reader', 'cdk.tf.json');
  // Without the AWS provider, which is not what is tried here.
  const { terraform, data } = JSON.parse(readFileSync(stack, 'utf8')) as { terraform: { cloud: object }; data: object };
  expect(terraform.cloud).toMatchObject({ organization: 'acme', workspaces: { name: 'prod-global-reader' } });
  const folder = join(scratch, 'stack');
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { cloud: terraform.cloud }, data }));
  const binary = await findTerraform();
  for (const args of [['init', '-backend=false', '-input=false'], ['validate']]) {
    execFileSync(binary.path, args, { cwd: folder, stdio: 'pipe' });
  }

  const refused = await startCli(root, ['deploy', '-c', 'prod', '--target', 'emulator']).ended;
  expect(refused.stderr).toContain('infra.config.ts: environments.prod.state.backend: it is "cloud"');
  expect(refused.code).toBe(2);
  expect(readdirSync(join(root, 'dist'))).not.toContain('live');
});
