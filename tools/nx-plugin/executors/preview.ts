import { parallelismOf } from '@platform/tools/cli/estate-options';
import { inSession, liveProgress } from '@platform/tools/cli/live-options';
import { estateProgress } from '@platform/tools/cli/progress';
import { readable } from '@platform/tools/aws/callers-failure';
import { planEstate } from '@platform/tools/actions/plan/plan-estate';
import { previewCache, previewEstate } from '@platform/tools/actions/plan/preview-estate';
import { stopOnSignal } from '@platform/tools/terraform/stop-on-signal';
import { summaryTable, type PlanSummary } from '@platform/tools/actions/plan/summary';
import { targets, type Target } from '@platform/tools/terraform/target';
import { byOptions, executor, writeCheckCount, type TaskOutcome } from './batch';
import { whatIf, type EnvironmentOptions } from './synth';

export interface PreviewOptions extends EnvironmentOptions {
  readonly action: 'plan' | 'validate';
  /** Where plans are made. Default: `PLATFORM_TARGET`, else `preview`. */
  readonly on?: Target;
  /** Key of the region to whose stacks it is limited. Default: all. */
  readonly region?: string;
  /** Stacks at once. Default: one per processor, four at most. */
  readonly parallelism?: number;
  /** Whether previews of the same content are taken from `.cache/previews`. Default: yes. */
  readonly cache?: boolean;
}

/** One preview for all projects of the batch that want the same: one synth, one pool of workers and providers. */
export const { one, batch } = executor<PreviewOptions>(async ({ root }, tasks) => {
  const outcomes = new Map<string, TaskOutcome>();
  for (const { options, tasks: group } of byOptions(tasks)) {
    try {
      const projects = group.map(({ folder }) => folder);
      const summary = await (options.action === 'plan' ? plan : validate)(root, projects, options);
      // Nx shows the output of a single task only.
      if (options.action === 'plan' && tasks.length > 1) process.stdout.write(`\n${summaryTable(summary)}\n\n`);
      for (const { id, project, folder } of group) {
        const stacks = summary.stacks.filter((stack) => stack.project === folder);
        const failed = stacks.filter(({ errors }) => errors.length > 0).length;
        writeCheckCount(root, options.action, project, { passed: stacks.length - failed, failed });
        outcomes.set(id, { success: failed === 0, output: outputOf({ ...summary, stacks }, options.action) });
      }
    } catch (error) {
      for (const { id, project } of group) {
        writeCheckCount(root, options.action, project, { passed: 0, failed: 1 });
        outcomes.set(id, { success: false, output: readable(error, options.action).message });
      }
    }
  }
  return outcomes;
});

function validate(root: string, projects: string[], options: PreviewOptions): Promise<PlanSummary> {
  return preview(root, projects, options, 'validate');
}

/** A preview, or live plans: those that `deploy` applies. */
async function plan(root: string, projects: string[], options: PreviewOptions): Promise<PlanSummary> {
  const target = targetOf(options);
  if (target === 'preview') return preview(root, projects, options, 'plan');
  let summary: PlanSummary | undefined;
  const { environment, region, parallelism } = options;
  const given = {
    configuration: environment,
    target,
    ...(region === undefined ? {} : { region }),
    ...(parallelism === undefined ? {} : { parallelism: String(parallelism) }),
  };
  await inSession(given, async (session) => {
    summary = await planEstate(session, projects, liveProgress());
    return 0;
  });
  return summary!;
}

function preview(
  root: string,
  projects: string[],
  options: PreviewOptions,
  action: PreviewOptions['action'],
): Promise<PlanSummary> {
  const { region, parallelism } = options;
  const workers = parallelismOf(parallelism === undefined ? undefined : String(parallelism));
  return stopOnSignal((signal) =>
    previewEstate({
      root,
      ...(region === undefined ? {} : { region }),
      ...(workers === undefined ? {} : { workers }),
      environment: options.environment,
      whatIf: whatIf(options),
      projects,
      action,
      ...(options.cache === false ? {} : { cache: previewCache(root) }),
      signal,
      progress: estateProgress(action),
    }),
  );
}

function targetOf({ on }: PreviewOptions): Target {
  const asked = on ?? (process.env['PLATFORM_TARGET'] || 'preview');
  const target = targets.find((name) => name === asked);
  if (!target) throw new Error(`PLATFORM_TARGET: there is no "${asked}"; use one of ${targets.join(', ')}`);
  return target;
}

function outputOf(summary: PlanSummary, action: PreviewOptions['action']): string {
  const problems = summary.stacks.flatMap(({ stack, warnings, errors }) => [
    ...warnings.map((text) => `${stack}: warning: ${text}`),
    ...errors.map((text) => `${stack}: ${text}`),
  ]);
  return [...(action === 'plan' ? [summaryTable(summary)] : []), ...problems].join('\n');
}
