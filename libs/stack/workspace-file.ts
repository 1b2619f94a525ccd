import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Text of a file of the repository, by its path from the root with `/` between segments: for files other than
 * TypeScript that go into a stack unchanged. Searched from this file upward, so it works from sources and from a bundle
 * at the root.
 *
 * @throws Error when the file does not exist
 */
export function readWorkspaceFile(path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'infra.config.ts'))) return readFileSync(join(folder, path), 'utf8');
    if (dirname(folder) === folder)
      throw new Error(`${path}: there is no infra.config.ts above ${__dirname}; run it inside the repository`);
  }
}
