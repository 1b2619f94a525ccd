import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformState } from '@platform/tools/model/state';
import { FaultyEndpoint, type SeenCall } from '@platform/e2e/fixtures/faulty-endpoint';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(600_000);

const root = findRoot(__dirname);
let workspace: string;
beforeAll(() => {
  workspace = exampleWorkspace();
  cpSync(join(root, 'docs'), join(workspace, 'docs'), { recursive: true });
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const lineage = '11111111-2222-3333-4444-555555555555';
const resource = (name: string, cidr: string) => ({
  mode: 'managed',
  type: 'aws_vpc',
  name,
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  instances: [{ schema_version: 1, attributes: { cidr_block: cidr } }],
});
const state = (serial: number, resources: object[], other: object = {}) => ({
  version: 4,
  terraform_version: '1.11.4',
  serial,
  lineage,
  outputs: {},
  resources,
  check_results: null,
  ...other,
});

withEmulator('ministack', (emulator) => {
  const us = { Bucket: 'example-prod-terraform-state-us' };
  const ap = { Bucket: 'example-prod-terraform-state-ap' };
  const client = (region = 'us-east-1') =>
    new S3Client({
      region,
      endpoint: emulator().endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'x' },
    });
  const put = async (Key: string, content: object, at = us, region = 'us-east-1') =>
    putText(Key, JSON.stringify(content), at, region);
  const putText = async (Key: string, Body: string, at = us, region = 'us-east-1') =>
    (await client(region).send(new PutObjectCommand({ ...at, Key, Body: Buffer.from(Body) }))).VersionId!;

  const command = (...args: string[]) => commandAt(emulator().endpoint, ...args);
  const commandAt = (endpoint: string, ...args: string[]) => platformAt(endpoint, 'state', ...args);
  const platform = (...args: string[]) => platformAt(emulator().endpoint, ...args);

  async function platformAt(endpoint: string, ...args: string[]) {
    const environment = args.includes('-c') ? [] : ['-c', 'prod'];
    const child = spawn(process.execPath, [join(workspace, 'tools/cli/platform.cjs'), ...args, ...environment], {
      cwd: workspace,
      env: { ...process.env, PLATFORM_TARGET: 'emulator', AWS_ENDPOINT_URL: endpoint },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, stdout, stderr };
  }

  beforeAll(async () => {
    await client().send(new CreateBucketCommand(us));
    await client('ap-northeast-2').send(
      new CreateBucketCommand({ ...ap, CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' } }),
    );
    for (const [region, at] of [
      ['us-east-1', us],
      ['ap-northeast-2', ap],
    ] as const) {
      await client(region).send(
        new PutBucketVersioningCommand({ ...at, VersioningConfiguration: { Status: 'Enabled' } }),
      );
    }
  });

  test('an old version is shown, tried, and restored as a new one; what it replaces stays', async () => {
    const key = 'region-us-vpc/terraform.tfstate';
    const old = await put(key, state(3, [resource('Vpc', '10.0.0.0/16'), resource('Lost', '10.9.0.0/16')]));
    await put(key, state(4, [resource('Vpc', '10.0.0.0/20'), resource('New', '10.8.0.0/16')]));

    const where = await command('where', 'region-us/vpc');
    expect(where.stdout).toBe(
      'region-us-vpc  s3://example-prod-terraform-state-us/region-us-vpc/terraform.tfstate  us-east-1  serial 4, 2 resources\n',
    );
    const list = await command('list', 'region-us/vpc');
    expect(list.stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/serial 4 {2}2 resources {2}present$/),
      expect.stringMatching(new RegExp(`^${old} .*serial 3 {2}2 resources$`)),
    ]);

    const dry = await command('restore', 'region-us/vpc', old, '--dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: '+ aws_vpc.Lost\n- aws_vpc.New\n~ aws_vpc.Vpc\n' });
    expect(dry.stderr).toContain('nothing was changed; serial 4 stays as a version');
    expect((await command('where', 'region-us/vpc')).stdout).toContain('serial 4');

    expect(await command('restore', 'region-us/vpc', old)).toMatchObject({ code: 0, stdout: dry.stdout });
    expect((await command('where', 'region-us/vpc')).stdout).toMatch(/serial [5-9], 2 resources\n$/);
    const { Versions } = await client().send(new ListObjectVersionsCommand({ ...us, Prefix: key }));
    expect(Versions!.filter(({ Key }) => Key === key)).toHaveLength(3);
  });

  test('a locked state is not touched, and the lock is released by its id', async () => {
    const key = 'region-us-cache/terraform.tfstate';
    const version = await put(key, state(1, []));
    await put(`${key}.tflock`, {
      ID: 'aaaa-bbbb',
      Operation: 'OperationTypeApply',
      Who: 'ann@desk',
      Created: '2026-01-01T00:00:00Z',
      Path: '',
      Info: '',
      Version: '1.11.4',
    });
    const refused = await command('restore', 'region-us/cache', version);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'region-us-cache: the state is locked by ann@desk since 2026-01-01T00:00:00Z (OperationTypeApply, lock aaaa-bbbb)',
    );
    expect((await command('where', 'region-us/cache')).stdout).toContain('locked by ann@desk');
    expect((await command('unlock', 'region-us/cache', 'another')).code).toBe(2);
    expect(await command('unlock', 'region-us/cache', 'aaaa-bbbb')).toMatchObject({ code: 0 });
    expect((await command('restore', 'region-us/cache', version)).code).toBe(0);

    await putText(`${key}.tflock`, '');
    const nonsense = await command('where', 'region-us/cache');
    expect(nonsense).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^s3:.*tflock: it is not a lock of Terraform, .*: aws s3 rm s3:\S+\/\S+\.tflock\n$/,
      ),
    });
    await client().send(new DeleteObjectCommand({ ...us, Key: `${key}.tflock` }));
  });

  test('a version of another lineage needs that to be said', async () => {
    const key = 'region-us-data/terraform.tfstate';
    const old = await put(key, state(7, [resource('Vpc', '10.0.0.0/16')]));
    await put(key, state(1, [], { lineage: 'begun-by-mistake' }));
    const refused = await command('restore', 'region-us/data', old);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`if the present state was begun by mistake, say --lineage ${lineage}`);
    expect((await command('restore', 'region-us/data', old, '--lineage', lineage)).code).toBe(0);
    expect((await command('where', 'region-us/data')).stdout).toMatch(/serial (8|9), 1 resources/);
  });

  test('a deleted state is restored where a lock table remembers other bytes, and Terraform goes on from it', async () => {
    const settings = join(workspace, 'infra.config.ts');
    const before = readFileSync(settings, 'utf8');
    const domain = "domain: 'staging.example.com',";
    writeFileSync(settings, before.replace(domain, `${domain} state: { locking: 's3-and-dynamodb' },`));
    const Bucket = 'example-staging-terraform-state-us';
    await client().send(new CreateBucketCommand({ Bucket }));
    await client().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const tables = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: emulator().endpoint,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'x' },
    });
    const TableName = Bucket;
    await tables.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      }),
    );
    const Key = 'region-us-vpc/terraform.tfstate';
    const LockID = { S: `${Bucket}/${Key}-md5` };
    const digest = async (): Promise<AttributeValue | undefined> =>
      (await tables.send(new GetItemCommand({ TableName, Key: { LockID } }))).Item?.['Digest'];
    const md5 = (text: string) => ({ S: createHash('md5').update(text).digest('hex') });
    const present = async () => {
      const { Body } = await client().send(new GetObjectCommand({ Bucket, Key }));
      return Body!.transformToString();
    };

    const tainted = { schema_version: 1, status: 'tainted', attributes: { cidr_block: '10.0.0.0/16' } };
    const vpc = { ...resource('Vpc', ''), instances: [tainted] };
    const old = await put(Key, state(3, [vpc]), { Bucket });
    await put(Key, state(4, []), { Bucket });
    await tables.send(new PutItemCommand({ TableName, Item: { LockID, Digest: md5(await present()) } }));
    await client().send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await command('restore', 'region-us/vpc', old, '-c', 'staging')).toMatchObject({ code: 0 });
    expect(await digest()).toBeUndefined();

    // Terraform reads what is there and writes it by the table: the digest is that of its own bytes again.
    const again = await command('untaint', 'region-us/vpc', 'aws_vpc.Vpc', '-c', 'staging');
    expect(again).toMatchObject({ code: 0 });
    expect(await digest()).toEqual(md5(await present()));
    writeFileSync(settings, before);
  });

  test.each([
    ['nonsense', 'garbage{'],
    ['nothing', ''],
  ])('a state that is %s is named with what to do, and replaced by a version; it stays as one', async (_, text) => {
    const Key = 'region-us-aurora/terraform.tfstate';
    const old = await put(Key, state(3, [resource('Vpc', '10.0.0.0/16')]));
    await put(Key, state(6, []));
    await putText(Key, text);
    const where = await command('where', 'region-us/aurora');
    expect(where).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`${Key}  us-east-1  not a state\n`),
      stderr: `region-us-aurora: s3://${us.Bucket}/${Key} is not a Terraform state; see which versions of it there are, and restore one as docs/runbooks/lost-state.md says: npx platform state list region-us-aurora --target emulator -c prod\n`,
    });
    const list = await command('list', 'region-us/aurora');
    expect(list.stdout.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/ {2}not a state {2}present$/),
      expect.stringMatching(/ {2}serial 6 {2}0 resources$/),
      expect.stringMatching(new RegExp(`^${old} .*serial 3 {2}1 resources$`)),
    ]);

    // A run that died while it wrote leaves its lock, too.
    const lock = { ID: 'a-lock', Who: 'somebody@somewhere', Created: '2026-01-01T00:00:00Z', Operation: 'apply' };
    await put(`${Key}.tflock`, lock);
    const locked = await command('restore', 'region-us/aurora', old);
    expect(locked).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npx platform state unlock region-us-aurora a-lock'),
    });
    const other = await command('unlock', 'region-us/aurora', 'another');
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it is locked by somebody@somewhere since 2026-01-01T00:00:00Z, lock a-lock'),
    });
    expect(await command('unlock', 'region-us/aurora', 'a-lock')).toMatchObject({ code: 0 });

    const restored = await command('restore', 'region-us/aurora', old);
    expect(restored).toMatchObject({ code: 0, stdout: '+ aws_vpc.Vpc\n' });
    expect(restored.stderr).toContain('restored as serial 7; the object, which is not a state, stays as a version');
    const { Versions } = await client().send(new ListObjectVersionsCommand({ ...us, Prefix: Key }));
    expect(Versions!.filter((each) => each.Key === Key)).toHaveLength(4);
    for (const { VersionId } of Versions!.filter((each) => each.Key === Key)) {
      await client().send(new DeleteObjectCommand({ ...us, Key, VersionId }));
    }
  });

  test('a tainted resource that must not be destroyed is named by a plan, and untainted', async () => {
    const Key = 'global-state/terraform.tfstate';
    const name = 'StateBucket-us_Key_BEF8B311';
    const half = { schema_version: 0, status: 'tainted', attributes: { id: 'k' } };
    await put(Key, state(1, [{ ...resource(name, ''), type: 'aws_kms_key', instances: [half] }]));
    const planned = await platform('plan', 'global/state');
    expect(planned.code).toBe(1);
    const untaint = `platform state untaint global-state aws_kms_key.${name} --target emulator -c prod`;
    expect(planned.stdout + planned.stderr).toContain(untaint);

    expect(await command('untaint', 'global/state', `aws_kms_key.${name}`)).toMatchObject({ code: 0 });
    const { Body } = await client().send(new GetObjectCommand({ ...us, Key }));
    const { serial, resources } = JSON.parse(await Body!.transformToString()) as TerraformState;
    expect([serial, resources![0]!.instances![0]!.status]).toEqual([2, undefined]);
    await client().send(new DeleteObjectCommand({ ...us, Key }));
  });

  test('what cannot be is refused with what there is', async () => {
    expect(await command('list', 'region-us/nothing')).toMatchObject({ code: 2 });
    expect((await command('list', 'shared/tgw')).stderr).toContain('name one of shared-tgw-ap, shared-tgw-us');
    const version = await command('restore', 'region-us/vpc', 'none');
    expect(version).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no such version') });
  });

  test.each([
    [
      'the original',
      'garbage{',
      JSON.stringify(state(4, [])),
      'us: damaged  ap: 4',
      'an object in us is not a Terraform state',
    ],
    ['the copy', JSON.stringify(state(4, [])), '', 'us: 4  ap: damaged', 'a copy in ap is not a Terraform state;'],
    ['both', '', '', 'us: damaged  ap: damaged', 'an object in us is not a Terraform state, and it is copied'],
  ])('the home region is not moved while a state is damaged: %s', async (_, original, copy, serials, said) => {
    const key = 'global-zone/terraform.tfstate';
    await putText(key, original);
    await putText(key, copy, ap, 'ap-northeast-2');
    const before = readFileSync(join(workspace, 'infra.config.ts'), 'utf8');
    const refused = await command('switch-home', '--write');
    expect(refused).toMatchObject({ code: 1, stdout: `global-zone  ${serials}  damaged\n` });
    expect(refused.stderr).toContain(said);
    expect(refused.stderr).toMatch(/:\n {2}npx platform state list global-zone --target emulator -c prod\n$/);
    expect(readFileSync(join(workspace, 'infra.config.ts'), 'utf8')).toBe(before);
    for (const [at, region, text] of [
      [us, 'us-east-1', original],
      [ap, 'ap-northeast-2', copy],
    ] as const) {
      const { Body } = await client(region).send(new GetObjectCommand({ ...at, Key: key }));
      expect(await Body!.transformToString()).toBe(text);
    }
  });

  test('a copy that is damaged is made anew by a restore of the present version of the original', async () => {
    const key = 'global-zone/terraform.tfstate';
    const present = await put(key, state(4, [resource('Zone', '')]));
    expect(await command('restore', 'global/zone', present)).toMatchObject({ code: 0, stdout: '' });
    expect((await command('where', 'global/zone')).stdout).toMatch(/serial [5-9], 1 resources\n$/);
  });

  test('the home region is moved once its copies are as new as the originals, or once it is lost', async () => {
    const key = 'global-zone/terraform.tfstate';
    await put(key, state(4, []));
    await put(key, state(3, []), ap, 'ap-northeast-2');
    const late = await command('switch-home', '--write');
    expect(late).toMatchObject({ code: 1, stdout: 'global-zone  us: 4  ap: 3  behind\n' });

    await put(key, state(4, []), ap, 'ap-northeast-2');
    const ready = await command('switch-home');
    expect(ready).toMatchObject({ code: 0, stdout: 'global-zone  us: 4  ap: 4  equal\n' });
    const lock = { ID: 'a-deploy', Who: 'ann@desk', Created: '2026-01-01T00:00:00Z', Operation: 'OperationTypeApply' };
    await put(`${key}.tflock`, lock);
    const during = await command('switch-home', '--write');
    expect(during.code).toBe(1);
    expect(during.stderr).toContain('global-zone: the state is locked by ann@desk');
    await client().send(new DeleteObjectCommand({ ...us, Key: `${key}.tflock` }));
    expect(readFileSync(join(workspace, 'infra.config.ts'), 'utf8')).toContain("home: 'us'");

    // What was never deployed anywhere has no copy either, and nobody can say so while the home region is lost.
    const lost = await FaultyEndpoint.before(emulator());
    try {
      const throughLost = (...args: string[]) => commandAt(lost.endpoint, ...args);
      const isHome = ({ line }: SeenCall) => line.includes(`/${us.Bucket}/`);
      lost.refuse({ matches: isHome, status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
      const denied = await throughLost('switch-home', '--write');
      expect(denied).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('AccessDenied') });
      lost.refuse();
      await put('global-data/terraform.tfstate', state(2, []), ap, 'ap-northeast-2');
      await putText('global-data/terraform.tfstate', '{', ap, 'ap-northeast-2');
      lost.lost = isHome;
      const alone = await throughLost('switch-home', '--write');
      expect(alone.code).toBe(0);
      expect(alone.stdout).toContain('global-zone  us: unreachable  ap: 4  unknown\n');
      expect(alone.stdout).toContain('global-route53  us: unreachable  ap: none  unknown\n');
      expect(alone.stderr).toContain('us does not answer: the copies of global-zone may be out of date');
      expect(alone.stderr).toMatch(
        /us does not answer, and there is no copy of .*global-route53.*: never deployed, or/,
      );
      expect(alone.stdout).toContain('global-data  us: unreachable  ap: damaged  unknown\n');
      expect(alone.stderr).toMatch(
        /us does not answer, and a copy in ap is not a Terraform state; after the move .*:\n {2}npx platform state list global-data --target emulator -c prod\n/,
      );
      expect(alone.stderr).not.toMatch(/copies of .*global-data/);
      expect(alone.stderr.match(/trying again in 10 s/g)).toHaveLength(1);
    } finally {
      await lost.stop();
    }
    expect(readFileSync(join(workspace, 'infra.config.ts'), 'utf8')).toContain("home: 'ap'");
    expect((await command('where', 'global/zone')).stdout).toBe(
      'global-zone  s3://example-prod-terraform-state-ap/global-zone/terraform.tfstate  ap-northeast-2  serial 4, 0 resources\n',
    );
    const [newest, older] = (await command('list', 'global/data')).stdout.split('\n');
    expect([newest, older]).toEqual([
      expect.stringMatching(/not a state {2}present$/),
      expect.stringMatching(/serial 2/),
    ]);
    expect((await command('restore', 'global/data', older!.split(' ')[0]!)).code).toBe(0);
  });
});
