import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lchownSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * A user without an account and without HOME, as containers run. Only root can become one.
 *
 * @long
 */
jest.setTimeout(120_000);

const uid = 23_456;
const environment = { PATH: process.env['PATH'], AWS_EC2_METADATA_DISABLED: 'true' };
const root = findRoot(__dirname);
/** Whether such a user can run this repository's Node at all. */
const isPossible =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, [join(root, 'tools/cli/platform.cjs'), '--help'], { uid, gid: uid, env: environment })
    .status === 0;

/** Runs TypeScript of this workspace, which prints something. */
function run(code: string): string {
  const args = ['--import', 'tsx', '-e', code];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    uid,
    gid: uid,
    env: environment,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

(isPossible ? describe : describe.skip)('a user without an account and without HOME', () => {
  test('is named by its number, and shares its home with no other user', () => {
    const said = run(
      `const { thisProcess } = require('@platform/tools/session/process-identity');
       const { homeFolder } = require('@platform/tools/workspace/home-folder');
       console.log(thisProcess().user, homeFolder());`,
    );
    expect(said).toBe(`uid ${uid} /\n`);
  });

  test('without credentials for AWS gets the words for that', () => {
    const said = run(
      `const { GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
       const { awsTarget } = require('@platform/tools/aws/live-target');
       awsTarget({}).sts('us-east-1').then((client) => client.send(new GetCallerIdentityCommand({})))
         .catch((error) => console.log(error.name));`,
    );
    expect(said).toBe('CredentialsProviderError\n');
  });
});

withEmulator('moto', (emulator) => {
  (isPossible ? test : test.skip)('a user without an account and without HOME deploys', async () => {
    const small = smallWorkspace(root);
    lchownSync(small, uid, uid);
    for (const name of readdirSync(small, { recursive: true }) as string[]) lchownSync(join(small, name), uid, uid);
    const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
    const s3 = new S3Client({
      region: 'us-east-1',
      endpoint: emulator().endpoint,
      credentials,
      forcePathStyle: true,
    });
    await s3.send(new CreateBucketCommand({ Bucket: 'example-prod-terraform-state-us' }));
    const args = ['deploy', 'region-us/topic', '--unreviewed', '--target', 'emulator', '-c', 'prod'];
    const child = spawn(process.execPath, [join(root, 'tools/cli/platform.cjs'), ...args], {
      cwd: small,
      uid,
      gid: uid,
      env: { ...environment, AWS_ENDPOINT_URL: emulator().endpoint },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(child, 'close')) as [number];
    rmSync(small, { recursive: true, force: true });
    expect({ code, said }).toEqual({ code: 0, said: expect.not.stringMatching(/^ +at /m) });
  });
});
