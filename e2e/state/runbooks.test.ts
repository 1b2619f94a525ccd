import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTerraform } from '@platform/tools/terraform/find-terraform';
import { commandsInSentences, platformArguments, runbookCommands } from '@platform/e2e/fixtures/runbook-commands';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
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
/** The real state buckets, and small stacks with the names that the pages use. */
beforeAll(() => {
  workspace = smallWorkspace(root);
  cpSync(join(root, 'global/state'), join(workspace, 'global/state'), { recursive: true });
  rename('region-us/topic', 'region-us/vpc');
  rename('global/reader', 'global/zone', [
    ['region-us/topic', 'region-us/vpc'],
    // Like a zone, it stays where it is when home moves.
    [`{ name: '/copy'`, `{ provider: this.usEast1(), name: '/copy'`],
  ]);
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function rename(from: string, to: string, more: readonly (readonly [string, string])[] = []): void {
  renameSync(join(workspace, from), join(workspace, to));
  const words = [[from, to], [from.replace('/', '-'), to.replace('/', '-')], ...more] as const;
  for (const name of readdirSync(join(workspace, to))) {
    const file = join(workspace, to, name);
    const text = words.reduce((now, [word, other]) => now.replaceAll(word, other), readFileSync(file, 'utf8'));
    writeFileSync(file, text);
  }
}

test('the commands of the pages on states are in blocks, not in sentences', () => {
  for (const page of pages) {
    expect(runbookCommands(page).length).toBeGreaterThan(1);
    expect({ page, sentences: commandsInSentences(page) }).toEqual({ page, sentences: [] });
  }
});

withEmulator('ministack', (emulator) => {
  const Bucket = 'example-prod-terraform-state-us';
  const client = (region = 'us-east-1') =>
    new S3Client({
      region,
      endpoint: emulator().endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'x' },
    });
  const put = (Key: string, content: object, at = Bucket, region = 'us-east-1') =>
    client(region).send(new PutObjectCommand({ Bucket: at, Key, Body: JSON.stringify(content) }));
  const read = async (Key: string) => {
    const { Body } = await client().send(new GetObjectCommand({ Bucket, Key }));
    return Body!.transformToString();
  };
  const folder = () => join(workspace, 'dist/live/emulator/prod/region-us-vpc');

  async function run(line: string) {
    expect(line).not.toMatch(/[<>|;&$]/);
    const platform = platformArguments(line);
    const [program, ...args] = line.split(' ');
    if (!platform) expect(program).toBe('terraform');
    const child = spawn(
      platform ? process.execPath : (await findTerraform()).path,
      platform ? [join(workspace, 'tools/cli/platform.cjs'), ...platform] : args,
      {
        cwd: platform ? workspace : folder(),
        env: { ...process.env, AWS_ENDPOINT_URL: emulator().endpoint },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { line, code, output };
  }

  /** Runs the commands of a page on the emulator; each must exit with 0. Returns the output of each. */
  async function follow(
    page: string,
    fills: Readonly<Record<string, string>> = {},
    before: (line: string) => void = () => {},
  ): Promise<string[]> {
    const said: string[] = [];
    for (const line of runbookCommands(page, fills)) {
      before(line);
      const ran = await run(line);
      expect(ran).toEqual({ ...ran, code: 0 });
      said.push(ran.output);
    }
    return said;
  }

  test('first bootstrap', async () => {
    expect((await follow('first-bootstrap.md')).join('')).toContain(
      'global-state  s3://example-prod-terraform-state-us/',
    );
  });

  test('once something is deployed, a bootstrap has nothing to do, and a demo says that it would destroy it', async () => {
    const deployed = await run('npx platform deploy --unreviewed region-us/vpc global/zone -c prod --target emulator');
    expect(deployed).toEqual({ ...deployed, code: 0 });
    const bootstrap = await run('npx platform bootstrap -c prod --target emulator --yes');
    expect(bootstrap).toMatchObject({ code: 0, output: expect.stringContaining('nothing to do: the state of') });
    const demo = await run('npx platform demo -c prod');
    expect(demo).toMatchObject({
      code: 2,
      output: expect.stringContaining('demo: region-us-vpc, global-zone of prod are deployed there already'),
    });
  });

  test('stuck lock and tainted resources', async () => {
    await put('region-us-vpc/terraform.tfstate.tflock', {
      ID: 'aaaa-bbbb',
      Operation: 'OperationTypeApply',
      Who: 'ann@desk',
      Created: '2026-01-01T00:00:00Z',
    });
    const Key = 'global-state/terraform.tfstate';
    const state = JSON.parse(await read(Key)) as { resources: { type: string; name: string; instances: object[] }[] };
    const key = state.resources.find(({ type }) => type === 'aws_kms_key')!;
    key.instances[0] = { ...key.instances[0], status: 'tainted' };
    await put(Key, state);
    const said = await follow('stuck-lock.md', { lock: 'aaaa-bbbb', address: `aws_kms_key.${key.name}` });
    expect(said[0]).toContain('locked by ann@desk');
    expect(said[2]).toContain(`aws_kms_key.${key.name} is no longer tainted`);
  });

  test('lost state and errored.tfstate', async () => {
    const Key = 'region-us-vpc/terraform.tfstate';
    const text = await read(Key);
    const { serial } = JSON.parse(text) as { serial: number };
    const { Versions } = await client().send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const version = Versions!.find((each) => each.Key === Key && each.IsLatest)!.VersionId!;
    await client().send(new DeleteObjectCommand({ Bucket, Key }));

    const said = await follow('lost-state.md', { version }, (line) => {
      if (line.startsWith('terraform')) writeFileSync(join(folder(), 'errored.tfstate'), text);
    });
    // Step 3 of the section on errored.tfstate.
    rmSync(join(folder(), 'errored.tfstate'));
    const [list, dryRun, restored, where, drift, plan, left] = said;
    expect(list).toMatch(/deleted {2}present\n.* 1 resources\n/);
    for (const each of [dryRun, restored]) expect(each).toContain('+ aws_sns_topic.Topic\n');
    expect(restored).toContain(`restored as serial ${serial + 1}; there was no state`);
    expect(where).toContain(`serial ${serial + 1}, 1 resources`);
    expect(drift).toContain('1 stacks: 0 drifted, 0 with operational changes, 0 not deployed');
    expect(plan).toMatch(/^region-us-vpc +us +platform +0 +0 +0 /m);
    expect(left).toContain('# aws_sns_topic.Topic:');
  });

  test('the home region is moved, and the zone is found and planned from the copy of its state', async () => {
    const { Contents } = await client().send(new ListObjectsV2Command({ Bucket, Prefix: 'global-' }));
    for (const { Key } of Contents!) {
      const { Body } = await client().send(new GetObjectCommand({ Bucket, Key }));
      const content = await Body!.transformToByteArray();
      await client('ap-northeast-2').send(
        new PutObjectCommand({ Bucket: 'example-prod-terraform-state-ap', Key, Body: content }),
      );
    }
    const [compared, , where, plan, deployed] = await follow('move-home-region.md');
    expect(compared).toMatch(/^global-zone {2}us: \d+ {2}ap: \d+ {2}equal$/m);
    expect(where).toMatch(/global-zone {2}s3:\/\/example-prod-terraform-state-ap\/.*, 2 resources/);
    expect(plan).toMatch(/^global-zone +ap +platform +0 +0 +0 /m);
    expect(plan).toMatch(/^region-us-vpc +us +platform +0 +0 +0 /m);
    expect(plan).toMatch(/^global-state +ap +platform +1 +1 +1 /m);
    expect(deployed).toMatch(/^global-zone +ap +untouched /m);
  });
});
