import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyEmulator } from '@platform/tools/emulator/profile';
import { withEmulator } from '@platform/tools/testing/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';

jest.setTimeout(400_000);

const root = findRoot(__dirname);
/** For whatever the demo writes beside the checkout. */
let scratch: string;
beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'demo test-'))));
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** A demo as a person starts it, told to stop once `stopAt` was said. */
async function demo(args: readonly string[], variables: NodeJS.ProcessEnv, stopAt?: RegExp) {
  const child = spawn(process.execPath, [join(root, 'tools/cli/platform.cjs'), 'demo', ...args], {
    cwd: root,
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

withEmulator('moto', (emulator) => {
  test('shows every step on the endpoint that is given, its own change as drift, and what the emulator cannot do', async () => {
    const { code, stdout, stderr } = await demo(['region-us/vpc'], { AWS_ENDPOINT_URL: emulator().endpoint });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^region-us-vpc +us +applied +\d+ +0 +0 /m);
    expect(stdout).toMatch(/^region-us-vpc\.vpcId = "vpc-/m);
    expect(stdout).toMatch(/region-us-vpc: aws_vpc\.\S+: enable_dns_hostnames/);
    expect(stdout).toMatch(/^region-us-vpc {2}destroyed$/m);
    expect(stdout).toMatch(/^shared-tgw-us +\d+ +\d+ +\d+ %$/m);
    expect(stdout).toContain('  missing: Global Accelerator is not there (aws_globalaccelerator_accelerator,');
    expect(stdout).toMatch(/^Destroy: .* \d+\.\d$/m);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('a Ctrl-C ends its emulator and takes away its folder', async () => {
    const { code, stderr } = await demo(['region-us/vpc'], {}, /\d+ changes/);
    expect({ code, stderr }).toMatchObject({ code: 130 });
    expect(stderr).toContain('SIGINT: ');
    const endpoint = /moto at (\S+);/.exec(stderr)![1]!;
    expect(await identifyEmulator(endpoint)).toBeUndefined();
    expect(readdirSync(scratch)).toEqual([]);
  });
});
