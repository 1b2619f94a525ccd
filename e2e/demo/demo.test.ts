import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { HeadObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyEmulator } from '@platform/tools/emulator/profile';
import { exampleWorkspace, useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';

/*
 * Waits for Terraform and an emulator more than it works.
 *
 * @waits
 */
jest.setTimeout(900_000);

const root = useExampleWorkspace();
/** For whatever the demo writes beside the checkout. */
let scratch: string;
beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'demo test-'))));
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** The settings have no cache: its stack is empty. */
const projects = ['region-us/alb-asg-app', 'region-us/cache'];
const stacks = [
  'global-zone',
  'global-data',
  'region-us-data',
  'region-us-vpc',
  'region-us-certificate',
  'region-us-aurora',
  'region-us-alb-asg-app',
];

/** A demo as a person starts it, told to stop once `stopAt` was said. */
async function demo(
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
  { workspace = root, stopAt }: { workspace?: string; stopAt?: RegExp } = {},
) {
  const child = spawn(process.execPath, [join(workspace, 'tools/cli/platform.cjs'), 'demo', ...args], {
    cwd: workspace,
    env: { ...process.env, AWS_ENDPOINT_URL: '', TMPDIR: scratch, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (stopAt?.test(stderr)) {
      stopAt = undefined;
      child.kill('SIGINT');
    }
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** The database takes many minutes on an emulator: of it only what admits its clients is made. */
const quickDatabase = `
  import type { Construct } from 'constructs';
  import { ClientAccess } from '@platform/libs/data/client-access';
  import type { Environment } from '@platform/libs/settings/environment';
  import { EstateStack } from '@platform/libs/stack/estate-stack';
  import { contract as data } from '../data/contract';
  import { region } from '../region';
  import { contract as vpc } from '../vpc/contract';
  import { contract } from './contract';
  export class DatabaseStack extends EstateStack {
    constructor(scope: Construct, environment: Environment) {
      super(scope, { environment, contract, region, account: 'workload' });
      const { databaseSecretArn: secretArn } = this.read(data);
      const { vpcId } = this.read(vpc);
      const access = new ClientAccess(this, 'Access', { name: 'database', vpcId, port: 5432 });
      const examples = Object.entries(contract.fields).map(([name, { example }]) => [name, example]);
      const { clientSecurityGroupId } = access;
      this.publish(contract, { ...Object.fromEntries(examples), clientSecurityGroupId, secretArn } as never);
    }
  }
`;

withEmulator('moto', (emulator) => {
  /** How the objects of a stack are encrypted, by name: all versions of them, for a destroy has deleted some. */
  async function encryptionOf(stack: string, Bucket: string): Promise<Record<string, string[]>> {
    const at = {
      region: 'us-east-1',
      endpoint: emulator().endpoint,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
    };
    const [s3, kms] = [new S3Client({ ...at, forcePathStyle: true }), new KMSClient(at)];
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: `${stack}/` }));
    const found: Record<string, string[]> = {};
    for (const { Key, VersionId } of Versions!) {
      const { ServerSideEncryption = 'none', SSEKMSKeyId: KeyId } = await s3.send(
        new HeadObjectCommand({ Bucket, Key, VersionId }),
      );
      const key = KeyId && (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description;
      const whose = key === `Terraform state in ${Bucket}` ? 'its key' : `the key of ${key}`;
      const name = Key!.slice(stack.length + 1);
      found[name] = [...new Set([...(found[name] ?? []), ServerSideEncryption, whose])];
    }
    return found;
  }

  test('network, application, zone and buckets live from bootstrap to destroy', async () => {
    const workspace = exampleWorkspace();
    writeFileSync(join(workspace, 'region-us/aurora/stack.ts'), quickDatabase);
    const variables = { AWS_ENDPOINT_URL: emulator().endpoint };
    try {
      const { code, stdout, stderr } = await demo(projects, variables, { workspace });
      expect({ code, said: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, said: '' });
      // Node.js warns where more than ten calls wait for one signal.
      expect(stderr).not.toContain('Warning');
      const tables = stdout.split(/^stack +region +result.*$/m).slice(1);
      const [first, second, repair] = tables.map((table) =>
        Object.fromEntries([...table.matchAll(/^(\S+) +us +(\S+) /gm)].map(([, stack, result]) => [stack, result])),
      );
      const everything = (result: string) => ({
        ...Object.fromEntries(stacks.map((stack) => [stack, result])),
        'region-us-cache': 'untouched',
      });
      expect(first).toEqual(everything('applied'));
      expect(second).toEqual(everything('untouched'));
      // Values of other stacks are real: the network, and what this region's stack publishes of the global stores.
      expect(stdout).toMatch(/^region-us-vpc\.vpcId = "vpc-/m);
      expect(stdout).toMatch(/^region-us-alb-asg-app\.balancerArn = "arn:aws:elasticloadbalancing:us-east-1:/m);
      expect(stdout).toMatch(/^region-us-data\.keyArn = "arn:aws:kms:us-east-1:123456789012:/m);
      // And nothing that the deploys have done themselves, such as rules that show in a group.
      expect(stdout.match(/^ {4}\S+: aws_\w+\.\S+: .+$/gm)).toEqual([
        expect.stringMatching(/region-us-vpc: aws_vpc\.\S+: enable_dns_hostnames/),
      ]);
      expect(repair).toEqual({ 'region-us-vpc': 'applied' });
      const destroyed = [...stdout.matchAll(/^(\S+) {2}destroyed$/gm)].map(([, stack]) => stack!);
      expect(destroyed.sort()).toEqual([...stacks].sort());

      expect(await encryptionOf('region-us-vpc', /^(\S+-terraform-state-us)$/m.exec(stdout)![1]!)).toEqual({
        'terraform.tfstate': ['aws:kms', 'its key'],
        'terraform.tfstate.tflock': ['aws:kms', 'its key'],
        'configuration.json.gz': ['aws:kms', 'its key'],
        'begun-configuration.json.gz': ['aws:kms', 'its key'],
      });

      expect(stdout).toMatch(/^shared-tgw-us +\d+ +\d+ +\d+ %$/m);
      expect(stdout).toContain('  missing: Global Accelerator is not there (aws_globalaccelerator_accelerator,');
      expect(stdout).toMatch(/^Destroy: .* \d+\.\d$/m);
      process.stderr.write(stdout.slice(stdout.lastIndexOf('\nstep ')));
      expect(readdirSync(scratch)).toEqual([]);
    } finally {
      rmSync(workspace, { recursive: true });
    }
  });

  test('a Ctrl-C ends its emulator and takes away its folder', async () => {
    const { code, stderr } = await demo(['region-us/vpc'], {}, { stopAt: /\d+ changes/ });
    expect({ code, stderr }).toMatchObject({ code: 130 });
    expect(stderr).toContain('SIGINT: ');
    const endpoint = /moto at (\S+);/.exec(stderr)![1]!;
    expect(await identifyEmulator(endpoint)).toBeUndefined();
    expect(readdirSync(scratch)).toEqual([]);
  });
});
