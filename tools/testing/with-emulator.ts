import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { emulatorPackages } from '@platform/tools/emulator/emulator-packages';
import type { EmulatorProfile } from '@platform/tools/emulator/profile';
import { startEmulator, type RunningEmulator } from '@platform/tools/emulator/start-emulator';
import { installedPython } from '@platform/tools/python/environment';
import { findRoot } from '@platform/tools/workspace/find-root';
import { emulatorsObstacle } from './prepare-emulators';

/**
 * Tests against an emulator that runs for the time of them, installed first where it is missing; see {@link canEmulate}.
 * @param body declares the tests; the function that it gets returns the emulator, inside tests and hooks only
 */
export function withEmulator(profile: EmulatorProfile, body: (emulator: () => RunningEmulator) => void): void {
  const root = findRoot(__dirname);
  (canEmulate(profile) ? describe : describe.skip)(`on ${profile}`, () => {
    let running: RunningEmulator | undefined;
    beforeAll(async () => {
      running = await startEmulator({ root, profile });
    }, 120_000);
    afterAll(() => running?.stop());
    body(() => running!);
  });
}

/**
 * Whether an emulator of a profile can be started, installed first where it is missing. Where none can be had the reason
 * is printed, for the tests on it are skipped then.
 * @throws Error with `CI=true`, where nothing is skipped
 */
export function canEmulate(profile: EmulatorProfile): boolean {
  const obstacle = obstacleOf(findRoot(__dirname), profile);
  if (obstacle && process.env['CI'] === 'true') throw new Error(obstacle);
  if (obstacle) process.stderr.write(`SKIPPED, the tests on ${profile}: ${obstacle}\n`);
  return !obstacle;
}

/** Why no emulator of this profile can be had. Tests are declared synchronously, so that this has to be known at once. */
function obstacleOf(root: string, profile: EmulatorProfile): string | undefined {
  if (installedPython(root, emulatorPackages)) return undefined;
  let obstacle = process.env[emulatorsObstacle];
  if (obstacle === undefined) {
    // Jest was started by itself, and nobody has tried yet.
    const install = spawnSync(process.execPath, [join(root, 'tools', 'cli', 'platform.cjs'), 'emulator', 'install'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (install.status === 0) return undefined;
    obstacle = 'the emulators cannot be installed';
  }
  const program = profile === 'moto' ? 'moto_server' : 'ministack';
  const onPath = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
  return onPath ? undefined : obstacle;
}
