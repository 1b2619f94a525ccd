import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultyEndpoint, type SeenCall } from '@platform/e2e/fixtures/faulty-endpoint';
import { addNames, smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @long
 */
jest.setTimeout(900_000);

const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
const Bucket = 'example-prod-terraform-state-us';

withEmulator('moto', (emulator) => {
  let root: string;
  let faulty: FaultyEndpoint;
  beforeAll(async () => {
    root = smallWorkspace(findRoot(__dirname));
    // Its state is in the same bucket, which is known by it once the others are gone.
    addNames(root);
    faulty = await FaultyEndpoint.before(emulator());
    const s3 = new S3Client({ region: 'us-east-1', endpoint: emulator().endpoint, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(async () => {
    await faulty?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const start = (...args: string[]) =>
    startCli(root, [...args, '-c', 'prod'], { PLATFORM_TARGET: 'emulator', AWS_ENDPOINT_URL: faulty.endpoint });
  const run = (...args: string[]) => start(...args).ended;
  const deploy = (project: string) => run('deploy', '--unreviewed', project);
  const destroy = (...args: string[]) => start('destroy', ...args, '--confirm', 'prod');
  const fileOf = (...path: string[]) => join(root, 'dist', 'live', 'emulator', 'prod', ...path, 'errored.tfstate');
  const writesState = (stack: string) => (call: SeenCall) =>
    new RegExp(`^PUT .*${stack}/terraform\\.tfstate(\\?|$)`).test(call.line);
  const refused = { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' };

  /** From now on the topic's stack has a parameter too. */
  function addParameter(): void {
    const file = join(root, 'region-us', 'topic', 'stack.ts');
    const stack = readFileSync(file, 'utf8').replace(
      /(\n.*new SnsTopic.*)/,
      `$1\n    new SsmParameter(this, 'After', { name: '/after', type: 'String', value: 'x', dependsOn: [topic] });`,
    );
    writeFileSync(file, `import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';\n${stack}`);
  }

  test('what another deploy adds after the announcement is not destroyed, and is named', async () => {
    expect(await deploy('region-us/topic')).toMatchObject({ code: 0 });
    const held = faulty.hold('call', ({ line }) => /^PUT .*region-us-topic\/terraform\.tfstate\.tflock/.test(line));
    const destroying = destroy('region-us/topic');
    await Promise.race([held.came, destroying.ended]);
    addParameter();
    expect(await deploy('region-us/topic')).toMatchObject({ code: 0 });
    held.release();
    const { code, stdout, stderr } = await destroying.ended;
    expect(stderr).toContain(
      'region-us-topic: it has more now than was announced; nothing of it was destroyed. Repeat the command to see and confirm all of it:\n  aws_ssm_parameter.After (/after)\n',
    );
    expect([code, stdout]).toEqual([1, 'region-us-topic  failed\n']);
    expect(faulty.seen.some(({ body }) => body.includes('Action=DeleteTopic'))).toBe(false);
  });

  test('a stack whose only state was never saved is saved first, then destroyed', async () => {
    faulty.refuse({ matches: writesState('global-reader'), ...refused });
    expect((await deploy('global/reader')).code).toBe(1);
    faulty.refuse();
    expect(existsSync(fileOf('global-reader'))).toBe(true);

    const dry = await run('destroy', 'global/reader', '--dry-run');
    expect(dry.stderr).toContain('global-reader: an earlier apply could not write its state');
    expect(dry.stderr).not.toContain('nothing to destroy');
    expect([dry.code, existsSync(fileOf('global-reader'))]).toEqual([1, true]);

    const { code, stdout, stderr } = await destroy('global/reader').ended;
    expect(stderr).toContain('global-reader: an earlier apply could not write its state; writing it now');
    expect([code, stdout]).toEqual([0, 'global-reader  destroyed\n']);
    expect(existsSync(fileOf('global-reader'))).toBe(false);
  });

  describe('a stack whose project is gone', () => {
    beforeAll(() => {
      for (const folder of ['region-us/topic', 'global/reader']) rmSync(join(root, folder), { recursive: true });
    });

    test('says at a Ctrl-C what goes on, and leaves a state that it can save later', async () => {
      const held = faulty.hold('answer', ({ body }) => body.includes('Action=DeleteTopic'));
      const destroying = destroy('--removed');
      await Promise.race([held.came, destroying.ended]);
      faulty.refuse({ matches: writesState('region-us-topic'), ...refused });
      destroying.child.kill('SIGINT');
      await destroying.says('SIGINT: stopping Terraform');
      held.release();
      const { code, stderr } = await destroying.ended;
      faulty.refuse();
      expect(stderr).not.toContain('TypeError');
      expect(stderr).toContain('to go on when it has ended: npx platform destroy --removed --target emulator -c prod');
      expect(stderr).toContain('what was changed is not in the state');
      expect(stderr).not.toContain('what was finished is in the state');
      expect([code, existsSync(fileOf('.destroy', 'region-us-topic'))]).toEqual([130, true]);
    });

    test('is saved before it is called destroyed', async () => {
      const { code, stderr } = await destroy('--removed').ended;
      expect(stderr).toContain('region-us-topic: an earlier apply could not write its state; writing it now');
      expect(stderr).toContain('nothing to destroy');
      expect([code, existsSync(fileOf('.destroy', 'region-us-topic'))]).toEqual([0, false]);
    });
  });
});
