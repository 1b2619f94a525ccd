import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { processesIn } from '@platform/e2e/fixtures/processes-in';
import { startEmulator } from '@platform/tools/emulator/start-emulator';
import { FaultyEndpoint, type SeenCall } from '@platform/e2e/fixtures/faulty-endpoint';
import { addNames, smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli, startNx, type CommandResult, type RunningCommand } from '@platform/e2e/fixtures/start-cli';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';
import type { KeptConfiguration } from '@platform/tools/aws/state-store';
import type { TerraformState } from '@platform/tools/model/state';

/*
 * Every command is a process of its own, as people start it: what they do to it is done to all of it. Waits for Terraform
 * and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
/** A provider that is not there: a plan or an apply that used it would fail. */
const elsewhere = {
  Protocol: 'grpc',
  ProtocolVersion: 5,
  Pid: 1,
  Test: true,
  Addr: { Network: 'unix', String: '/nowhere/provider.sock' },
};
const TF_REATTACH_PROVIDERS = JSON.stringify({ 'registry.terraform.io/hashicorp/aws': elsewhere });
const Bucket = 'example-prod-terraform-state-us';
const Key = 'region-us-topic/terraform.tfstate';

withEmulator('moto', (emulator) => {
  let root: string;
  let faulty: FaultyEndpoint;
  let s3: S3Client;
  beforeAll(async () => {
    root = smallWorkspace(findRoot(__dirname));
    addNames(root);
    faulty = await FaultyEndpoint.before(emulator());
    s3 = new S3Client({ region: 'us-east-1', endpoint: emulator().endpoint, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(async () => {
    await faulty?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const onEmulator = () => ({
    PLATFORM_TARGET: 'emulator',
    PLATFORM_ENVIRONMENT: 'prod',
    AWS_ENDPOINT_URL: faulty.endpoint,
    TF_REATTACH_PROVIDERS,
  });
  const start = (args: string[], at = root) => startCli(at, args, onEmulator());
  const cli = (...args: string[]) => start(args).ended;
  const startDeploy = (at?: string) => start(['deploy', 'region-us/topic', '--lock-timeout', '30'], at);
  const deploy = (...args: string[]) => cli('deploy', 'region-us/topic', '--lock-timeout', '0', '--json', ...args);
  const folder = () => join(root, 'dist', 'live', 'emulator', 'prod', 'region-us-topic');

  /** A topic and then a parameter, both with this text: an apply of two steps. */
  function change(text: string, at = root): void {
    const file = join(at, 'region-us', 'topic', 'stack.ts');
    const imports = `import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';\n`;
    const stack = readFileSync(file, 'utf8')
      .replace(imports, '')
      .replace(/displayName: '.*?'/, `displayName: '${text}'`)
      .replace(/\n.*new SsmParameter.*/, '')
      .replace(
        /(\n.*new SnsTopic.*)/,
        `$1\n    new SsmParameter(this, 'After', { name: '/after', type: 'String', value: '${text}', dependsOn: [topic] });`,
      );
    writeFileSync(file, imports + stack);
  }

  async function plan(text: string): Promise<void> {
    change(text);
    const { code, stderr } = await cli('plan', 'region-us/topic');
    expect({ code, stderr }).toMatchObject({ code: 0 });
  }

  const gitIn =
    (cwd: string) =>
    (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd });

  /** A clone of the workspace that Nx works in. */
  function cloneWithNx(home: string, name: string): string {
    const clone = join(home, name);
    cpSync(root, clone, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== 'dist' });
    // Nx follows no links.
    for (const name of ['libs', 'tools', 'e2e', 'package.json', 'tsconfig.base.json', 'nx.json', '.gitignore']) {
      rmSync(join(clone, name), { force: true });
      cpSync(join(findRoot(__dirname), name), join(clone, name), { recursive: true });
    }
    const git = gitIn(clone);
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message=before');
    return clone;
  }

  const resultOf = (ran: CommandResult) => {
    expect(ran).toMatchObject({ stdout: expect.stringMatching(/^\[[^]*\]\n$/) });
    return (JSON.parse(ran.stdout) as { result: string; messages: string[] }[])[0] ?? { result: 'none', messages: [] };
  };
  const readState = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return Body!.transformToString();
  };
  const writeState = (Body: string, key = Key) => s3.send(new PutObjectCommand({ Bucket, Key: key, Body }));
  /** The code of the topic as it is kept beside the state. */
  const keptCode = async (name: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `region-us-topic/${name}` }));
    const { files } = JSON.parse(gunzipSync(await Body!.transformToByteArray()).toString()) as KeptConfiguration;
    return Buffer.from(files['cdk.tf.json']!, 'base64').toString();
  };
  /** The texts as the state has them. */
  async function remembered(): Promise<unknown[]> {
    const state = JSON.parse(await readState()) as TerraformState;
    const values = (state.resources ?? []).map(({ instances }) => instances![0]!.attributes as Record<string, unknown>);
    return values.map(({ display_name, value }) => display_name ?? value);
  }
  /** The texts as they really are. */
  async function real(): Promise<unknown[]> {
    const call = async (service: string, headers: Record<string, string>, body: string) => {
      const scope = `Credential=emulator/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
      const answer = await fetch(emulator().endpoint, {
        method: 'POST',
        headers: { Authorization: `AWS4-HMAC-SHA256 ${scope}`, ...headers },
        body,
      });
      return answer.text();
    };
    const topic = await call(
      'sns',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      'Action=GetTopicAttributes&Version=2010-03-31&TopicArn=arn:aws:sns:us-east-1:123456789012:topic',
    );
    const parameter = await call(
      'ssm',
      { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AmazonSSM.GetParameter' },
      JSON.stringify({ Name: '/after' }),
    );
    const { Parameter } = JSON.parse(parameter) as { Parameter?: { Value: string } };
    return [/<key>DisplayName<\/key>\s*<value>(.*?)<\/value>/.exec(topic)?.[1], Parameter?.Value];
  }
  const setsParameter = ({ headers }: SeenCall) => headers['x-amz-target'] === 'AmazonSSM.PutParameter';
  const writesState = ({ line }: SeenCall) => /^PUT .*terraform\.tfstate\?/.test(line);
  const setsTopic = ({ body }: SeenCall) => /Action=(CreateTopic|SetTopicAttributes)/.test(body);

  /** A command dies at once with all that works in its workspace, as with the machine. */
  function killAll(at = root): void {
    const all = processesIn(at);
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const each of all) process.kill(each, signal);
  }

  /** The lock that a dead run has left is named with what to do, and released by just that. */
  async function unlock(): Promise<void> {
    const refused = resultOf(await deploy());
    expect(refused.result).toBe('failed');
    const said = refused.messages.join('\n');
    expect(said).toMatch(
      /region-us-topic: terraform \w+( \w+)? failed: the state is locked by \S+@\S+ since \d{4}-.*; wait until/,
    );
    const [, id] = /npx platform state unlock region-us-topic (\S+) --target emulator -c prod/.exec(said)!;
    expect(await cli('state', 'unlock', 'region-us/topic', id!)).toMatchObject({ code: 0 });
  }

  test('two deploys of a stack at once: one applies, the other finds it done', async () => {
    await plan('one');
    const runs = await Promise.all([deploy('--lock-timeout', '60'), deploy('--lock-timeout', '60')]);
    expect(runs.map((run) => resultOf(run).result).sort()).toEqual(['applied', 'untouched']);
    expect(await real()).toEqual(['one', 'one']);
    expect(faulty.seen.filter(({ body }) => /Action=CreateTopic/.test(body))).toHaveLength(1);
  });

  describe('a reviewed plan', () => {
    const refused = async () => {
      const run = await deploy();
      expect(run.code).toBe(1);
      expect(resultOf(run).result).toBe('refused');
      return resultOf(run).messages.join('\n');
    };
    beforeAll(() => plan('two'));
    afterEach(async () => expect(await real()).toEqual(['one', 'one']));

    test('is refused after the configuration was changed', async () => {
      change('three');
      expect(await refused()).toMatch(
        /^region-us-topic: configuration: cdk\.tf\.json was changed since the plan was made; plan region-us-topic again\nplan it again: npx platform plan region-us\/topic --target emulator -c prod$/,
      );
      change('two');
    });

    test('is refused after the configuration in its folder was changed', async () => {
      const file = join(folder(), 'cdk.tf.json');
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, before.replaceAll('two', 'six'));
      expect(await refused()).toContain("the stack's folder: cdk.tf.json was changed since the plan was made");
      writeFileSync(file, before);
    });

    test('is refused after one byte of its file was changed', async () => {
      const file = join(folder(), 'plan.tfplan');
      const bytes = readFileSync(file);
      const edited = Buffer.from(bytes);
      edited[edited.length - 1]! ^= 1;
      writeFileSync(file, edited);
      expect(await refused()).toContain('plan file: plan.tfplan was changed since the plan was made');
      writeFileSync(file, bytes);
    });

    test('is refused after a crash has cut its record short', async () => {
      const file = join(folder(), 'plan-record.json');
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, '{');
      expect(await refused()).toBe(
        'region-us-topic: plan-record.json is cut short, as by a machine that died\nplan it again: npx platform plan region-us/topic --target emulator -c prod',
      );
      writeFileSync(file, before);
    });

    test('is refused after the state was changed', async () => {
      const before = await readState();
      const state = JSON.parse(before) as TerraformState;
      await writeState(JSON.stringify({ ...state, serial: state.serial + 1 }));
      expect(await refused()).toMatch(/state: it was changed since the plan was made \(serial \d+ instead of \d+\)/);
      await writeState(before);
    });

    test('waits for the lock of another run, then names its owner, its time and what to do', async () => {
      const lock = {
        ID: '11111111-2222-3333-4444-555555555555',
        Operation: 'OperationTypeApply',
        Info: '',
        Who: 'somebody@elsewhere',
        Version: '1.11.4',
        Created: '2026-01-02T03:04:05.000000000Z',
        Path: `${Bucket}/${Key}`,
      };
      await writeState(JSON.stringify(lock), `${Key}.tflock`);
      const run = await deploy();
      expect(resultOf(run)).toMatchObject({ result: 'failed' });
      expect(resultOf(run).messages.join('\n')).toMatch(
        /^region-us-topic: terraform apply failed: the state is locked by somebody@elsewhere since 2026-01-02 03:04:05 .*; wait until that run has ended; if it has died, make sure of that, then release the lock: npx platform state unlock region-us-topic 11111111-2222-3333-4444-555555555555 --target emulator -c prod/,
      );
      expect(await cli('state', 'unlock', 'region-us/topic', lock.ID)).toMatchObject({ code: 0 });
    });
  });

  test('kill -9 in the middle of an apply, with files of other times: Terraform writes its state, the next deploy does the rest', async () => {
    for (const [index, name] of readdirSync(folder()).entries()) {
      const time = index % 2 === 0 ? 0 : 4_000_000_000;
      utimesSync(join(folder(), name), time, time);
    }
    const held = faulty.hold('answer', setsTopic);
    const run = startDeploy();
    await held.came;
    run.child.kill('SIGKILL');
    await run.ended;
    held.release();
    const next = await startDeploy().ended;
    expect(next.stderr).toContain('region-us-topic: an apply of it began and did not end; planning it');
    expect(next).toMatchObject({ code: 0 });
    expect(await remembered()).toEqual(['two', 'two']);
    expect(await real()).toEqual(['two', 'two']);
  });

  test('the machine dies in the middle of an apply: the lock is released by hand, and the next deploy does the rest', async () => {
    await plan('three');
    const held = faulty.hold('answer', setsTopic);
    const run = startDeploy();
    await held.came;
    killAll();
    await run.ended;
    held.release();
    expect(await remembered()).toEqual(['two', 'two']);
    expect(await keptCode('begun-configuration.json.gz')).toContain('"three"');
    await unlock();
    expect(resultOf(await deploy())).toMatchObject({ result: 'applied', messages: [] });
    expect(await remembered()).toEqual(['three', 'three']);
    expect(await real()).toEqual(['three', 'three']);
    expect(await keptCode('configuration.json.gz')).toContain('"three"');
  });

  test('the emulator is away in the middle of an apply: what was made is kept on this machine, and written when it is back', async () => {
    await plan('four');
    const held = faulty.hold('answer', setsParameter);
    const run = start(['deploy', 'region-us/topic', '--json']);
    await held.came;
    faulty.unreachable = true;
    held.release();
    const failed = await run.ended;
    expect(resultOf(failed).result).toBe('failed');
    expect(resultOf(failed).messages.join('\n')).toContain('what was changed is not in the state');
    expect(existsSync(join(folder(), 'errored.tfstate'))).toBe(true);

    const away = await deploy();
    expect(away).toMatchObject({ code: 2, stdout: '' });
    expect(away.stderr).toMatch(
      /^AWS_ENDPOINT_URL: nothing answers at \S+; start the emulator, or unset the variable\n$/,
    );

    faulty.unreachable = false;
    await unlock();
    const next = await deploy();
    expect(next.stderr).toContain('an earlier apply could not write its state; writing it now');
    expect(resultOf(next)).toMatchObject({ messages: [] });
    expect(await remembered()).toEqual(['four', 'four']);
    expect(await real()).toEqual(['four', 'four']);
  });

  test('a configuration that cannot be kept beside the state: the deploy fails, and the next one keeps it', async () => {
    const before = { real: await real(), kept: await keptCode('configuration.json.gz') };
    faulty.refuse({ matches: ({ line }) => /^PUT .*configuration\.json\.gz/.test(line), status: 403, body: '' });
    await plan('none');
    expect(resultOf(await deploy())).toMatchObject({ result: 'failed' });
    expect(await real()).toEqual(before.real);
    faulty.refuse({ matches: ({ line }) => /^PUT .*\/configuration\.json\.gz/.test(line), status: 403, body: '' });
    expect(resultOf(await deploy())).toMatchObject({ result: 'failed' });
    expect(await keptCode('configuration.json.gz')).toBe(before.kept);
    faulty.refuse();
    expect(resultOf(await deploy())).toMatchObject({ result: 'applied', messages: [] });
    expect(await keptCode('configuration.json.gz')).toContain('"none"');
    expect(await real()).toEqual(['none', 'none']);
  });

  test('Ctrl-C: Terraform is told, writes its state and leaves, and the next deploy does the rest', async () => {
    await plan('five');
    const held = faulty.hold('answer', setsTopic);
    const run = startDeploy();
    await held.came;
    run.child.kill('SIGINT');
    const { code, stderr } = await run.ended;
    held.release();
    expect(code).toBe(130);
    expect(stderr).toContain('SIGINT: stopping Terraform. It completes the current calls, writes the state');
    expect(stderr).toContain('A second Ctrl-C makes Terraform exit at once: resources that AWS is creating can');
    expect(resultOf(await deploy())).toMatchObject({ result: 'applied', messages: [] });
    expect(await remembered()).toEqual(['five', 'five']);
    expect(await real()).toEqual(['five', 'five']);
  });

  test('Ctrl-C twice: what that can lose is said, and the next deploy finds it', async () => {
    await plan('six');
    const before = await remembered();
    const held = faulty.hold('call', writesState);
    const run = startDeploy();
    await held.came;
    run.child.kill('SIGINT');
    await run.says('SIGINT: stopping Terraform');
    // What npm and Nx pass on of one Ctrl-C comes within this time, and is not a second one.
    await delay(1600);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.ended;
    held.release();
    expect(code).toBe(130);
    expect(stderr).toContain('Terraform exits at once: resources that AWS is creating can be missing');
    expect(await remembered()).toEqual(before);
    await unlock();
    expect(resultOf(await deploy())).toMatchObject({ messages: [] });
    expect(await remembered()).toEqual(['six', 'six']);
    expect(await real()).toEqual(['six', 'six']);
  });

  describe('an emulator that is frozen in the middle of an apply', () => {
    const freeze = () => process.kill(emulator().pid, 'SIGSTOP');
    const thaw = () => process.kill(emulator().pid, 'SIGCONT');
    afterEach(thaw);

    /** A deploy whose call to change the topic was sent to the frozen emulator. */
    async function startFrozen(text: string): Promise<RunningCommand> {
      await plan(text);
      const held = faulty.hold('call', setsTopic);
      const run = startDeploy();
      await held.came;
      freeze();
      held.release();
      return run;
    }

    test('for a while: the deploy goes on', async () => {
      const run = await startFrozen('fourteen');
      await delay(3000);
      expect(run.child.exitCode).toBeNull();
      thaw();
      const { code, stderr } = await run.ended;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(await remembered()).toEqual(['fourteen', 'fourteen']);
      expect(await real()).toEqual(['fourteen', 'fourteen']);
    });

    test('for good: nobody waits after a second Ctrl-C, others are told that nobody answers, and the next deploy does the rest', async () => {
      const run = await startFrozen('fifteen');
      run.child.kill('SIGINT');
      await run.says('SIGINT: stopping Terraform');
      await delay(1600);
      run.child.kill('SIGINT');
      expect((await run.ended).code).toBe(130);
      const away = await deploy();
      expect(away).toMatchObject({ code: 2, stderr: expect.stringContaining('AWS_ENDPOINT_URL: nothing answers at') });
      thaw();
      await unlock();
      expect(resultOf(await deploy())).toMatchObject({ messages: [] });
      expect(await remembered()).toEqual(['fifteen', 'fifteen']);
      expect(await real()).toEqual(['fifteen', 'fifteen']);
    });
  });

  test('a network that fails for a moment: the state is asked for again, and so is what Terraform only reads', async () => {
    const fails = async (matches: (call: SeenCall) => boolean, said: string) => {
      const held = faulty.hold('call', matches);
      await held.came;
      faulty.unreachable = true;
      held.release();
      await run.says(said);
      faulty.unreachable = false;
    };
    const readsState = ({ line }: SeenCall) => line.startsWith(`GET /${Bucket}/${Key}`);
    const readsTopic = ({ body }: SeenCall) => body.includes('Action=GetTopicAttributes');
    const run = start(['drift', 'region-us/topic', '--json']);
    await fails(readsState, 'trying again in 1 s');
    await fails(readsTopic, 'region-us-topic: an endpoint cannot be reached; trying again in 1 s');
    const { code, stdout } = await run.ended;
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toMatchObject([
      { stack: 'region-us-topic', deployed: true, drift: [], operational: [] },
    ]);
  });

  test('work on a stack asks nothing of a state that it does not read: another region may be lost', () => {
    const states = faulty.seen.filter(({ line }) => line.includes('terraform-state')).map(({ line }) => line);
    expect(states.length).toBeGreaterThan(0);
    // Terraform lists the workspaces in the bucket that it works with; a stack without a state has its old versions listed.
    const own = [
      `/${Bucket}/region-us-topic/`,
      `GET /${Bucket}?list-type=2&`,
      `GET /${Bucket}/?prefix=region-us-topic%2Fterraform.tfstate&versions=`,
    ];
    expect(states.filter((line) => !own.some((part) => line.includes(part)))).toEqual([]);
  });

  describe('a clone with Nx', () => {
    let home: string;
    let clone: string;
    beforeAll(() => {
      home = realpathSync(mkdtempSync(join(tmpdir(), 'clone-')));
      clone = cloneWithNx(home, 'clone');
    });
    afterAll(() => {
      killAll(home);
      rmSync(home, { recursive: true });
    });

    // Nx kills what its tasks have started, leaf by leaf, and after 5 s the tasks.
    test.each([
      ['SIGINT', 'eleven'],
      ['SIGTERM', 'twelve'],
    ] as const)('%s: Nx is gone after 5 s, and Terraform has what it needs to end well', async (signal, text) => {
      change(text, clone);
      const planned = await start(['plan', 'region-us/topic'], clone).ended;
      expect(planned).toMatchObject({ code: 0 });
      const held = faulty.hold('answer', setsParameter);
      const run = startNx(clone, ['run', 'region-us-topic:deploy'], onEmulator());
      const early = run.ended.then(({ stdout, stderr }) => Promise.reject(new Error(stdout + stderr)));
      await Promise.race([held.came, early]);
      const late = faulty.hold('call', writesState);
      process.kill(-run.child.pid!, signal);
      await late.came;
      const { code, stdout, stderr } = await run.ended;
      // It has had its time, and Terraform goes on.
      expect({ code, stdout, stderr }).toMatchObject({ code: 130 });
      expect(processesIn(clone).length).toBeGreaterThan(0);
      const log = join(clone, 'dist/live/emulator/prod/region-us-topic/terraform.log');
      expect(stdout + stderr).toContain('npx platform state where');
      const where = () => start(['state', 'where', 'region-us/topic'], clone).ended;
      expect((await where()).stdout).toContain(', locked by ');
      late.release();
      for (let waited = 0; waited < 300 && processesIn(clone).length > 0; waited++) await delay(100);
      expect(processesIn(clone)).toEqual([]);
      expect((await where()).stdout).not.toContain(', locked by ');
      expect(readFileSync(log, 'utf8')).toContain('Interrupt received');
      expect(readFileSync(log, 'utf8')).not.toContain('Plugin did not respond');
      held.release();
      expect(await remembered()).toEqual([text, text]);
      expect(await real()).toEqual([text, text]);
      const next = await start(['deploy', 'region-us/topic', '--json', '--lock-timeout', '0'], clone).ended;
      expect(resultOf(next)).toMatchObject({ messages: [] });
    });
  });

  test('two people deploy from two clones with Nx: one applies, the other is refused, nothing is made twice; a clean clone deploys what reads it', async () => {
    const home = mkdtempSync(join(tmpdir(), 'clones-'));
    const clones = ['seven', 'eight'].map((text) => {
      const clone = cloneWithNx(home, text);
      change(text, clone);
      gitIn(clone)('commit', '--quiet', '--all', '--message=after');
      return clone;
    });
    try {
      const plans = clones.map((clone) => start(['plan', 'region-us/topic', 'global/reader'], clone).ended);
      for (const { code, stderr } of await Promise.all(plans)) expect({ code, stderr }).toMatchObject({ code: 0 });
      const runs = await Promise.all(
        clones.map((clone) => startNx(clone, ['affected', '-t', 'deploy', '--base=HEAD~1'], onEmulator()).ended),
      );
      const said = runs.map(({ stdout, stderr }) => stdout + stderr);
      expect({ codes: runs.map(({ code }) => code).sort(), said }).toMatchObject({ codes: [0, 1] });
      const winner = runs.findIndex(({ code }) => code === 0);
      expect(said[winner]).toMatch(/2 applied/);
      expect(said[1 - winner]).toMatch(
        /the state has changed since the plan was made|it was changed since|its end was not recorded/,
      );
      expect(said[1 - winner]).toMatch(/global-reader +us +skipped/);
      const again = await start(['deploy', 'region-us/topic', '--json'], clones[1 - winner]).ended;
      expect(resultOf(again)).toMatchObject({ result: 'refused' });
      expect(resultOf(again).messages.join('\n')).toMatch(/it was changed since|there was none, and now/);
      const text = ['seven', 'eight'][winner];
      expect(await remembered()).toEqual([text, text]);
      expect(await real()).toEqual([text, text]);

      // Everything is deployed; a clone that has deployed nothing itself changes what reads the topic.
      const clean = clones[winner]!;
      rmSync(join(clean, 'dist'), { recursive: true });
      const reader = join(clean, 'global', 'reader', 'stack.ts');
      writeFileSync(
        reader,
        readFileSync(reader, 'utf8').replace("name: '/copy',", "name: '/copy', description: 'new',"),
      );
      gitIn(clean)('commit', '--quiet', '--all', '--message=reader');
      const nx = (target: string) => startNx(clean, ['affected', '-t', target, '--base=HEAD~1'], onEmulator()).ended;
      const planned = await nx('plan');
      expect(planned.stdout + planned.stderr).not.toContain('region-us-topic');
      const { code, stdout, stderr } = await nx('deploy');
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toMatch(/region-us-topic +us +untouched/);
      expect(stdout).toMatch(/global-reader +us +applied/);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  describe('a machine that cannot write', () => {
    // The device of Linux that is always full.
    const onFull = existsSync('/dev/full') ? test : test.skip;

    onFull('a disk that is full before an apply begins: nothing is applied', async () => {
      await plan('nine');
      const before = await real();
      const partial = join(folder(), 'begun.json.partial');
      symlinkSync('/dev/full', partial);
      const run = resultOf(await deploy());
      rmSync(partial);
      expect(run).toMatchObject({
        result: 'failed',
        messages: [expect.stringMatching(/no space left.*; free some space/)],
      });
      expect(await real()).toEqual(before);
    });

    onFull('a disk that is full when an apply has ended: the next deploy finds it done', async () => {
      const partial = join(folder(), 'applied.json.partial');
      symlinkSync('/dev/full', partial);
      const run = resultOf(await deploy());
      rmSync(partial);
      expect(run).toMatchObject({
        result: 'failed',
        messages: [expect.stringMatching(/no space left.*; free some space/)],
      });
      expect(await real()).toEqual(['nine', 'nine']);
      expect(resultOf(await deploy())).toMatchObject({ messages: [] });
      expect(await remembered()).toEqual(['nine', 'nine']);
    });

    (existsSync('/sys/kernel') ? test : test.skip)('a folder that cannot be written', async () => {
      const other = smallWorkspace(findRoot(__dirname));
      symlinkSync('/sys/kernel', join(other, 'dist'));
      const { code, stderr } = await start(['plan', 'region-us/topic'], other).ended;
      rmSync(other, { recursive: true, force: true });
      expect({ code, stderr }).toMatchObject({ code: 1 });
      expect(stderr).toMatch(
        /cannot be written: .*; make the folder writable for this user, or work in a copy elsewhere\n$/,
      );
      expect(stderr).not.toMatch(/^ +at /m);
    });
  });

  test('an emulator that the target aws would call is refused, and nothing is called', async () => {
    const seen = faulty.seen.length;
    const { code, stdout, stderr } = await startCli(root, ['deploy', '--target', 'aws', '-c', 'prod'], {
      AWS_ENDPOINT_URL_S3: faulty.endpoint,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    }).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^AWS_ENDPOINT_URL_S3: "\S+" is not an address of AWS/);
    expect(faulty.seen).toHaveLength(seen);
  });

  test.each([
    ['plan', 'region-us/topic'],
    ['deploy', 'region-us/topic'],
    ['state', 'where', 'region-us/topic'],
  ])('%s %s: an answer of S3 that nobody expects is one error, without a stack trace', async (...args) => {
    const body = '<Error><Code>IllegalBucketState</Code><Message>half made</Message></Error>';
    faulty.refuse({ matches: ({ line }) => line.includes(Bucket), status: 400, body });
    const { code, stdout, stderr } = await cli(...args);
    faulty.refuse();
    expect({ code, stdout, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('half made') });
    expect(stderr).toMatch(/: AWS refused a call \(IllegalBucketState, HTTP 400\); look at what is named below/);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('a bucket that is not there is named with what makes it', async () => {
    const { code, stderr } = await cli('plan', 'region-ap/topic');
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stderr).toMatch(
      /^region-ap-topic: the bucket for the state does not exist; make it by the bootstrap: npx platform bootstrap --target emulator -c prod\n {2}.*: example-prod-terraform-state-ap$/m,
    );
    expect(stderr).not.toMatch(/^ +at /m);
  });

  describe('while the home region is lost', () => {
    beforeAll(async () => {
      const ap = new S3Client({
        region: 'ap-northeast-2',
        endpoint: emulator().endpoint,
        credentials,
        forcePathStyle: true,
      });
      await ap.send(
        new CreateBucketCommand({
          Bucket: 'example-prod-terraform-state-ap',
          CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' },
        }),
      );
      faulty.lost = ({ line }) => line.includes(Bucket);
    });
    afterAll(() => (faulty.lost = undefined));

    test('what lies in it fails, and the rest is deployed; its bucket is asked with patience once', async () => {
      const projects = ['region-us/topic', 'global/reader', 'region-ap/topic'];
      const { code, stdout, stderr } = await cli('deploy', ...projects, '--unreviewed', '--json');
      const results = (JSON.parse(stdout) as { stack: string; result: string }[]).map((each) => [
        each.stack,
        each.result,
      ]);
      expect({ code, results: results.sort() }).toEqual({
        code: 1,
        results: [
          ['global-reader', 'skipped'],
          ['region-ap-topic', 'applied'],
          ['region-us-topic', 'failed'],
        ],
      });
      expect(stderr.match(/global-names: its state cannot be reached, so the deployed level is unknown/g)).toHaveLength(
        1,
      );
      expect(stderr.match(/trying again in 10 s/g)).toHaveLength(1);
    });
  });

  test('a stack that reads one of a region that is lost can be destroyed', async () => {
    const deployed = await cli('deploy', 'region-ap/topic', 'global/names', '--unreviewed');
    expect(deployed).toMatchObject({ code: 0 });
    faulty.lost = ({ line }) => line.includes('example-prod-terraform-state-ap');
    try {
      const { code, stdout, stderr } = await cli('destroy', 'global/names', '--confirm', 'prod');
      expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: 'global-names  destroyed\n' });
      expect(stderr).toContain(
        'global-names: what it reads is missing: the state of region-ap-topic; planning from its own state',
      );
    } finally {
      faulty.lost = undefined;
    }
  });

  test('an emulator that is killed half-way and started again knows nothing: the next deploy says so, and a new plan makes all of it', async () => {
    await plan('thirteen');
    const held = faulty.hold('call', setsTopic);
    const run = start(['deploy', 'region-us/topic', '--json']);
    await held.came;
    await emulator().stop();
    held.release();
    expect(resultOf(await run.ended)).toMatchObject({ result: 'failed' });
    const again = await startEmulator({
      root: findRoot(__dirname),
      profile: 'moto',
      port: Number(new URL(emulator().endpoint).port),
    });
    try {
      const next = await deploy();
      expect(next).toMatchObject({ code: 1, stdout: '' });
      expect(next.stderr).toMatch(
        /^region-us-topic: the bucket for the state does not exist; make it by the bootstrap: npx platform bootstrap --target emulator -c prod$/m,
      );
      expect(next.stderr).not.toMatch(/^ +at /m);
      await s3.send(new CreateBucketCommand({ Bucket }));
      const refused = resultOf(await deploy());
      expect(refused).toMatchObject({ result: 'refused' });
      expect(refused.messages.join('\n')).toMatch(/state: (it is (gone|another one)|there was none, and now)/);
      await plan('thirteen');
      expect(resultOf(await deploy())).toMatchObject({ result: 'applied', messages: [] });
      expect(await remembered()).toEqual(['thirteen', 'thirteen']);
      expect(await real()).toEqual(['thirteen', 'thirteen']);
    } finally {
      await again.stop();
    }
  });
});
