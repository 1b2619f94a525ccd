import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Text of a file of the repository, for everything that is not TypeScript and becomes part of a stack: scripts, services,
 * policies, rules. Without byte order mark and carriage returns, so that every checkout gives the same bytes. Found from
 * this file upward: the code may run from its sources or from a bundle at the root.
 *
 * @param path from the root, with `/` between segments
 * @throws Error when there is no such file
 */
export function readWorkspaceFile(path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'infra.config.ts'))) return normalised(readFileSync(join(folder, path), 'utf8'));
    if (dirname(folder) === folder)
      throw new Error(`${path}: there is no infra.config.ts above ${__dirname}; run it inside the repository`);
  }
}

/** Text with LF between lines and without byte order mark, as editors and Git on other systems may have added. */
export function normalised(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
}
