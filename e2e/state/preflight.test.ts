import { rmSync } from 'node:fs';
import type { Finding } from '@platform/tools/actions/preflight/finding';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Waits for an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(300_000);

let workspace: string;
beforeAll(() => {
  workspace = exampleWorkspace(findRoot(__dirname));
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

withEmulator('moto', (emulator) => {
  const preflight = (...more: string[]) =>
    startCli(workspace, ['preflight', '-c', 'prod', '--target', 'emulator', ...more], {
      AWS_ENDPOINT_URL: emulator().endpoint,
    }).ended;

  test('an account without anything, of which some calls are unknown, ends in findings', async () => {
    const { code, stdout, stderr } = await preflight('--json');
    const findings = JSON.parse(stdout) as Finding[];
    const of = (check: string) => findings.filter((finding) => finding.check === check);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(findings.some(({ verdict }) => verdict === 'fails') ? 1 : 0);
    // What moto knows as AWS does.
    expect(of('role').map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(of('zones').map(({ needed }) => needed)).toHaveLength(2);
    for (const check of ['bucket name', 'name', 'delegation', 'certificate', 'service role']) {
      const [first] = of(check);
      expect(first).toMatchObject({ verdict: expect.stringMatching(/^(ok|note)$/) });
    }
    expect(new Set(findings.map(({ check }) => check)).size).toBeGreaterThan(12);
  });

  test('a bucket that somebody made is found, with the command that imports it', async () => {
    const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
    const client = new S3Client({
      region: 'us-east-1',
      endpoint: emulator().endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
    });
    await client.send(new CreateBucketCommand({ Bucket: 'example-prod-documents-us' }));
    const { code, stdout } = await preflight();
    expect(stdout).toMatch(/^FAILS +bucket name +workload .*example-prod-documents-us +exists in the account/m);
    expect(stdout).toContain('npx platform adopt global-data aws_s3_bucket.');
    expect(code).toBe(1);
  });
});
