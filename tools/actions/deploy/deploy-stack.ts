import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, type Problem } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { planCounts, type PlanCounts, type PlanJson } from '@platform/tools/model/plan';
import { TerraformFailure } from '@platform/tools/terraform/failure';
import { checkOutputs } from './check-outputs';
import { comparePlans } from '@platform/tools/model/compare-plans';
import { changedFiles, type FileDigests } from '@platform/tools/model/plan-record';
import { sha256 } from '@platform/tools/session/file-digests';
import { withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import { liveOverrideFile } from '@platform/tools/aws/live-override';
import type { LiveSession } from '@platform/tools/session/live-session';
import {
  appliedFile,
  begunFile,
  bindingNow,
  expectedFiles,
  nextFiles,
  planFiles,
  planStack,
  readPlan,
  readReview,
  realUpstream,
} from '@platform/tools/session/plan-stack';
import { DamagedFile, readJson, writeWhole } from '@platform/tools/session/plan-files';
import { saveUnsavedStates } from '@platform/tools/session/unsaved-state';
import {
  isDeployed,
  versionOf,
  type StateVersion,
  outputValues,
  type TerraformState,
} from '@platform/tools/model/state';
import { restingArguments } from '@platform/tools/model/dependent-arguments';
import { whoStillUses } from '@platform/tools/session/removed-state-buckets';
import { whatDiffers, type Review } from '@platform/tools/model/plan-record';
import { stateLocation } from '@platform/tools/model/configuration';
import type { AppliedConfiguration, KeptConfiguration } from '@platform/tools/aws/state-store';
import { showsInOthers } from '@platform/tools/model/seen-by-others';
import { lostStates } from '@platform/tools/model/stateful-types';

/** How the deploy of one stack ended. */
export interface StackOutcome {
  /**
   * `untouched`: there was nothing to change, or it was applied from elsewhere as the code gives it now. `refused`: what would have been applied is not what was reviewed, and
   * nothing was touched. `failed`: Terraform failed, or the outputs are not what the contract promises.
   */
  readonly result: 'applied' | 'untouched' | 'refused' | 'failed';
  readonly counts?: PlanCounts;
  /** What a person should know, for example what differs and what to do. */
  readonly messages: readonly string[];
}

/** `applied.json`: the plan that was applied last, and the state that it left. */
interface Applied {
  readonly files: FileDigests;
  readonly state: StateVersion | null;
}

export interface DeployStackOptions {
  /** The command that plans a stack, for messages. */
  readonly planCommand: string;
  /** Plans where nobody has, and applies what comes out: for environments that nobody reviews. */
  readonly unreviewed?: boolean;
  /** Also takes away the bucket or the key that states are kept in. */
  readonly includeStateful?: boolean;
}

/**
 * Applies the reviewed plan of a stack, and nothing else: see {@link whatDiffers} for what a plan is bound to. A plan
 * that rests on values which were not real, or whose apply has begun and not ended, is made again and applied only if
 * it means the same.
 * @throws TerraformFailure what Terraform could not do
 */
export async function deployStack(
  session: LiveSession,
  description: StackDescription,
  options: DeployStackOptions,
): Promise<StackOutcome> {
  const { stack } = description;
  const folder = session.folderOf(stack);
  return withFolder(folder, session.folderWait, () => deployInFolder(session, description, folder, options));
}

async function deployInFolder(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  { planCommand, unreviewed, includeStateful = false }: DeployStackOptions,
): Promise<StackOutcome> {
  const { stack } = description;
  const users = await whoStillUses(session, stack);
  if (users.length > 0) return { result: 'refused', messages: users };
  const review = whole(() => readReview(folder));
  if (review instanceof DamagedFile) {
    return {
      result: 'refused',
      messages: [`${stack}: ${review.message}; plan it again, and review that plan: ${planCommand}`],
    };
  }
  if (!review) {
    if ((await isApplied(session, description, folder)) || (await isAppliedElsewhere(session, description, folder))) {
      return { result: 'untouched', messages: [] };
    }
    if (!unreviewed) {
      return { result: 'refused', messages: [`${stack}: nobody has planned it; run: ${planCommand}`] };
    }
    const { review: fresh, plan } = await planStack(session, description);
    if (fresh.taint.length > 0) return { result: 'refused', messages: [missingUpstream(fresh)] };
    return apply(session, description, folder, fresh, plan, planFiles, includeStateful);
  }

  const begun = existsSync(join(folder, begunFile));
  await saveUnsavedStates(session, stack);
  const isExpected = (problem: Problem) => begun && problem.where === `${stack}: state`;
  const problems = whatDiffers(review, await bindingNow(session, description, review)).filter(
    (problem) => !isExpected(problem),
  );
  if (problems.length > 0) {
    if (unreviewed) {
      note(session, `${stack}: its plan is out of date, planning it again`);
      const { review: fresh, plan } = await planStack(session, description);
      if (fresh.taint.length > 0) return { result: 'refused', messages: [missingUpstream(fresh)] };
      return apply(session, description, folder, fresh, plan, planFiles, includeStateful);
    }
    return { result: 'refused', messages: [...problems.map(formatProblem), `to plan it again: ${planCommand}`] };
  }
  const reviewed = readPlan(folder);
  if (review.taint.length === 0 && !begun) {
    return apply(session, description, folder, review, reviewed, planFiles, includeStateful);
  }

  note(
    session,
    begun
      ? `${stack}: an apply has begun and not ended; planning what is left`
      : `${stack}: its upstream is real now; planning it again`,
  );
  const next = await planStack(session, description, { files: nextFiles });
  if (next.review.taint.length > 0) return { result: 'refused', messages: [missingUpstream(next.review)] };
  const restsOn = restingArguments(session.configuration(stack), review.taint);
  const differences = comparePlans(reviewed, next.plan, { restsOn, begun });
  if (differences.length > 0) {
    for (const file of Object.values(nextFiles)) rmSync(join(folder, file), { force: true });
    return {
      result: 'refused',
      messages: [
        `${stack}: what would be done now is not what was reviewed:`,
        ...differences.map((text) => `  ${text}`),
        `to review the new plan: ${planCommand}`,
      ],
    };
  }
  // What was made and not written down is no change any more, but the state has to learn of it.
  const rest = begun ? { ...next.review, changes: true } : next.review;
  return apply(session, description, folder, rest, next.plan, nextFiles, includeStateful);
}

async function apply(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  review: Review,
  plan: PlanJson,
  files: typeof planFiles | typeof nextFiles,
  includeStateful: boolean,
): Promise<StackOutcome> {
  const { stack, project, contract } = description;
  const counts = planCounts(plan);
  const lost = includeStateful ? [] : lostStates(project, plan);
  if (lost.length > 0) {
    const remedy = 'move or destroy the stacks whose states lie there, then add --include-stateful if that is meant';
    return {
      result: 'refused',
      counts,
      messages: [`${stack}: states would be lost with ${lost.join(', ')}; ${remedy}`],
    };
  }
  if (review.changes) {
    await initialise(session, stack, folder);
    await keepBegun(session, description, folder);
    const goesOn = existsSync(join(folder, begunFile));
    writeWhole(join(folder, begunFile), { plan: review.plan });
    const lock = `-lock-timeout=${session.lockTimeoutSec}s`;
    await session.terraform(folder, stack, ['apply', '-input=false', '-json', lock, files.plan]).catch((error) => {
      // Somebody else's apply was there first: what it has done must not pass for the beginning of this one.
      if (!goesOn && hasNotBegun(error)) rmSync(join(folder, begunFile));
      throw error;
    });
    // Otherwise what was made after a resource would pass for drift of it. A plan of parts writes the outputs of these parts
    // only, and none that rests on no resource.
    if (review.left.length > 0 || showsInOthers(plan, session.configuration(stack))) {
      const rest = ['-refresh-only', '-auto-approve', '-input=false', '-json'];
      await session.terraform(folder, stack, ['apply', ...rest, lock]);
    }
  }
  const state = await session.state(stack);
  await keepApplied(session, description, folder, state, review);
  const applied: Applied = { files: expectedFiles(session, description), state: versionOf(state) };
  writeWhole(join(folder, appliedFile), applied);
  for (const file of [...Object.values(planFiles), ...Object.values(nextFiles), begunFile]) {
    rmSync(join(folder, file), { force: true });
  }

  const { outputs: missingOutputs } = session.unsupported(stack);
  // A stack that the settings leave out publishes nothing; synth refuses those who would read it.
  const { output: published = {} } = session.configuration(stack);
  const fields = Object.fromEntries(
    Object.entries(contract.fields).filter(
      ([name]) => Object.hasOwn(published, name) && !missingOutputs.includes(name),
    ),
  );
  const broken = checkOutputs({ ...contract, fields }, state ? outputValues(state) : {});
  return {
    result: broken.length > 0 ? 'failed' : review.changes ? 'applied' : 'untouched',
    counts,
    messages: broken.map(formatProblem),
  };
}

/** Whether Terraform has refused an apply before it has changed anything. */
function hasNotBegun(error: unknown): boolean {
  return error instanceof TerraformFailure && (error.kind === 'stale-plan' || error.kind === 'lock-held');
}

/** Before an apply: one that fails half-way, and whose project goes then, leaves something to destroy as well. */
async function keepBegun(session: LiveSession, description: StackDescription, folder: string): Promise<void> {
  const location = stateLocation(session.configuration(description.stack));
  const begun = keptConfiguration(session, description, folder);
  await session.calling(description.stack, () => session.store.writeBegun(location, begun), location.bucket);
}

/** After it: others see by it that there is nothing to deploy. Where nothing has changed it is not written again. */
async function keepApplied(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  state: TerraformState | undefined,
  { changes, upstream }: Review,
): Promise<void> {
  const { stack } = description;
  const version = versionOf(state);
  if (!version) return;
  const location = stateLocation(session.configuration(stack));
  const applied: AppliedConfiguration = {
    ...keptConfiguration(session, description, folder),
    state: version,
    upstream,
  };
  const known = changes
    ? undefined
    : await session.calling(stack, () => session.store.readApplied(location), location.bucket);
  if (JSON.stringify(known) === JSON.stringify(applied)) return;
  await session.calling(stack, () => session.store.writeApplied(location, applied), location.bucket);
}

function keptConfiguration(session: LiveSession, description: StackDescription, folder: string): KeptConfiguration {
  const names = Object.keys(expectedFiles(session, description));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
  return { description, files };
}

/**
 * Whether a stack is as the code wants it, by what lies beside its state: it was deployed from another machine. Nx deploys
 * with a change everything that the change reads, which nobody has changed, planned or deployed here.
 */
async function isAppliedElsewhere(
  session: LiveSession,
  description: StackDescription,
  folder: string,
): Promise<boolean> {
  const { stack } = description;
  if (existsSync(join(folder, begunFile))) return false;
  const state = await session.state(stack);
  if (!isDeployed(state)) return false;
  const location = stateLocation(session.configuration(stack));
  const applied = await session.calling(stack, () => session.store.readApplied(location), location.bucket);
  if (!applied || JSON.stringify(applied.state) !== JSON.stringify(versionOf(state))) return false;
  const digests = Object.entries(applied.files).map(([name, text]) => [name, sha256(Buffer.from(text, 'base64'))]);
  // The override says how the target is reached from here, and not what is there.
  const here = { [liveOverrideFile]: '' };
  const before = { ...(Object.fromEntries(digests) as FileDigests), ...here };
  if (changedFiles(before, { ...expectedFiles(session, description), ...here }).length > 0) return false;
  const upstream = await realUpstream(session, description);
  return Object.entries(applied.upstream).every(([name, fields]) =>
    Object.entries(fields).every(([field, digest]) => upstream[name]?.[field] === digest),
  );
}

async function isApplied(session: LiveSession, description: StackDescription, folder: string): Promise<boolean> {
  const applied = whole(() => readJson<Applied>(join(folder, appliedFile)));
  // What a damaged one would say is kept beside the state as well.
  if (!applied || applied instanceof DamagedFile) return false;
  const state = versionOf(await session.state(description.stack));
  return (
    JSON.stringify(applied.state) === JSON.stringify(state) &&
    changedFiles(applied.files, expectedFiles(session, description)).length === 0
  );
}

/** What was read, or the damage that it has. */
function whole<T>(read: () => T): T | DamagedFile {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedFile) return error;
    throw error;
  }
}

function missingUpstream({ stack, taint }: Review): string {
  const upstream = [...new Set(taint.map(({ stack: name }) => name))].join(', ');
  return `${stack}: it rests on outputs that are not there: of ${upstream}; deploy ${upstream} first`;
}

function note(session: LiveSession, text: string): void {
  session.options.note?.(text);
}
