import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** What a run writes, apart from every other run in the same checkout, until it publishes the result. */
export interface RunFolder {
  readonly path: string;
  /** Moves a folder of this run to where people look for it, in the place of what an earlier run published. */
  publish(from: string, to: string): void;
  /** Removes what the run did not publish. */
  remove(): void;
}

/** Makes a folder below `dist/.runs`, and removes those of runs whose process has ended. */
export function openRunFolder(root: string): RunFolder {
  const runs = join(root, 'dist', '.runs');
  mkdirSync(runs, { recursive: true });
  const host = hostname().replaceAll(/[^\w.]/g, '_');
  for (const name of readdirSync(runs)) {
    const [, pid, of] = /^(\d+)-([\w.]+)-/.exec(name) ?? [];
    // A process of another host, such as a container, cannot be looked up here.
    if (of === host && !isAlive(Number(pid))) rmSync(join(runs, name), { recursive: true, force: true });
  }
  const path = mkdtempSync(join(runs, `${process.pid}-${host}-`));
  return {
    path,
    publish: (from, to) => replace(from, to, join(path, 'replaced')),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Whole folders change places, so that a reader finds all files of one run. */
function replace(from: string, to: string, replaced: string): void {
  mkdirSync(dirname(to), { recursive: true });
  for (;;) {
    rmSync(replaced, { recursive: true, force: true });
    try {
      renameSync(to, replaced);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    try {
      return renameSync(from, to);
    } catch (error) {
      // Another run published between the two steps.
      if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
