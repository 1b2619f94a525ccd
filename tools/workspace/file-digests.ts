import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SHA-256 of each file, hexadecimal, by path with `/` between segments. */
export type FileDigests = Readonly<Record<string, string>>;

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Digests of everything below a folder, sorted by path. The bytes count, not times or modes. */
export function folderDigests(folder: string, below = ''): FileDigests {
  const found: Record<string, string> = {};
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory()) Object.assign(found, folderDigests(folder, path));
    else found[path] = sha256(readFileSync(join(folder, path)));
  }
  return found;
}

/** Digests of the named files only; one that is not there has none. */
export function digestsOf(folder: string, paths: readonly string[]): FileDigests {
  return Object.fromEntries(
    paths
      .filter((path) => existsSync(join(folder, path)))
      .map((path) => [path, sha256(readFileSync(join(folder, path)))]),
  );
}
