import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emulatorPackages } from './emulator-packages';
import { installedPython, installPython, PythonPackagesNotInstallable } from '@platform/tools/python/environment';

/** Variable by which tests know why the emulators cannot be installed, so that none of them tries again. */
export const emulatorsObstacle = 'PLATFORM_EMULATORS_OBSTACLE';

/**
 * Installs the emulators before the first test, with its progress on stderr, where a test of one of the projects needs
 * them and they are not there. That they cannot be had is said here, and decided by `withEmulator`.
 * @param folders of the projects, from the workspace root
 */
export async function prepareEmulators(root: string, folders: readonly string[]): Promise<void> {
  if (installedPython(root, emulatorPackages) || !folders.some((folder) => needsEmulators(join(root, folder)))) return;
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    await installPython(root, emulatorPackages, note);
    note('the emulators are installed');
  } catch (error) {
    if (!(error instanceof PythonPackagesNotInstallable)) throw error;
    process.env[emulatorsObstacle] = error.message;
    note(error.message);
  }
}

/** Whether a test below a folder starts an emulator: it imports what does. */
export function needsEmulators(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name !== 'node_modules' && needsEmulators(path);
    return entry.name.endsWith('.test.ts') && /\/(with|start)-emulator';/.test(readFileSync(path, 'utf8'));
  });
}
