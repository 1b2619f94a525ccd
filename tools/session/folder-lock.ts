import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Somebody else works in the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  readonly exitCode = 1;
}

interface Holder {
  readonly pid: number;
  /** When the process began, in the kernel's ticks: process ids come again, and clocks are set. */
  readonly began: string;
  readonly host: string;
  readonly user: string;
}

const LOCK = 'in-use.json';
const POLL_MS = 200;
/** How names of folders begin that belong to one run. */
const RUN = '.run-';

/** Whether a file of a folder is its lock, or one that a run which waits is about to make the lock: not for others to remove. */
export function isOfLock(name: string): boolean {
  return name.startsWith(LOCK);
}

/** How long to wait for another run, who is told of it, and what ends the wait. */
export interface FolderWait {
  readonly waitSec: number;
  readonly onWait?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` while nobody else on this machine works in the folder: two runs in one checkout would write over each
 * other's plans. Waits for a run that is alive; takes over from one that has died. States are locked by Terraform; this
 * is about files only.
 * @throws FolderInUse when the other run does not end within the wait
 */
export async function withFolder<T>(folder: string, options: FolderWait, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, LOCK);
  const mine = myself();
  let told = false;
  for (const end = performance.now() + options.waitSec * 1000; !take(lock, mine); await delay(POLL_MS)) {
    options.signal?.throwIfAborted();
    const holder = readHolder(lock);
    if (holder && !isAlive(holder)) {
      bury(lock, holder);
      continue;
    }
    const who = holder ? `process ${holder.pid} of ${holder.user} on ${holder.host}` : 'another run';
    if (performance.now() > end) {
      throw new FolderInUse(`${folder}: ${who} works here; wait until it has ended, and repeat the command`);
    }
    if (!told) options.onWait?.(`${folder}: waiting for ${who}`);
    told = true;
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * Makes a folder of this run's own below `parent`, which must exist; the run removes it. Those that runs of this machine
 * have left behind, because they were killed, go first.
 */
export function folderOfRun(parent: string): string {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(RUN))) {
    const holder = readHolder(join(parent, name, LOCK));
    if (holder && !isAlive(holder)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(parent, RUN));
  take(join(folder, LOCK), myself());
  return folder;
}

/** A file that is whole as soon as it is there: a link to one that is written already. */
function take(lock: string, holder: Holder): boolean {
  const draft = `${lock}.${holder.pid}.${Math.trunc(performance.now() * 1000)}`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes a dead run's lock away, unless another run has done so meanwhile and has its own there. */
function bury(lock: string, dead: Holder): void {
  const grave = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, grave);
    const buried = readHolder(grave);
    if (JSON.stringify(buried) !== JSON.stringify(dead)) linkSync(grave, lock);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(grave, { force: true });
  }
}

function myself(): Holder {
  return { pid: process.pid, began: beginningOf(process.pid) ?? '', host: hostname(), user: userInfo().username };
}

function readHolder(lock: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, began, host }: Holder): boolean {
  // Of another machine (a shared folder) nothing can be known.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = beginningOf(pid);
  return now === undefined || began === '' || now === began;
}

function beginningOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets and can hold anything; the start time is field 22.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}
