import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import type { WhatIf } from '@platform/libs/settings/environment';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { synthesise, synthFolderOf, type EstateManifest } from '@platform/tools/synth/synth';
import { findStackFolders, projectName } from '@platform/tools/workspace/stack-folders';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import type { Configuration } from './configuration';
import { knownOutputs, planCounts } from './plan-counts';
import { PreviewSession } from './preview-session';
import { writePreviewFolder } from './preview-stack';
import type { PlanSummary, StackSummary } from './summary';
import { taintedArguments } from './taint';
import { upstreamValues, type UpstreamValues } from './upstream-values';

export interface PreviewOptions {
  /** Workspace root. */
  readonly root: string;
  readonly environment?: string;
  readonly whatIf?: WhatIf;
  /** Stacks of these projects only; all when absent. A project is named by its folder or its Nx name. */
  readonly projects?: readonly string[];
  readonly action?: 'plan' | 'validate';
  readonly progress?: PreviewProgress;
  readonly signal?: AbortSignal;
  /** Plans at once; default: one per processor, at most 4, for a provider takes 560 MB. */
  readonly workers?: number;
  /** One running provider for many plans; default: unless `PLATFORM_SHARED_PROVIDER` is `off`. */
  readonly sharedProvider?: boolean;
}

/** Told of each stack as it goes; all of it is talk, the result is the summary. */
export interface PreviewProgress {
  planned?(stacks: readonly StackDescription[]): void;
  started?(stack: StackDescription): void;
  finished?(stack: StackSummary): void;
  note?(text: string): void;
}

/** Where the results of an environment's previews lie. */
export function planFolderOf(root: string, environment: string): string {
  return join(root, 'dist', 'plan', environment);
}

/**
 * Synthesises the estate and runs Terraform on each stack as a preview: no credentials, no network, no real state.
 * A stack whose upstream failed still runs, on example values. Writes `summary.json` last, so that one that is there
 * is complete.
 * @throws WrongUse when a project is unknown or the settings are refused; nothing has been written then.
 */
export async function previewEstate(options: PreviewOptions): Promise<PlanSummary> {
  const { root, progress, signal } = options;
  const folders = projectFolders(root, options.projects ?? []);
  const manifest = synthesise(options);
  const stacks = selectStacks(manifest, folders);
  progress?.planned?.(stacks);

  const outdir = planFolderOf(root, manifest.environment);
  rmSync(join(outdir, 'summary.json'), { force: true });
  mkdirSync(outdir, { recursive: true });

  const workers = options.workers ?? Math.max(1, Math.min(availableParallelism(), stacks.length, 4));
  const session = await PreviewSession.open({
    root,
    folder: outdir,
    configuration: readConfiguration(root, manifest),
    action: options.action ?? 'plan',
    sharedProvider: options.sharedProvider ?? process.env['PLATFORM_SHARED_PROVIDER'] !== 'off',
    ...(signal ? { signal } : {}),
    ...(progress?.note ? { note: (text: string) => progress.note!(text) } : {}),
  });
  const contracts = new Map(manifest.stacks.map(({ stack, contract }) => [stack, contract]));
  const values = new Map<string, UpstreamValues>();
  const finished = new Map<string, StackSummary>();
  try {
    await runInOrder(stacks, {
      name: ({ stack }) => stack,
      upstreams: ({ reads }) => reads,
      workers,
      ...(signal ? { stop: signal } : {}),
      work: async (description, worker) => {
        progress?.started?.(description);
        const upstream = new Map(
          description.reads.map((name) => [name, values.get(name) ?? upstreamValues(contracts.get(name)!)]),
        );
        const started = performance.now();
        const folder = join(outdir, description.stack);
        const configuration = writePreviewFolder(folder, stackFolder(root, manifest, description.stack), upstream);
        const result = await session.run(description.stack, folder, configuration, worker);
        if (signal?.aborted) return;
        const summary: StackSummary = {
          stack: description.stack,
          project: description.project,
          region: description.region,
          owner: description.owner,
          mode: 'preview',
          ...planCounts(result.plan ?? {}),
          seconds: Math.round((performance.now() - started) / 10) / 100,
          taint: taintedArguments(configuration, upstream),
          errors: result.errors,
          warnings: result.warnings,
        };
        values.set(description.stack, upstreamValues(description.contract, knownOutputs(result.plan ?? {})));
        finished.set(description.stack, summary);
        progress?.finished?.(summary);
      },
    });
  } finally {
    await session.close();
  }
  signal?.throwIfAborted();

  const summary: PlanSummary = {
    environment: manifest.environment,
    level: manifest.level,
    mode: manifest.mode,
    stacks: stacks.map(({ stack }) => finished.get(stack)!),
  };
  if (options.action !== 'validate') {
    const path = join(outdir, 'summary.json');
    writeFileSync(`${path}.partial`, `${JSON.stringify(summary, null, 2)}\n`);
    renameSync(`${path}.partial`, path);
  }
  return summary;
}

function stackFolder(root: string, { environment }: EstateManifest, stack: string): string {
  return join(synthFolderOf(root, environment), 'stacks', stack);
}

/** Any stack's: they all ask for the same provider. */
function readConfiguration(root: string, manifest: EstateManifest): Configuration {
  return JSON.parse(readFileSync(join(stackFolder(root, manifest, manifest.stacks[0]!.stack), 'cdk.tf.json'), 'utf8'));
}

function selectStacks({ stacks }: EstateManifest, folders: ReadonlySet<string>): StackDescription[] {
  return stacks.filter(({ project }) => folders.has(project));
}

/** Folders of the projects that were named by folder or by Nx name; of all of them when none was. */
function projectFolders(root: string, names: readonly string[]): ReadonlySet<string> {
  const byName = new Map(findStackFolders(root).map((folder) => [projectName(folder), folder]));
  const wanted = names.map((name) => projectName(name.replace(/\/+$/, '')));
  const unknown = wanted.filter((name) => !byName.has(name));
  if (unknown.length > 0) {
    throw new WrongUse(`project: there is no "${unknown.join('", "')}"; use one of ${[...byName.keys()].join(', ')}`);
  }
  return new Set(wanted.length > 0 ? wanted.map((name) => byName.get(name)!) : byName.values());
}
