import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readDiagnostics, type Diagnostic } from '@platform/tools/terraform/diagnostics';
import { formatDiagnostic, terraformFailure } from '@platform/tools/terraform/failure';
import type { TerraformBinary } from '@platform/tools/terraform/find-terraform';
import { runTerraform, type TerraformResult } from '@platform/tools/terraform/run-terraform';
import type { Configuration } from '@platform/tools/model/configuration';
import type { PlanJson } from '@platform/tools/model/plan';
import { importsOf, readsWhilePlanned, withImports } from '@platform/tools/model/offline';
import {
  closedEndpoint,
  previewConfig,
  previewConfigFile,
  previewOverride,
  previewOverrideFile,
  previewStateFile,
  upstreamStatePath,
} from '@platform/tools/terraform/preview-override';
import { outputsAsState, type UpstreamValues } from '@platform/tools/model/upstream-values';
import type { ResourceSchemas, TypeSchemas } from '@platform/tools/model/schema';

/** The plan of a preview as JSON, in the stack's folder. */
export const planJsonFile = 'plan.json';

/** What one preview run of Terraform gave. */
export interface PreviewResult {
  /** `terraform show -json` of the plan; absent when there is none. */
  readonly plan?: PlanJson;
  /** `terraform show` of it, where the run asks for that. */
  readonly shown?: string;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Every error is about what the configuration says: another provider would find the same. */
  readonly configurationIsWrong?: boolean;
  /** It was made earlier, of the same content. */
  readonly cached?: boolean;
}

/** How Terraform is called for one stack. */
export interface PreviewRun {
  readonly stack: string;
  /** Folder that {@link writePreviewFolder} has prepared. */
  readonly folder: string;
  readonly binary: TerraformBinary;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Also what people read of the plan. */
  readonly shows?: boolean;
  /** Completes what a Terraform shows of a plan that knows a part of the schemas. Default: nothing is missing. */
  readonly whole?: (plan: PlanJson) => PlanJson;
}

/** Makes `folder` anew: a copy of the synthesised stack with its assets, and what makes it a preview. */
export function writePreviewFolder(
  folder: string,
  synthesised: string,
  upstream: ReadonlyMap<string, UpstreamValues>,
): Configuration {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(synthesised, folder, { recursive: true });
  return writePreviewFiles(folder, upstream);
}

/**
 * Writes the override and the states of upstream stacks beside the `cdk.tf.json` of a folder, and takes the imports out of
 * that file: Terraform reads what it imports from AWS, and no override removes a block.
 * @returns the configuration with its imports
 */
export function writePreviewFiles(folder: string, upstream: ReadonlyMap<string, UpstreamValues>): Configuration {
  const file = join(folder, 'cdk.tf.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8')) as Configuration;
  const { import: imports, ...withoutImports } = configuration;
  if (imports) writeJson(file, withoutImports);
  writeJson(join(folder, previewOverrideFile), previewOverride(configuration, resolve(folder)));
  writeFileSync(join(folder, previewConfigFile), previewConfig);
  for (const [stack, values] of upstream) writeJson(join(folder, upstreamStatePath(stack)), outputsAsState(values));
  return configuration;
}

/** init and validate. */
export async function validateStack(run: PreviewRun): Promise<PreviewResult> {
  const init = await terraform(run, ['init', '-input=false', '-no-color']);
  if (init.exitCode !== 0) return failure(run, init);
  const validate = await terraform(run, ['validate', '-json']);
  const result = messages(validate);
  return validate.exitCode === 0 || result.errors.length > 0 ? result : failure(run, validate);
}

/** init, plan and show. The plan lies beside the configuration as `preview.tfplan` and `plan.json`, there with its imports. */
export async function planStack(run: PreviewRun, configuration: Configuration): Promise<PreviewResult> {
  const reads = readsWhilePlanned(configuration);
  if (reads.length > 0) return { errors: reads, warnings: [], configurationIsWrong: true };

  const init = await terraform(run, ['init', '-input=false', '-no-color']);
  if (init.exitCode !== 0) return failure(run, init);

  const planArguments = ['-input=false', '-lock=false', '-refresh=false', '-json', '-out=preview.tfplan'];
  const plan = await terraform(run, ['plan', ...planArguments]);
  const result = messages(plan);
  if (plan.exitCode !== 0) return result.errors.length > 0 ? result : failure(run, plan);

  const show = await terraform(run, ['show', '-json', 'preview.tfplan'], { keepLog: false });
  if (show.exitCode !== 0) return failure(run, show);
  const imports = importsOf(configuration);
  const { whole = (plan) => plan } = run;
  const shownPlan = withImports(whole(JSON.parse(show.stdout) as PlanJson), imports);
  writePlan(run.folder, shownPlan);
  const notRead = imports.map(
    ({ to, id }) => `${to}: imports "${id}", which a preview does not read; plan it with a target to see what changes`,
  );
  const planned = { ...result, warnings: [...result.warnings, ...notRead], plan: shownPlan };
  if (!run.shows) return planned;
  const text = await terraform(run, ['show', '-no-color', 'preview.tfplan'], { keepLog: false });
  return text.exitCode === 0 ? { ...planned, shown: text.stdout } : failure(run, text);
}

/** Writes what `terraform show -json` says of a plan beside the configuration. */
export function writePlan(folder: string, plan: PlanJson): void {
  writeFileSync(join(folder, planJsonFile), JSON.stringify(plan));
}

/** init and `providers schema`. */
export async function readSchemas(
  run: PreviewRun,
): Promise<Pick<PreviewResult, 'errors'> & { readonly schemas?: TypeSchemas }> {
  const init = await terraform(run, ['init', '-input=false', '-no-color']);
  if (init.exitCode !== 0) return failure(run, init);
  const result = await terraform(run, ['providers', 'schema', '-json'], { keepLog: false });
  if (result.exitCode !== 0) return failure(run, result);
  const { provider_schemas } = JSON.parse(result.stdout) as {
    provider_schemas: Readonly<
      Record<string, { readonly resource_schemas?: ResourceSchemas; readonly data_source_schemas?: ResourceSchemas }>
    >;
  };
  const all = Object.values(provider_schemas);
  const resources = Object.assign({}, ...all.map((each) => each.resource_schemas)) as ResourceSchemas;
  const dataSources = Object.assign({}, ...all.map((each) => each.data_source_schemas)) as ResourceSchemas;
  return { errors: [], schemas: { resources, dataSources } };
}

/** The state that a preview plans on: none, unless the folder has one. */
export function previewState(folder: string): unknown[] {
  const path = join(folder, previewStateFile);
  return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8'))] : [];
}

function terraform(run: PreviewRun, args: string[], { keepLog = true } = {}): Promise<TerraformResult> {
  return runTerraform({
    binary: run.binary,
    cwd: run.folder,
    args,
    environment: run.environment,
    stop: 'kill',
    ...(keepLog ? { logFile: join(run.folder, 'terraform.log') } : {}),
    ...(run.signal ? { signal: run.signal } : {}),
  });
}

function messages({ stdout }: TerraformResult): PreviewResult {
  const diagnostics = readDiagnostics(stdout);
  const of = (severity: string) => [
    ...new Set(
      diagnostics
        .filter((diagnostic) => diagnostic.severity === severity)
        .map((diagnostic) => refusedCall(diagnostic) ?? formatDiagnostic(diagnostic)),
    ),
  ];
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return {
    errors: of('error'),
    warnings: of('warning'),
    configurationIsWrong: errors.length > 0 && errors.every(isOfConfiguration),
  };
}

/** Says that a resource calls AWS while it is planned; undefined where an error is about something else. */
function refusedCall({ address, summary, detail }: Diagnostic): string | undefined {
  const text = `${summary}\n${detail}`;
  if (!text.includes(`${closedEndpoint}/`)) return undefined;
  const [, service, operation] = /operation error ([^,:]+): (\w+)/.exec(text) ?? [];
  const call = service ? ` (${service}: ${operation})` : '';
  return `${address ?? 'the provider'}: calls AWS while Terraform plans${call}, and a preview calls nothing; plan this stack with --target aws or on an emulator`;
}

/** What Terraform says where the provider, or the way to it, is at fault: also that with the place of the resource it was at. */
const OF_PROVIDER =
  /plugin|rpc error|panic|transport|provider (?:produced|returned|configuration)|bug in the provider/i;

/** Whether an error is of the text of the configuration, whichever provider looks at it. */
export function isOfConfiguration({ file, summary, detail }: Diagnostic): boolean {
  return file !== undefined && !OF_PROVIDER.test(`${summary}\n${detail}`);
}

function failure({ stack }: PreviewRun, result: TerraformResult): PreviewResult {
  const { message } = terraformFailure(result, { stack });
  // The stack is named by whoever prints the error.
  return { errors: [message.replace(`${stack}: `, '')], warnings: [] };
}

function writeJson(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
