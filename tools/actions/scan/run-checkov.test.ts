import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedPython } from '@platform/tools/python/environment';
import { findRoot } from '@platform/tools/workspace/find-root';
import { checkovPackages } from '@platform/tools/python/checkov-packages';
import { runCheckov } from './run-checkov';

jest.setTimeout(180_000);
const usersHome = process.env['HOME'];
// An extra of `npx platform scan`, which installs it; `npm test` does without.
const python = installedPython(findRoot(__dirname), checkovPackages);
const isWanted = process.env['PLATFORM_SCAN'] === 'on';
if (!python && !isWanted)
  process.stderr.write('SKIPPED, the tests on checkov: it is not installed; `npx platform scan` installs it\n');

test('`npm test -- --scan` has checkov before the first test', () => {
  expect(isWanted && !python).toBe(false);
});

(python ? test : test.skip)('checkov sees through the JSON of cdktf, also across references and policies', async () => {
  const home = mkdtempSync(join(tmpdir(), 'checkov '));
  const folder = join(home, 'scanned');
  const write = (stack: string, resource: object) => {
    mkdirSync(join(folder, 'stacks', stack), { recursive: true });
    const json = { '//': { metadata: { stackName: stack } }, provider: { aws: [{ region: 'us-east-1' }] }, resource };
    writeFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), JSON.stringify(json, null, 2));
  };
  const bucket = { aws_s3_bucket: { Bucket: { bucket: 'example' } } };
  const block = {
    bucket: '${aws_s3_bucket.Bucket.id}',
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  };
  const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
  try {
    // Somebody's settings are not the scan's.
    writeFileSync(join(home, '.checkov.yaml'), 'skip-check: [CKV_AWS_63]\n');
    process.env['HOME'] = home;
    write('open', {
      ...bucket,
      aws_iam_role_policy: { Policy: { role: 'x', policy: JSON.stringify({ Statement: [statement] }) } },
    });
    // The same address in another stack: what is right there does not make it right here.
    write('closed', { ...bucket, aws_s3_bucket_public_access_block: { Block: block } });
    const results = await runCheckov(python!, folder);
    const of = (id: string) => results.filter(({ check }) => check === id).map(({ file, passed }) => [file, passed]);
    expect(of('CKV2_AWS_6').sort()).toEqual([
      ['stacks/closed/cdk.tf.json', true],
      ['stacks/open/cdk.tf.json', false],
    ]);
    expect(of('CKV_AWS_63')).toEqual([['stacks/open/cdk.tf.json', false]]);
  } finally {
    process.env['HOME'] = usersHome;
    rmSync(home, { recursive: true });
  }
});
