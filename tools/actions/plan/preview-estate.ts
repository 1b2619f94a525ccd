import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { includesLevel } from '@platform/libs/settings/adoption';
import { selectEnvironment, type WhatIf } from '@platform/libs/settings/environment';
import { openBalancers } from '@platform/libs/settings/example-values';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { loadSettings, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { synthesise, type EstateManifest } from '@platform/tools/actions/synth/synth';
import { selectStacks, type SelectedStacks } from '@platform/tools/workspace/select-stacks';
import { checkTypes } from './check-types';
import { ContentCache } from '@platform/tools/workspace/content-cache';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { knownOutputs, planCounts } from '@platform/tools/model/plan';
import { plannedChanges } from '@platform/tools/model/plan-changes';
import { PreviewSession } from './preview-session';
import { writePreviewFolder } from './preview-stack';
import { settingsInDiagnostic } from '@platform/tools/actions/synth/settings-behind';
import type { PlanSummary, StackSummary } from './summary';
import { assumedInputs } from '@platform/tools/model/assumed-inputs';
import { upstreamValues } from '@platform/tools/model/upstream-values';

export interface PreviewOptions {
  /** Workspace root. */
  readonly root: string;
  readonly environment?: string;
  readonly whatIf?: WhatIf;
  /** The estate, when the caller has loaded it already. */
  readonly estate?: LoadedEstate;
  /** Folder for everything that is written, for one caller at a time. Default: a folder of this run, published in `dist`. */
  readonly dist?: string;
  /** Names of projects or stacks, or patterns of these; all when absent. */
  readonly projects?: readonly string[];
  /** Key of the region to whose stacks the preview is limited; all when absent. */
  readonly region?: string;
  readonly action?: 'plan' | 'validate';
  /** Whether the summary has what Terraform shows of each plan. Default: no. */
  readonly shows?: boolean;
  readonly progress?: PreviewProgress;
  /** Violations of the reachability policy in the estate that was synthesised into a folder; part of the summary. */
  readonly routeViolations?: (manifest: EstateManifest, outdir: string) => readonly string[];
  readonly signal?: AbortSignal;
  /** Plans at once; default: one per processor, at most 4, for a provider takes 560 MB. */
  readonly workers?: number;
  /** One running provider for many plans; default: unless `PLATFORM_SHARED_PROVIDER` is `off`. */
  readonly sharedProvider?: boolean;
  /** Where previews are kept that were made of the same content. Default: every preview is made. */
  readonly cache?: ContentCache;
}

/** Told of each stack as it goes; all of it is talk, the result is the summary. */
export interface PreviewProgress {
  planned?(stacks: readonly StackDescription[]): void;
  started?(stack: StackDescription): void;
  finished?(stack: StackSummary): void;
  note?(text: string): void;
  /** Nothing more comes, whether all stacks have finished or the run has broken off. */
  ended?(): void | Promise<void>;
}

/** The previews that a workspace keeps, for all its environments. */
export function previewCache(root: string): ContentCache {
  return new ContentCache({ folder: join(root, '.cache', 'previews') });
}

/** Where the results of an environment's previews lie. */
export function planFolderOf(root: string, environment: string, dist = join(root, 'dist')): string {
  return join(dist, 'plan', environment);
}

/**
 * Synthesises the estate and runs Terraform on each stack as a preview: no credentials, no network, no real state.
 * A stack whose upstream failed still runs, on example values. Every run writes into a folder of its own; at its end
 * that folder takes the place of `dist/plan/<environment>` (`dist/validate/<environment>`).
 * @throws WrongUse when a project is unknown, the settings are refused or types are wrong; nothing is published then.
 */
export async function previewEstate(options: PreviewOptions): Promise<PlanSummary> {
  const { root, dist } = options;
  const selected = selectStacks(root, {
    names: options.projects ?? [],
    ...(options.region ? { region: options.region } : {}),
  });
  if (dist !== undefined) return (await previewIn(dist, selected, options)).summary;
  const run = openRunFolder(root);
  // Beside the plans, which it stops: a wrong type is as good a reason as a setting that is refused.
  const stop = new AbortController();
  let wrongTypes: unknown;
  const types = checkTypes(root, stop.signal).catch((error: unknown) => {
    wrongTypes = stop.signal.aborted ? undefined : error;
    stop.abort();
  });
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const { summary, outdir } = await previewIn(run.path, selected, { ...options, signal });
    await types;
    if (wrongTypes) throw wrongTypes;
    const published = join(root, 'dist', options.action ?? 'plan', summary.environment);
    run.publish(outdir, published);
    // Errors name the logs.
    return JSON.parse(JSON.stringify(summary).replaceAll(inJson(outdir), inJson(published))) as PlanSummary;
  } catch (error) {
    throw wrongTypes ?? error;
  } finally {
    stop.abort();
    run.remove();
  }
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

async function previewIn(
  dist: string,
  selected: SelectedStacks,
  options: PreviewOptions,
): Promise<{ readonly summary: PlanSummary; readonly outdir: string }> {
  const { root, signal } = options;
  const synthFolder = join(dist, 'synth');
  const manifest = synthesise({ ...options, outdir: synthFolder });
  const synthesised = join(synthFolder, 'stacks');
  const stacks = selected.of(manifest.stacks);

  const outdir = planFolderOf(root, manifest.environment, dist);
  clearFolder(outdir, manifest);
  if (options.action !== 'validate' && stacks.length > 0) {
    sayOpenBalancers(root, manifest, options.progress);
    for (const text of manifest.quotaWarnings) options.progress?.note?.(text);
  }
  const summaries = stacks.length > 0 ? await previewStacks({ ...options, manifest, stacks, synthesised, outdir }) : [];
  signal?.throwIfAborted();

  const { environment, level, mode } = manifest;
  const routeViolations = options.routeViolations?.(manifest, synthFolder);
  const summary: PlanSummary = {
    environment,
    level,
    mode,
    stacks: summaries,
    ...(routeViolations && { routeViolations }),
  };
  if (options.action !== 'validate') {
    const path = join(outdir, 'summary.json');
    writeFileSync(`${path}.partial`, `${JSON.stringify(summary, null, 2)}\n`);
    renameSync(`${path}.partial`, path);
  }
  return { summary, outdir };
}

interface StacksToPreview extends PreviewOptions {
  readonly manifest: EstateManifest;
  readonly stacks: readonly StackDescription[];
  /** Folder of the synthesised stacks. */
  readonly synthesised: string;
  readonly outdir: string;
}

/** Upstream stacks first, so that what their plans know flows on. */
async function previewStacks(options: StacksToPreview): Promise<StackSummary[]> {
  const { manifest, stacks, synthesised, outdir, progress, signal } = options;
  const workers = options.workers ?? Math.max(1, Math.min(availableParallelism(), stacks.length, 4));
  const session = await PreviewSession.open({
    root: options.root,
    folder: outdir,
    // Any stack's: they all ask for the same provider.
    configuration: JSON.parse(readFileSync(join(synthesised, stacks[0]!.stack, 'cdk.tf.json'), 'utf8')),
    action: options.action ?? 'plan',
    shows: options.shows ?? false,
    sharedProvider: options.sharedProvider ?? process.env['PLATFORM_SHARED_PROVIDER'] !== 'off',
    ...(options.cache ? { cache: options.cache } : {}),
    ...(signal ? { signal } : {}),
    ...(progress?.note ? { note: (text: string) => progress.note!(text) } : {}),
  });
  // Not before: what stands in the way of all stacks is no progress.
  progress?.planned?.(stacks);
  const values = new Map(manifest.stacks.map(({ stack, contract }) => [stack, upstreamValues(contract)]));
  const finished = new Map<string, StackSummary>();
  try {
    await runInOrder(stacks, {
      name: ({ stack }) => stack,
      upstreams: ({ reads }) => reads,
      workers,
      ...(signal ? { stop: signal } : {}),
      work: async (description, worker) => {
        const { stack, project, region, owner, reads, contract } = description;
        progress?.started?.(description);
        const started = performance.now();
        const folder = join(outdir, stack);
        const upstream = new Map(reads.map((name) => [name, values.get(name)!]));
        const configuration = writePreviewFolder(folder, join(synthesised, stack), upstream);
        const result = await session.run(stack, folder, configuration, worker);
        const { plan = {}, errors: found, warnings, shown, cached = false } = result;
        const errors = found.length > 0 ? withSettings(options.root, manifest, found) : found;
        if (signal?.aborted) return;
        const summary: StackSummary = {
          stack,
          project,
          region,
          owner,
          mode: 'preview',
          ...planCounts(plan),
          changes: plannedChanges(plan),
          ...(shown === undefined ? {} : { shown }),
          seconds: Math.round((performance.now() - started) / 10) / 100,
          cached,
          assumed: assumedInputs(configuration, upstream),
          errors,
          warnings,
        };
        values.set(stack, upstreamValues(contract, knownOutputs(plan)));
        finished.set(stack, summary);
        progress?.finished?.(summary);
      },
    });
  } finally {
    await progress?.ended?.();
    await session.close();
  }
  return stacks.flatMap(({ stack }) => finished.get(stack) ?? []);
}

/** Errors, with the settings that their values come from. */
function withSettings(root: string, { environment, level, mode }: EstateManifest, errors: readonly string[]): string[] {
  const { settings, regions } = loadSettings(root);
  const chosen = selectEnvironment(settings, environment, { level, mode });
  return errors.map((error) => {
    const from = settingsInDiagnostic(error, chosen, regions);
    return from.length > 0 ? `${error}\n    from ${from.join(', ')}` : error;
  });
}

/** Says which balancers the plans leave open to the internet, as live plans do. Only where that can be: the settings are read again. */
function sayOpenBalancers(
  root: string,
  { environment, level, mode }: EstateManifest,
  progress?: PreviewProgress,
): void {
  if (!progress?.note || !includesLevel(level, 'accelerated')) return;
  const { settings, regions } = loadSettings(root);
  const chosen = selectEnvironment(settings, environment, { level, mode });
  for (const text of openBalancers(chosen, regions)) progress.note(text);
}

/** Leaves no result of an earlier run that could be taken for one of this. */
function clearFolder(outdir: string, { stacks }: EstateManifest): void {
  mkdirSync(outdir, { recursive: true });
  const names = new Set(stacks.map(({ stack }) => stack));
  for (const entry of readdirSync(outdir)) {
    if (!names.has(entry)) rmSync(join(outdir, entry), { recursive: true, force: true });
  }
}
