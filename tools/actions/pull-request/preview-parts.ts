import { join } from 'node:path';
import { compareRevisions, wavesOf, type ChangeOptions } from '@platform/tools/actions/change/affected';
import type { StackPair } from '@platform/tools/actions/change/compare-estates';
import { planPairs, type ChangeProgress } from '@platform/tools/actions/change/plan-change';
import type { EstateChange } from '@platform/tools/model/change';
import type { ContentCache } from '@platform/tools/workspace/content-cache';
import { openRunFolder } from '@platform/tools/workspace/run-folder';

/** Some stacks of a wave, for one runner. */
export interface PreviewPart {
  readonly environment: string;
  /** Name of its artifact: `prod-1-2`. */
  readonly part: string;
  /** Names, with spaces between. */
  readonly stacks: string;
}

export interface PreviewPartsOptions {
  /** Stacks that one runner previews at least; fewer cost less than another runner does. Default 20. */
  readonly perRunner?: number;
  /** Waves; what comes later is left to the review. */
  readonly waves: number;
}

/**
 * Stacks that differ, in waves of contract order, each split over runners. Later waves find the previews of earlier ones.
 * Where one runner is enough for all of them there are no parts.
 */
export function previewParts(
  environments: ReadonlyMap<string, readonly StackPair[]>,
  { perRunner = 20, waves: most }: PreviewPartsOptions,
): PreviewPart[][] {
  const waves: PreviewPart[][] = Array.from({ length: most }, () => []);
  for (const [environment, pairs] of environments) {
    const own = wavesOf(pairs);
    if (own.flat().length <= perRunner) continue;
    for (const [index, wave] of own.slice(0, most).entries()) {
      const runners = Math.ceil(wave.length / perRunner);
      for (let runner = 0; runner < runners; runner++) {
        const stacks = wave.filter((_, place) => place % runners === runner).map(({ stack }) => stack);
        waves[index]!.push({
          environment,
          part: `${environment}-${index + 1}-${runner + 1}`,
          stacks: stacks.join(' '),
        });
      }
    }
  }
  return waves;
}

export interface FillPreviewsOptions extends ChangeOptions {
  /** Names of stacks of head. */
  readonly stacks: readonly string[];
  readonly cache: ContentCache;
  readonly workers?: number;
  readonly progress?: ChangeProgress;
}

/** Previews stacks, and those that they read, into the cache, where a review finds them. */
export async function fillPreviews(options: FillPreviewsOptions): Promise<EstateChange> {
  const compared = await compareRevisions(options);
  const run = openRunFolder(options.root);
  try {
    const pairs = withUpstream(compared.pairs, new Set(options.stacks));
    return await planPairs({ ...compared, pairs }, { ...options, outdir: join(run.path, 'plan') });
  } finally {
    run.remove();
  }
}

/** In the order in which they are given. */
function withUpstream(pairs: readonly StackPair[], names: ReadonlySet<string>): StackPair[] {
  const wanted = new Set(names);
  const byName = new Map(pairs.map((pair) => [pair.stack, pair]));
  // What a set gains while it is walked is walked too.
  for (const name of wanted) for (const read of byName.get(name)?.head?.description.reads ?? []) wanted.add(read);
  return pairs.filter(({ stack }) => wanted.has(stack));
}
