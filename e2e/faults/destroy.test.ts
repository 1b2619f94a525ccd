import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningEmulator } from '@platform/tools/emulator/start-emulator';
import { callQueryApi } from '@platform/e2e/fixtures/query-api';
import { runCommand, type RanCommand } from '@platform/e2e/fixtures/run-command';
import { platformArguments, runbookCommands } from '@platform/e2e/fixtures/runbook-commands';
import { addFleet, smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const workspace = join(__dirname, '..', '..');
let root: string;
let emulator: RunningEmulator;

const fills = { project: 'region-us/fleet' };
const [drift, reconcile, ...putRight] = runbookCommands('drift.md', fills);
const [dryRun, destroy, destroyAll, removedDryRun, destroyRemoved] = runbookCommands('destroy.md', fills).filter(
  platformArguments,
);
const argumentsOf = (command: string | undefined) => platformArguments(command!)!;

const run = (...args: string[]) => runCommand(args, { root, emulator });
const runTyping = (typed: string, ...args: string[]) => runCommand(args, { root, emulator, typed });

beforeAll(() => {
  root = smallWorkspace(workspace);
  addFleet(root);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

withEmulator('moto', (running) => {
  beforeAll(async () => {
    emulator = running();
    await makeStateBuckets(emulator);
    const { code, output } = await run('deploy', '--unreviewed', 'region-us/fleet');
    expect({ code, output }).toEqual({ code: 0, output });
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
      const found = await run(...argumentsOf(drift));
      expect(found.stdout).not.toContain('Drift:');
      expect(found.stdout).toContain(
        'aws_autoscaling_group.Group: desired_capacity: 0 → 1: the capacity was changed\n',
      );
      expect(found.code).toBe(0);

      expect(argumentsOf(/^ +(np[mx] .*\breconcile .*)$/m.exec(found.stdout)![1])).toEqual(argumentsOf(reconcile));
      const followed = await run(...argumentsOf(reconcile));
      expect(followed.stdout).toBe('region-us-fleet  reconciled\n');
      expect(followed.output).toContain(
        'the settings say otherwise; the next plan reverts aws_autoscaling_group.Group',
      );
      const left = await run(...argumentsOf(drift));
      expect(left.stdout).toBe('4 stacks: 0 drifted, 0 with operational changes, 3 not deployed\n');
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
      const refused = await run(...argumentsOf(reconcile));
      expect(refused.output).toContain('  aws_sqs_queue.Queue: delay_seconds: 0 → 7\n');
      const printed = [...refused.output.matchAll(/^ {2}(np[mx] .*)$/gm)].map(([, command]) => argumentsOf(command));
      expect(printed).toEqual(putRight.map(argumentsOf));
      expect(refused.stdout).toBe('region-us-fleet  refused\n');
      expect(refused.code).toBe(1);

      for (const command of putRight) expect((await run(...argumentsOf(command))).code).toBe(0);
      expect((await run(...argumentsOf(drift))).stdout).toContain('0 drifted, 0 with operational changes');
    });
  });

  // UpdateAutoScalingGroup raises the desired capacity to a new minimum that is above it (Amazon EC2 Auto Scaling API reference).
  test('a minimum above the running capacity is planned, applied, and leaves no drift', async () => {
    const stack = join(root, 'region-us/fleet/stack.ts');
    const text = readFileSync(stack, 'utf8');
    writeFileSync(stack, text.replace('minSize: 0, maxSize: 3, desiredCapacity: 0,', 'minSize: 2, maxSize: 3,'));
    const planned = await run('plan', 'region-us/fleet', '--show');
    expect(planned.output).toMatch(/min_size += 0 -> 2/);
    expect(planned.output).not.toContain('desired_capacity');
    const deployed = await run('deploy', 'region-us/fleet');
    expect(deployed).toMatchObject({ code: 0, stdout: expect.stringMatching(/region-us-fleet .* applied/) });
    const [, capacity] = /<DesiredCapacity>(\d+)</.exec(
      await callQueryApi(emulator, 'autoscaling', { Action: 'DescribeAutoScalingGroups', Version: '2011-01-01' }),
    )!;
    expect(capacity).toBe('2');
    const found = await run(...argumentsOf(drift));
    expect(found.stdout).toBe('4 stacks: 0 drifted, 0 with operational changes, 3 not deployed\n');
    expect((await run('plan', 'region-us/fleet')).output).not.toContain('desired_capacity');
  });

  /** What there is to destroy. */
  const everything = [
    'region-us-fleet  aws_autoscaling_group.Group',
    'region-us-fleet  aws_launch_template.Template',
    'region-us-fleet  aws_sqs_queue.Queue',
  ];
  const linesOf = ({ stdout }: RanCommand) => stdout.trim().split('\n').sort();

  describe('nothing is destroyed', () => {
    test('where it is only planned', async () => {
      expect(linesOf(await run(...argumentsOf(dryRun)))).toEqual(everything);
    });

    test('that holds data, without the word for it', async () => {
      const ran = await runTyping('prod\r', ...argumentsOf(destroy));
      expect(ran.output).toContain('region-us-fleet: aws_sqs_queue.Queue holds messages');
      expect(ran.output).toContain('add --include-stateful if that is meant');
      expect(ran.code).toBe(1);
    });

    test('where nobody can be asked, or has typed another name, or Ctrl-C', async () => {
      const destroying = argumentsOf(destroyAll);
      const unasked = await run(...destroying);
      expect(unasked.output).toContain('give --confirm <name> in CI');
      const mistyped = await runTyping('staging\r', ...destroying);
      expect(mistyped.output).toContain('nothing was destroyed: "staging" is not prod');
      const interrupted = await runTyping('\x03', ...destroying);
      expect(interrupted.output).toContain('nothing was destroyed');
      expect([unasked.code, mistyped.code, interrupted.code]).toEqual([1, 1, 130]);
    });
  });

  test('a stack that the settings no longer make, such as a cache, is found while its folder stays', async () => {
    const main = join(root, 'region-us/fleet/main.ts');
    const text = readFileSync(main, 'utf8');
    writeFileSync(
      main,
      text.replace(
        '=> new FleetStack(app, environment)',
        '=> { if (environment.dataStores.cache) new FleetStack(app, environment); }',
      ),
    );
    expect(linesOf(await run(...argumentsOf(removedDryRun)))).toEqual(everything);
    writeFileSync(main, text);
    expect(linesOf(await run('destroy', '--removed', '--dry-run'))).toEqual(['']);
  });

  describe('a stack whose project is gone', () => {
    beforeAll(() => rmSync(join(root, 'region-us', 'fleet'), { recursive: true }));

    test('is found, and what would be destroyed is planned from what was applied last', async () => {
      const other = await run('destroy');
      expect(other.output).toMatch(
        /deployed stacks whose project was removed: region-us-fleet; to destroy them: (?:npx platform destroy|npm run destroy --) --removed /,
      );
      expect(other.output).toContain('nothing to destroy\n');

      expect(linesOf(await run(...argumentsOf(removedDryRun)))).toEqual(everything);
    });

    test('is named by a look for drift of the whole estate, with how to destroy it', async () => {
      const found = await run('drift');
      expect(found.stdout).toContain('Deployed, and the project was removed');
      expect(found.stdout).toContain('npx platform destroy --removed region-us-fleet --target emulator -c prod');
      expect(found.code).toBe(1);
    });

    test('is destroyed once the name of the environment is typed', async () => {
      const ran = await runTyping('prod\r', ...argumentsOf(destroyRemoved));
      expect(ran.output).toContain('region-us-fleet  destroyed');
      expect(ran.code).toBe(0);
      expect((await run('destroy', '--removed')).output).toContain('nothing to destroy\n');
    });
  });
});
