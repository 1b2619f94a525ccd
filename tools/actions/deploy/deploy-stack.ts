import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { AppliedConfiguration, KeptConfiguration } from '@platform/tools/aws/state-store';
import { mergeIds, replacedIds, unrecordedObjects, type FormerIds } from '@platform/tools/model/apply-log';
import { stateLocation } from '@platform/tools/model/configuration';
import {
  decideDeploy,
  isStateOfApply,
  type BegunApply,
  type DeployAcceptance,
  type DeployDecision,
  type DeployKnowledge,
  type LastApplied,
  type Refusal,
} from '@platform/tools/model/decide-deploy';
import { planCounts, type PlanCounts, type PlanJson } from '@platform/tools/model/plan';
import { plannedChanges, type PlannedChange } from '@platform/tools/model/plan-changes';
import type { FileDigests } from '@platform/tools/workspace/file-digests';
import { showsInOthers } from '@platform/tools/model/seen-by-others';
import { versionOf, type TerraformState } from '@platform/tools/model/state';
import { logLength, readLog } from '@platform/tools/session/begun-apply';
import { withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import type { LiveSession } from '@platform/tools/session/live-session';
import { restoreSteps } from '@platform/tools/session/lost-state';
import {
  appliedFile,
  begunFile,
  expectedFiles,
  nextFiles,
  planArguments,
  planFiles,
  planStack,
} from '@platform/tools/session/plan-stack';
import { describeUnrecorded } from '@platform/tools/session/import-command';
import { writeWhole } from '@platform/tools/session/plan-files';
import { foldersWithUnsavedState, saveUnsavedStates } from '@platform/tools/session/unsaved-state';
import { TerraformFailure } from '@platform/tools/terraform/failure';
import { brokenContract, knowStack, readersFor } from './know-stack';

/** How the deploy of one stack ended. */
export interface StackOutcome {
  /**
   * `untouched`: there was nothing to change, or it was applied from elsewhere as the code gives it now. `refused`: what
   * would be applied is not what the plan showed, or was not accepted; nothing was changed. `failed`: Terraform failed, or
   * the outputs do not match the contract.
   */
  readonly result: 'applied' | 'untouched' | 'refused' | 'failed';
  readonly counts?: PlanCounts;
  /** What differs and what to do. */
  readonly messages: readonly string[];
}

/** What is about to be applied. */
export interface ReadyToApply {
  readonly stack: string;
  readonly counts: PlanCounts;
  readonly changes: readonly PlannedChange[];
  /** Files of the plan that was there before this deploy and shows it; absent for a plan that the deploy has made by itself. */
  readonly planned?: FileDigests;
}

export interface DeployStackOptions extends Partial<DeployAcceptance> {
  /** The command that plans a stack, for messages. */
  readonly planCommand: string;
  /** Asked before each apply; false refuses it. Default: yes. */
  readonly confirm?: (ready: ReadyToApply) => Promise<boolean>;
}

/**
 * Applies the plan of a stack as {@link decideDeploy} decides: a plan with assumed inputs, or one whose apply began and did
 * not end, is made again and applied only if it means the same.
 * @throws TerraformFailure what Terraform could not do
 */
export async function deployStack(
  session: LiveSession,
  description: StackDescription,
  options: DeployStackOptions,
): Promise<StackOutcome> {
  const folder = session.folders.of(description.stack);
  return withFolder(folder, session.folders.wait, () => deployInFolder(session, description, folder, options));
}

async function deployInFolder(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  options: DeployStackOptions,
): Promise<StackOutcome> {
  const { stack } = description;
  const accepted: DeployAcceptance = {
    unreviewed: options.unreviewed ?? false,
    unrecorded: options.unrecorded ?? false,
    includeStateful: options.includeStateful ?? false,
    replace: options.replace ?? [],
    reviewed: options.reviewed,
  };
  const know = () => knowStack(session, description, folder, accepted);
  for (let known = await know(); ; ) {
    const decision = decideDeploy(known);
    switch (decision.do) {
      case 'save state':
        await saveUnsavedStates(session, stack);
        known = await know();
        break;
      case 'plan': {
        session.options.note?.(`${stack}: ${decision.because}; planning it`);
        const files = decision.as === 'rest' ? nextFiles : planFiles;
        const next = await planStack(session, description, { files });
        known = { ...known, next: { ...next, as: decision.as }, readers: await readersFor(session, stack, next.plan) };
        break;
      }
      case 'apply':
        return apply(session, description, folder, known, decision, options);
      case 'nothing':
        await endAnswered(session, stack, known);
        return { result: 'untouched', messages: [] };
      case 'refuse':
      case 'failed':
        removeNotShown(folder, known);
        return refusal(session, stack, known, decision, options.planCommand);
    }
  }
}

/** Removes what this deploy has planned and does not apply: the next one must not take it for a plan that was shown. */
function removeNotShown(folder: string, { next }: DeployKnowledge): void {
  const files = [...Object.values(nextFiles), ...(next?.as === 'new' ? Object.values(planFiles) : [])];
  for (const file of files) rmSync(join(folder, file), { force: true });
}

function refusal(
  session: LiveSession,
  stack: string,
  { next, recorded }: DeployKnowledge,
  decision: Refusal,
  planCommand: string,
): StackOutcome {
  const plan = next ?? (typeof recorded === 'object' ? recorded : undefined);
  const steps = {
    plan: `plan it again: ${planCommand}`,
    'restore the state': restoreSteps(session, stack),
  };
  return {
    result: decision.do === 'failed' ? 'failed' : 'refused',
    ...(decision.risks && plan ? { counts: planCounts(plan.plan) } : {}),
    messages: [
      ...decision.reasons,
      ...(decision.unrecorded ?? []).map((each) => `  ${describeUnrecorded(session, stack, each)}`),
      ...(decision.next ? [steps[decision.next]] : []),
    ],
  };
}

type Apply = Extract<DeployDecision, { do: 'apply' }>;

async function apply(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  known: DeployKnowledge,
  { planned: { record, plan }, isNext, resumes }: Apply,
  { confirm = async () => true }: DeployStackOptions,
): Promise<StackOutcome> {
  const { stack } = description;
  const counts = planCounts(plan);
  const isApply = record.changes || resumes;
  if (isApply) {
    const { recorded } = known;
    const isShown = typeof recorded === 'object' && !(isNext && known.next?.as === 'new');
    const planned = isShown ? { planned: recorded.record.plan } : {};
    if (!(await confirm({ stack, counts, changes: plannedChanges(plan), ...planned }))) {
      removeNotShown(folder, known);
      return { result: 'refused', counts, messages: [`${stack}: not applied, because it was not confirmed`] };
    }
    await initialise(session, stack, folder);
    const begun = await begin(session, description, folder, known, resumes, replacedIds(plan));
    const { file, undo } = { file: isNext && known.next?.as === 'rest' ? nextFiles.plan : planFiles.plan, ...begun };
    const lock = `-lock-timeout=${session.folders.lockTimeoutSec}s`;
    try {
      await session.terraform.run(folder, stack, ['apply', '-input=false', '-json', lock, file]);
    } catch (error) {
      // Another apply was there first: what it has done must not count as the beginning of this one.
      if (hasNotBegun(error)) await undo();
      else await recordEnd(session, stack, folder, begun.begun).catch(() => undefined);
      throw error;
    }
    // Otherwise what was made after a resource would count as drift of it. A plan of parts writes the outputs of these
    // parts only, and none that depends on no resource.
    if (record.unsupported.length > 0 || showsInOthers(plan, session.stacks.configuration(stack))) {
      await refresh(session, description, folder, begun.begun, plan);
    }
    const left = await stateOfApply(session, stack, folder, begun.begun, plan);
    if (!left) {
      return {
        result: 'failed',
        counts,
        messages: [`${stack}: it was applied, and another command has changed its state since; plan it again`],
      };
    }
    const location = stateLocation(session.stacks.configuration(stack));
    await session.calls.make(stack, () => session.store.endBegun(location, begun.begun.id), location.bucket);
    await keepApplied(session, description, folder, left.state, record, true);
  } else {
    await endAnswered(session, stack, known);
    await keepApplied(session, description, folder, known.state, record, false);
  }
  for (const file of [...Object.values(planFiles), ...Object.values(nextFiles), begunFile]) {
    rmSync(join(folder, file), { force: true });
  }
  const broken = brokenContract(session, description, isApply ? await session.states.of(stack) : known.state);
  return {
    result: broken.length > 0 ? 'failed' : isApply ? 'applied' : 'untouched',
    counts,
    messages: broken.map(formatProblem),
  };
}

/** Whether Terraform has refused an apply before it has changed anything. */
function hasNotBegun(error: unknown): boolean {
  return error instanceof TerraformFailure && (error.kind === 'stale-plan' || error.kind === 'lock-held');
}

interface Beginning {
  readonly begun: BegunApply;
  /** Makes it as if it had not begun. */
  undo(): Promise<void>;
}

/**
 * Writes that an apply begins, here and beside the state: one that fails half-way, and whose project is removed then, leaves
 * something to destroy as well.
 */
async function begin(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  known: DeployKnowledge,
  resumes: boolean,
  replaced: FormerIds,
): Promise<Beginning> {
  const { stack } = description;
  const path = join(folder, begunFile);
  const length = logLength(folder);
  const before = resumes ? known.begun : undefined;
  const { recorded, next } = known;
  // The plan that whoever deploys has seen: what is left is compared with that.
  const { record } = next?.as === 'new' || typeof recorded !== 'object' ? next! : recorded;
  const begun: BegunApply = before
    ? {
        ...before,
        former: mergeIds(before.former, replaced),
        log: { from: before.log.from, accepted: known.accepted.unrecorded ? length : before.log.accepted },
      }
    : {
        id: randomUUID(),
        plan: record.plan,
        state: known.now.state,
        former: replaced,
        log: { from: length, accepted: length },
      };
  writeWhole(path, begun);
  const undoHere = () => (before ? writeWhole(path, before) : rmSync(path));
  const location = stateLocation(session.stacks.configuration(stack));
  const mark = { id: begun.id, since: new Date().toISOString(), ended: false };
  const configuration = keptConfiguration(session, description, folder);
  const call = <T>(work: () => Promise<T>) => session.calls.make(stack, work, location.bucket);
  try {
    const undoBeside = await call(() => session.store.writeBegun(location, configuration, mark));
    return {
      begun,
      undo: async () => {
        undoHere();
        await call(undoBeside);
      },
    };
  } catch (error) {
    undoHere();
    throw error;
  }
}

/** After a failure whose end was seen: others may go on where the state has all that was done. */
async function recordEnd(session: LiveSession, stack: string, folder: string, begun: BegunApply): Promise<void> {
  if (foldersWithUnsavedState(session, stack).includes(folder)) return;
  const { logged } = readLog(folder, begun);
  if (unrecordedObjects(logged, await session.states.of(stack), begun.former).length > 0) return;
  const location = stateLocation(session.stacks.configuration(stack));
  await session.calls.make(stack, () => session.store.endBegun(location, begun.id), location.bucket);
}

/** Where nothing is left to apply: an apply that did not end, and whose objects are recorded or accepted, keeps nobody out. */
async function endAnswered(session: LiveSession, stack: string, known: DeployKnowledge): Promise<void> {
  const { keptBegun, isLocked } = known;
  if (!keptBegun || keptBegun.ended || isLocked) return;
  const location = stateLocation(session.stacks.configuration(stack));
  await session.calls.make(stack, () => session.store.endBegun(location, keptBegun.id), location.bucket);
}

/** The state that an apply left; nothing where another command has changed it since. */
async function stateOfApply(session: LiveSession, stack: string, folder: string, begun: BegunApply, plan: PlanJson) {
  const location = stateLocation(session.stacks.configuration(stack));
  const state = await session.states.of(stack);
  // In this order: whoever changes the state writes that it begins before.
  const keptBegun = await session.calls.make(stack, () => session.store.readBegun(location), location.bucket);
  const { logged } = readLog(folder, begun);
  return isStateOfApply({ begun, keptBegun, logged, state, plan }) ? { state } : undefined;
}

const refreshPlanFile = 'refresh.tfplan';

/**
 * Writes into the state what the apply has changed behind resources: by a saved plan of exactly the state that it left, so
 * that the result of another command that came between is not written over.
 */
async function refresh(
  session: LiveSession,
  { stack }: StackDescription,
  folder: string,
  begun: BegunApply,
  plan: PlanJson,
): Promise<void> {
  const version = async () =>
    JSON.stringify(versionOf((await stateOfApply(session, stack, folder, begun, plan))?.state));
  const left = await version();
  if (left === 'null') return;
  const args = ['plan', '-refresh-only', `-out=${refreshPlanFile}`, ...planArguments(session)];
  await session.terraform.run(folder, stack, args, { reads: true });
  if ((await version()) !== left) return;
  const lock = `-lock-timeout=${session.folders.lockTimeoutSec}s`;
  await session.terraform
    .run(folder, stack, ['apply', '-input=false', '-json', lock, refreshPlanFile])
    .catch((error: unknown) => {
      if (!hasNotBegun(error)) throw error;
    })
    .finally(() => rmSync(join(folder, refreshPlanFile), { force: true }));
}

/** After an apply: others see by it that there is nothing to deploy. Where nothing has changed it is not written again. */
async function keepApplied(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  state: TerraformState | undefined,
  { upstream }: Pick<LastApplied, 'upstream'>,
  isNew: boolean,
): Promise<void> {
  const { stack } = description;
  const version = versionOf(state);
  if (version) {
    const location = stateLocation(session.stacks.configuration(stack));
    const call = <T>(work: () => Promise<T>) => session.calls.make(stack, work, location.bucket);
    const before = isNew ? undefined : await call(() => session.store.readApplied(location));
    const applied: AppliedConfiguration = {
      ...keptConfiguration(session, description, folder),
      state: version,
      upstream,
    };
    if (JSON.stringify(before) !== JSON.stringify(applied)) {
      await call(() => session.store.writeApplied(location, applied));
    }
  }
  const applied: LastApplied = { files: expectedFiles(session, description), state: version, upstream };
  writeWhole(join(folder, appliedFile), applied);
}

function keptConfiguration(session: LiveSession, description: StackDescription, folder: string): KeptConfiguration {
  const names = Object.keys(expectedFiles(session, description));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
  return { description, files };
}
