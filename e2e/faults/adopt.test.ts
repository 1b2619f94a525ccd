import { rmSync } from 'node:fs';
import { callQueryApi } from '@platform/e2e/fixtures/query-api';
import { runCommand } from '@platform/e2e/fixtures/run-command';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(600_000);

const address = 'aws_sns_topic.Topic';
const arn = 'arn:aws:sns:us-east-1:123456789012:topic';

withEmulator('moto', (emulator) => {
  let root: string;
  beforeAll(async () => {
    root = smallWorkspace(findRoot(__dirname));
    await makeStateBuckets(emulator());
    await callQueryApi(emulator(), 'sns', {
      Action: 'CreateTopic',
      Version: '2010-03-31',
      Name: 'topic',
      'Attributes.entry.1.key': 'DisplayName',
      'Attributes.entry.1.value': 'by hand',
    });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const run = (...args: string[]) => runCommand(args, { root, emulator: emulator() });
  const adopt = (...args: string[]) => run('adopt', 'region-us-topic', ...args);

  test('an adoption shows first what it would change, and changes nothing without a yes', async () => {
    const planned = await adopt(address, arn, '--dry-run');
    expect(planned.stdout).toBe(`import ${address} (${arn})\nchange ${address}: display_name: "by hand" → "first"\n`);
    expect(planned.code).toBe(0);

    const unasked = await adopt(address, arn);
    expect(unasked.output).toContain('adopt: there is no terminal to confirm the changes on; add --yes');
    expect(unasked.code).toBe(2);
    expect((await run('output', 'region-us-topic')).code).toBe(1);

    const mistyped = await adopt('aws_sns_topic.Tpoic', arn, '--dry-run');
    expect(mistyped.output).toContain(`has no resource "aws_sns_topic.Tpoic"; did you mean ${address}?`);
    expect(mistyped.code).toBe(2);
  });

  test('what was adopted is in the state, and a second adoption is refused', async () => {
    expect((await adopt(address, arn, '--yes')).code).toBe(0);
    expect((await run('state', 'show', 'region-us-topic')).stdout).toBe(`${address}\n`);
    const shown = await run('state', 'show', 'region-us-topic', address);
    expect(JSON.parse(shown.stdout)).toMatchObject({ arn, display_name: 'first' });
    expect((await run('output', 'region-us-topic', '--json')).stdout).toContain(arn);
    const again = await adopt(address, arn, '--yes');
    expect(again.output).toContain(`region-us-topic: ${address} is in its state already`);
    expect(again.code).toBe(2);
  });
});
