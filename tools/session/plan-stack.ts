import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import { upstreamStatePath } from '@platform/tools/terraform/preview-override';
import { assumedInputs } from '@platform/tools/model/assumed-inputs';
import { missingEntries, outputsAsState, type UpstreamValues } from '@platform/tools/model/upstream-values';
import type { PlanJson } from '@platform/tools/model/plan';
import { digestsOf, folderDigests, sha256 } from '@platform/tools/workspace/file-digests';
import type { FileDigests } from '@platform/tools/workspace/file-digests';
import { isOfLock } from './folder-lock';
import { assertReplaceable } from './tainted';
import { initialise } from './initialise';
import { liveOverrideFile } from '@platform/tools/aws/live-override';
import type { LiveSession } from './live-session';
import { eventsFile } from './terraform-runs';
import type { FoundBinding, PlanRecord, UpstreamDigests } from '@platform/tools/model/plan-record';
import type { RecordedPlan } from '@platform/tools/model/decide-deploy';
import { isDeployed, outputValues, versionOf, type StateVersion } from '@platform/tools/model/state';
import { assertNotLost } from './lost-state';
import { commandLine } from './plan-command-for';
import { readJson, writeWhole } from './plan-files';
import { recordStateBefore, saveUnsavedStates, stateBeforeFile, unsavedStateFile } from './unsaved-state';
import { allReal, liveUpstreamValues } from './upstream-outputs';

/** Names of what lies beside the configuration of a stack. */
export const planFiles = { plan: 'plan.tfplan', shown: 'plan.json', record: 'plan-record.json' } as const;
/** The second plan of a deploy, that is compared with the first. */
export const nextFiles = { plan: 'next.tfplan', shown: 'next.json', record: 'next-record.json' } as const;
/** What plan records were called before. */
const formerRecord = 'reviewed.json';
type PlanFiles = typeof planFiles | typeof nextFiles;

/** An apply that began, and whose end was not seen. */
export const begunFile = 'begun.json';
/** What was applied last. */
export const appliedFile = 'applied.json';

const upstreamOverrideFile = 'upstream_override.tf.json';
/** What Terraform writes while it works in a folder. */
export const logFile = 'terraform.log';
const kept = new Set([
  '.terraform',
  '.terraform.lock.hcl',
  unsavedStateFile,
  stateBeforeFile,
  logFile,
  eventsFile,
  appliedFile,
  begunFile,
]);

/** The state was changed while it was planned. */
export class StateMoved extends Error {
  override readonly name = 'StateMoved';
  readonly exitCode = 1;
}

/** A stack reads what an upstream stack will have once it is deployed with these settings. */
export class UpstreamLacks extends Error {
  override readonly name = 'UpstreamLacks';
  readonly exitCode = 1;
}

export interface PlanStackOptions {
  /** Plans of upstream stacks that will be applied before this one. */
  readonly upstreamPlans?: ReadonlyMap<string, PlanJson>;
  readonly files?: PlanFiles;
}

/**
 * Plans a stack against its real state and writes the plan with its record into the stack's folder. Values of upstream
 * stacks are real where they exist; the record names every argument with another.
 * @throws LostState where the stack was deployed and its state is missing
 */
export async function planStack(
  session: LiveSession,
  description: StackDescription,
  { upstreamPlans, files = planFiles }: PlanStackOptions = {},
): Promise<RecordedPlan> {
  const { stack } = description;
  const folder = session.folders.of(stack);
  const upstream = await upstreamValuesOf(session, description, upstreamPlans);
  assertEntriesExist(session, description, upstream);
  await saveUnsavedStates(session, stack);
  const present = await session.states.of(stack);
  const state = versionOf(present);
  if (!present) await assertNotLost(session, stack);
  if (present) assertReplaceable(session, stack, session.stacks.configuration(stack), present);
  const keepsPlan = files === nextFiles;
  const configuration = prepareFolder(session, description, folder, upstream, keepsPlan);
  await initialise(session, stack, folder);
  const { resources: unsupported, outputs: missingOutputs } = session.unsupported.of(stack);
  const shown = await planAndShow(session, stack, folder, files.plan, session.unsupported.targetArguments(stack));
  const plan = JSON.parse(shown) as PlanJson & { resource_changes?: { previous_address?: string }[] };
  const after = versionOf(await session.states.of(stack));
  if (JSON.stringify(state) !== JSON.stringify(after)) {
    throw new StateMoved(`${stack}: its state was changed while it was planned; plan it again`);
  }
  writeSecret(join(folder, files.shown), shown);
  recordStateBefore(folder, present);
  const absent = new Set([
    ...unsupported.map(({ address }) => address),
    ...missingOutputs.map((name) => `output.${name}`),
  ]);
  const record: PlanRecord = {
    format: 3,
    stack,
    target: session.options.target.name,
    environment: session.options.environment.name,
    terraform: session.terraform.binary.version,
    plan: digestsOf(folder, [files.plan, files.shown]),
    files: expectedFiles(session, description),
    state,
    upstream: digestsOfReal(upstream),
    changes: hasChanges(plan),
    assumed: assumedInputs(configuration, upstream).filter(
      ({ source, address }) => source !== 'state' && !absent.has(address),
    ),
    unsupported,
  };
  writeWhole(join(folder, files.record), record);
  return { record, plan };
}

/**
 * What a plan of a stack would be bound to now, and what lies in its folder.
 * @param files of the record; their names are looked for in the folder
 * @param state of the stack as it is now
 */
export async function bindingNow(
  session: LiveSession,
  description: StackDescription,
  files: FileDigests,
  state: StateVersion | null,
): Promise<FoundBinding> {
  const { stack } = description;
  const folder = session.folders.of(stack);
  return {
    stack,
    target: session.options.target.name,
    environment: session.options.environment.name,
    terraform: session.terraform.binary.version,
    plan: digestsOf(folder, [planFiles.plan, planFiles.shown]),
    files: expectedFiles(session, description),
    folder: digestsOf(folder, Object.keys(files)),
    state,
    upstream: await realUpstream(session, description),
  };
}

/** SHA-256 of the real values that a stack reads of others, by stack and field. */
async function realUpstream(
  session: Pick<LiveSession, 'stacks' | 'states' | 'unsupported'>,
  description: StackDescription,
): Promise<UpstreamDigests> {
  return digestsOfReal(await upstreamValuesOf(session, description));
}

/** The plan in a stack's folder with its record; nothing where there is none, and why where it cannot be used. */
export function readRecorded(folder: string): RecordedPlan | string | undefined {
  const record = readJson<PlanRecord>(join(folder, planFiles.record));
  if (record === undefined) {
    return existsSync(join(folder, formerRecord))
      ? `${formerRecord} was written by an earlier version of this command`
      : undefined;
  }
  if (record === 'damaged') return `${planFiles.record} is cut short, as by a machine that died`;
  if (record.format !== 3) return `${planFiles.record} was written by another version of this command`;
  const plan = readJson<PlanJson>(join(folder, planFiles.shown));
  // One that was changed is not what its record says, and is never compared.
  return { record, plan: plan === undefined || plan === 'damaged' ? {} : plan };
}

/** SHA-256 of everything that a stack's folder has to hold before Terraform is called. */
export function expectedFiles(
  session: Pick<LiveSession, 'options' | 'stacks'>,
  description: StackDescription,
): FileDigests {
  return {
    ...folderDigests(session.stacks.folder(description.stack)),
    [liveOverrideFile]: sha256(overrideText(session, description)),
  };
}

/** Makes the folder anew, except for what Terraform keeps there and what must not be lost. */
export function prepareFolder(
  session: Pick<LiveSession, 'options' | 'stacks'>,
  description: StackDescription,
  folder: string,
  upstream: ReadonlyMap<string, UpstreamValues> = new Map(),
  keepsPlan = false,
): Configuration {
  const recorded: ReadonlySet<string> = new Set(keepsPlan ? Object.values(planFiles) : []);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(folder)) {
    if (!kept.has(entry) && !recorded.has(entry) && !isOfLock(entry))
      rmSync(join(folder, entry), { recursive: true, force: true });
  }
  cpSync(session.stacks.folder(description.stack), folder, { recursive: true });
  writeSecret(join(folder, liveOverrideFile), overrideText(session, description));
  const unreal = [...upstream].filter(([, values]) => !allReal(values));
  for (const [stack, values] of unreal) {
    const path = join(folder, upstreamStatePath(stack));
    mkdirSync(dirname(path), { recursive: true });
    writeSecret(path, JSON.stringify(outputsAsState(values)));
  }
  if (unreal.length > 0) {
    const reads = unreal.map(([stack]) => [stack, { backend: 'local', config: { path: upstreamStatePath(stack) } }]);
    const override = { data: { terraform_remote_state: Object.fromEntries(reads) as object } };
    writeSecret(join(folder, upstreamOverrideFile), JSON.stringify(override, null, 2));
  }
  return session.stacks.configuration(description.stack);
}

/** What `terraform show` would say of a plan that changes nothing, as far as anybody asks. */
const unchanged = '{"applyable":false,"resource_changes":[],"output_changes":{}}';

/**
 * Makes a plan file and gives what it says as JSON. Terraform tells by its exit code whether there is anything to say:
 * `show` takes as long as a small plan, because it asks the provider for all its schemas again.
 */
export async function planAndShow(
  session: Pick<LiveSession, 'folders' | 'terraform'>,
  stack: string,
  folder: string,
  planFile: string,
  args: readonly string[],
): Promise<string> {
  const { exitCode } = await session.terraform.run(
    folder,
    stack,
    ['plan', '-detailed-exitcode', ...planArguments(session), `-out=${planFile}`, ...args],
    { reads: true, ok: [0, 2] },
  );
  if (exitCode === 0) return unchanged;
  return (await session.terraform.run(folder, stack, ['show', '-json', planFile], { reads: true, log: false })).stdout;
}

/** Arguments of every live plan. */
export function planArguments(session: Pick<LiveSession, 'folders'>): string[] {
  return ['-input=false', '-json', `-lock-timeout=${session.folders.lockTimeoutSec}s`];
}

/**
 * @throws UpstreamLacks with every entry that the stack reads of an upstream map and that is not deployed, where no plan of the
 * upstream stack is there that would add it
 */
function assertEntriesExist(
  session: Pick<LiveSession, 'options' | 'stacks'>,
  { stack, project }: StackDescription,
  upstream: ReadonlyMap<string, UpstreamValues>,
): void {
  const missing = missingEntries(session.stacks.configuration(stack), upstream);
  if (missing.length === 0) return;
  const lines = [...new Set(missing.map((entry) => entry.stack))].map((name) => {
    const { fields } = session.stacks.get(name).contract;
    const entries = missing
      .filter((entry) => entry.stack === name)
      .map(({ field, key }) => `${fields[field]?.setting ?? field}.${key}`);
    const command = commandLine(session, 'plan', session.stacks.get(name).project, project);
    return `${stack}: depends on ${name}, which does not have ${[...new Set(entries)].join(', ')} yet: plan both, or deploy it first: ${command}`;
  });
  throw new UpstreamLacks(lines.join('\n'));
}

async function upstreamValuesOf(
  session: Pick<LiveSession, 'stacks' | 'states' | 'unsupported'>,
  { reads }: StackDescription,
  plans: ReadonlyMap<string, PlanJson> = new Map(),
): Promise<Map<string, UpstreamValues>> {
  const entries = reads.map(async (name): Promise<[string, UpstreamValues]> => {
    const state = await session.states.of(name);
    const outputs = isDeployed(state) ? outputValues(state) : undefined;
    const values = liveUpstreamValues(session.stacks.get(name).contract, outputs, plans.get(name));
    // What the target cannot make there, nothing that is made here needs.
    const missing = session.unsupported.of(name).outputs;
    return [name, Object.fromEntries(Object.entries(values).filter(([field]) => !missing.includes(field)))];
  });
  return new Map(await Promise.all(entries));
}

function digestsOfReal(upstream: ReadonlyMap<string, UpstreamValues>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...upstream].map(([stack, values]) => [
      stack,
      Object.fromEntries(
        Object.entries(values)
          .filter(([, { source }]) => source === 'state')
          .map(([name, { value }]) => [name, sha256(JSON.stringify(value))]),
      ),
    ]),
  );
}

function hasChanges({ resource_changes, output_changes }: PlanJson): boolean {
  const changes = [...(resource_changes ?? []), ...Object.values(output_changes ?? {}).map((change) => ({ change }))];
  return changes.some(
    (each) =>
      each.change.actions.some((action) => action !== 'no-op' && action !== 'read') ||
      ('previous_address' in each && each.previous_address !== undefined),
  );
}

function overrideText(session: Pick<LiveSession, 'options' | 'stacks'>, description: StackDescription): string {
  const override = session.options.target.override(description, session.stacks.configuration(description.stack));
  return `${JSON.stringify(override, null, 2)}\n`;
}

/** Plans and states hold secrets. */
function writeSecret(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}
