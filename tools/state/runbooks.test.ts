import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runbookCommands } from '@platform/tools/testing/runbook-commands';
import { withEmulator } from '@platform/tools/testing/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const root = findRoot(__dirname);
const pages = ['first-bootstrap.md', 'stuck-lock.md', 'lost-state.md', 'move-home-region.md'];

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'runbook workspace-'));
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  for (const name of readdirSync(root)) {
    if (!['node_modules', 'dist'].includes(name) && !name.startsWith('.')) {
      cpSync(join(root, name), join(workspace, name), { recursive: true });
    }
  }
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

withEmulator('ministack', (emulator) => {
  const Bucket = 'example-prod-terraform-state-us';
  const client = (region = 'us-east-1') =>
    new S3Client({
      region,
      endpoint: emulator().endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'x' },
    });

  /** Runs the commands of a page as they stand there, but for the target and what a reader fills in. */
  async function follow(page: string, fills: Readonly<Record<string, string>> = {}): Promise<string> {
    let said = '';
    for (const line of runbookCommands(page, fills)) {
      expect(line).not.toMatch(/[<>|;&$]/);
      const [npm, run, ...rest] = line.split(/\s+/);
      expect([npm, run]).toEqual(['npm', 'run']);
      const child = spawn('npm', ['run', '--silent', ...rest], {
        cwd: workspace,
        env: { ...process.env, AWS_ENDPOINT_URL: emulator().endpoint },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text: Buffer) => (output += text.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect({ line, code, output }).toEqual({ line, code: 0, output });
      said += output;
    }
    return said;
  }

  test('every page of states has commands', () => {
    for (const page of pages) expect(runbookCommands(page).length).toBeGreaterThan(1);
  });

  test('first bootstrap, stuck lock, lost state and move of the home region go as their pages say', async () => {
    expect(await follow('first-bootstrap.md')).toContain('global-state  s3://example-prod-terraform-state-us/');

    const Key = 'region-us-vpc/terraform.tfstate';
    const state = { version: 4, terraform_version: '1.11.4', serial: 3, lineage: 'l', outputs: {}, resources: [] };
    const put = async (key: string, content: object, bucket = Bucket, region = 'us-east-1') =>
      client(region).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(content) }));
    await put(Key, state);
    await put(`${Key}.tflock`, {
      ID: 'aaaa-bbbb',
      Operation: 'OperationTypeApply',
      Who: 'ann@desk',
      Created: '2026-01-01T00:00:00Z',
    });
    expect(await follow('stuck-lock.md', { lock: 'aaaa-bbbb' })).toContain('locked by ann@desk');

    await client().send(new DeleteObjectCommand({ Bucket, Key }));
    const { Versions } = await client().send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const version = Versions!.find((each) => each.Key === Key)!.VersionId!;
    expect(await follow('lost-state.md', { version })).toMatch(/restored as serial 4; there is no state now/);

    await put('global-zone/terraform.tfstate', state);
    for (const key of ['global-zone/terraform.tfstate', 'global-state/terraform.tfstate']) {
      const { Body } = await client().send(new GetObjectCommand({ Bucket, Key: key }));
      const content = JSON.parse(await Body!.transformToString()) as object;
      await put(key, content, 'example-prod-terraform-state-ap', 'ap-northeast-2');
    }
    expect(await follow('move-home-region.md')).toContain('global-zone  s3://example-prod-terraform-state-ap/');
  });
});
