import type { AdoptionLevel } from '@platform/libs/settings/adoption';
import type { Mode } from '@platform/libs/settings/organisation';
import { planFolderOf, previewEstate, type PreviewOptions } from '@platform/tools/preview/preview-estate';
import { summaryTable, type PlanSummary } from '@platform/tools/preview/summary';
import { synthesise, synthFolderOf } from '@platform/tools/synth/synth';
import { join, relative } from 'node:path';
import { estateProgress } from './progress';
import { stopSignal } from './stop-signal';

/** Options of the commands over the estate, as the command line gives them. */
export interface EstateCommandOptions {
  readonly configuration?: string;
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
  readonly json?: boolean;
}

/** Writes `dist/synth/<environment>` and lists the stacks. */
export async function synthCommand(_projects: string[], options: EstateCommandOptions): Promise<number> {
  const root = process.cwd();
  const manifest = synthesise({ root, ...choice(options) });
  if (options.json) print(JSON.stringify(manifest, null, 2));
  else {
    print(manifest.stacks.map(({ stack }) => stack).join('\n'));
    talk(`${manifest.stacks.length} stacks in ${relative(root, synthFolderOf(root, manifest.environment))}`);
  }
  return 0;
}

/** Lets Terraform validate; prints what is wrong. */
export async function validateCommand(projects: string[], options: EstateCommandOptions): Promise<number> {
  const summary = await preview(projects, options, 'validate');
  if (options.json) print(JSON.stringify(summary, null, 2));
  return report(summary, `${summary.stacks.length} stacks are valid`);
}

/** Previews every stack, prints the table and writes `dist/plan/<environment>/summary.json`. */
export async function planCommand(projects: string[], options: EstateCommandOptions): Promise<number> {
  const summary = await preview(projects, options, 'plan');
  print(options.json ? JSON.stringify(summary, null, 2) : summaryTable(summary));
  const folder = relative(process.cwd(), planFolderOf(process.cwd(), summary.environment));
  return report(
    summary,
    `environment ${summary.environment}, level ${summary.level}, ${summary.mode}; details in ${join(folder, 'summary.json')}`,
  );
}

function preview(
  projects: string[],
  options: EstateCommandOptions,
  action: NonNullable<PreviewOptions['action']>,
): Promise<PlanSummary> {
  return previewEstate({
    root: process.cwd(),
    ...choice(options),
    projects,
    action,
    progress: estateProgress(),
    signal: stopSignal(),
  });
}

function choice({ configuration, level, mode }: EstateCommandOptions): Pick<PreviewOptions, 'environment' | 'whatIf'> {
  return {
    ...(configuration ? { environment: configuration } : {}),
    whatIf: { ...(level ? { level } : {}), ...(mode ? { mode } : {}) },
  };
}

/** Says what failed, or that all is well; gives the exit code. */
function report(summary: PlanSummary, success: string): number {
  for (const { stack, warnings, errors } of summary.stacks) {
    for (const text of warnings) talk(`${stack}: warning: ${text}`);
    for (const text of errors) talk(`${stack}: ${text}`);
  }
  const failures = summary.stacks.filter(({ errors }) => errors.length > 0).length;
  talk(failures > 0 ? `${failures} of ${summary.stacks.length} stacks failed` : success);
  return failures > 0 ? 1 : 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function talk(text: string): void {
  process.stderr.write(`${text}\n`);
}
