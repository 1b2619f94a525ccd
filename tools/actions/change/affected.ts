import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WhatIf } from '@platform/libs/settings/environment';
import { synthesise, synthFolderOf } from '@platform/tools/actions/synth/synth';
import type { Revision } from '@platform/tools/model/change';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { findStackFolders, projectName } from '@platform/tools/workspace/stack-folders';
import { CommitNotSynthesised, synthesiseCommit, type SynthesisedEstate } from './base-checkout';
import { chooseBase } from './choose-base';
import { compareEstates, type StackPair } from './compare-estates';

export interface ChangeOptions {
  readonly root: string;
  readonly environment?: string;
  readonly whatIf?: WhatIf;
  /** Branch, tag or commit; default: what the CI event says, else the default branch. */
  readonly base?: string;
  /** The files of the checkout, when the caller has loaded them already. */
  readonly estate?: LoadedEstate;
  /** Where head is synthesised to. Default: {@link synthFolderOf}. */
  readonly synthFolder?: string;
  /** Variables of the CI event. Default: this process's. */
  readonly variables?: NodeJS.ProcessEnv;
  /** Whether Nx is asked as well. Default: no. */
  readonly asksNx?: boolean;
  /** Told where Nx does not answer; the comparison goes on. */
  readonly note?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Base and head of one environment, synthesised and compared. */
export interface ComparedEstates {
  readonly base: Revision;
  readonly head: SynthesisedEstate;
  readonly pairs: readonly StackPair[];
  /** Folders of the projects that Nx names; absent where it was not asked. */
  readonly nx?: readonly string[];
}

/**
 * Synthesises base and the files of the checkout, and says which stacks differ in meaning. A base that does not
 * synthesise is no error: every stack counts then, and `base.errors` says why.
 * @throws WrongUse where the clone lacks the base, or the checkout does not synthesise
 */
export async function compareRevisions(options: ChangeOptions): Promise<ComparedEstates> {
  const { root, whatIf = {}, base: ref, variables, asksNx = false, note, signal } = options;
  const chosen = await chooseBase(root, {
    ...(ref === undefined ? {} : { base: ref }),
    ...(variables ? { environment: variables } : {}),
  });
  const asked = asksNx
    ? affectedByNx(root, chosen.commit, signal).catch((error: unknown) => {
        if (!signal?.aborted) note?.(`nx show projects --affected: ${(error as Error).message.split('\n')[0]}`);
      })
    : undefined;
  const manifest = synthesise({
    root,
    whatIf,
    ...(options.environment ? { environment: options.environment } : {}),
    ...(options.estate ? { estate: options.estate } : {}),
    ...(options.synthFolder ? { outdir: options.synthFolder } : {}),
  });
  const head = { manifest, folder: options.synthFolder ?? synthFolderOf(root, manifest.environment, whatIf) };
  let base: SynthesisedEstate | undefined;
  let errors: readonly string[] | undefined;
  try {
    const { environment } = manifest;
    base = await synthesiseCommit({ root, commit: chosen.commit, environment, whatIf, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (!(error instanceof CommitNotSynthesised)) throw error;
    errors = [error.message];
  }
  const pairs = compareEstates(base, head);
  const nx = await asked;
  return { base: { ...chosen, ...(errors ? { errors } : {}) }, head, pairs, ...(nx ? { nx } : {}) };
}

/** Stack projects that `nx affected` names for the files that differ from a commit. */
async function affectedByNx(root: string, commit: string, signal?: AbortSignal): Promise<string[]> {
  const nx = createRequire(join(root, 'package.json')).resolve('nx/bin/nx.js');
  const args = [nx, 'show', 'projects', '--affected', `--base=${commit}`, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    // One process instead of one for each plugin, which takes twice the time: https://nx.dev/reference/environment-variables
    env: { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
    maxBuffer: 64 * 1024 * 1024,
    ...(signal ? { signal } : {}),
  });
  const names = new Set(JSON.parse(stdout.slice(stdout.indexOf('['))) as string[]);
  return findStackFolders(root).filter((folder) => names.has(projectName(folder)));
}

/** Stacks in waves: each reads only stacks of earlier waves and such that are not among them. */
export function wavesOf(pairs: readonly StackPair[]): StackPair[][] {
  const waves: StackPair[][] = [];
  const waveOf = new Map<string, number>();
  const byName = new Map(pairs.map((pair) => [pair.stack, pair]));
  const readsOf = (pair: StackPair): readonly string[] => (pair.head ?? pair.base)!.description.reads;
  const depth = (pair: StackPair): number => {
    const known = waveOf.get(pair.stack);
    if (known !== undefined) return known;
    const upstream = readsOf(pair).flatMap((name) => byName.get(name) ?? []);
    const wave = Math.max(-1, ...upstream.map((each) => depth(each) + (each.reasons.length > 0 ? 0 : -1))) + 1;
    waveOf.set(pair.stack, wave);
    return wave;
  };
  for (const pair of pairs.filter(({ head, reasons }) => head && reasons.length > 0)) {
    (waves[depth(pair)] ??= []).push(pair);
  }
  return waves.filter((wave) => wave !== undefined);
}
