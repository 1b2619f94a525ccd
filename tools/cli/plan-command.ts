import { join, relative } from 'node:path';
import {
  planFolderOf,
  previewCache,
  previewEstate,
  type PreviewOptions,
} from '@platform/tools/actions/plan/preview-estate';
import { stopOnSignal } from '@platform/tools/terraform/stop-on-signal';
import { changesText } from '@platform/tools/actions/plan/describe-changes';
import { summaryTable, withoutCounts, type PlanSummary } from '@platform/tools/actions/plan/summary';
import { routeViolations } from '@platform/tools/actions/routes/check-estate';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { chosenEnvironment, parallelismOf, type EstateOptions } from './estate-options';
import { print, talk } from './output';
import { estateProgress } from './progress';

export interface PreviewCommandOptions extends EstateOptions {
  readonly show?: boolean;
  /** False for `--no-cache`. */
  readonly cache?: boolean;
}

/** Lets Terraform validate every stack; prints what is wrong. */
export async function validateCommand(projects: string[], options: PreviewCommandOptions): Promise<number> {
  const summary = await preview(projects, options, 'validate');
  if (options.json) print(JSON.stringify({ ...summary, stacks: summary.stacks.map(withoutCounts) }, null, 2));
  const { length } = summary.stacks;
  return report(summary, `${length === 1 ? '1 stack is valid' : `${length} stacks are valid`}${fromCache(summary)}`);
}

/** Previews every stack, prints the table and writes `dist/plan/<environment>/summary.json`. */
export async function planCommand(projects: string[], options: PreviewCommandOptions): Promise<number> {
  const summary = await preview(projects, options, 'plan');
  print(
    options.json
      ? JSON.stringify(summary, null, 2)
      : [summaryTable(summary), changesText(summary)].filter(Boolean).join('\n'),
  );
  const { environment, level, mode } = summary;
  const file = join(relative(process.cwd(), planFolderOf(findRoot(), environment)), 'summary.json');
  return report(
    summary,
    `environment ${environment}, level ${level}, ${mode}${fromCache(summary)}; details in ${file}`,
  );
}

/** How many stacks the cache had; nothing where it had none. */
function fromCache({ stacks }: PlanSummary): string {
  const cached = stacks.filter((stack) => stack.cached).length;
  return cached > 0 ? `; ${cached} of ${stacks.length} from the cache` : '';
}

function preview(
  projects: string[],
  options: PreviewCommandOptions,
  action: NonNullable<PreviewOptions['action']>,
): Promise<PlanSummary> {
  const root = findRoot();
  const workers = parallelismOf(options.parallelism);
  return stopOnSignal(
    (signal) =>
      previewEstate({
        root,
        ...chosenEnvironment(options),
        projects,
        ...(options.region ? { region: options.region } : {}),
        ...(workers === undefined ? {} : { workers }),
        action,
        shows: options.show ?? false,
        ...(options.cache === false ? {} : { cache: previewCache(root) }),
        signal,
        progress: estateProgress(action),
        ...(action === 'plan'
          ? {
              routeViolations: (manifest, outdir) =>
                routeViolations({ root, settings: loadSettings(root), manifest, outdir }),
            }
          : {}),
      }),
    (signal) => talk(`${signal}: stopping${action === 'plan' ? '; no summary is written' : ''}`),
  );
}

/** Says what failed, or that all is well; gives the exit code. */
function report(summary: PlanSummary, success: string): number {
  const violations = summary.routeViolations ?? [];
  for (const text of violations) talk(`routes: ${text}`);
  if (violations.length > 0)
    talk(`${violations.length} violations of the reachability policy; for details, run: npx platform routes`);
  for (const { stack, warnings, errors } of summary.stacks) {
    for (const text of warnings) talk(`${stack}: warning: ${text}`);
    for (const text of errors) talk(`${stack}: ${text}`);
  }
  const failures = summary.stacks.filter(({ errors }) => errors.length > 0).length;
  talk(failures > 0 ? `${failures} of ${summary.stacks.length} stacks failed` : success);
  return failures > 0 ? 1 : 0;
}
