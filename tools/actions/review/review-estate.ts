import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareRevisions } from '@platform/tools/actions/change/affected';
import { planPairs, type PlanChangeOptions } from '@platform/tools/actions/change/plan-change';
import { checkTypes } from '@platform/tools/actions/plan/check-types';
import { planFolderOf, previewEstate, type PreviewOptions } from '@platform/tools/actions/plan/preview-estate';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import type { Review } from '@platform/tools/model/review';
import { loadEstate, loadSettings } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { changeOfCurrentPlans } from './current-plans';
import { parityOfEstate } from './parity-of-estate';
import { reviewChange } from './review-change';
import { writeReview, type WrittenReview } from './write-review';

export type ReviewEstateOptions = Pick<
  PreviewOptions,
  'root' | 'environment' | 'whatIf' | 'projects' | 'region' | 'cache' | 'workers' | 'progress' | 'signal'
>;

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
    const [summary] = await Promise.all([
      previewEstate({ ...options, dist: run.path, signal }),
      checkTypes(root, signal).catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    ]);
    const synthFolder = join(run.path, 'synth');
    const manifest = JSON.parse(readFileSync(join(synthFolder, 'estate.json'), 'utf8')) as EstateManifest;
    const { environment } = summary;
    const settings = loadSettings(root);
    const planFolder = planFolderOf(root, environment, run.path);
    const change = changeOfCurrentPlans({
      settings,
      summary,
      stacks: manifest.stacks,
      planFolder: (stack) => join(planFolder, stack),
      headFolder: (stack) => join(synthFolder, 'stacks', stack),
      source: 'preview',
    });
    const undeclared = undeclaredIn(root, run.path, manifest);
    const review = reviewChange({ root, settings, change, target: 'preview', hasBase: false, undeclared });
    const written = writeReview({ root, run, review, manifest, synthFolder });
    run.publish(planFolder, planFolderOf(root, environment));
    return { ...written, review };
  } finally {
    stop.abort();
    run.remove();
  }
}

export interface ReviewEstateChangeOptions
  extends Pick<PlanChangeOptions, 'root' | 'environment' | 'whatIf' | 'cache' | 'workers' | 'progress' | 'signal'> {
  /** Branch, tag or commit that the checkout is compared with. */
  readonly base: string;
}

/**
 * Plans what differs from a base on the state that base leaves, offline, and reviews it. The plans lie in
 * `dist/change/<environment>`, the review in `dist/review/<environment>`.
 * @throws WrongUse where the clone lacks the base, the checkout does not synthesise or its types are wrong, and when
 * `waivers.json` has problems
 */
export async function reviewEstateChange(
  options: ReviewEstateChangeOptions,
): Promise<WrittenReview & { readonly review: Review }> {
  const { root, progress } = options;
  const run = openRunFolder(root);
  try {
    const synthFolder = join(run.path, 'synth');
    const outdir = join(run.path, 'change');
    const given = {
      ...options,
      synthFolder,
      outdir,
      asksNx: true,
      ...(progress?.note ? { note: (text: string) => progress.note!(text) } : {}),
    };
    const types = checkTypes(root, options.signal);
    // Awaited below: what the plans throw comes first.
    types.catch(() => {});
    const compared = await compareRevisions(given);
    const { manifest } = compared.head;
    const change = await planPairs(compared, given);
    await types;
    const settings = loadSettings(root);
    const undeclared = undeclaredIn(root, run.path, manifest);
    const review = reviewChange({ root, settings, change, target: 'preview', hasBase: true, undeclared });
    const written = writeReview({ root, run, review, manifest, synthFolder });
    run.publish(outdir, join(root, 'dist', 'change', manifest.environment));
    return { ...written, review };
  } finally {
    run.remove();
  }
}

/** The estate is loaded once more, for its settings are changed for this. */
export function undeclaredIn(root: string, folder: string, { environment, level, mode }: EstateManifest) {
  const outdir = join(folder, 'parity');
  return parityOfEstate({ root, estate: loadEstate(root), environment, whatIf: { level, mode }, outdir });
}
