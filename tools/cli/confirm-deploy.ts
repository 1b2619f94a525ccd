import { existsSync, readFileSync } from 'node:fs';
import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import type { ReadyToApply } from '@platform/tools/actions/deploy/deploy-stack';
import type { LiveSession } from '@platform/tools/session/live-session';
import { countsText, describeChange } from '@platform/tools/actions/plan/describe-changes';
import { planCounts } from '@platform/tools/model/plan';
import { plannedChanges } from '@platform/tools/model/plan-changes';
import type { DeployAcceptance } from '@platform/tools/model/decide-deploy';
import {
  assertReviewOf,
  readReviewedPlans,
  unreviewedChanges,
  validOn,
  type ReviewedPlans,
} from '@platform/tools/model/reviewed-plans';
import { readRecorded } from '@platform/tools/session/plan-stack';
import { ask } from './ask';
import { talk } from './output';

/** What a deploy accepts, as the command line gives it. */
export interface AcceptanceOptions {
  readonly unreviewed?: boolean;
  /** File of a review that the saved plans are held to. */
  readonly reviewed?: string;
  readonly acceptUnrecorded?: boolean;
  readonly includeStateful?: boolean;
  readonly replace?: readonly string[];
}

export function acceptanceOf(
  { unreviewed, acceptUnrecorded, includeStateful, replace }: AcceptanceOptions,
  reviewed?: ReviewedPlans,
): DeployAcceptance {
  return {
    unreviewed: unreviewed ?? false,
    unrecorded: acceptUnrecorded ?? false,
    includeStateful: includeStateful ?? false,
    replace: replace ?? [],
    reviewed,
  };
}

/**
 * The review that the saved plans are held to, without what has expired; nothing where none is given.
 * @throws WrongUse where the file is no review of this environment and target, or `--unreviewed` is given as well
 */
export function reviewOf(
  { options }: Pick<LiveSession, 'options'>,
  { reviewed: file, unreviewed }: AcceptanceOptions,
): ReviewedPlans | undefined {
  if (file === undefined) return undefined;
  if (unreviewed)
    throw new WrongUse('--reviewed: holds plans to a review, and --unreviewed needs none; give one of them');
  if (!existsSync(file))
    throw new WrongUse(`--reviewed: ${file} does not exist; name the reviewed-plans.json of a review`);
  const reviewed = readReviewedPlans(readFileSync(file, 'utf8'), `--reviewed: ${file}`);
  assertReviewOf(reviewed, options.environment.name, options.target.name, file);
  return validOn(reviewed, new Date().toISOString().slice(0, 10));
}

/**
 * Whether all saved plans do what the review shows, looked at before anything is applied. Says all that the review did not
 * show. Each deploy of a stack looks again.
 */
export function holdsToReview(
  { folders }: Pick<LiveSession, 'folders'>,
  stacks: readonly string[],
  reviewed: ReviewedPlans | undefined,
): boolean {
  if (!reviewed) return true;
  const problems = stacks.flatMap((stack) => {
    const recorded = readRecorded(folders.of(stack));
    return typeof recorded === 'object' ? unreviewedChanges(reviewed, stack, recorded.plan) : [];
  });
  for (const stack of stacks) {
    for (const address of Object.keys(reviewed.accepted[stack] ?? {})) {
      talk(`${stack}: the review accepts by name that ${address} is destroyed or replaced`);
    }
  }
  for (const problem of problems) talk(formatProblem(problem));
  if (problems.length > 0) talk('refused: the plans are not those that were reviewed; nothing was applied');
  return problems.length === 0;
}

/** Says the counts of an apply, and the addresses of what it destroys and replaces. */
export async function sayWhatIsApplied(ready: Pick<ReadyToApply, 'stack' | 'counts' | 'changes'>): Promise<true> {
  for (const text of describeApply(ready)) talk(text);
  return true;
}

/**
 * On a terminal, asks once for all plans that are there, and once more for each plan that the deploy makes by itself
 * (`--unreviewed`). Elsewhere, and with `--yes`, only says what is applied.
 * @returns nothing where the answer was no
 */
export async function confirmDeploy(
  session: LiveSession,
  stacks: readonly string[],
  { yes = false }: { readonly yes?: boolean },
): Promise<((ready: ReadyToApply) => Promise<boolean>) | undefined> {
  if (yes || !process.stdin.isTTY) return sayWhatIsApplied;
  const planned = stacks.flatMap((stack): ReadyToApply[] => {
    const recorded = readRecorded(session.folders.of(stack));
    if (typeof recorded !== 'object' || !recorded.record.changes) return [];
    const { plan, record } = recorded;
    return [{ stack, counts: planCounts(plan), changes: plannedChanges(plan), planned: record.plan }];
  });
  const confirmed = new Set(planned.map((each) => JSON.stringify(each.planned)));
  for (const each of planned) await sayWhatIsApplied(each);
  const where = `${session.options.environment.name} on ${session.options.target.name}`;
  if (planned.length > 0 && !(await askYes(`Apply this to ${where}? [y/N] `, session.options.signal))) return undefined;
  // One question after the other: stacks are deployed side by side.
  let asked: Promise<unknown> = Promise.resolve();
  return (ready) => {
    if (ready.planned && confirmed.has(JSON.stringify(ready.planned))) return Promise.resolve(true);
    const answer = asked.then(async () => {
      await sayWhatIsApplied(ready);
      return askYes(`Apply this to ${where}? [y/N] `, session.options.signal);
    });
    asked = answer;
    return answer;
  };
}

/** `region-us-vpc: 1 to create, …`, and a line for each thing that is destroyed or replaced. */
function describeApply({ stack, counts, changes }: Pick<ReadyToApply, 'stack' | 'counts' | 'changes'>): string[] {
  return [
    `${stack}: ${countsText(counts)}`,
    ...changes.filter(({ action }) => action === 'delete' || action === 'replace').map(describeChange),
  ];
}

/** False for anything but yes, and where the question was interrupted. */
async function askYes(question: string, signal: AbortSignal | undefined): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(question, signal));
}
