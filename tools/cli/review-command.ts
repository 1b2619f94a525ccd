import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { WhatIf } from '@platform/libs/settings/environment';
import { WrongUse } from '@platform/libs/settings/problem';
import { planEstate } from '@platform/tools/actions/plan/plan-estate';
import { compareRevisions } from '@platform/tools/actions/change/affected';
import { tryGit } from '@platform/tools/actions/change/git';
import type { ChangeProgress } from '@platform/tools/actions/change/plan-change';
import type { PlanSummary } from '@platform/tools/actions/plan/summary';
import { mapEstate } from '@platform/tools/actions/map/map-estate';
import { previewCache } from '@platform/tools/actions/plan/preview-estate';
import { changeOfCurrentPlans } from '@platform/tools/actions/review/current-plans';
import { findPlanFiles } from '@platform/tools/actions/review/find-plan-files';
import { reviewReference } from '@platform/tools/actions/review/reference';
import { reviewChange, waiversIn } from '@platform/tools/actions/review/review-change';
import { reviewEstate, reviewSinceBase, undeclaredIn } from '@platform/tools/actions/review/review-estate';
import { planNames, reviewPlans } from '@platform/tools/actions/review/review-plans';
import { checkedPlans, runCheckers } from '@platform/tools/actions/review/run-checkers';
import { terminalText } from '@platform/tools/actions/review/terminal';
import { writeReview } from '@platform/tools/actions/review/write-review';
import type { LiveSession } from '@platform/tools/session/live-session';
import type { LiveTargetName } from '@platform/tools/aws/live-target-names';
import type { EstateChange } from '@platform/tools/model/change';
import type { Review } from '@platform/tools/model/review';
import { acceptedByName, type RiskWaiver } from '@platform/tools/model/risk/waivers';
import { shownChanges, type ReviewedPlans } from '@platform/tools/model/reviewed-plans';
import { stopOnSignal } from '@platform/tools/terraform/stop-on-signal';
import type { Target } from '@platform/tools/terraform/target';
import { findRoot } from '@platform/tools/workspace/find-root';
import { selectStacks } from '@platform/tools/workspace/select-stacks';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { chosenEnvironment, parallelismOf, type EstateOptions } from './estate-options';
import { inSession, liveProgress } from './live-options';
import { print, talk } from './output';
import { estateProgress } from './progress';

export interface ReviewOptions extends EstateOptions {
  readonly target?: Target;
  /** With a target: IAM role that is assumed instead of `deployRole`. */
  readonly role?: string;
  /** What the checkout is compared with. Default: what the CI event says, else the default branch; false for `--no-base`. */
  readonly base?: string | false;
  /** Files, folders or patterns of plan JSON. */
  readonly plans?: readonly string[];
  /** With a target: plans the stacks that differ from base and their readers only. A preview always does. */
  readonly affected?: boolean;
  /** Commands that read a plan and print SARIF. */
  readonly checker?: readonly string[];
  /** 2 for changes, as Terraform has it. */
  readonly detailedExitcode?: boolean;
  readonly lockTimeout?: string;
  /** False for `--no-cache`. */
  readonly cache?: boolean;
  /** Writes the page of rules and the schema of `review.json`, and reviews nothing. */
  readonly writeReference?: boolean;
}

/**
 * Reviews what the checkout would do, or given plans; prints the review and writes it to `dist/review`.
 * @returns 0, 1 where a stack could not be reviewed, 3 where a finding blocks; with `detailedExitcode` 2 for changes
 */
export async function reviewCommand(projects: string[], options: ReviewOptions): Promise<number> {
  const { target = 'preview', plans, base, writeReference = false } = options;
  if (writeReference) {
    for (const [file, text] of Object.entries(reviewReference())) {
      writeFileSync(join(findRoot(), file), text);
      talk(`${file} written`);
    }
    return 0;
  }
  if (plans !== undefined) {
    if (projects.length > 0) {
      throw new WrongUse(`--plans: reviews the given files and no project ("${projects[0]}"); leave one of them out`);
    }
    return reviewFiles(plans, options);
  }
  if (base && target !== 'preview' && !options.affected) {
    throw new WrongUse(
      `--base: a review on ${target} plans against the real states; leave it out, or add --affected to plan only what differs from base`,
    );
  }
  if (target !== 'preview') return reviewLive(projects, { ...options, target });
  const root = findRoot();
  const isInGit = (await tryGit(root, ['rev-parse', '--git-dir'])) !== undefined;
  const workers = parallelismOf(options.parallelism);
  const { review, folder } = await stopOnSignal(
    (signal) => {
      const shared = {
        root,
        ...chosenEnvironment(options),
        ...(options.cache === false ? {} : { cache: previewCache(root) }),
        ...(workers === undefined ? {} : { workers }),
        checkers: checkersOf(options),
        signal,
      };
      const chosen = { ...shared, projects, ...(options.region ? { region: options.region } : {}) };
      return base === false || !isInGit
        ? reviewEstate({ ...chosen, progress: estateProgress('plan') })
        : reviewSinceBase({ ...chosen, ...(base ? { base } : {}), progress: changeProgress() });
    },
    (signal) => talk(`${signal}: stopping; no review is written`),
  );
  return report(review, folder, options);
}

/** A line per stack that is planned. */
function changeProgress(): ChangeProgress {
  let total = 0;
  let done = 0;
  return {
    note: talk,
    planned: (stacks) => void (total = stacks.length),
    // A plan that changes what others read adds these.
    finished: ({ stack, outcome }, seconds) => {
      total = Math.max(total, ++done);
      talk(`[${done}/${total}] ${stack} ${outcome.status} (${seconds.toFixed(1)} s)`);
    },
  };
}

async function reviewFiles(patterns: readonly string[], options: ReviewOptions): Promise<number> {
  const root = findRoot();
  // npm runs scripts in the root, wherever it was called.
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  const files = findPlanFiles(patterns, folder);
  const names = planNames(files);
  const plans = files.map((file, index) => ({
    stack: names[index]!,
    region: null,
    owner: null,
    file: resolve(folder, file),
  }));
  const checked = await stopOnSignal((signal) =>
    runCheckers({ root: folder, commands: checkersOf(options), plans, signal }),
  );
  const review = reviewPlans({ files, folder, checked });
  const run = openRunFolder(root);
  try {
    return report(review, writeReview({ root, run, review, map: null }).folder, options);
  } finally {
    run.remove();
  }
}

async function reviewLive(
  projects: string[],
  options: ReviewOptions & { readonly target: LiveTargetName },
): Promise<number> {
  const { target } = options;
  return inSession(options, async (session) => {
    const { root } = session.options;
    const chosen = options.affected ? await affectedStacks(session, projects, options) : projects;
    const { name, level: reached, mode: set } = session.options.environment;
    const summary: PlanSummary =
      options.affected && chosen.length === 0
        ? { environment: name, level: reached, mode: set, stacks: [] }
        : await planEstate(session, chosen, liveProgress());
    const estate = loadEstate(root);
    const { environment, level, mode } = summary;
    const change = changeOfCurrentPlans({
      settings: estate,
      summary,
      stacks: session.stacks.all,
      planFolder: (stack) => session.folders.of(stack),
      // Terraform has no folder for a stack that is not planned.
      headFolder: (stack) => session.stacks.folder(stack),
      source: 'live',
    });
    const run = openRunFolder(root);
    try {
      const undeclared = undeclaredIn(root, estate, run.path, { environment, level, mode });
      const { signal } = session.options;
      const commands = checkersOf(options);
      const checked = await runCheckers({ root, commands, plans: checkedPlans(change), ...(signal ? { signal } : {}) });
      const review = reviewChange({ root, settings: estate, change, target, hasBase: false, undeclared, checked });
      const owners = Object.values(estate.settings.owners);
      const map = mapEstate({ root, estate, environment, whatIf: { level, mode } as WhatIf });
      const reviewedPlans = reviewedPlansOf(change, { target, review, waivers: waiversIn(root, owners) });
      return report(review, writeReview({ root, run, review, map, reviewedPlans }).folder, options);
    } finally {
      run.remove();
    }
  });
}

/** Those of the command line, else the one of the environment. */
function checkersOf({ checker }: ReviewOptions): readonly string[] {
  const { PLATFORM_REVIEW_CHECKER: given } = process.env;
  return checker ?? (given ? [given] : []);
}

/** Stacks that differ from base, and those that read them, directly or through others. */
async function affectedStacks(
  { options, stacks }: LiveSession,
  projects: readonly string[],
  { base }: ReviewOptions,
): Promise<string[]> {
  const { root, environment, signal } = options;
  const { pairs } = await compareRevisions({
    root,
    environment: environment.name,
    ...(base ? { base } : {}),
    note: talk,
    ...(signal ? { signal } : {}),
  });
  const affected = new Set(pairs.filter(({ reasons }) => reasons.length > 0).map(({ stack }) => stack));
  // In deploy order: what a stack reads comes before it.
  for (const { stack, reads } of stacks.all) if (reads.some((read) => affected.has(read))) affected.add(stack);
  const named = selectStacks(root, { names: projects }).of(stacks.all);
  return named.flatMap(({ stack }) => (affected.has(stack) ? [stack] : []));
}

function reviewedPlansOf(
  change: EstateChange,
  {
    target,
    review,
    waivers,
  }: { readonly target: LiveTargetName; readonly review: Review; readonly waivers: readonly RiskWaiver[] },
): ReviewedPlans {
  const shown = change.stacks.flatMap(({ stack, outcome }) => {
    const changes = outcome.status === 'planned' ? shownChanges(outcome.plan) : {};
    return Object.keys(changes).length > 0 ? [[stack, changes] as const] : [];
  });
  return {
    format: 2,
    environment: change.environment,
    target,
    commit: review.head?.commit ?? null,
    stacks: Object.fromEntries(shown),
    verdict: review.verdict,
    accepted: acceptedByName(review.findings, waivers, new Date().toISOString().slice(0, 10)),
  };
}

function report(review: Review, folder: string, { json = false, detailedExitcode = false }: ReviewOptions): number {
  print(json ? JSON.stringify(review, null, 2) : terminalText(review));
  talk(`review in ${join(relative(process.cwd(), folder))}: index.html, review.md, review.json, review.sarif`);
  switch (review.verdict) {
    case 'failed':
      return 1;
    case 'blocked':
      return 3;
    case 'changes':
      return detailedExitcode ? 2 : 0;
    case 'no changes':
      return 0;
  }
}
