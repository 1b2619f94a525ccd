import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';

/**
 * The commands of a page of `docs/runbooks` in their order, as they stand there but for the target and what a reader
 * fills in: `{ project: 'region-us/vpc' }` for `<project>`.
 */
export function runbookCommands(page: string, fills: Readonly<Record<string, string>> = {}): string[] {
  const text = readFileSync(join(findRoot(__dirname), 'docs', 'runbooks', page), 'utf8');
  return [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)]
    .flatMap(([, block]) => block!.split('\n').map((line) => line.trim()))
    .filter(Boolean)
    .map((line) =>
      Object.entries(fills)
        .reduce((filled, [name, value]) => filled.replaceAll(`<${name}>`, value), line)
        .replace('--target aws', '--target emulator'),
    );
}
