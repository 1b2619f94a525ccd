import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { assertFree, freePort, launchOf } from './launch';
import { identifyEmulator, type EmulatorProfile } from './profile';
import { answers, type StartEmulatorOptions } from './start-emulator';

/** An emulator that runs until it is stopped by name. */
export interface BackgroundEmulator {
  readonly profile: EmulatorProfile;
  readonly endpoint: string;
  readonly pid: number;
  readonly logFile: string;
}

const folderOf = (root: string) => join(root, 'dist', 'emulator');
const recordOf = (root: string, profile: EmulatorProfile) => join(folderOf(root), `${profile}.json`);

/** The emulators that `startInBackground` has started and that still answer. Records of others are removed. */
export async function runningEmulators(root: string): Promise<BackgroundEmulator[]> {
  const files = existsSync(folderOf(root)) ? readdirSync(folderOf(root)).filter((name) => name.endsWith('.json')) : [];
  const found: BackgroundEmulator[] = [];
  for (const file of files.sort()) {
    const path = join(folderOf(root), file);
    const record = readRecord(path);
    // A process id is used again after a while: it is ours if the emulator of that kind answers at our port.
    const answer = record && isAlive(record.pid) ? await identifyEmulator(record.endpoint) : undefined;
    if (record && answer?.profile === record.profile) found.push(record);
    else rmSync(path, { force: true });
  }
  return found;
}

/**
 * Starts an emulator that stays when this process ends, or gives the one that is running already.
 * @throws PythonPackagesNotInstallable; Error when it does not answer
 */
export async function startInBackground(options: StartEmulatorOptions): Promise<BackgroundEmulator> {
  const { root, profile } = options;
  const running = (await runningEmulators(root)).find((each) => each.profile === profile);
  if (running) return running;

  if (options.port !== undefined) await assertFree(options.port);
  const port = options.port ?? (await freePort());
  const endpoint = `http://127.0.0.1:${port}`;
  const { command, args, environment } = await launchOf(root, profile, port, options);
  mkdirSync(folderOf(root), { recursive: true });
  const logFile = join(folderOf(root), `${profile}-${port}.log`);
  const log = openSync(logFile, 'w');
  const child = spawn(command, args, { env: environment, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended = false;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));
  if (!(await answers(endpoint, () => !ended))) {
    if (child.pid !== undefined && !ended) killGroup(child.pid);
    throw new Error(`emulator ${profile}: it does not answer at ${endpoint}; see ${logFile}`);
  }
  const record: BackgroundEmulator = { profile, endpoint, pid: child.pid!, logFile };
  child.unref();
  const partial = `${recordOf(root, profile)}.${child.pid}`;
  writeFileSync(partial, `${JSON.stringify(record, null, 2)}\n`);
  try {
    linkSync(partial, recordOf(root, profile));
    return record;
  } catch (error) {
    killGroup(child.pid!);
    const faster = (await runningEmulators(root)).find((each) => each.profile === profile);
    if (faster) return faster;
    throw error;
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Ends those that are running, of one profile or of all, and says which. */
export async function stopEmulators(root: string, profile?: EmulatorProfile): Promise<BackgroundEmulator[]> {
  const stopped = (await runningEmulators(root)).filter((each) => !profile || each.profile === profile);
  for (const { pid, profile: name } of stopped) {
    killGroup(pid);
    rmSync(recordOf(root, name), { force: true });
  }
  return stopped;
}

/** Nothing for a record that was not written to its end. */
function readRecord(path: string): BackgroundEmulator | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as BackgroundEmulator;
  } catch {
    return undefined;
  }
}

/** Ends an emulator with all processes that it has started: the program on PATH can be a script that starts the real one. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
