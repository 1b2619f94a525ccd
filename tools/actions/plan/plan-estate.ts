import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { unpinnedImages } from '@platform/libs/settings/images';
import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import { planCounts, type PlanJson } from '@platform/tools/model/plan';
import type { PlanSummary, StackSummary } from './summary';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from '@platform/tools/aws/callers-failure';
import { chooseStacks, workersFor, type LiveProgress } from '@platform/tools/session/estate-run';
import { assertLevelStep } from '@platform/tools/session/level-step';
import { unrecordedIn } from '@platform/tools/session/begun-apply';
import { describeUnrecorded } from '@platform/tools/session/import-command';
import { withFolder } from '@platform/tools/session/folder-lock';
import type { LiveSession } from '@platform/tools/session/live-session';
import { plannedChanges } from '@platform/tools/model/plan-changes';
import { writeWhole } from '@platform/tools/session/plan-files';
import { planFiles, planStack } from '@platform/tools/session/plan-stack';
import { checkTypes } from './check-types';
import { planWarnings } from './plan-warnings';

export interface PlanEstateOptions {
  /** Whether the summary has what Terraform shows of each plan. Default: no. */
  readonly shows?: boolean;
}

/**
 * Plans stacks against their real states, in read order. Each plan lies in its stack's folder with its
 * record; `summary.json` beside the folders is written last. A stack whose upstream cannot be planned is planned on
 * what is known of it.
 * @throws WrongUse when there is no such project, types of the code are wrong, the level is more than one away from the one
 *   that is reached, or for AWS, an image of production can change at every launch
 */
export async function planEstate(
  session: LiveSession,
  projects: readonly string[],
  progress: LiveProgress = {},
  { shows = false }: PlanEstateOptions = {},
): Promise<PlanSummary> {
  const { environment, signal, note } = session.options;
  const chosen = await chooseStacks(session, projects);
  await assertLevelStep(session, chosen.stacks);
  if (session.options.target.name === 'aws') {
    const unpinned = unpinnedImages(environment);
    if (unpinned.length > 0) throw new WrongUse(unpinned.map(formatProblem).join('\n'));
    for (const text of session.stacks.quotaWarnings) note?.(text);
  }
  await checkTypes(session.options.root, signal);
  const stacks = chosen.stacks.filter(({ stack }) => !session.unsupported.isWhole(stack));
  for (const { stack } of chosen.stacks.filter(({ stack: name }) => session.unsupported.isWhole(name))) {
    note?.(`${stack}: unsupported by the target`);
  }
  progress.planned?.(stacks.map(({ stack }) => stack));
  const summaryFile = join(session.folders.root, 'summary.json');
  rmSync(summaryFile, { force: true });
  const plans = new Map<string, PlanJson>();
  const summaries = new Map<string, StackSummary>();
  await runInOrder(stacks, {
    name: ({ stack }) => stack,
    upstreams: ({ reads }) => reads,
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (description) => {
      const { stack, project, region, owner } = description;
      progress.started?.(stack);
      const started = performance.now();
      const folder = session.folders.of(stack);
      const outcome = await withFolder(folder, session.folders.wait, async () => {
        const planned = await planStack(session, description, { upstreamPlans: plans });
        const unrecorded = await unrecordedIn(session, stack, folder);
        return { ...planned, unrecorded, ...(shows ? { shown: await showPlan(session, stack, folder) } : {}) };
      }).catch((error: unknown) => readable(error, stack));
      if (signal?.aborted) return;
      const failed = outcome instanceof Error;
      if (!failed) plans.set(stack, outcome.plan);
      const summary: StackSummary = {
        stack,
        project,
        region,
        owner,
        mode: 'live',
        ...planCounts(failed ? {} : outcome.plan),
        changes: failed ? [] : plannedChanges(outcome.plan),
        ...(failed || outcome.shown === undefined ? {} : { shown: outcome.shown }),
        seconds: Math.round((performance.now() - started) / 10) / 100,
        cached: false,
        assumed: failed ? [] : outcome.record.assumed,
        errors: failed ? [outcome.message.replace(`${stack}: `, '')] : [],
        warnings: failed
          ? []
          : [
              ...planWarnings(outcome.plan),
              ...outcome.unrecorded.map(
                (each) =>
                  `an apply was killed, and the state does not have what it created: ${describeUnrecorded(session, stack, each)}`,
              ),
              ...outcome.record.unsupported.map(
                ({ address, reason }) => `${address} is unsupported by the target: ${reason}`,
              ),
            ],
      };
      summaries.set(stack, summary);
      progress.finished?.(stack, failed ? 'failed' : 'planned');
    },
  });
  signal?.throwIfAborted();
  const summary: PlanSummary = {
    environment: environment.name,
    level: environment.level,
    mode: environment.mode,
    stacks: stacks.map(({ stack }) => summaries.get(stack)!),
  };
  writeWhole(summaryFile, summary);
  return summary;
}

/** What Terraform shows people of the plan in a stack's folder; sensitive values are left out. */
async function showPlan(session: LiveSession, stack: string, folder: string): Promise<string> {
  const args = ['show', '-no-color', planFiles.plan];
  return (await session.terraform.run(folder, stack, args, { reads: true, log: false })).stdout;
}
