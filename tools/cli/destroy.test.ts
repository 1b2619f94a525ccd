import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, type RunningEmulator } from '@platform/tools/emulator/start-emulator';
import { callQueryApi } from '@platform/tools/testing/query-api';
import { runCommand } from '@platform/tools/testing/run-command';
import { addFleet, smallWorkspace } from '@platform/tools/testing/small-workspace';
import { makeStateBuckets } from '@platform/tools/testing/state-buckets';

jest.setTimeout(300_000);

const workspace = join(__dirname, '..', '..');
let root: string;
let emulator: RunningEmulator;

const run = (...args: string[]) => runCommand(args, { root, emulator });
const runTyping = (typed: string, ...args: string[]) => runCommand(args, { root, emulator, typed });

beforeAll(async () => {
  root = smallWorkspace(workspace);
  addFleet(root);
  emulator = await startEmulator({ root: workspace, profile: 'moto', install: true });
  await makeStateBuckets(emulator);
  const { code, output } = await run('deploy', '--unreviewed', 'region-us/fleet');
  expect({ code, output }).toEqual({ code: 0, output });
});
afterAll(async () => {
  await emulator?.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('a capacity that was changed', () => {
  const changeCapacity = (DesiredCapacity: string) =>
    callQueryApi(emulator, 'autoscaling', {
      Action: 'SetDesiredCapacity',
      Version: '2011-01-01',
      AutoScalingGroupName: 'fleet',
      DesiredCapacity,
    });

  test('stands apart from drift, with the command that lets the state follow', async () => {
    await changeCapacity('1');
    const found = await run('drift', 'region-us/fleet');
    expect(found.stdout).not.toContain('Drift:');
    expect(found.stdout).toContain('aws_autoscaling_group.Group: desired_capacity: the capacity was changed\n');
    expect(found.code).toBe(0);

    const command = /^ +npm run (reconcile) -- (.*)$/m.exec(found.stdout)!;
    const followed = await run(command[1]!, ...command[2]!.split(' '));
    expect(followed.stdout).toBe('region-us-fleet  reconciled\n');
    expect(followed.output).toContain(
      'the settings say otherwise; the next plan turns back aws_autoscaling_group.Group',
    );
    const left = await run('drift', 'region-us/fleet');
    expect(left.stdout).toBe('1 stacks: 0 drifted, 0 with operational changes, 0 not deployed\n');
  });

  test('is not written into the state beside something that must not be forgotten', async () => {
    await changeCapacity('2');
    await callQueryApi(emulator, 'sqs', {
      Action: 'SetQueueAttributes',
      Version: '2012-11-05',
      QueueUrl: `${emulator.endpoint}/123456789012/queue`,
      'Attribute.1.Name': 'DelaySeconds',
      'Attribute.1.Value': '7',
    });
    const refused = await run('reconcile', 'region-us/fleet');
    expect(refused.output).toContain('  aws_sqs_queue.Queue: delay_seconds\nput that right first:\n');
    expect(refused.stdout).toBe('region-us-fleet  refused\n');
    expect(refused.code).toBe(1);
  });
});

describe('nothing is destroyed', () => {
  test('that holds data, without the word for it', async () => {
    const ran = await run('destroy', 'region-us/fleet', '--confirm', 'prod');
    expect(ran.output).toContain('region-us-fleet: aws_sqs_queue.Queue holds messages\n');
    expect(ran.output).toContain('add --include-stateful if that is meant');
    expect(ran.code).toBe(1);
  });

  test('where nobody can be asked, or has typed another name, or Ctrl-C', async () => {
    const everything = ['destroy', '--include-stateful'];
    const unasked = await run(...everything);
    expect(unasked.output).toContain('give --confirm <name> in CI');
    const mistyped = await runTyping('staging\r', ...everything);
    expect(mistyped.output).toContain('nothing was destroyed: "staging" is not prod');
    const interrupted = await runTyping('\x03', ...everything);
    expect(interrupted.output).toContain('nothing was destroyed');
    expect([unasked.code, mistyped.code, interrupted.code]).toEqual([1, 1, 130]);
  });
});

describe('a stack whose project is gone', () => {
  beforeAll(() => rmSync(join(root, 'region-us', 'fleet'), { recursive: true }));

  test('is found, and what would be destroyed is planned from what was applied last', async () => {
    const other = await run('destroy');
    expect(other.output).toMatch(/still have something: region-us-fleet; to destroy it: npm run destroy -- --removed /);
    expect(other.output).toContain('nothing to destroy\n');

    const planned = await run('destroy', '--removed', '--dry-run');
    expect(planned.stdout.trim().split('\n').sort()).toEqual([
      'region-us-fleet  aws_autoscaling_group.Group',
      'region-us-fleet  aws_launch_template.Template',
      'region-us-fleet  aws_sqs_queue.Queue',
    ]);
  });

  test('is destroyed once the name of the environment is typed', async () => {
    const ran = await runTyping('prod\r', 'destroy', '--removed', '--include-stateful');
    expect(ran.output).toContain('region-us-fleet  destroyed');
    expect(ran.code).toBe(0);
    expect((await run('destroy', '--removed')).output).toBe('nothing to destroy\n');
  });
});
