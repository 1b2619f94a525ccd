import { estateProgress } from '@platform/tools/cli/progress';
import { previewEstate } from '@platform/tools/preview/preview-estate';
import { summaryTable, type PlanSummary } from '@platform/tools/preview/summary';
import { killAllOnExit } from '@platform/tools/terraform/run-terraform';
import { byOptions, executor, writeCheckCount, type TaskOutcome } from './batch';
import { whatIf, type EnvironmentOptions } from './synth';

export interface PreviewOptions extends EnvironmentOptions {
  readonly action: 'plan' | 'validate';
}

/** One preview for all projects of the batch that want the same: one synth, one pool of workers and providers. */
export const { one, batch } = executor<PreviewOptions>(async ({ root }, tasks) => {
  killAllOnExit();
  const outcomes = new Map<string, TaskOutcome>();
  for (const { options, tasks: group } of byOptions(tasks)) {
    try {
      const summary = await previewEstate({
        root,
        environment: options.environment,
        whatIf: whatIf(options),
        projects: group.map(({ folder }) => folder),
        action: options.action,
        progress: estateProgress(),
      });
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
        outcomes.set(id, { success: false, output: (error as Error).message });
      }
    }
  }
  return outcomes;
});

function outputOf(summary: PlanSummary, action: PreviewOptions['action']): string {
  const problems = summary.stacks.flatMap(({ stack, warnings, errors }) => [
    ...warnings.map((text) => `${stack}: warning: ${text}`),
    ...errors.map((text) => `${stack}: ${text}`),
  ]);
  return [...(action === 'plan' ? [summaryTable(summary)] : []), ...problems].join('\n');
}
