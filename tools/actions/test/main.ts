import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installPython, PythonPackagesNotInstallable } from '@platform/tools/python/environment';
import { checkovPackages } from '@platform/tools/python/checkov-packages';
import { countChecks } from './count-checks';

/**
 * `npm test`: every check of every project and a preview plan of every stack through Nx, then one line with the sum.
 * `--scan` adds `npm run scan`, which needs Python; `--lifecycles` what takes longest, the estate's own stacks on
 * emulators. Other arguments go to Nx, for example `npm test -- --projects=region-us-*`, or `--targets=lint` in the place of all.
 */
const root = process.cwd();
const folder = join(root, 'dist', 'checks');
rmSync(folder, { recursive: true, force: true });

const given = process.argv.slice(2);
const scans = given.includes('--scan');
const targets = ['lint', 'typecheck', 'test', 'plan', ...(scans ? ['scan'] : [])];
const own = ['--scan', '--lifecycles'];
const nx = createRequire(join(root, 'package.json')).resolve('nx/bin/nx.js');
async function main(): Promise<void> {
  if (scans) await installScanner();
  const run = spawnSync(
    process.execPath,
    [
      nx,
      'run-many',
      ...(given.some((argument) => /^--targets?(=|$)/.test(argument)) ? [] : [`--targets=${targets.join()}`]),
      '--parallel=2',
      '--nxBail=false',
      ...given.filter((argument) => !own.includes(argument)),
    ],
    // Plans are previews here, wherever those of the caller are made.
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PLATFORM_TARGET: undefined,
        ...(given.includes('--lifecycles') ? { PLATFORM_LIFECYCLES: 'on' } : {}),
        ...(scans ? { PLATFORM_SCAN: 'on' } : {}),
      },
    },
  );
  const { passed, failed, skipped } = countChecks(folder);
  // What failed without a count, such as the project graph itself.
  const missed = run.status !== 0 && failed === 0 ? 1 : 0;
  process.stdout.write(`\n${passed} passed, ${failed + missed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = run.status === 0 && failed === 0 && passed > 0 ? 0 : 1;
}

/** Before the first test: those of the scanner run before the scan, which installs it otherwise, and would be skipped. */
async function installScanner(): Promise<void> {
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    await installPython(root, checkovPackages, note);
  } catch (error) {
    // The scan fails for it, and says so at its place.
    if (!(error instanceof PythonPackagesNotInstallable)) throw error;
  }
}

void main();
