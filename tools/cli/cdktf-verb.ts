import { spawnSync } from 'node:child_process';

/** Verbs of the cdktf CLI that change real infrastructure, with what to run instead. */
const changing: Readonly<Record<string, string>> = {
  deploy: 'deploy',
  apply: 'deploy',
  watch: 'deploy',
  destroy: 'destroy',
};

/** More than npx, the CLI and the shells between them. */
const ANCESTORS = 8;

/**
 * The verb by which the cdktf CLI changes something, if that is what runs its app: the CLI tells its app nothing of it.
 * @param lines command lines, for example `node /x/cdktf-cli/bundle/bin/cdktf.js deploy region-us-vpc`
 */
export function changingVerb(lines: readonly string[]): { readonly verb: string; readonly ours: string } | undefined {
  for (const line of lines) {
    const [, words] = /(?:^|[\s/])cdktf(?:\.js)?\s+(.*)$/.exec(line) ?? [];
    const verb = words?.split(/\s+/).find((word) => changing[word] !== undefined);
    if (verb) return { verb, ours: changing[verb]! };
  }
  return undefined;
}

/** Command lines of the processes that have started this one, the nearest first; none where `ps` cannot be asked. */
export function ancestors(): string[] {
  const lines: string[] = [];
  for (let pid = String(process.ppid); lines.length < ANCESTORS && Number(pid) > 1; ) {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', pid], { encoding: 'utf8' });
    const [, parent, line] = /^\s*(\d+)\s+(.*)$/m.exec(stdout ?? '') ?? [];
    if (!parent) break;
    lines.push(line!);
    pid = parent;
  }
  return lines;
}
