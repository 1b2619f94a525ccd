import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A file of this checkout that cannot be read. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  readonly exitCode = 1;
}

/**
 * Nothing where there is no file.
 * @throws DamagedFile
 */
export function readJson<T>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DamagedFile(`${basename(path)}: it is cut short, as by a machine that has died`);
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
}
