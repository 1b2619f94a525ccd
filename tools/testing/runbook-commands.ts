import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';

const folder = join(findRoot(__dirname), 'docs', 'runbooks');

/**
 * The commands of a page of `docs/runbooks` in their order, as they stand there but for the target and what a reader
 * fills in: `{ project: 'region-us/vpc' }` for `<project>`.
 */
export function runbookCommands(page: string, fills: Readonly<Record<string, string>> = {}): string[] {
  return [...textOf(page).matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)]
    .flatMap(([, block]) => block!.split('\n').map((line) => line.trim()))
    .filter(Boolean)
    .map((line) =>
      Object.entries(fills)
        .reduce((filled, [name, value]) => filled.replaceAll(`<${name}>`, value), line)
        .replace('--target aws', '--target emulator'),
    );
}

/** The commands that stand in the sentences of a page. */
export function commandsInSentences(page: string): string[] {
  return [...textOf(page).matchAll(/`((?:npm|npx|nx|node|terraform|tofu|aws|git)\s[^`]+)`/g)].map(([, command]) =>
    command!.replace(/\s+/g, ' '),
  );
}

/** Names of all pages of `docs/runbooks`. */
export function runbooks(): string[] {
  return readdirSync(folder).sort();
}

function textOf(page: string): string {
  return readFileSync(join(folder, page), 'utf8');
}
