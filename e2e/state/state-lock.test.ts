import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultyEndpoint } from '@platform/e2e/fixtures/faulty-endpoint';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { clientOptions } from '@platform/tools/aws/client-options';
import { StateLock } from '@platform/tools/aws/state-lock';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import { findTerraform } from '@platform/tools/terraform/find-terraform';
import { runTerraform } from '@platform/tools/terraform/run-terraform';

jest.setTimeout(120_000);

const scratch = mkdtempSync(join(tmpdir(), 'state lock-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

withEmulator('moto', (emulator) => {
  const bucket = 'states';
  const table = 'locks';
  const region = 'us-east-1';
  let faulty: FaultyEndpoint;
  let s3: S3Client;
  let tables: DynamoDBClient;
  let count = 0;
  /** A state of its own for each test. */
  let location: { bucket: string; key: string; region: string };
  const target = () => emulatorTarget({ endpoint: faulty.endpoint, profile: 'moto' });
  const lock = (withTable: boolean) => new StateLock(target(), location, withTable ? table : undefined);
  const request = (id: string) => ({ id, operation: 'test', who: 'tester@here', info: '', version: '1.11.4' });

  beforeAll(async () => {
    faulty = await FaultyEndpoint.before(emulator());
    s3 = await target().s3(region);
    tables = new DynamoDBClient(await clientOptions(target(), region));
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await tables.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      }),
    );
  });
  afterAll(() => faulty?.stop());
  beforeEach(() => {
    location = { bucket, region, key: `stack-${++count}/terraform.tfstate` };
  });

  /** Terraform's own plan on the same state, of a configuration without resources. */
  async function plan(withTable: boolean) {
    const folder = join(scratch, String(count));
    mkdirSync(folder, { recursive: true });
    const s3Backend = { ...location, use_lockfile: true, ...(withTable ? { dynamodb_table: table } : {}) };
    const configuration = { terraform: { backend: { s3: s3Backend } }, output: { a: { value: 1 } } };
    const override = target().override({} as never, configuration) as { terraform: object };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ ...configuration, terraform: override.terraform }));
    const binary = await findTerraform();
    const run = (...args: string[]) =>
      runTerraform({ binary, cwd: folder, args, environment: target().variables, logFile: join(folder, 'log') });
    expect((await run('init', '-input=false')).exitCode).toBe(0);
    const { exitCode, stderr } = await run('plan', '-input=false', '-no-color');
    return { exitCode, stderr };
  }

  test.each([
    ['an object', false],
    ['an object and an item', true],
  ])('Terraform is refused while the lock is held as %s, and not afterwards', async (_, withTable) => {
    expect(await lock(withTable).take(request('mine'))).toBeUndefined();
    const refused = await plan(withTable);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/ID:\s+mine/);
    expect(await lock(withTable).release('mine')).toBe(true);
    expect(await plan(withTable)).toMatchObject({ exitCode: 0 });
    expect(await lock(withTable).holder()).toBeUndefined();
  });

  test.each([false, true])('of several that take it at once one has it, with a table: %s', async (withTable) => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const held = await Promise.all(ids.map((id) => lock(withTable).take(request(id))));
    const [winner, ...others] = ids.filter((_, index) => held[index] === undefined);
    expect(others).toEqual([]);
    expect(await lock(withTable).holder()).toMatchObject({ id: winner, who: 'tester@here' });
    for (const holder of held) expect(holder === undefined || ids.includes(holder.id)).toBe(true);
  });

  test('a lock that only the table has is seen, and is in the way', async () => {
    const Info = { S: JSON.stringify({ ID: 'older', Who: 'someone@elsewhere' }) };
    const Item = { LockID: { S: `${bucket}/${location.key}` }, Info };
    await tables.send(new PutItemCommand({ TableName: table, Item }));
    expect(await lock(true).holder()).toMatchObject({ id: 'older', who: 'someone@elsewhere' });
    expect(await lock(true).take(request('mine'))).toMatchObject({ id: 'older' });
    // Nothing of the attempt stays.
    expect(await lock(false).holder()).toBeUndefined();
    expect(await lock(true).release('older')).toBe(true);
    expect(await lock(true).take(request('mine'))).toBeUndefined();
  });

  test('is taken where the answer was lost and the call is repeated', async () => {
    await lock(true).take(request('mine'));
    expect(await lock(true).take(request('mine'))).toBeUndefined();
  });

  test('a release deletes what it has read, and not the lock that another has taken meanwhile', async () => {
    await lock(false).take(request('old'));
    const held = faulty.hold('call', ({ line }) => line.startsWith('DELETE '));
    const release = lock(false).release('old');
    await held.came;
    const Key = `${location.key}.tflock`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify({ ID: 'new' }) }));
    held.release();
    expect(await release).toBe(false);
    expect(await lock(false).holder()).toMatchObject({ id: 'new' });
  });

  test('fields of a lock cannot write on the terminal', async () => {
    const Body = JSON.stringify({ ID: 'x', Who: 'a\u001b]0;b\u0007@c\nd', Created: '\u009b2J', Operation: 7 });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${location.key}.tflock`, Body }));
    const { who, since, operation } = (await lock(false).holder())!;
    expect([who, since, operation]).toEqual(['a\\u001b]0;b\\u0007@c\\u000ad', '\\u009b2J', 'unknown operation']);
  });

  test('an object that is not a lock is named with the command that deletes it', async () => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${location.key}.tflock`, Body: '{' }));
    await expect(lock(false).holder()).rejects.toThrow(/s3:\S+tflock: .*: aws s3 rm s3:\/\/states\/\S+\.tflock$/);
    await expect(
      s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${location.key}.tflock` })),
    ).resolves.toBeDefined();
  });
});
