import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EstateMap } from '@platform/tools/model/estate-map';
import type { Review } from '@platform/tools/model/review';
import { reviewedPlansFile, type ReviewedPlans } from '@platform/tools/model/reviewed-plans';
import type { RunFolder } from '@platform/tools/workspace/run-folder';
import { markdownOf } from './markdown';
import { renderPage } from './page/render-page';
import { sarifOf } from './sarif';

export interface WriteReviewOptions {
  /** Workspace root. */
  readonly root: string;
  readonly run: RunFolder;
  readonly review: Review;
  /** The picture of the estate; null for plans of another repository. */
  readonly map: EstateMap | null;
  /** What was reviewed, of plans against real states. */
  readonly reviewedPlans?: ReviewedPlans;
}

export interface WrittenReview {
  /** `dist/review/<environment>`, or `dist/review/plans` for plans of another repository. */
  readonly folder: string;
}

/** Writes the review in every form, as one folder that replaces the one of the run before. */
export function writeReview({ root, run, review, map, reviewedPlans }: WriteReviewOptions): WrittenReview {
  const outdir = join(run.path, 'review');
  mkdirSync(outdir, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(outdir, name), text);
  write('review.json', `${JSON.stringify(review, null, 2)}\n`);
  write('review.md', markdownOf(review));
  write('index.html', renderPage(review, map));
  write('review.sarif', `${JSON.stringify(sarifOf(review), null, 2)}\n`);
  if (reviewedPlans) write(reviewedPlansFile, `${JSON.stringify(reviewedPlans, null, 2)}\n`);
  const folder = join(root, 'dist', 'review', review.environment ?? 'plans');
  run.publish(outdir, folder);
  return { folder };
}
