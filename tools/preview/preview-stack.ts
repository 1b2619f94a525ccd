import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatDiagnostic, type Diagnostic } from '@platform/tools/terraform/failure';
import type { TerraformBinary } from '@platform/tools/terraform/find-terraform';
import { runTerraform, type TerraformRun } from '@platform/tools/terraform/run-terraform';
import type { Configuration } from './configuration';
import type { PlanJson } from './plan-counts';
import { previewOverride, previewOverrideFile, upstreamStatePath } from './preview-override';
import { outputsAsState, type UpstreamValues } from './upstream-values';

/** What one preview run of Terraform gave. */
export interface PreviewResult {
  /** `terraform show -json` of the plan; absent when there is none. */
  readonly plan?: PlanJson;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export interface PreviewFolder {
  /** Where Terraform runs; emptied first. */
  readonly folder: string;
  /** Folder of the synthesised stack, with its `cdk.tf.json` and assets. */
  readonly synthesised: string;
  /** What each upstream stack promises, by stack name. */
  readonly upstream: ReadonlyMap<string, UpstreamValues>;
}

export interface PreviewProcess {
  readonly binary: TerraformBinary;
  /** Complete environment of the Terraform processes. */
  readonly environment: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Copies the synthesised stack and writes what makes it a preview: the override and the upstream states. */
export function writePreviewFolder({ folder, synthesised, upstream }: PreviewFolder): Configuration {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(synthesised, folder, { recursive: true });
  return writePreviewFiles(folder, upstream);
}

/** Writes the preview's own files beside the `cdk.tf.json` of a folder. */
export function writePreviewFiles(folder: string, upstream: ReadonlyMap<string, UpstreamValues>): Configuration {
  const configuration = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as Configuration;
  writeFileSync(join(folder, previewOverrideFile), `${JSON.stringify(previewOverride(configuration), null, 2)}\n`);
  for (const [stack, values] of upstream) {
    const path = join(folder, upstreamStatePath(stack));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(outputsAsState(values), null, 2)}\n`);
  }
  return configuration;
}

/** init and validate in a prepared folder. */
export async function validateFolder(folder: string, process: PreviewProcess): Promise<PreviewResult> {
  const init = await terraform(folder, process, ['init', '-input=false', '-no-color']);
  if (init.exitCode !== 0) return failed(init);
  const validate = await terraform(folder, process, ['validate', '-json']);
  const { diagnostics } = JSON.parse(validate.stdout) as { diagnostics: Diagnostic[] };
  return messages(diagnostics);
}

/** init, plan and show in a prepared folder. */
export async function planFolder(folder: string, process: PreviewProcess): Promise<PreviewResult> {
  const init = await terraform(folder, process, ['init', '-input=false', '-no-color']);
  if (init.exitCode !== 0) return failed(init);

  const plan = await terraform(folder, process, [
    'plan',
    '-input=false',
    '-lock=false',
    '-refresh=false',
    '-json',
    '-out=preview.tfplan',
  ]);
  const result = messages(planDiagnostics(plan.stdout));
  if (plan.exitCode !== 0) return result.errors.length > 0 ? result : failed(plan);

  const show = await terraform(folder, process, ['show', '-json', 'preview.tfplan']);
  if (show.exitCode !== 0) return failed(show);
  writeFileSync(join(folder, 'plan.json'), show.stdout);
  return { ...result, plan: JSON.parse(show.stdout) as PlanJson };
}

function terraform(folder: string, { binary, environment, signal }: PreviewProcess, args: string[]): Promise<TerraformRun> {
  return runTerraform({
    binary,
    cwd: folder,
    args,
    environment,
    logFile: join(folder, 'terraform.log'),
    ...(signal ? { signal } : {}),
  });
}

function planDiagnostics(lines: string): Diagnostic[] {
  return lines
    .split('\n')
    .filter((line) => line.includes('"diagnostic"'))
    .map((line) => JSON.parse(line) as { type?: string; diagnostic: Diagnostic })
    .filter(({ type }) => type === 'diagnostic')
    .map(({ diagnostic }) => diagnostic);
}

function messages(diagnostics: readonly Diagnostic[]): PreviewResult {
  const of = (severity: string) => [
    ...new Set(diagnostics.filter((diagnostic) => diagnostic.severity === severity).map(formatDiagnostic)),
  ];
  return { errors: of('error'), warnings: of('warning') };
}

function failed({ stdout, stderr, exitCode }: TerraformRun): PreviewResult {
  const text = (stderr.trim() || stdout.trim()).replaceAll(/^[│╷╵]\s?/gm, '').trim();
  return { errors: [text || `terraform ended with exit code ${exitCode}`], warnings: [] };
}
