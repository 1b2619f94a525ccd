import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FaultyEndpoint, type SeenCall } from '@platform/e2e/fixtures/faulty-endpoint';
import { processesIn } from '@platform/e2e/fixtures/processes-in';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import type { TerraformState } from '@platform/tools/model/state';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Every command is a process of its own. Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(300_000);

const Bucket = 'example-prod-terraform-state-us';
const Key = 'region-us-topic/terraform.tfstate';
const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };

withEmulator('moto', (emulator) => {
  let root: string;
  let faulty: FaultyEndpoint;
  let s3: S3Client;
  beforeAll(async () => {
    root = smallWorkspace(findRoot(__dirname));
    faulty = await FaultyEndpoint.before(emulator());
    s3 = new S3Client({ region: 'us-east-1', endpoint: emulator().endpoint, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  });
  afterAll(async () => {
    await faulty?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const start = (...args: string[]) =>
    startCli(root, [...args, '-c', 'prod'], { PLATFORM_TARGET: 'emulator', AWS_ENDPOINT_URL: faulty.endpoint });
  const cli = (...args: string[]) => start(...args).ended;
  const restore = (version: string) => start('state', 'restore', 'region-us/topic', version);
  const deploy = () => start('deploy', 'region-us/topic', '--unreviewed', '--lock-timeout', '0');
  const writesState = ({ line }: SeenCall) => /^PUT .*terraform\.tfstate\?/.test(line);
  const createsTopic = ({ body }: SeenCall) => body.includes('Action=CreateTopic');
  const lockId = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `${Key}.tflock` }));
    return (JSON.parse(await Body!.transformToString()) as { ID: string }).ID;
  };

  /** A version of an empty state, and no state. */
  async function absentState(): Promise<string> {
    const Body = JSON.stringify({ version: 4, terraform_version: '1.11.4', serial: 3, lineage: 'l', resources: [] });
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    return VersionId!;
  }

  function stat(path: string) {
    const found = lstatSync(path);
    return { isLink: found.isSymbolicLink(), mode: found.mode };
  }

  /** Serials of all versions of the state. */
  async function serials(): Promise<number[]> {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const ofState = Versions.filter((version) => version.Key === Key);
    return Promise.all(
      ofState.map(async ({ VersionId }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
        return (JSON.parse(await Body!.transformToString()) as TerraformState).serial;
      }),
    );
  }

  test('while a state is restored where there is none, another restore and a deploy are told who holds its lock', async () => {
    const version = await absentState();
    const held = faulty.hold('call', writesState);
    const first = restore(version);
    await held.came;
    const [second, deployed] = await Promise.all([restore(version).ended, deploy().ended]);
    held.release();
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(
      /region-us-topic: the state is locked by \S+@\S+ since \S+ \(state restore, lock \S+\)/,
    );
    expect(deployed.code).toBe(1);
    expect(deployed.stderr + deployed.stdout).toMatch(/the state is locked by \S+@\S+ since .*\(state restore, lock /);
    expect(await first.ended).toMatchObject({ code: 0 });
    const all = await serials();
    expect(new Set(all).size).toBe(all.length);
    await expect(lockId()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('the lock of a restore that was killed is released by the next one', async () => {
    const version = await absentState();
    const held = faulty.hold('call', writesState);
    const killed = restore(version);
    await held.came;
    killed.child.kill('SIGKILL');
    await killed.ended;
    held.release();
    const next = await restore(version).ended;
    expect(next).toMatchObject({ code: 0 });
    await expect(lockId()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('what lies below dist/live is for its owner only, whatever the umask is', async () => {
    const before = process.umask(0);
    const planned = await cli('plan', 'region-us/topic').finally(() => process.umask(before));
    expect(planned).toMatchObject({ code: 0 });
    const live = join(root, 'dist', 'live');
    // The provider and its lock file are public.
    const isPublic = (name: string) => /\/\.terraform(\.lock\.hcl$|\/providers\/)/.test(name);
    const open = (readdirSync(live, { recursive: true }) as string[])
      .filter((name) => !isPublic(name))
      .map((name) => ({ name, ...stat(join(live, name)) }))
      .filter(({ isLink, mode }) => !isLink && (mode & 0o077) !== 0);
    expect(open).toEqual([]);
    const events = readFileSync(join(live, 'emulator/prod/region-us-topic/events.log'), 'utf8');
    expect(events).toMatch(/ {2}planned_change {2}create {2}aws_sns_topic\.Topic$/m);
    expect(events).not.toMatch(/\d{12}|arn:|displayName|first/);
  });

  test('the lock of a live deploy of this checkout is released only by force', async () => {
    const held = faulty.hold('call', createsTopic);
    const running = deploy();
    await held.came;
    const id = await lockId();
    const refused = await cli('state', 'unlock', 'region-us/topic', id);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`region-us-topic: lock ${id} is in use: process ${running.child.pid} of `);
    expect(await lockId()).toBe(id);

    // Terraform goes on where its parent has died, and still holds the lock; here it is stopped before it releases it.
    const isTerraform = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'terraform\n';
    const terraform = processesIn(root).filter(isTerraform);
    expect(terraform).toHaveLength(1);
    for (const pid of terraform) process.kill(pid, 'SIGSTOP');
    running.child.kill('SIGKILL');
    await running.ended;
    expect((await cli('state', 'unlock', 'region-us/topic', id)).stderr).toMatch(
      /in use: Terraform, process \d+, works in/,
    );
    expect(await cli('state', 'unlock', 'region-us/topic', id, '--force')).toMatchObject({ code: 0 });
    for (const pid of terraform) process.kill(pid, 'SIGKILL');
    held.release();
    expect(await cli('state', 'unlock', 'region-us/topic', id)).toMatchObject({ code: 2 });
  });
});
