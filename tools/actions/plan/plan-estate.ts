import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { planCounts, type PlanJson } from '@platform/tools/model/plan';
import type { PlanSummary, StackSummary } from './summary';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from '@platform/tools/aws/callers-failure';
import { chooseStacks, workersFor, type LiveProgress } from '@platform/tools/session/estate-run';
import { assertLevelStep } from '@platform/tools/session/level-step';
import { withFolder } from '@platform/tools/session/folder-lock';
import type { LiveSession } from '@platform/tools/session/live-session';
import { writeWhole } from '@platform/tools/session/plan-files';
import { planStack } from '@platform/tools/session/plan-stack';
import { checkTypes } from './check-types';
import { planWarnings } from './plan-warnings';

/**
 * Plans stacks against their real states, in read order. Each plan lies in its stack's folder with its
 * record; `summary.json` beside the folders is written last. A stack whose upstream cannot be planned is planned on
 * what is known of it.
 * @throws WrongUse when there is no such project, types of the code are wrong, or the level is more than one away from the one that is reached
 */
export async function planEstate(
  session: LiveSession,
  projects: readonly string[],
  progress: LiveProgress = {},
): Promise<PlanSummary> {
  const { environment, signal, note } = session.options;
  const chosen = await chooseStacks(session, projects);
  await assertLevelStep(session, chosen.stacks);
  await checkTypes(session.options.root, signal);
  const stacks = chosen.stacks.filter(({ stack }) => !session.isUnsupported(stack));
  for (const { stack } of chosen.stacks.filter(({ stack: name }) => session.isUnsupported(name))) {
    note?.(`${stack}: unsupported by the target`);
  }
  progress.planned?.(stacks.map(({ stack }) => stack));
  const summaryFile = join(session.folder, 'summary.json');
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
      const outcome = await withFolder(session.folderOf(stack), session.folderWait, () =>
        planStack(session, description, { upstreamPlans: plans }),
      ).catch((error: unknown) => readable(error, stack));
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
        seconds: Math.round((performance.now() - started) / 10) / 100,
        assumed: failed ? [] : outcome.record.assumed,
        errors: failed ? [outcome.message.replace(`${stack}: `, '')] : [],
        warnings: failed
          ? []
          : [
              ...planWarnings(outcome.plan),
              ...outcome.record.left.map(({ address, reason }) => `${address} is unsupported by the target: ${reason}`),
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
