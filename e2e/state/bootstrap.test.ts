import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { driftEstate } from '@platform/tools/actions/drift/drift-estate';
import { taintedInstances } from '@platform/tools/session/tainted';
import { openSession } from '@platform/tools/session/open-session';
import { startEmulator, type RunningEmulator } from '@platform/tools/emulator/start-emulator';
import type { StateResources } from '@platform/tools/model/state';
import { FaultyEndpoint, type SeenCall } from '@platform/e2e/fixtures/faulty-endpoint';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { findRoot } from '@platform/tools/workspace/find-root';
import {
  bootstrap,
  bootstrapSteps,
  type BootstrapOptions,
  type BootstrapStep,
} from '@platform/tools/actions/bootstrap/bootstrap';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const root = findRoot(__dirname);
let workspace: string;

/** A workspace whose `dist` is its own. */
beforeAll(() => {
  workspace = exampleWorkspace();
  cpSync(join(root, 'docs'), join(workspace, 'docs'), { recursive: true });
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));
beforeEach(() => rmSync(join(workspace, 'dist'), { recursive: true, force: true }));

const client = (endpoint: string, region = 'us-east-1', accessKeyId = 'emulator') =>
  new S3Client({ region, endpoint, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey: 'x' } });

async function run(endpoint: string, more: Partial<BootstrapOptions> = {}) {
  const session = await openSession({
    root: workspace,
    target: 'emulator',
    environment: 'prod',
    emulator: { endpoint, profile: 'ministack' },
  });
  const said: string[] = [];
  const steps: BootstrapStep[] = [];
  let changes: readonly string[] = [];
  try {
    const result = await bootstrap({
      session,
      note: (text) => said.push(text),
      confirm: async (given) => {
        changes = given;
        return true;
      },
      ...more,
      onStep: async (step) => {
        steps.push(step);
        await more.onStep?.(step);
      },
    });
    return { ...result, said, steps, changes };
  } finally {
    session.close();
  }
}

async function stateIn(endpoint: string): Promise<{ serial: number; lineage: string; resources: { type: string }[] }> {
  const { Body } = await client(endpoint).send(
    new GetObjectCommand({ Bucket: 'example-prod-terraform-state-us', Key: 'global-state/terraform.tfstate' }),
  );
  return JSON.parse(await Body!.transformToString());
}

async function keyCount(endpoint: string): Promise<number> {
  const counts = ['us-east-1', 'ap-northeast-2'].map(async (region) => {
    const kms = new KMSClient({ region, endpoint, credentials: { accessKeyId: 'emulator', secretAccessKey: 'x' } });
    return (await kms.send(new ListKeysCommand({}))).Keys!.length;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** Each test has an emulator of its own: what one leaves behind must not help the next. */
withEmulator('ministack', () => {
  let emulator: RunningEmulator;
  beforeEach(async () => {
    emulator = await startEmulator({ root, profile: 'ministack' });
  });
  afterEach(() => emulator.stop());

  test('right after it nothing of the state stack has drifted', async () => {
    expect(await run(emulator.endpoint)).toMatchObject({ outcome: 'done' });
    const session = await openSession({
      root: workspace,
      target: 'emulator',
      environment: 'prod',
      emulator: { endpoint: emulator.endpoint, profile: 'ministack' },
    });
    try {
      const [found] = await driftEstate(session, ['global/state']);
      expect(found).toMatchObject({ stack: 'global-state', deployed: true, drift: [] });
      expect(found).not.toHaveProperty('error');
    } finally {
      session.close();
    }
  });

  test('killed before any of its steps, it goes on, makes nothing twice, and leaves no state on the machine', async () => {
    for (const killed of bootstrapSteps) {
      const kill = (step: BootstrapStep) => {
        if (step === killed) throw new Error(`killed before ${killed}`);
      };
      const attempt = run(emulator.endpoint, { onStep: kill });
      await expect(attempt).rejects.toThrow(`killed before ${killed}`);
    }
    const last = await run(emulator.endpoint);
    expect(last.outcome).toBe('already');
    expect([...last.buckets].sort()).toEqual(['example-prod-terraform-state-ap', 'example-prod-terraform-state-us']);
    const state = await stateIn(emulator.endpoint);
    expect(state.resources.filter(({ type }) => type === 'aws_s3_bucket')).toHaveLength(2);
    expect(state.resources.length).toBeGreaterThan(15);
    expect(await keyCount(emulator.endpoint)).toBe(2);
    const local = join(workspace, 'dist/live/emulator/prod/.bootstrap/terraform.tfstate');
    expect(existsSync(local)).toBe(false);

    const again = await run(emulator.endpoint);
    expect(again).toMatchObject({ outcome: 'already', changes: [], steps: ['inspect', 'tidy'] });
    expect(await stateIn(emulator.endpoint)).toEqual(state);

    // A state of another origin on this machine is neither used nor removed.
    mkdirSync(dirname(local), { recursive: true });
    writeFileSync(local, JSON.stringify({ ...state, lineage: 'another' }));
    await expect(run(emulator.endpoint)).rejects.toThrow(
      'the state on this machine and that in the bucket are of different origin',
    );
    expect(existsSync(local)).toBe(true);
  });

  test('killed in the middle of its apply, with the state on the machine lost, it takes over what is there', async () => {
    const script = `
      require(${JSON.stringify(join(root, 'node_modules/tsx/dist/cjs/index.cjs'))});
      const { openSession } = require(${JSON.stringify(join(root, 'tools/session/open-session.ts'))});
      const { bootstrap } = require(${JSON.stringify(join(root, 'tools/actions/bootstrap/bootstrap.ts'))});
      openSession({ root: ${JSON.stringify(workspace)}, target: 'emulator', environment: 'prod', emulator: { profile: 'ministack', endpoint: ${JSON.stringify(emulator.endpoint)} } })
        .then((session) => bootstrap({ session, note() {}, confirm: async () => true,
          onStep: (step) => { if (step === 'apply') console.log('applying'); } }));`;
    const child = spawn(process.execPath, ['-e', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    // Until the first key is there, which is before the buckets are.
    while ((await keyCount(emulator.endpoint)) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The orphaned Terraform ends what it has begun; until then its state is locked.
    const lock = join(workspace, 'dist/live/emulator/prod/.bootstrap/.terraform.tfstate.lock.info');
    while (existsSync(lock)) await new Promise((resolve) => setTimeout(resolve, 100));
    rmSync(join(workspace, 'dist'), { recursive: true, force: true });

    const { outcome, said } = await run(emulator.endpoint);
    expect(outcome).toBe('done');
    expect(said.join('\n')).toMatch(/exists already; it is imported as aws_kms_key/);
    expect(await keyCount(emulator.endpoint)).toBe(2);
  });

  test('killed in the middle of its apply, and stopped by a Ctrl-C in that of the next, it keeps what is tainted', async () => {
    const faulty = await FaultyEndpoint.before(emulator);
    const folder = join(workspace, 'dist/live/emulator/prod/.bootstrap');
    const tainted = () => {
      const state = JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8')) as StateResources;
      return taintedInstances(state).map(({ address }) => address);
    };
    /** Stops a bootstrap at a call that belongs to the making of something which has its id already. */
    const stopAt = async (signal: NodeJS.Signals, matches: (call: SeenCall) => boolean) => {
      const variables = { PLATFORM_TARGET: 'emulator', AWS_ENDPOINT_URL: faulty.endpoint };
      const running = startCli(workspace, ['bootstrap', '-c', 'prod'], variables);
      await running.says('changes:');
      const held = faulty.hold('answer', matches);
      await Promise.race([held.came, running.ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
      running.child.kill(signal);
      await running.ended;
      // The orphaned Terraform writes its state and leaves; until then it is locked.
      while (existsSync(join(folder, '.terraform.tfstate.lock.info'))) await delay(100);
      held.release();
    };
    const keyCall = (operation: string, region: string) => (call: SeenCall) =>
      call.headers['x-amz-target'] === `TrentService.${operation}` &&
      call.headers.authorization!.includes(`/${region}/`);
    try {
      // The second key is left for the second attempt.
      const body = '{"__type":"LimitExceededException"}';
      faulty.refuse({ matches: keyCall('CreateKey', 'ap-northeast-2'), status: 400, body });
      await stopAt('SIGKILL', keyCall('EnableKeyRotation', 'us-east-1'));
      expect(tainted()).toContainEqual(expect.stringMatching(/^aws_kms_key\.StateBucket-us/));
      faulty.refuse();
      await stopAt('SIGINT', keyCall('EnableKeyRotation', 'ap-northeast-2'));
      expect(tainted()).toContainEqual(expect.stringMatching(/^aws_kms_key\.StateBucket-ap/));
    } finally {
      await faulty.stop();
    }

    const { outcome, said } = await run(emulator.endpoint);
    expect(outcome).toBe('done');
    expect(said.join('\n')).toMatch(/aws_kms_key\.StateBucket-ap\S+ is tainted: an earlier bootstrap was stopped/);
    expect(await keyCount(emulator.endpoint)).toBe(2);
  });

  test('a bucket of another account, and one that is used for something else, are refused before anything is made', async () => {
    await client(emulator.endpoint, 'us-east-1', '999999999999').send(
      new CreateBucketCommand({ Bucket: 'example-prod-terraform-state-us' }),
    );
    const seoul = client(emulator.endpoint, 'ap-northeast-2');
    await seoul.send(
      new CreateBucketCommand({
        Bucket: 'example-prod-terraform-state-ap',
        CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' },
      }),
    );
    await seoul.send(
      new PutObjectCommand({ Bucket: 'example-prod-terraform-state-ap', Key: 'holiday.jpg', Body: 'x' }),
    );
    const failure = run(emulator.endpoint);
    await expect(failure).rejects.toThrow(
      'example-prod-terraform-state-us: this bucket belongs to another account, or yours may not see it; give the organisation another name',
    );
    await expect(failure).rejects.toThrow(
      'example-prod-terraform-state-ap: this bucket is in use for something else: it holds holiday.jpg',
    );
    await expect(failure).rejects.toMatchObject({ exitCode: 2 });
    expect(await keyCount(emulator.endpoint)).toBe(0);
  });

  test('a no to the changes makes nothing', async () => {
    expect((await run(emulator.endpoint, { confirm: async () => false })).outcome).toBe('refused');
    expect(await keyCount(emulator.endpoint)).toBe(0);
  });
});
