import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installPython, PythonPackagesNotInstallable } from '@platform/tools/python/environment';
import { checkovPackages } from '@platform/tools/python/checkov-packages';
import { countChecks, type CheckCount } from './count-checks';

/** Variable of the process that lets the test target run every file, also the long ones; an input of its cache. */
export const allTests = 'PLATFORM_ALL_TESTS';

export interface RunChecksOptions {
  /** Workspace root. */
  readonly root: string;
  /** Also runs checkov over every stack, which needs Python. Default: false. */
  readonly scan?: boolean;
  /** Also runs the test files that take long. Default: false. */
  readonly all?: boolean;
  /** Arguments of `nx run-many`. `--targets` takes the place of all checks. */
  readonly nxArguments: readonly string[];
  readonly note: (text: string) => void;
}

/** Runs every check of every project and a preview plan of every stack through Nx, and counts them. */
export async function runChecks(options: RunChecksOptions): Promise<Required<CheckCount>> {
  const { root, scan = false, all = false, nxArguments, note } = options;
  const folder = join(root, 'dist', 'checks');
  rmSync(folder, { recursive: true, force: true });
  if (scan) await installScanner(root, note);
  const targets = ['lint', 'typecheck', 'test', 'plan', ...(scan ? ['scan'] : [])];
  const { status } = spawnSync(
    process.execPath,
    [
      createRequire(join(root, 'package.json')).resolve('nx/bin/nx.js'),
      'run-many',
      ...(nxArguments.some((argument) => /^--targets?(=|$)/.test(argument)) ? [] : [`--targets=${targets.join()}`]),
      '--parallel=2',
      '--nxBail=false',
      ...nxArguments,
    ],
    // Plans are previews here, also where PLATFORM_TARGET names another target.
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PLATFORM_TARGET: undefined,
        ...(all ? { [allTests]: 'on' } : {}),
        ...(scan ? { PLATFORM_SCAN: 'on' } : {}),
      },
    },
  );
  const count = countChecks(folder);
  // A failure without a count, such as that of the project graph itself.
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** Before the first test: tests of checkov run before the scan, which installs it, and would be skipped. */
async function installScanner(root: string, note: (text: string) => void): Promise<void> {
  try {
    await installPython(root, checkovPackages, note);
  } catch (error) {
    // The scan reports the same failure.
    if (!(error instanceof PythonPackagesNotInstallable)) throw error;
  }
}
