import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WhatIf } from '@platform/libs/settings/environment';
import { compareRevisions } from '@platform/tools/actions/change/affected';
import { planPairs, type ChangeProgress, type PlanChangeOptions } from '@platform/tools/actions/change/plan-change';
import { mapOfManifest } from '@platform/tools/actions/map/map-estate';
import { checkTypes } from '@platform/tools/actions/plan/check-types';
import { planFolderOf, previewEstate, type PreviewOptions } from '@platform/tools/actions/plan/preview-estate';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import type { EstateChange } from '@platform/tools/model/change';
import type { Review } from '@platform/tools/model/review';
import type { EstateSighting } from '@platform/tools/model/risk/estate-rule';
import { selectStacks } from '@platform/tools/workspace/select-stacks';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { changeOfCurrentPlans } from './current-plans';
import { parityOfEstate } from './parity-of-estate';
import { reviewChange } from './review-change';
import { checkedPlans, runCheckers } from './run-checkers';
import { writeReview, type WrittenReview } from './write-review';

export type ReviewEstateOptions = Pick<
  PreviewOptions,
  'root' | 'environment' | 'whatIf' | 'projects' | 'region' | 'cache' | 'workers' | 'progress' | 'signal'
> & {
  /** Commands of further checkers. Default: none. */
  readonly checkers?: readonly string[];
};

/**
 * Previews the estate and reviews the plans, which start from nothing. The plans lie in `dist/plan/<environment>`, the
 * review in `dist/review/<environment>`.
 * @throws WrongUse as {@link previewEstate}, and when `waivers.json` has problems
 */
export async function reviewEstate(options: ReviewEstateOptions): Promise<WrittenReview & { readonly review: Review }> {
  const { root } = options;
  const run = openRunFolder(root);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const estate = loadEstate(root);
    const [summary] = await Promise.all([
      previewEstate({ ...options, estate, dist: run.path, signal }),
      checkTypes(root, signal).catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    ]);
    const synthFolder = join(run.path, 'synth');
    const manifest = JSON.parse(readFileSync(join(synthFolder, 'estate.json'), 'utf8')) as EstateManifest;
    const { environment } = summary;
    const planFolder = planFolderOf(root, environment, run.path);
    const change = changeOfCurrentPlans({
      settings: estate,
      summary,
      stacks: manifest.stacks,
      planFolder: (stack) => join(planFolder, stack),
      headFolder: (stack) => join(synthFolder, 'stacks', stack),
      source: 'preview',
    });
    const undeclared = undeclaredIn(root, estate, run.path, manifest);
    const checked = await runCheckers({ root, commands: options.checkers ?? [], plans: checkedPlans(change), signal });
    const review = reviewChange({
      root,
      settings: estate,
      change,
      target: 'preview',
      hasBase: false,
      undeclared,
      checked,
    });
    const map = mapOfManifest({ root, estate, manifest, outdir: synthFolder });
    const written = writeReview({ root, run, review, map });
    run.publish(planFolder, planFolderOf(root, environment));
    return { ...written, review };
  } finally {
    stop.abort();
    run.remove();
  }
}

export interface ReviewBaseOptions extends Omit<ReviewEstateOptions, 'progress'> {
  /** Branch, tag or commit. Default: what the CI event says, else the default branch. */
  readonly base?: string;
  readonly progress?: ChangeProgress;
}

/**
 * Reviews what the files of the checkout change, compared with base, in `dist/review/<environment>`.
 * @throws WrongUse as {@link planChange}, and when `waivers.json` has problems
 */
export async function reviewSinceBase(
  options: ReviewBaseOptions,
): Promise<WrittenReview & { readonly review: Review }> {
  const { root, projects = [], region } = options;
  const selected = selectStacks(root, { names: projects, ...(region ? { region } : {}) });
  const run = openRunFolder(root);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const estate = loadEstate(root);
    const synthFolder = join(run.path, 'synth');
    const compareCounterparts = (manifest: EstateManifest) => undeclaredIn(root, estate, run.path, manifest);
    const [{ whole, manifest, undeclared }] = await Promise.all([
      planned(
        { ...options, estate, asksNx: true, synthFolder, outdir: join(run.path, 'plan'), signal },
        compareCounterparts,
      ),
      checkTypes(root, signal).catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    ]);
    const shown = new Set(selected.of(whole.stacks));
    const change: EstateChange = {
      ...whole,
      stacks: whole.stacks.map((each) =>
        shown.has(each) ? each : { ...each, reasons: [], outcome: { status: 'unchanged' } },
      ),
    };
    const checked = await runCheckers({ root, commands: options.checkers ?? [], plans: checkedPlans(change), signal });
    const review = reviewChange({
      root,
      settings: estate,
      change,
      target: 'preview',
      hasBase: true,
      undeclared,
      checked,
    });
    const map = mapOfManifest({ root, estate, manifest, outdir: synthFolder });
    return { ...writeReview({ root, run, review, map }), review };
  } finally {
    stop.abort();
    run.remove();
  }
}

/** @param compare finds undeclared differences: while the provider starts, or after the plans where none does */
async function planned(options: PlanChangeOptions, compare: (manifest: EstateManifest) => EstateSighting[]) {
  const compared = await compareRevisions(options);
  const { manifest } = compared.head;
  const found: EstateSighting[][] = [];
  const meanwhile = () => void found.push(compare(manifest));
  const whole = await planPairs(compared, { ...options, meanwhile });
  return { whole, manifest, undeclared: found[0] ?? compare(manifest) };
}

/** Undeclared differences between counterparts. */
export function undeclaredIn(
  root: string,
  estate: LoadedEstate,
  folder: string,
  { environment, level, mode }: Pick<EstateChange, 'environment' | 'level' | 'mode'>,
): EstateSighting[] {
  const outdir = join(folder, 'parity');
  return parityOfEstate({ root, estate, environment, whatIf: { level, mode } as WhatIf, outdir });
}
