import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import type { PlanSummary } from '@platform/tools/actions/plan/summary';
import { findRoot } from '@platform/tools/workspace/find-root';

/* Two commands at once in one checkout, at levels with different resources. */
jest.setTimeout(300_000);

let root: string;
beforeAll(() => {
  root = smallWorkspace(findRoot(__dirname));
  const stack = join(root, 'region-us/topic/stack.ts');
  const more = `if (environment.level === 'inspected') {
      for (const name of ['a', 'b']) new SnsTopic(this, name, { name });
    }
    this.publish(`;
  writeFileSync(stack, readFileSync(stack, 'utf8').replace('this.publish(', more));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const levels = ['standby', 'inspected'] as const;
const topics = { standby: 1, inspected: 3 };
const json = <T>(path: string) => JSON.parse(readFileSync(join(root, 'dist', path), 'utf8')) as T;
const runBoth = (...args: string[]) =>
  Promise.all(levels.map((level) => startCli(root, [...args, '--level', level, '--json']).ended));
const topicsIn = (path: string) =>
  Object.keys(json<{ resource: { aws_sns_topic: object } }>(path).resource.aws_sns_topic).length;

test('two plans print and keep what each of them planned', async () => {
  const results = await runBoth('plan');
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  const printed = results.map(({ stdout }) => JSON.parse(stdout) as PlanSummary);
  expect(
    printed.map(({ level, stacks }) => [level, stacks.find(({ stack }) => stack === 'region-us-topic')!.create]),
  ).toEqual(levels.map((level) => [level, topics[level]]));

  const kept = json<PlanSummary>('plan/prod/summary.json');
  expect(printed).toContainEqual(kept);
  expect(topicsIn('plan/prod/region-us-topic/cdk.tf.json')).toBe(topics[kept.level as 'standby']);
  expect(readdirSync(join(root, 'dist/.runs'))).toEqual([]);
});

test('two synths leave the files of both', async () => {
  const codes = (await runBoth('synth')).map(({ code }) => code);
  expect(codes).toEqual([0, 0]);
  const found = levels.map((level) => topicsIn(`synth/prod@${level}/stacks/region-us-topic/cdk.tf.json`));
  expect(found).toEqual(levels.map((level) => topics[level]));
});
