import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Text of a file of the repository, by its path from the root with `/` between segments: for what is not TypeScript and
 * goes into a stack as it is. Found from this file upward, so it is the same whether the code runs from its sources or
 * from a bundle at the root.
 *
 * @throws Error when there is no such file.
 */
export function readWorkspaceFile(path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'infra.config.ts'))) return readFileSync(join(folder, path), 'utf8');
    if (dirname(folder) === folder)
      throw new Error(`${path}: there is no infra.config.ts above ${__dirname}; run it inside the repository`);
  }
}
