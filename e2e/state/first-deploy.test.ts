import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformArguments, runbookCommands } from '@platform/e2e/fixtures/runbook-commands';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const root = findRoot(__dirname);

let workspace: string;
/** The real state buckets, and small stacks: one has the name of the zone, which reads no other. */
beforeAll(() => {
  workspace = smallWorkspace(root);
  cpSync(join(root, 'global/state'), join(workspace, 'global/state'), { recursive: true });
  const zone = join(workspace, 'global/zone');
  renameSync(join(workspace, 'global/reader'), zone);
  for (const name of readdirSync(zone)) {
    const text = readFileSync(join(zone, name), 'utf8')
      .replaceAll('global/reader', 'global/zone')
      .replaceAll('global-reader', 'global-zone')
      .replace(/import \{ contract as topic \}.*\n/, '')
      .replace('const { arn } = this.read(topic);', `const arn = 'zone';`);
    writeFileSync(join(zone, name), text);
  }
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

withEmulator('ministack', (emulator) => {
  const run = (line: string) =>
    startCli(workspace, platformArguments(line)!, { AWS_ENDPOINT_URL: emulator().endpoint }).ended;

  test('the commands of the first deploy lead, in their order, to an estate without changes', async () => {
    const lines = runbookCommands('first-deploy.md').filter(platformArguments);
    expect(lines.length).toBeGreaterThan(10);
    let last = '';
    for (const line of lines) {
      // There is no terminal to confirm on, and the preflight finds what an emulator lacks.
      const asks = line.includes(' bootstrap ') && !line.includes('--dry-run');
      const { code, stdout, stderr } = await run(asks ? `${line} --yes` : line);
      const expected = line.includes(' preflight ') ? [0, 1] : [0];
      expect({ line, stderr, ok: expected.includes(code!) }).toEqual({ line, stderr, ok: true });
      last = stdout;
    }
    for (const stack of ['global-zone', 'region-us-topic', 'region-ap-topic']) {
      expect(last).toMatch(new RegExp(`^${stack} +\\S+ +\\S+ +0 +0 +0 `, 'm'));
    }
  });
});
