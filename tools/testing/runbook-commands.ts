import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';

const folder = join(findRoot(__dirname), 'docs', 'runbooks');

/**
 * The commands of a page of `docs/runbooks`, in order, with `--target emulator` instead of `--target aws`.
 *
 * @param fills values for placeholders: `{ project: 'region-us/vpc' }` for `<project>`
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

/** The commands inside the sentences of a page. */
export function commandsInSentences(page: string): string[] {
  return [...textOf(page).matchAll(/`((?:npm|npx|nx|node|terraform|tofu|aws|git)\s[^`]+)`/g)].map(([, command]) =>
    command!.replace(/\s+/g, ' '),
  );
}

/**
 * Arguments of `platform` in a command of a page or a message: of `npx platform drift -c prod` or of the npm script
 * `npm run drift -- -c prod`. Undefined for another program.
 */
export function platformArguments(command: string): string[] | undefined {
  const [, npx, script, rest] = /^(?:npx platform (.*)|npm run (\S+)(?: -- (.*))?)$/.exec(command) ?? [];
  if (npx === undefined && script === undefined) return undefined;
  return (npx ?? `${script} ${rest ?? ''}`).split(' ').filter(Boolean);
}

/** File names of the pages in `docs/runbooks`. */
export function runbooks(): string[] {
  return readdirSync(folder).sort();
}

function textOf(page: string): string {
  return readFileSync(join(folder, page), 'utf8');
}
