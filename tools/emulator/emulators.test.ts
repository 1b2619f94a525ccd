import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';
import { findEmulator } from './find-emulator';
import { emulatorProfiles, identifyEmulator } from './profile';

jest.setTimeout(400_000);

const root = findRoot(__dirname);
const cli = join(root, 'tools', 'cli', 'platform.cjs');

async function command(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, 'emulator', ...args], { cwd: workspace });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'emulator workspace-'));
  writeFileSync(join(workspace, 'infra.config.ts'), '');
  mkdirSync(join(workspace, 'tools', 'emulator'), { recursive: true });
  cpSync(join(root, 'tools/emulator/requirements.txt'), join(workspace, 'tools/emulator/requirements.txt'));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

describe.each(emulatorProfiles)('%s', (profile) => {
  withEmulator(profile, (emulator) => {
    test('says what it is', async () => {
      expect(await identifyEmulator(emulator().endpoint)).toEqual({ endpoint: emulator().endpoint, profile });
    });

    test('is found by the address that is set', async () => {
      const variables = { AWS_ENDPOINT_URL: `${emulator().endpoint}/` };
      expect((await findEmulator(workspace, variables)).profile).toBe(profile);
    });
  });
});

withEmulator('moto', () => {
  test('start leaves one running, a second start finds it, stop ends it', async () => {
    // The environment is found by the pins, wherever the workspace lies.
    symlinkSync(join(root, '.cache'), join(workspace, '.cache'));
    const first = await command('start', '--profile', 'ministack');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ministack http:\/\/127\.0\.0\.1:\d+\n$/) });
    expect((await command('start', '--profile', 'ministack')).stdout).toBe(first.stdout);
    expect(await command('status')).toMatchObject({ code: 0, stdout: first.stdout });
    expect(await findEmulator(workspace, {})).toMatchObject({ profile: 'ministack' });
    const endpoint = first.stdout.trim().split(' ')[1]!;
    expect(await command('stop')).toMatchObject({ code: 0, stdout: first.stdout });
    await delay(200);
    expect(await identifyEmulator(endpoint)).toBeUndefined();
    expect((await command('status')).code).toBe(1);
  });

  test('one that was started for a test ends with the process that started it, however that ends', async () => {
    const script = `
      require(${JSON.stringify(join(root, 'node_modules/tsx/dist/cjs/index.cjs'))});
      const { startEmulator } = require(${JSON.stringify(join(root, 'tools/emulator/start-emulator.ts'))});
      startEmulator({ root: ${JSON.stringify(root)}, profile: 'moto' }).then(({ endpoint }) => console.log(endpoint));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const endpoint = line.toString().trim();
    expect(await identifyEmulator(endpoint)).toBeDefined();
    child.kill('SIGKILL');
    for (let tries = 0; tries < 50 && (await identifyEmulator(endpoint)); tries++) await delay(100);
    expect(await identifyEmulator(endpoint)).toBeUndefined();
  });
});

test('refuses an address where nothing answers', async () => {
  await expect(findEmulator(workspace, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' })).rejects.toThrow(
    'AWS_ENDPOINT_URL: nothing answers at http://127.0.0.1:9; start the emulator, or unset the variable',
  );
  await expect(findEmulator(workspace, {})).rejects.toThrow('emulator: none is running');
});
