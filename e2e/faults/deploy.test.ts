import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultyEndpoint, type SeenCall } from '@platform/e2e/fixtures/faulty-endpoint';
import { processesIn } from '@platform/e2e/fixtures/processes-in';
import { runCommand } from '@platform/e2e/fixtures/run-command';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { deployEstate, type DeployEstateOptions } from '@platform/tools/actions/deploy/deploy-estate';
import { planEstate } from '@platform/tools/actions/plan/plan-estate';
import type { TerraformState } from '@platform/tools/model/state';
import { chooseStacks } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { openSession } from '@platform/tools/session/open-session';
import { planCommandFor } from '@platform/tools/session/plan-command-for';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * What a deploy must not lose or do unseen, on a stack with a topic that `global/reader` reads, and a VPC, whose id tells
 * one object from another. Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
const Bucket = 'example-prod-terraform-state-us';
const Key = 'region-us-topic/terraform.tfstate';
const lockKey = `${Key}.tflock`;
const begunKey = 'region-us-topic/begun-configuration.json.gz';

withEmulator('moto', (emulator) => {
  let root: string;
  let faulty: FaultyEndpoint;
  let s3: S3Client;
  let ec2: EC2Client;
  beforeAll(async () => {
    root = smallWorkspace(findRoot(__dirname));
    faulty = await FaultyEndpoint.before(emulator());
    const place = { region: 'us-east-1', endpoint: emulator().endpoint, credentials };
    s3 = new S3Client({ ...place, forcePathStyle: true });
    ec2 = new EC2Client(place);
    await makeStateBuckets(emulator());
  });
  afterAll(async () => {
    await faulty?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  interface Wanted {
    readonly topic?: string;
    /** Range of the VPC; none without. */
    readonly vpc?: string;
    readonly arn?: string;
  }

  /** Writes the code of the stack. */
  function write({ topic = 'topic', vpc, arn = 'topic.arn' }: Wanted): void {
    const lines = [
      `import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';`,
      `import { Vpc } from '@cdktf/provider-aws/lib/vpc';`,
      `import type { Construct } from 'constructs';`,
      `import type { Environment } from '@platform/libs/settings/environment';`,
      `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
      `import { contract } from './contract';`,
      `import { region } from '../region';`,
      `export class TopicStack extends EstateStack {`,
      `  constructor(scope: Construct, environment: Environment) {`,
      `    super(scope, { environment, contract, region, account: 'workload' });`,
      `    const topic = new SnsTopic(this, 'Topic', { name: '${topic}' });`,
      ...(vpc ? [`    new Vpc(this, 'Net', { cidrBlock: '${vpc}', dependsOn: [topic] });`] : []),
      `    this.publish(contract, { arn: ${arn} as string });`,
      `  }`,
      `}`,
    ];
    writeFileSync(join(root, 'region-us', 'topic', 'stack.ts'), `${lines.join('\n')}\n`);
  }

  /** Two machines are two folders. */
  type Machine = 'a' | 'b';
  const folderOf = (machine: Machine) =>
    machine === 'a' ? join(root, 'dist', 'live', 'emulator', 'prod') : join(root, 'dist', 'other');

  async function inSession<T>(machine: Machine, work: (session: LiveSession) => Promise<T>): Promise<T> {
    const session = await openSession({
      root,
      target: 'emulator',
      emulator: { ...emulator(), endpoint: faulty.endpoint },
      folder: folderOf(machine),
      lockTimeoutSec: 0,
    });
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }

  async function plan(machine: Machine, wanted: Wanted, project = 'region-us/topic') {
    write(wanted);
    const { stacks } = await inSession(machine, (session) => planEstate(session, [project]));
    return stacks[0]!;
  }

  const deploy = (machine: Machine, options: Partial<DeployEstateOptions> = {}, project = 'region-us/topic') =>
    inSession(machine, async (session) => {
      const chosen = await chooseStacks(session, [project]);
      const [stack] = await deployEstate(session, { ...chosen, planCommand: planCommandFor(session), ...options });
      return { result: stack!.result, said: stack!.messages.join('\n') };
    });

  async function planAndDeploy(machine: Machine, wanted: Wanted, options: Partial<DeployEstateOptions> = {}) {
    expect((await plan(machine, wanted)).errors).toEqual([]);
    return deploy(machine, options);
  }

  /** Ranges of the VPCs that exist, but for the one that every account has. */
  async function vpcs(): Promise<string[]> {
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    return Vpcs.filter(({ IsDefault }) => !IsDefault).map(({ CidrBlock }) => CidrBlock!);
  }
  const read = async (key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  };
  const state = async () => JSON.parse((await read(Key)).toString()) as TerraformState;
  const unlock = () => s3.send(new DeleteObjectCommand({ Bucket, Key: lockKey }));
  const asks = (action: string) => (call: SeenCall) => call.body.includes(`Action=${action}&`);

  /** A deploy by the command line, in a process of its own, that dies with its Terraform at a call. */
  async function killAt(
    what: 'answer' | 'call',
    matches: (call: SeenCall) => boolean,
    ...args: string[]
  ): Promise<void> {
    const held = faulty.hold(what, matches);
    const run = startCli(root, ['deploy', 'region-us/topic', '-c', 'prod', ...args], {
      PLATFORM_TARGET: 'emulator',
      AWS_ENDPOINT_URL: faulty.endpoint,
    });
    await Promise.race([held.came, run.ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
    const all = processesIn(root);
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const each of all) process.kill(each, signal);
    await run.ended;
    held.release();
    await unlock();
  }

  test('a deploy that finds the lock taken leaves what is kept of the apply that began before', async () => {
    expect(await planAndDeploy('a', { vpc: '10.1.0.0/16' })).toMatchObject({ result: 'applied' });
    const before = await read(begunKey);
    await plan('a', { vpc: '10.1.0.0/16', topic: 'topic' });
    const lock = {
      ID: '1',
      Operation: 'OperationTypeApply',
      Who: 'a@b',
      Version: '1.11.4',
      Created: '2026-01-02T03:04:05Z',
    };
    await plan('b', { vpc: '10.2.0.0/16' });
    await s3.send(
      new PutObjectCommand({ Bucket, Key: lockKey, Body: JSON.stringify({ ...lock, Info: '', Path: Key }) }),
    );
    const { result, said } = await deploy('b');
    await unlock();
    expect([result, said]).toEqual(['failed', expect.stringContaining('is locked by a@b')]);
    expect(await read(begunKey)).toEqual(before);
    expect(await vpcs()).toEqual(['10.1.0.0/16']);
  });

  test('a replacement that is half done goes on with the command that began it', async () => {
    await plan('a', { vpc: '10.3.0.0/16' });
    faulty.refuse({ matches: asks('CreateVpc'), status: 400, body: '<Response><Errors/></Response>' });
    expect(await deploy('a')).toMatchObject({ result: 'failed' });
    faulty.refuse();
    expect(await vpcs()).toEqual([]);
    expect(await deploy('a')).toMatchObject({ result: 'applied', said: '' });
    expect(await vpcs()).toEqual(['10.3.0.0/16']);
  });

  test('on a terminal a deploy shows what it destroys, and applies it after a yes', async () => {
    await plan('a', {});
    const typing = (typed: string) =>
      runCommand(['deploy', 'region-us/topic', '-c', 'prod'], { root, emulator: faulty, typed });
    const no = await typing('n\r');
    expect(no.output).toMatch(
      /region-us-topic: 0 to create, 0 to change, 0 to replace, 1 to destroy\r?\n +DESTROY +aws_vpc\.Net/,
    );
    expect([no.code, no.output, await vpcs()]).toEqual([1, expect.stringContaining('not confirmed'), ['10.3.0.0/16']]);
    const yes = await typing('y\r');
    expect([yes.code, await vpcs()]).toEqual([0, []]);
  });

  test('a deploy that was killed destroys no other object than its plan showed', async () => {
    expect(await planAndDeploy('a', { vpc: '10.3.0.0/16' })).toMatchObject({ result: 'applied' });
    await plan('a', {});
    await killAt('call', asks('DeleteVpc'));
    await plan('b', { vpc: '10.4.0.0/16' });
    expect(await deploy('b')).toMatchObject({
      result: 'refused',
      said: expect.stringContaining('its end was not recorded'),
    });
    expect(await deploy('b', { unrecorded: true })).toMatchObject({ result: 'applied' });
    write({});
    const again = await deploy('a');
    expect(again).toMatchObject({
      result: 'refused',
      said: expect.stringContaining('was changed since the plan was made'),
    });
    expect(await vpcs()).toEqual(['10.4.0.0/16']);
  });

  test('what a killed Terraform created is named until it is imported, and is not created again', async () => {
    await planAndDeploy('a', {});
    await plan('a', { vpc: '10.5.0.0/16' });
    await killAt('answer', asks('CreateVpc'));
    const refused = await deploy('a');
    expect(refused.result).toBe('refused');
    expect(refused.said).toMatch(
      / {2}aws_vpc\.Net: its creation began; where it exists: .*adopt region-us-topic aws_vpc\.Net '<id>'/,
    );
    const planned = await plan('a', { vpc: '10.5.0.0/16' });
    expect(planned.warnings.join()).toContain('aws_vpc.Net');
    expect(await deploy('a')).toMatchObject({ result: 'refused' });

    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'cidr', Values: ['10.5.0.0/16'] }] }));
    await inSession('a', (session) =>
      session.terraform.run(session.folders.of('region-us-topic'), 'region-us-topic', [
        'import',
        'aws_vpc.Net',
        Vpcs![0]!.VpcId!,
      ]),
    );
    expect(await planAndDeploy('a', { vpc: '10.5.0.0/16' })).toMatchObject({ said: '' });
    expect(await vpcs()).toEqual(['10.5.0.0/16']);
  });

  test('an apply after which another one began is not recorded over it', async () => {
    await plan('a', { vpc: '10.6.0.0/16' });
    const created = faulty.hold('answer', asks('CreateVpc'));
    const first = deploy('a');
    await Promise.race([created.came, first.then(({ said }) => Promise.reject(new Error(said)))]);
    const looks = faulty.hold('call', ({ line }) => line.startsWith(`HEAD /${Bucket}/${begunKey}`));
    created.release();
    await looks.came;
    expect(await planAndDeploy('b', { vpc: '10.7.0.0/16' }, { unrecorded: true })).toMatchObject({ result: 'applied' });
    const after = await state();
    looks.release();
    expect(await first).toMatchObject({
      result: 'failed',
      said: expect.stringContaining('has changed its state since'),
    });
    expect(await state()).toEqual(after);
    expect(await vpcs()).toEqual(['10.7.0.0/16']);
  });

  describe('a replacement in a stack that another one reads', () => {
    beforeAll(async () => {
      await planAndDeploy('a', {});
      await plan('a', {}, 'global/reader');
      expect(await deploy('a', {}, 'global/reader')).toMatchObject({ result: 'applied' });
    });

    test('is shown by the plan, and needs its address', async () => {
      const { changes } = await plan('a', { topic: 'other' });
      expect(changes).toContainEqual({ address: 'aws_sns_topic.Topic', action: 'replace', forcedBy: ['name'] });
      const refused = await deploy('a');
      expect(refused).toMatchObject({ result: 'refused' });
      expect(refused.said).toContain(
        "aws_sns_topic.Topic would be replaced (forced by name): global-reader reads this stack; if you mean it, add --replace='region-us-topic:aws_sns_topic.Topic'",
      );
      const replace = ['region-us-topic:aws_sns_topic.Topic'];
      expect(await deploy('a', { replace })).toMatchObject({ result: 'applied' });
    });

    test('does not leave the reader untouched', async () => {
      const { result, said } = await deploy('a', {}, 'global/reader');
      expect([result, said]).toEqual(['refused', expect.stringContaining('region-us-topic has another arn')]);
    });
  });

  test('a plan that --unreviewed has made, and that was refused, is not there for the next deploy', async () => {
    const replace = ['region-us-topic:aws_sns_topic.Topic'];
    write({ topic: 'unseen' });
    const risky = await deploy('a', { unreviewed: true });
    expect(risky).toMatchObject({ result: 'refused', said: expect.stringContaining('would be replaced') });
    expect(await deploy('a', { replace })).toMatchObject({ said: expect.stringContaining('it is not planned') });

    const unconfirmed = await deploy('a', { unreviewed: true, replace, confirm: async () => false });
    expect(unconfirmed).toMatchObject({ result: 'refused', said: expect.stringContaining('not confirmed') });
    expect(await deploy('a', { replace })).toMatchObject({ said: expect.stringContaining('it is not planned') });
  });

  test('a broken contract fails as often as the command is repeated', async () => {
    const broken = { topic: 'other', arn: '[topic.arn] as unknown' };
    expect(await planAndDeploy('a', broken)).toMatchObject({ result: 'failed', said: expect.stringContaining('arn') });
    expect(await deploy('a')).toMatchObject({ result: 'failed', said: expect.stringContaining('arn') });
    expect(await planAndDeploy('a', { topic: 'other' })).toMatchObject({ result: 'applied' });
  });

  describe('a stack that reads an entry of a map', () => {
    /** `region-us/data` publishes a map of tables, of which `region-us/app` reads one. */
    function writeTables(tables: readonly string[], read: string): void {
      const arns = tables.map((name) => `${name}: 'arn:aws:dynamodb:us-east-1:111111111111:table/${name}'`).join(', ');
      const bodies = {
        data: `this.publish(contract, { tableArns: { ${arns} } });`,
        app: [
          `const value = Fn.lookup(this.read(data).tableArns, '${read}') as string;`,
          `new SsmParameter(this, 'Copy', { name: '/copy-of-table', type: 'String', value });`,
          `this.publish(contract, { tableArns: {} });`,
        ].join('\n'),
      };
      for (const [name, body] of Object.entries(bodies)) {
        const folder = join(root, 'region-us', name);
        mkdirSync(folder, { recursive: true });
        const main = readFileSync(join(root, 'region-us/topic/main.ts'), 'utf8');
        writeFileSync(join(folder, 'main.ts'), main);
        const contract = readFileSync(join(root, 'region-us/topic/contract.ts'), 'utf8')
          .replaceAll('topic', name)
          .replace(', text }', ', map }')
          .replace(/fields: .*/, `fields: { tableArns: map('ARN by table', { ${arns} }, 'tables') },`);
        writeFileSync(join(folder, 'contract.ts'), contract);
        const lines = [
          `import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';`,
          `import { Fn } from 'cdktf';`,
          `import type { Construct } from 'constructs';`,
          `import type { Environment } from '@platform/libs/settings/environment';`,
          `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
          `import { contract as data } from '../data/contract';`,
          `import { contract } from './contract';`,
          `import { region } from '../region';`,
          `export class TopicStack extends EstateStack {`,
          `  constructor(scope: Construct, environment: Environment) {`,
          `    super(scope, { environment, contract, region, account: 'workload' });`,
          body,
          `  }`,
          `}`,
        ];
        const unused = name === 'data' ? /SsmParameter|Fn }|\.\.\/data/ : /^$/;
        writeFileSync(join(folder, 'stack.ts'), `${lines.filter((line) => !unused.test(line)).join('\n')}\n`);
      }
    }
    const planned = async (...projects: string[]) =>
      (await inSession('a', (session) => planEstate(session, projects))).stacks.map(({ stack, errors }) => [
        stack,
        errors.join(),
      ]);
    afterAll(() => {
      for (const name of ['data', 'app']) rmSync(join(root, 'region-us', name), { recursive: true });
    });

    test('is told which one is not deployed yet, and is planned together with its upstream stack', async () => {
      writeTables(['sessions'], 'sessions');
      expect(await planned('region-us/data')).toEqual([['region-us-data', '']]);
      expect(await deploy('a', {}, 'region-us/data')).toMatchObject({ result: 'applied' });

      writeTables(['sessions', 'invoices'], 'invoices');
      expect(await planned('region-us/app')).toEqual([
        [
          'region-us-app',
          expect.stringMatching(
            /depends on region-us-data, which does not have tables\.invoices yet: plan both, or deploy/,
          ),
        ],
      ]);
      expect(await planned('region-us/data', 'region-us/app')).toEqual([
        ['region-us-data', ''],
        ['region-us-app', ''],
      ]);
      for (const project of ['region-us/data', 'region-us/app']) {
        expect(await deploy('a', {}, project)).toMatchObject({ result: 'applied', said: '' });
      }
    });
  });

  test('a state that is lost is restored, and nothing is created again', async () => {
    await plan('b', { topic: 'other', vpc: '10.8.0.0/16' });
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const { errors } = await plan('a', { topic: 'other' });
    expect(errors.join()).toMatch(/its state is missing.*\n.*state list region-us-topic/);
    for (const unreviewed of [false, true]) {
      const { result, said } = await deploy('b', { unreviewed });
      expect([result, said]).toEqual(['refused', expect.stringContaining('state restore region-us-topic')]);
    }
    expect(await vpcs()).toEqual([]);
  });
});
