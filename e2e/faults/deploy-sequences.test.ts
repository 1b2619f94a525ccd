import { DeleteVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultyEndpoint, type SeenCall } from '@platform/e2e/fixtures/faulty-endpoint';
import { processesIn } from '@platform/e2e/fixtures/processes-in';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { deployEstate } from '@platform/tools/actions/deploy/deploy-estate';
import { planEstate } from '@platform/tools/actions/plan/plan-estate';
import { restoreState } from '@platform/tools/actions/state/restore-state';
import * as decisions from '@platform/tools/model/decide-deploy';
import type { PlanJson } from '@platform/tools/model/plan';
import { parseState } from '@platform/tools/model/state';
import { objectsOf } from '@platform/tools/model/destroyed-objects';
import { runSequence, type Result, type Step } from '@platform/tools/model/testing/modelled-deploys';
import { chooseStacks } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { openSession } from '@platform/tools/session/open-session';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Some of the sequences that `tools/model/deploy-sequences.test.ts` tries on a model, on the real Terraform and moto:
 * `region-us/net` has up to two VPCs, and reads `region-us/topic`, whose value becomes their tag. What the model expects is
 * compared up to the first step of which the model knows less than Terraform. A sequence that fails is repeated by the seed
 * in its title: `SEQUENCE_SEED=<seed> SEQUENCES=1 npx jest e2e/faults/deploy-sequences`. One takes half a minute.
 *
 * @long
 */
jest.setTimeout(600_000);

const firstSeed = Number(process.env['SEQUENCE_SEED'] ?? 1300);
const count = Number(process.env['SEQUENCES'] ?? 20);

const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
const Bucket = 'example-prod-terraform-state-us';
const Key = 'region-us-net/terraform.tfstate';

type Machine = 0 | 1;
/**
 * `kill`: the number of the writing call at which a deploy is killed, with its Terraform, or the first that creates a VPC. On
 * machine 0 only: its folder is the one that the command line works in.
 */
type RealStep =
  | Extract<Step, { do: 'change configuration' | 'plan' | 'destroy' | 'restore' }>
  | { readonly do: 'move upstream'; readonly value: number }
  | {
      readonly do: 'deploy';
      readonly machine: Machine;
      readonly kill: { at: number | 'create'; what: 'call' | 'answer' } | undefined;
    }
  /** A person deletes what no state has, and accepts that. */
  | { readonly do: 'answer'; readonly machine: Machine };

const machine = fc.constantFrom<Machine>(0, 1);
const small = fc.integer({ min: 0, max: 1 });
const change = fc.record({
  do: fc.constant('change configuration' as const),
  machine,
  address: fc.constantFrom('aws_vpc.A', 'aws_vpc.B'),
  key: fc.option(small, { freq: 4, nil: undefined }),
  value: fc.oneof(small, fc.constant('upstream' as const)),
  createFirst: fc.constant(false),
});
const plan = fc.record({ do: fc.constant('plan' as const), machine, upstream: fc.constant(undefined) });
/** The deploy of one VPC writes six times. */
const kill = fc.record({
  at: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant('create' as const)),
  what: fc.constantFrom('call' as const, 'answer' as const),
});
const deploy = fc.record({
  do: fc.constant('deploy' as const),
  machine,
  kill: fc.option(kill, { freq: 3, nil: undefined }),
});
/** What people do after a deploy that was killed. */
const again = fc.constant({ do: 'deploy' as const, kill: undefined });
const episode = machine.chain((which) =>
  fc
    .tuple(
      fc.array(change, { minLength: 1, maxLength: 2 }),
      plan,
      deploy,
      fc.option(again, { freq: 3, nil: undefined }),
    )
    .map(([changes, planned, first, repeated]): RealStep[] =>
      [...changes, planned, first, ...(repeated ? [repeated] : [])].map((each) => ({ ...each, machine: which })),
    ),
);
const other: fc.Arbitrary<RealStep> = fc.oneof(
  { weight: 4, arbitrary: deploy },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), machine }) },
  { weight: 1, arbitrary: plan },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('destroy' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move upstream' as const), value: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), version: fc.nat(2) }) },
);
const sequence = fc
  .tuple(
    episode,
    fc.array(other, { minLength: 1, maxLength: 2 }),
    episode,
    fc.array(other, { minLength: 1, maxLength: 2 }),
  )
  .map((parts) => parts.flat());

interface Wanted {
  readonly key: number;
  readonly value: number | 'upstream';
}

interface Vpc {
  readonly id: string;
  readonly address: string;
  readonly key: number;
  readonly value: string;
}

const arnOf = (value: number) => `arn:aws:sns:us-east-1:111111111111:${value}`;
const rangeOf = (address: string, key: number) => `10.${address === 'aws_vpc.A' ? 1 : 2}${key}.0.0/16`;

withEmulator('moto', (emulator) => {
  let root: string;
  let faulty: FaultyEndpoint;
  let s3: S3Client;
  let ec2: EC2Client;
  let wanted: [Map<string, Wanted>, Map<string, Wanted>];
  let accepts: [boolean, boolean];
  let upstream: number;
  /** VPCs of which a person knows that no state has them. */
  let known: Set<string>;
  /** The plan by which each VPC was made. */
  let makers: Map<string, string>;

  beforeAll(async () => {
    root = smallWorkspace(findRoot(__dirname));
    faulty = await FaultyEndpoint.before(emulator());
    const place = { region: 'us-east-1', endpoint: emulator().endpoint, credentials };
    s3 = new S3Client({ ...place, forcePathStyle: true });
    ec2 = new EC2Client(place);
    const folder = join(root, 'region-us', 'net');
    mkdirSync(folder);
    const main = readFileSync(join(root, 'region-us', 'topic', 'main.ts'), 'utf8');
    writeFileSync(join(folder, 'main.ts'), main.replaceAll('TopicStack', 'NetStack'));
    const contract = readFileSync(join(root, 'region-us', 'topic', 'contract.ts'), 'utf8');
    writeFileSync(join(folder, 'contract.ts'), contract.replaceAll('topic', 'net'));
  });
  afterAll(async () => {
    await faulty?.stop();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await fetch(`${emulator().endpoint}/moto-api/reset`, { method: 'POST' });
    await makeStateBuckets(emulator());
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    wanted = [new Map(), new Map()];
    accepts = [false, false];
    known = new Set();
    makers = new Map();
    await moveUpstream(0);
  });

  /** The code of a machine: two checkouts are this workspace at two times. */
  function write(which: Machine): void {
    const vpcs = [...wanted[which]].map(([address, { key, value }]) => {
      const tag = value === 'upstream' ? 'arn' : `'${value}'`;
      return `    new Vpc(this, '${address.slice(-1)}', { cidrBlock: '${rangeOf(address, key)}', tags: { Value: ${tag} } });`;
    });
    const lines = [
      `import { Vpc } from '@cdktf/provider-aws/lib/vpc';`,
      `import type { Construct } from 'constructs';`,
      `import type { Environment } from '@platform/libs/settings/environment';`,
      `import { EstateStack } from '@platform/libs/stack/estate-stack';`,
      `import { contract as topic } from '../topic/contract';`,
      `import { contract } from './contract';`,
      `import { region } from '../region';`,
      `export class NetStack extends EstateStack {`,
      `  constructor(scope: Construct, environment: Environment) {`,
      `    super(scope, { environment, contract, region, account: 'workload' });`,
      `    const { arn } = this.read(topic);`,
      ...vpcs,
      `    this.publish(contract, { arn: 'constant' });`,
      `  }`,
      `}`,
    ];
    writeFileSync(join(root, 'region-us', 'net', 'stack.ts'), `${lines.join('\n')}\n`);
  }

  const folderOf = (which: Machine) => join(root, 'dist', which === 0 ? 'live/emulator/prod' : 'other');
  const stackFolder = (which: Machine) => join(folderOf(which), 'region-us-net');

  async function inSession<T>(which: Machine, work: (session: LiveSession) => Promise<T>): Promise<T> {
    write(which);
    const session = await openSession({
      root,
      target: 'emulator',
      emulator: { ...emulator(), endpoint: faulty.endpoint },
      folder: folderOf(which),
      lockTimeoutSec: 0,
    });
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }

  async function moveUpstream(value: number): Promise<void> {
    upstream = value;
    const arn = { value: arnOf(value), type: 'string' };
    const Body = JSON.stringify({ version: 4, lineage: 'topic', serial: 1, outputs: { arn }, resources: [] });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'region-us-topic/terraform.tfstate', Body }));
  }

  async function vpcs(): Promise<Vpc[]> {
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    return Vpcs.filter(({ IsDefault }) => !IsDefault).map(({ VpcId, CidrBlock, Tags = [] }) => ({
      id: VpcId!,
      address: CidrBlock!.startsWith('10.1') ? 'aws_vpc.A' : 'aws_vpc.B',
      key: Number(CidrBlock!.split('.')[1]!.slice(1)),
      value: Tags.find(({ Key: name }) => name === 'Value')?.Value ?? '',
    }));
  }

  /** Versions of the state, the newest first. */
  async function versions(): Promise<{ id: string; text: string }[]> {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    return Promise.all(
      Versions.filter((each) => each.Key === Key).map(async ({ VersionId }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId: VersionId! }));
        return { id: VersionId!, text: await Body!.transformToString() };
      }),
    );
  }

  async function recorded(): Promise<Set<string>> {
    const state = parseState((await versions())[0]?.text ?? '');
    return new Set(state ? objectsOf(state).map(({ id }) => id!) : []);
  }

  async function knowWhatIsLeft(): Promise<void> {
    const there = await recorded();
    for (const { id } of await vpcs()) if (!there.has(id)) known.add(id);
  }

  /** What a deploy has changed, and was allowed to: the plan in the machine's folder showed it. */
  function assertShown(before: readonly Vpc[], after: readonly Vpc[], shown: string | undefined, result: Result): void {
    const changes = shown === undefined ? [] : ((JSON.parse(shown) as PlanJson).resource_changes ?? []);
    const showed = (address: string, action: string, of: Partial<Vpc>) =>
      changes.some(({ address: name, change: { actions, before: was, after: is } }) => {
        const [old, planned] = [
          was as { id?: string } | null,
          is as { cidr_block?: string; tags?: { Value?: string } } | null,
        ];
        if (name !== address || !actions.includes(action)) return false;
        if (action !== 'create' && old?.id !== of.id) return false;
        if (action === 'delete') return true;
        return planned?.cidr_block === rangeOf(address, of.key!) && planned.tags?.Value === of.value;
      });
    const old = new Map(before.map((each) => [each.id, each]));
    const present = new Set(after.map(({ id }) => id));
    for (const each of after.filter(({ id }) => !old.has(id))) {
      if (!showed(each.address, 'create', each)) throw new Error(`created, and not shown: ${JSON.stringify(each)}`);
      makers.set(each.id, shown!);
    }
    for (const each of before.filter(({ id }) => !present.has(id))) {
      const isOwnPart = makers.get(each.id) === shown;
      if (!isOwnPart && !showed(each.address, 'delete', each)) {
        throw new Error(`deleted, and not shown: ${JSON.stringify(each)}`);
      }
    }
    for (const each of after) {
      const was = old.get(each.id);
      if (was && was.value !== each.value && !showed(each.address, 'update', each)) {
        throw new Error(`changed, and not shown: ${JSON.stringify([was, each])}`);
      }
    }
    if (result === 'refused' || result === 'untouched') expect(after).toEqual(before);
  }

  /** Exit 0: what exists is what the code says. */
  async function assertFine(which: Machine, after: readonly Vpc[]): Promise<void> {
    const there = await recorded();
    const found = after.filter(({ id }) => there.has(id) || !known.has(id));
    const text = (each: { address: string; key: number; value: string | number }) =>
      `${each.address} ${each.key} ${each.value}`;
    const should = [...wanted[which]].map(([address, { key, value }]) =>
      text({ address, key, value: value === 'upstream' ? arnOf(upstream) : value }),
    );
    expect(found.map(text).sort()).toEqual(should.sort());
  }

  async function assertVersionsKept(before: readonly { id: string; text: string }[]): Promise<void> {
    const after = await versions();
    expect(after.slice(after.length - before.length)).toEqual(before);
    const serials = after.map(({ text }) => parseState(text)!).map(({ lineage, serial }) => ({ lineage, serial }));
    for (const [index, { lineage, serial }] of serials.entries()) {
      const older = serials[index + 1];
      if (older) expect([lineage, serial > older.serial]).toEqual([older.lineage, true]);
    }
  }

  const isWrite = ({ line, body }: SeenCall) =>
    line.startsWith(`PUT /${Bucket}/region-us-net/`) ||
    /Action=(CreateVpc|DeleteVpc|CreateTags|DeleteTags)&/.test(body);
  const isCreation = ({ body }: SeenCall) => body.includes('Action=CreateVpc&');

  /** Nothing where the deploy was killed. */
  async function deployed(step: Extract<RealStep, { do: 'deploy' }>): Promise<Result | 'killed'> {
    const unrecorded = accepts[step.machine];
    if (!step.kill || step.machine === 1) {
      return inSession(step.machine, async (session) => {
        const chosen = await chooseStacks(session, ['region-us/net']);
        const [stack] = await deployEstate(session, { ...chosen, planCommand: () => 'plan', unrecorded });
        return stack!.result as Result;
      });
    }
    write(step.machine);
    let writes = 0;
    const { at, what } = step.kill;
    const held = faulty.hold(what, (call) => (at === 'create' ? isCreation(call) : isWrite(call) && writes++ === at));
    const flags = unrecorded ? ['--accept-unrecorded'] : [];
    const run = startCli(root, ['deploy', 'region-us/net', '-c', 'prod', '--json', ...flags], {
      PLATFORM_TARGET: 'emulator',
      AWS_ENDPOINT_URL: faulty.endpoint,
    });
    const isHeld = await Promise.race([held.came.then(() => true), run.ended.then(() => false)]);
    if (isHeld) {
      const all = processesIn(root);
      for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const each of all) process.kill(each, signal);
    }
    const { stdout } = await run.ended;
    held.release();
    faulty.hold('call', () => false);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: `${Key}.tflock` }));
    if (isHeld) return 'killed';
    return (JSON.parse(stdout) as { result: Result }[])[0]!.result;
  }

  async function run(step: RealStep): Promise<Result | 'killed' | undefined> {
    switch (step.do) {
      case 'change configuration':
        if (step.key === undefined) wanted[step.machine].delete(step.address);
        else wanted[step.machine].set(step.address, { key: step.key, value: step.value });
        return undefined;
      case 'plan':
        await inSession(step.machine, (session) => planEstate(session, ['region-us/net']));
        return undefined;
      case 'deploy': {
        const [before, states] = [await vpcs(), await versions()];
        const file = join(stackFolder(step.machine), 'plan.json');
        const shown = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
        const result = await deployed(step);
        accepts = [false, false];
        const after = await vpcs();
        assertShown(before, after, shown, result === 'killed' ? 'failed' : result);
        await assertVersionsKept(states);
        if (result === 'applied' || result === 'untouched') await assertFine(step.machine, after);
        return result;
      }
      case 'destroy': {
        const states = await versions();
        write(0);
        const args = ['destroy', 'region-us/net', '-c', 'prod', '--confirm', 'prod'];
        await startCli(root, args, { PLATFORM_TARGET: 'emulator', AWS_ENDPOINT_URL: faulty.endpoint }).ended;
        await assertVersionsKept(states);
        return undefined;
      }
      case 'move upstream':
        return void (await moveUpstream(step.value));
      case 'restore': {
        const states = await versions();
        const version = states[step.version];
        if (!version) return undefined;
        await inSession(0, (session) =>
          restoreState({ session, stack: 'region-us-net', versionId: version.id, dryRun: false }),
        );
        await assertVersionsKept(states);
        await knowWhatIsLeft();
        return undefined;
      }
      case 'answer': {
        const there = await recorded();
        for (const { id } of await vpcs()) {
          if (!there.has(id) && !known.has(id)) await ec2.send(new DeleteVpcCommand({ VpcId: id }));
        }
        accepts[step.machine] = true;
        return undefined;
      }
    }
  }

  /** What the model says of the deploys, up to the first step that it does not know as Terraform does. */
  function expected(steps: readonly RealStep[]): Result[] {
    const end = steps.findIndex(
      (step) =>
        step.do === 'restore' || step.do === 'answer' || (step.do === 'deploy' && step.kill && step.machine === 0),
    );
    const accepted = { unreviewed: false, includeStateful: true, replace: true };
    const modelled = (end === -1 ? steps : steps.slice(0, end)).map((step) =>
      step.do === 'deploy' ? { ...step, interruption: undefined, meanwhile: undefined, accepted } : step,
    );
    return runSequence(modelled as Step[], decisions);
  }

  const ran: string[] = [];
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
  test.each(seeds)('sequence of seed %i', async (seed) => {
    const [steps] = fc.sample(sequence, { seed, numRuns: 1 });
    const results: (Result | 'killed')[] = [];
    try {
      for (const step of steps!) {
        const result = await run(step);
        if (result) results.push(result);
      }
      const should = expected(steps!);
      expect(results.slice(0, should.length)).toEqual(should);
    } catch (error) {
      const text = steps!.map((step) => JSON.stringify(step)).join('\n');
      throw new Error(`seed ${seed}, after ${results.join(', ')}:\n${text}`, { cause: error });
    }
    ran.push(...results);
  });

  test('the sequences come to every end', () => {
    if (count >= 20) expect(new Set(ran)).toEqual(new Set(['applied', 'untouched', 'refused', 'killed']));
  });
});
