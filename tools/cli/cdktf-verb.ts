import { spawnSync } from 'node:child_process';
import type { Configuration } from '@platform/tools/model/configuration';
import { readsWhilePlanned } from '@platform/tools/model/offline';

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
  const verb = wordsOf(lines).find((word) => changing[word] !== undefined);
  return verb === undefined ? undefined : { verb, ours: changing[verb]! };
}

/** Whether the cdktf CLI runs its app to plan: only then Terraform reads data sources. */
export function isPlanning(lines: readonly string[]): boolean {
  return wordsOf(lines).some((word) => word === 'diff' || word === 'plan');
}

/** The words after `cdktf` in command lines. */
function wordsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /(?:^|[\s/])cdktf(?:\.js)?\s+(.*)$/.exec(line)?.[1]?.split(/\s+/) ?? []);
}

/**
 * Why a preview by the cdktf CLI would call something, one message each: it starts Terraform itself, with the caller's
 * variables, and those win over what a preview's files say (AWS SDKs and tools guide, "Service-specific endpoints").
 */
export function callsOfPreview(
  configurations: ReadonlyMap<string, Configuration>,
  variables: NodeJS.ProcessEnv,
): string[] {
  const endpoints = Object.keys(variables).filter((name) => name.startsWith('AWS_ENDPOINT_URL') && variables[name]);
  return [
    ...endpoints.map(
      (name) =>
        `${name}: a preview calls no endpoint; unset it, or set PLATFORM_TARGET=emulator to plan against that endpoint`,
    ),
    ...[...configurations].flatMap(([stack, configuration]) =>
      readsWhilePlanned(configuration).map((text) => `${stack}: ${text}`),
    ),
  ];
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
