import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { tmpdir } from 'node:os';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import type { ReleaseVerb } from '@platform/tools/actions/release/release-verbs';
import { releaseApplication } from '@platform/tools/actions/release/release-application';
import type { LiveSession } from '@platform/tools/session/live-session';

jest.setTimeout(120_000);
const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
const main = exampleEnvironment().applications['app']!;
const environment = exampleEnvironment({
  applications: { app: { ...main, weights: 'by-command', idleColour: 'running' } },
  rollout: { waitSec: 0 },
});
const colours = ['blue', 'green'] as const;
const alarms = ['prod-app-errors', 'prod-app-slow-answers', 'prod-app-blue-unhealthy', 'prod-app-green-unhealthy'];

withEmulator('moto', (running) => {
  const outputs = new Map<string, Record<string, unknown>>();
  const rules = new Map<string, string[]>();
  const groups = new Map<string, Record<(typeof colours)[number], string>>();
  const optionsIn = (region: string) => ({ region, endpoint: running().endpoint, credentials });
  const balancers = (region: string) => new ElasticLoadBalancingV2Client(optionsIn(region));
  const cloudWatch = (region: string) => new CloudWatchClient(optionsIn(region));

  /** A session on the emulator, whose states are those of the stacks. */
  function session(signal?: AbortSignal, note: (text: string) => void = () => undefined): LiveSession {
    return {
      options: {
        root: tmpdir(),
        environment,
        estate: { regions: exampleRegions },
        note,
        ...(signal ? { signal } : {}),
        target: {
          clientOptions: (_: string, region: string) => Promise.resolve(optionsIn(region)),
          cloudWatch: (region: string) => Promise.resolve(cloudWatch(region)),
        },
      },
      states: { of: (stack: string) => Promise.resolve({ outputs: outputs.get(stack) ?? {} }) },
      calls: { make: (_: string, call: () => unknown) => call() },
    } as unknown as LiveSession;
  }
  const run = (verb: ReleaseVerb, more: object = {}, given = session()) =>
    releaseApplication(given, verb, { application: 'app', everySec: 0.01, ...more });
  const greenIn = async () =>
    Object.fromEntries((await run('status')).regions.map(({ region, greenPercents }) => [region, greenPercents]));

  async function setAlarm(region: string, name: string, state: 'ALARM' | 'OK'): Promise<void> {
    const client = cloudWatch(region);
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        Namespace: 'test',
        MetricName: name,
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: 'test' }));
  }

  async function makeIn(key: string, region: string): Promise<void> {
    const ec2 = new EC2Client(optionsIn(region));
    const elb = balancers(region);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const subnets = await Promise.all(
      ['a', 'b'].map((zone, index) =>
        ec2.send(
          new CreateSubnetCommand({
            VpcId: Vpc!.VpcId!,
            CidrBlock: `10.0.${index}.0/24`,
            AvailabilityZone: `${region}${zone}`,
          }),
        ),
      ),
    );
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({ Name: 'prod-app', Subnets: subnets.map(({ Subnet }) => Subnet!.SubnetId!) }),
    );
    const arn = LoadBalancers![0]!.LoadBalancerArn!;
    const made: Record<string, string> = {};
    for (const colour of colours) {
      const { TargetGroups } = await elb.send(
        new CreateTargetGroupCommand({
          Name: `prod-app-${colour}`,
          Protocol: 'HTTP',
          Port: 8080,
          VpcId: Vpc!.VpcId!,
          TargetType: 'ip',
        }),
      );
      made[colour] = TargetGroups![0]!.TargetGroupArn!;
      await elb.send(new RegisterTargetsCommand({ TargetGroupArn: made[colour], Targets: [{ Id: '10.0.0.10' }] }));
    }
    const [blue, green] = colours.map((colour) => made[colour]!);
    const forward = {
      Type: 'forward' as const,
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: blue!, Weight: 100 },
          { TargetGroupArn: green!, Weight: 0 },
        ],
      },
    };
    const { Listeners } = await elb.send(
      new CreateListenerCommand({ LoadBalancerArn: arn, Port: 443, Protocol: 'HTTP', DefaultActions: [forward] }),
    );
    const own: string[] = [];
    for (const [index, path] of ['/healthz', '/*'].entries()) {
      const { Rules } = await elb.send(
        new CreateRuleCommand({
          ListenerArn: Listeners![0]!.ListenerArn!,
          Priority: 10 * (index + 1),
          Conditions: [{ Field: 'path-pattern', Values: [path] }],
          Actions: [forward],
        }),
      );
      own.push(Rules![0]!.RuleArn!);
    }
    rules.set(key, own);
    groups.set(key, { blue: blue!, green: green! });
    const suffix = (group: string) => group.slice(group.indexOf('targetgroup/'));
    outputs.set(`region-${key}-alb-asg-app`, {
      balancerArn: { value: arn, type: 'string' },
      targetGroupArnSuffixes: { value: { blue: suffix(blue!), green: suffix(green!) }, type: 'object' },
    });
    for (const alarm of alarms) await setAlarm(region, alarm, 'OK');
  }

  beforeAll(async () => {
    for (const { key, awsRegion } of exampleRegions) await makeIn(key, awsRegion);
  });

  test('a dry run names each call and makes none', async () => {
    const { moves } = await run('start', { dryRun: true });
    expect(moves).toHaveLength(4);
    expect(moves[0]).toMatch(/^ap: ModifyRule arn:aws:elasticloadbalancing:ap-northeast-2:.*: green 0 → 5$/);
    expect(await greenIn()).toEqual({ ap: [0], us: [0] });
  });

  test('without healthy targets of the colour that comes in, nothing begins', async () => {
    const elb = balancers('ap-northeast-2');
    const target = { TargetGroupArn: groups.get('ap')!.green, Targets: [{ Id: '10.0.0.10' }] };
    await elb.send(new DeregisterTargetsCommand(target));
    await expect(run('start')).rejects.toThrow(
      'app in ap: green has 0 healthy targets in ap; deploy or repair it first',
    );
    expect(await greenIn()).toEqual({ ap: [0], us: [0] });
    await elb.send(new RegisterTargetsCommand(target));
  });

  test('a healthy release goes 5 → 25 → 100, the standby first in each step', async () => {
    await expect(run('step')).rejects.toThrow('no release has begun; use start');
    const started = await run('start');
    expect(started.moves.map((text) => text.slice(0, 2))).toEqual(['ap', 'ap', 'us', 'us']);
    expect(await greenIn()).toEqual({ ap: [5], us: [5] });
    await expect(run('start')).rejects.toThrow('a release has begun: green gets 5 %; use step, finish or back');
    await run('step');
    expect(await greenIn()).toEqual({ ap: [25], us: [25] });
    await run('finish');
    expect(await greenIn()).toEqual({ ap: [100], us: [100] });
  });

  test('a release whose alarm rings goes back by itself, in every region', async () => {
    await run('start');
    expect(await greenIn()).toEqual({ ap: [95], us: [95] });
    await setAlarm('us-east-1', 'prod-app-errors', 'ALARM');
    const result = await run('step');
    expect(result.rang).toBe('prod-app-errors in us-east-1 is in alarm');
    expect(await greenIn()).toEqual({ ap: [100], us: [100] });
    await setAlarm('us-east-1', 'prod-app-errors', 'OK');
  });

  test('a release whose targets fall ill between two steps goes back by itself', async () => {
    await run('start');
    await balancers('us-east-1').send(
      new DeregisterTargetsCommand({ TargetGroupArn: groups.get('us')!.blue, Targets: [{ Id: '10.0.0.10' }] }),
    );
    expect((await run('step')).rang).toBe('blue has 0 healthy targets in us');
    expect(await greenIn()).toEqual({ ap: [100], us: [100] });
    await balancers('us-east-1').send(
      new RegisterTargetsCommand({ TargetGroupArn: groups.get('us')!.blue, Targets: [{ Id: '10.0.0.10' }] }),
    );
  });

  test('a release that another command takes back meanwhile is not raised again', async () => {
    let back: Promise<unknown> | undefined;
    const note = (text: string) => {
      if (text.includes('watching')) back ??= run('back');
    };
    await expect(run('start', { waitSec: 3 }, session(undefined, note))).rejects.toThrow(
      'app in ap: green gets 100 %, and this command saw 95 %: another one has changed it',
    );
    await back;
    expect(await greenIn()).toEqual({ us: [100], ap: [100] });
  });

  test('stopped after one region, the status says so, and the next step completes the one that was stopped', async () => {
    const stop = new AbortController();
    const watching = (text: string) => {
      if (text.includes('watching')) stop.abort();
    };
    await expect(run('start', { waitSec: 60 }, session(stop.signal, watching))).rejects.toThrow(/abort/);
    expect(await greenIn()).toEqual({ ap: [95], us: [100] });
    await run('step');
    expect(await greenIn()).toEqual({ ap: [95], us: [95] });
  });

  test('stopped between two rules, the status shows both weights, and back ends the release', async () => {
    const [first] = rules.get('ap')!;
    const { blue, green } = groups.get('ap')!;
    await balancers('ap-northeast-2').send(
      new ModifyRuleCommand({
        RuleArn: first!,
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: blue, Weight: 25 },
                { TargetGroupArn: green, Weight: 75 },
              ],
            },
          },
        ],
      }),
    );
    expect(await greenIn()).toEqual({ ap: [75, 95], us: [95] });
    await run('back');
    expect(await greenIn()).toEqual({ ap: [100], us: [100] });
  });
});
