import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { shellWord } from '@platform/tools/workspace/shell-word';
import { fateOf, thisProcess, type ProcessIdentity } from './process-identity';

/** Another run works in the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  readonly exitCode = 1;
}

interface Holder extends ProcessIdentity {
  /** Of one taking of the lock: a process can take it several times. */
  readonly token?: string;
}

const LOCK = 'in-use.json';
const POLL_MS = 200;
/** Time between two writes by which a holder shows that it is alive, in milliseconds. */
const RENEW_MS = 10_000;
/** A lock of another machine that was not written for this time is free, in seconds. Twelve writes were missed then. */
export const LEASE_SEC = 120;
/** How names of folders begin that belong to one run. */
const RUN = '.run-';
/** A folder of a run on another machine that was made this long ago is left over, in seconds. */
const LEFT_OVER_SEC = 24 * 3600;

/** Whether a file of a folder is its lock, or one that a waiting run is about to make the lock: not for others to remove. */
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
 * Runs `work` while no other run works in the folder: two runs in one checkout would write over each other's plans. Waits
 * for a run that is alive. Takes over from one that has died, and from one of another machine (a shared folder, a
 * container) that has shown no sign of life for {@link LEASE_SEC}. States are locked by Terraform; this is about files only.
 * @throws FolderInUse when the other run does not end within the wait
 */
export async function withFolder<T>(folder: string, options: FolderWait, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, LOCK);
  let told = false;
  let taken: Taken | undefined;
  for (const end = performance.now() + options.waitSec * 1000; !(taken = take(lock)); await delay(POLL_MS)) {
    options.signal?.throwIfAborted();
    const holder = readHolder(lock);
    const fate = holder && fateOf(holder);
    const silentSec = fate === 'elsewhere' ? silenceOf(lock) : 0;
    if (holder && (fate === 'dead' || silentSec > LEASE_SEC)) {
      bury(lock, holder);
      continue;
    }
    const who = holder ? `process ${holder.pid} of ${holder.user} on ${holder.host}` : 'another run';
    if (performance.now() > end) {
      const release =
        fate === 'elsewhere'
          ? `. Its last write was ${Math.round(silentSec)} s ago. If that machine has stopped, the folder is free ${LEASE_SEC} s after the last write, or at once by: rm ${shellWord(lock)}`
          : '';
      throw new FolderInUse(`${folder}: ${who} works here; wait until it has ended, and repeat the command${release}`);
    }
    if (!told) options.onWait?.(`${folder}: waiting for ${who}`);
    told = true;
  }
  const renewal = setInterval(taken.renew, RENEW_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    taken.release();
  }
}

/** The run of this machine that works in a folder, if there is one. */
export function liveHolderOf(folder: string): ProcessIdentity | undefined {
  const holder = readHolder(join(folder, LOCK));
  return holder && fateOf(holder) === 'alive' ? holder : undefined;
}

/**
 * Makes a folder of this run's own below `parent`, which must exist; the run removes it. Those that killed runs have left
 * are removed first, those of other machines after a day.
 */
export function folderOfRun(parent: string): string {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(RUN))) {
    const lock = join(parent, name, LOCK);
    const holder = readHolder(lock);
    const fate = holder && fateOf(holder);
    const isLeft = fate === 'dead' || (fate === 'elsewhere' && silenceOf(lock) > LEFT_OVER_SEC);
    if (isLeft) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(parent, RUN));
  writeFileSync(join(folder, LOCK), JSON.stringify(thisProcess()), { mode: 0o600 });
  return folder;
}

interface Taken {
  /** Shows a sign of life: the time at which the lock was written, by the clock of the disk that it lies on. */
  renew(): void;
  release(): void;
}

/** A file that is whole as soon as it is there: a link to one that is written already. */
function take(lock: string): Taken | undefined {
  const holder: Holder = { ...thisProcess(), token: randomUUID() };
  const text = JSON.stringify(holder);
  const draft = `${lock}.${holder.token}`;
  const file = openSync(draft, 'w', 0o600);
  let isTaken = false;
  try {
    writeSync(file, text);
    linkSync(draft, lock);
    isTaken = true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return undefined;
  } finally {
    if (!isTaken) closeSync(file);
    rmSync(draft, { force: true });
  }
  return {
    // Into the file that was linked, whose place another may have taken meanwhile.
    renew: () => {
      try {
        writeSync(file, text, 0);
      } catch {
        // A full disk or a lost share: what comes next will say so.
      }
    },
    release: () => {
      closeSync(file);
      if (readHolder(lock)?.token === holder.token) rmSync(lock, { force: true });
    },
  };
}

/** Takes a lock away that counts for no more, unless another run has done so meanwhile and has its own there. */
function bury(lock: string, dead: Holder): void {
  const grave = `${lock}.${randomUUID()}.dead`;
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

/** Time since the lock was written last, in seconds, by the clock of its disk: those of two machines differ. */
function silenceOf(lock: string): number {
  const probe = `${lock}.${randomUUID()}.now`;
  try {
    writeFileSync(probe, '', { mode: 0o600 });
    return (statSync(probe).mtimeMs - statSync(lock).mtimeMs) / 1000;
  } catch (error) {
    // It has been released.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  } finally {
    rmSync(probe, { force: true });
  }
}

function readHolder(lock: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}
