import { dirname } from 'node:path';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Nothing where there is no file; `damaged` where it is no JSON. */
export function readJson<T>(path: string): T | 'damaged' | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return 'damaged';
  }
}

/** Writes a file that is whole as soon as it has its name, even where the machine dies at that moment. */
export function writeWhole(path: string, content: object): void {
  const partial = openSync(`${path}.partial`, 'w', 0o600);
  try {
    writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`);
    fsyncSync(partial);
  } finally {
    closeSync(partial);
  }
  renameSync(`${path}.partial`, path);
  // The new name is on the disk only once its folder is (fsync(2)).
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
