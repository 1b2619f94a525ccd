import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningEmulator } from '@platform/tools/emulator/start-emulator';
import { runCommand, type RanCommand } from '@platform/e2e/fixtures/run-command';
import { platformArguments, runbookCommands } from '@platform/e2e/fixtures/runbook-commands';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const workspace = join(__dirname, '..', '..');
const alarm = 'prod-app-errors';
let root: string;
let emulator: RunningEmulator;

beforeAll(() => {
  root = smallWorkspace(workspace);
  rmSync(join(root, 'global', 'reader'), { recursive: true });
  const config = join(root, 'infra.config.ts');
  const gate = `rollout: { waitSec: 1, alarms: ['${alarm}'] }`;
  writeFileSync(config, readFileSync(config, 'utf8').replace(/rollout: \{.*\}/, gate));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function setAlarm(region: string, state: 'ALARM' | 'OK'): Promise<void> {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  const client = new CloudWatchClient({ region, endpoint: emulator.endpoint, credentials });
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: alarm,
      Namespace: 'test',
      MetricName: 'errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  await client.send(new SetAlarmStateCommand({ AlarmName: alarm, StateValue: state, StateReason: 'test' }));
}

const run = (args: readonly string[], interruptAt?: RegExp) =>
  runCommand(args, { root, emulator, ...(interruptAt ? { interruptAt } : {}) });
const resultsOf = ({ stdout }: RanCommand) =>
  Object.fromEntries([...stdout.matchAll(/^(\S+) +(?:us|ap) +(\S+)/gm)].map(([, stack, result]) => [stack, result]));
const topics = ['region-ap/topic', 'region-us/topic'];
const argumentsOf = (command: string) => platformArguments(command)!;
/** Arguments of `platform` in the runbook: to plan, to roll out, and two to go back. */
const page = runbookCommands('rollout.md', { project: 'region-ap/topic' }).flatMap((line) => {
  const args = platformArguments(line);
  return args ? [args] : [];
});

withEmulator('moto', (running) => {
  let stopped: RanCommand;

  beforeAll(async () => {
    emulator = running();
    await makeStateBuckets(emulator);
    await setAlarm('ap-northeast-2', 'ALARM');
  });

  test('an address of a gate that cannot be asked is refused before anything is deployed', async () => {
    const refused = await run(['rollout', '--unreviewed', '--gate-url', 'prod.example/healthz']);
    expect(refused.output).toContain('--gate-url: "prod.example/healthz" is not a URL that can be requested; write it');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
  });

  test('a rollout stops after the standby where the gate of the settings is red', async () => {
    expect(page).toHaveLength(4);
    expect((await run(page[0]!)).code).toBe(0);
    stopped = await run(page[1]!);
    expect(stopped.output).toContain('gate before us: looking at ap for 1 s\n');
    expect(stopped.output).toContain(`stopped after ap: ${alarm} in ap-northeast-2 is in alarm\nuntouched: us\n`);
    expect(resultsOf(stopped)).toEqual({ 'region-ap-topic': 'applied' });
    expect(stopped.code).toBe(1);
  });

  test('a rollout is taken back by the commands that it names', async () => {
    for (const topic of topics) {
      const file = join(root, topic, 'stack.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replace("'first'", "'as it was'"));
    }
    const commands = [...stopped.output.matchAll(/^ {2}(np[mx] .*)$/gm)].map(([, command]) => command!);
    expect(commands.map(argumentsOf)).toEqual(page.slice(2));
    const outputs: string[] = [];
    for (const command of commands) {
      const { code, output } = await run(argumentsOf(command));
      expect({ code, output }).toEqual({ code: 0, output });
      outputs.push(output);
    }
    expect(outputs[1]).toMatch(/^region-ap-topic +ap +applied +0 +1 +0 /m);
  });

  test('a rollout waits again where an earlier run was stopped, for what is left of the time, and can be interrupted', async () => {
    await setAlarm('ap-northeast-2', 'OK');
    // S3 counts in whole seconds, and so does what is left.
    await delay(1_000);
    const ran = await run(['rollout', '--unreviewed', '--gate-wait', '3600'], /gate before us: .*\n/);
    expect(resultsOf(ran)).toEqual({ 'region-ap-topic': 'untouched' });
    const [, left] = /gate before us: looking at ap for (\d+) s\n/.exec(ran.output)!;
    expect(Number(left)).toBeGreaterThan(3000);
    expect(Number(left)).toBeLessThan(3600);
    expect(ran.output).toContain('stopped after ap: it was interrupted\nuntouched: us\n');
    expect(ran.code).toBe(130);
  });

  test('a rollout goes on to the primary when the gate is green', async () => {
    const ran = await run(['rollout', '--unreviewed']);
    expect(ran.output).not.toContain('stopped');
    expect(resultsOf(ran)).toEqual({ 'region-ap-topic': 'untouched', 'region-us-topic': 'applied' });
    expect(ran.code).toBe(0);
  });
});
