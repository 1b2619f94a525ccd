import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningEmulator } from '@platform/tools/emulator/start-emulator';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';
import { deployEstate, type DeployedStack } from '@platform/tools/actions/deploy/deploy-estate';
import { destroyEstate } from '@platform/tools/actions/destroy/destroy-estate';
import { announcement, stacksToDestroy } from '@platform/tools/actions/destroy/stacks-to-destroy';
import { removedStacks } from '@platform/tools/actions/destroy/removed-stacks';
import { driftEstate } from '@platform/tools/actions/drift/drift-estate';
import { chooseStacks } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { openSession } from '@platform/tools/session/open-session';
import { planCommandFor } from '@platform/tools/session/plan-command-for';
import { planEstate } from '@platform/tools/actions/plan/plan-estate';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @waits
 */
jest.setTimeout(600_000);

const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
let root: string;
let emulator: RunningEmulator;

const s3 = (region = 'us-east-1') =>
  new S3Client({ region, endpoint: emulator.endpoint, credentials, forcePathStyle: true });

async function prepare(running: RunningEmulator): Promise<void> {
  emulator = running;
  root = smallWorkspace(findRoot(__dirname));
  for (const [region, key] of [
    ['us-east-1', 'us'],
    ['ap-northeast-2', 'ap'],
  ]) {
    const place = key === 'us' ? {} : { CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' as const } };
    await s3(region).send(new CreateBucketCommand({ Bucket: `example-prod-terraform-state-${key}`, ...place }));
  }
}

async function inSession<T>(work: (session: LiveSession) => Promise<T>): Promise<T> {
  const session = await openSession({ root, target: 'emulator', emulator, lockTimeoutSec: 60 });
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

const plan = (...projects: string[]) => inSession((session) => planEstate(session, projects));
const deploy = (...projects: string[]) =>
  inSession(async (session) =>
    deployEstate(session, { ...(await chooseStacks(session, projects)), planCommand: planCommandFor(session) }),
  );
const drift = () => inSession((session) => driftEstate(session, []));
const destroy = (...projects: string[]) =>
  inSession(async (session) => destroyEstate(session, await stacksToDestroy(session, projects)));
const resultsOf = (stacks: readonly DeployedStack[]) =>
  Object.fromEntries(stacks.map(({ stack, result }) => [stack, result]));
const everything = (result: string) => ({
  'region-ap-topic': result,
  'region-us-topic': result,
  'global-reader': result,
});
const folderOf = (stack: string) => join(root, 'dist', 'live', 'emulator', 'prod', stack);
const topicFile = () => join(root, 'region-us', 'topic', 'stack.ts');
const rename = (from: string, to: string) =>
  writeFileSync(topicFile(), readFileSync(topicFile(), 'utf8').replace(`'${from}'`, `'${to}'`));

withEmulator('moto', (running) => {
  beforeAll(() => prepare(running()));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('what nobody has planned is not deployed', async () => {
    expect(resultsOf(await deploy())).toEqual({
      'region-ap-topic': 'refused',
      'region-us-topic': 'skipped',
      'global-reader': 'skipped',
    });
  });

  test('a first deploy makes what was reviewed, in order, with real values in the place of examples', async () => {
    const { stacks } = await plan();
    expect(stacks.flatMap(({ errors }) => errors)).toEqual([]);
    const reader = stacks.find(({ stack }) => stack === 'global-reader')!;
    expect(reader.assumed).toMatchObject([{ argument: 'value', stack: 'region-us-topic', field: 'arn' }]);
    const results = await deploy();
    expect(results.flatMap(({ messages }) => messages)).toEqual([]);
    expect(resultsOf(results)).toEqual(everything('applied'));
    const state = await inSession((session) => session.states.of('global-reader'));
    expect(JSON.stringify(state)).toContain('arn:aws:sns:us-east-1:123456789012:topic');
  });

  test('a second deploy changes nothing', async () => {
    expect(resultsOf(await deploy())).toEqual(everything('untouched'));
    const { stacks } = await plan();
    expect(stacks.map(({ create, update, replace }) => create + update + replace)).toEqual([0, 0, 0]);
    expect(resultsOf(await deploy())).toEqual(everything('untouched'));
  });

  test('what is kept beside a state and cannot be read is as good as none, and kept again by the next deploy', async () => {
    const at = { Bucket: 'example-prod-terraform-state-us', Key: 'region-us-topic/configuration.json.gz' };
    const read = async () => (await s3().send(new GetObjectCommand(at))).Body!.transformToString('base64');
    const before = await read();
    await s3().send(new PutObjectCommand({ ...at, Body: Buffer.from('garbage{') }));
    await plan('region-us/topic');
    expect(await deploy('region-us/topic')).toMatchObject([{ result: 'untouched', messages: [] }]);
    expect(await read()).toBe(before);
  });

  test.each([
    ['nonsense', 'garbage{'],
    ['nothing', ''],
  ])('a state that is %s fails its stack with what to do, and nothing else', async (_, damaged) => {
    const client = s3();
    const at = { Bucket: 'example-prod-terraform-state-us', Key: 'global-reader/terraform.tfstate' };
    const whole = await (await client.send(new GetObjectCommand(at))).Body!.transformToString();
    await client.send(new PutObjectCommand({ ...at, Body: Buffer.from(damaged) }));
    try {
      const remedy = 'npx platform state list global-reader --target emulator -c prod';
      const results = await deploy();
      expect(resultsOf(results)).toEqual({ ...everything('untouched'), 'global-reader': 'failed' });
      expect(results.find(({ result }) => result === 'failed')!.messages).toEqual([
        expect.stringMatching(`^global-reader: s3:.* is not a Terraform state; .*${remedy}$`),
      ]);
      const { stacks } = await plan('global/reader');
      expect(stacks[0]!.errors).toEqual([expect.stringContaining(remedy)]);
      const toDestroy = await inSession((session) => stacksToDestroy(session, []));
      expect(announcement(toDestroy)).toEqual([
        'region-ap-topic: 1 resource',
        'region-us-topic: 1 resource',
        expect.stringMatching(/^global-reader: what it has is unknown; it is left/),
      ]);
    } finally {
      await client.send(new PutObjectCommand({ ...at, Body: whole }));
    }
  });

  describe('a reviewed plan is refused', () => {
    const refused = async () => {
      const [stack] = await deploy('region-us/topic');
      expect(stack!.result).toBe('refused');
      return stack!.messages.join('\n');
    };

    test('after one byte of its file was changed', async () => {
      rename('first', 'second');
      await plan('region-us/topic');
      const file = join(folderOf('region-us-topic'), 'plan.tfplan');
      const bytes = readFileSync(file);
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(file, bytes);
      expect(await refused()).toContain('plan file: plan.tfplan was changed since the plan was made; plan');
    });
  });

  test('what others read is not destroyed alone', async () => {
    await expect(destroy('region-us/topic')).rejects.toThrow('global-reader: it is deployed and reads region-us-topic');
  });

  test('a stack whose project is gone is found once, its copy left out, and destroyed from what was applied last', async () => {
    for (const name of ['terraform.tfstate', 'configuration.json.gz', 'begun-configuration.json.gz']) {
      const Key = `global-reader/${name}`;
      const { Body } = await s3().send(new GetObjectCommand({ Bucket: 'example-prod-terraform-state-us', Key }));
      const content = await Body!.transformToByteArray();
      await s3('ap-northeast-2').send(
        new PutObjectCommand({ Bucket: 'example-prod-terraform-state-ap', Key, Body: content }),
      );
    }
    rmSync(join(root, 'global', 'reader'), { recursive: true });
    const result = await inSession(async (session) => {
      const { stacks: toDestroy, unknown } = await removedStacks(session);
      expect(toDestroy.map(({ description }) => description.stack)).toEqual(['global-reader']);
      expect(unknown).toEqual([]);
      return destroyEstate(session, toDestroy);
    });
    expect(result).toEqual([{ stack: 'global-reader', result: 'destroyed' }]);
    const { stacks: toDestroy, unknown } = await inSession((session) => removedStacks(session));
    expect([toDestroy, unknown]).toEqual([[], []]);
  });

  test('a destroy leaves nothing', async () => {
    const results = await destroy();
    expect(results.map(({ result }) => result)).toEqual(['destroyed', 'destroyed']);
    expect((await drift()).every(({ deployed }) => !deployed)).toBe(true);
  });
});
