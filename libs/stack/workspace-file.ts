import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Text of a file of the repository, for files other than TypeScript that become part of a stack: scripts, services,
 * policies, rules. Without byte order mark and carriage returns, so that every checkout gives the same bytes.
 *
 * @param path from the root, with `/` between segments
 * @throws Error when the file does not exist
 */
export function readWorkspaceFile(path: string): string {
  return normalised(readFileSync(join(workspaceRoot(), path), 'utf8'));
}

/** Root of the repository. Searched from this file upward, so it works from sources and from a bundle at the root. */
export function workspaceRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'infra.config.ts'))) return folder;
    if (dirname(folder) === folder) {
      throw new Error(`there is no infra.config.ts above ${__dirname}; run it inside the repository`);
    }
  }
}

/** Text with LF line ends and without byte order mark, which editors and Git on other systems may add. */
export function normalised(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
}
