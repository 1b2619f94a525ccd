import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Problem } from '@platform/libs/settings/problem';
import { liveOverrideFile } from '@platform/tools/aws/live-override';
import type { AppliedConfiguration } from '@platform/tools/aws/state-store';
import { stateLocation } from '@platform/tools/model/configuration';
import {
  isUntouched,
  type DeployAcceptance,
  type DeployKnowledge,
  type LastApplied,
} from '@platform/tools/model/decide-deploy';
import type { PlanJson } from '@platform/tools/model/plan';
import type { FoundBinding } from '@platform/tools/model/plan-record';
import { isDeployed, outputValues, versionOf, type TerraformState } from '@platform/tools/model/state';
import { deployedStacks } from '@platform/tools/session/estate-run';
import { readBegun, readLog } from '@platform/tools/session/begun-apply';
import { sha256 } from '@platform/tools/workspace/file-digests';
import type { LiveSession } from '@platform/tools/session/live-session';
import { stateIsLost } from '@platform/tools/session/lost-state';
import { appliedFile, bindingNow, readRecorded } from '@platform/tools/session/plan-stack';
import { readJson } from '@platform/tools/session/plan-files';
import { foldersWithUnsavedState } from '@platform/tools/session/unsaved-state';
import { whoStillUses } from '@platform/tools/session/emptied-stacks';
import { checkOutputs } from './check-outputs';

/** Gathers what {@link decideDeploy} needs: from the stack's folder, its state and what is kept beside it. Changes nothing. */
export async function knowStack(
  session: LiveSession,
  description: StackDescription,
  folder: string,
  accepted: DeployAcceptance,
): Promise<DeployKnowledge> {
  const { stack, project } = description;
  const configuration = session.stacks.configuration(stack);
  const location = stateLocation(configuration);
  const state = await session.states.of(stack);
  const recorded = readRecorded(folder);
  const files = typeof recorded === 'object' ? recorded.record.files : {};
  const now = await bindingNow(session, description, files, versionOf(state));
  const begun = readBegun(folder);
  const local = readJson<LastApplied>(join(folder, appliedFile));
  const applied = local === undefined || local === 'damaged' || !local.upstream ? [] : [local];
  const { store } = session;
  const calling = <T>(call: () => Promise<T>) => session.calls.make(stack, call, location.bucket);
  const keptBegun = await calling(() => store.readBegun(location));
  const isOpen = keptBegun !== undefined && !keptBegun.ended;
  const common = {
    project,
    configuration,
    now,
    state,
    hasUnsavedState: foldersWithUnsavedState(session, stack).length > 0,
    recorded,
    brokenContract: brokenContract(session, description, state),
    begun,
    keptBegun,
    ...(begun ? readLog(folder, begun) : { logged: [], loggedSinceAccepted: [] }),
    isLocked: isOpen && (await calling(() => store.isLocked(location))),
    next: undefined,
    accepted,
  };
  if (recorded === undefined && begun === undefined && applied.some((each) => isUntouched(each, now))) {
    return { ...common, applied, stateIsLost: false, readers: [], stillUsed: [] };
  }
  const kept = isDeployed(state) ? await calling(() => store.readApplied(location)) : undefined;
  return {
    ...common,
    applied: [...applied, ...(kept ? [ofConfiguration(kept, now)] : [])],
    stateIsLost: state === undefined && (await stateIsLost(session, stack)),
    readers: typeof recorded === 'object' ? await readersFor(session, stack, recorded.plan) : [],
    stillUsed: await whoStillUses(session, stack),
  };
}

/** Deployed stacks that read a stack; not asked for where a plan replaces nothing. One whose state is unknown counts as deployed. */
export async function readersFor(
  session: Pick<LiveSession, 'stacks' | 'states'>,
  stack: string,
  plan: PlanJson,
): Promise<string[]> {
  const replaces = (plan.resource_changes ?? []).some(
    ({ change: { actions } }) => actions.includes('create') && actions.includes('delete'),
  );
  if (!replaces) return [];
  const reading = session.stacks.all.filter(({ reads }) => reads.includes(stack)).map(({ stack: name }) => name);
  return [...(await deployedStacks(session, reading))];
}

/** What the outputs of a state break of the stack's contract. */
export function brokenContract(
  session: Pick<LiveSession, 'stacks' | 'unsupported'>,
  { stack, contract }: StackDescription,
  state: TerraformState | undefined,
): Problem[] {
  const { outputs: missingOutputs } = session.unsupported.of(stack);
  // A stack that the settings leave out publishes nothing; synth refuses those who would read it.
  const { output: published = {} } = session.stacks.configuration(stack);
  const fields = Object.fromEntries(
    Object.entries(contract.fields).filter(
      ([name]) => Object.hasOwn(published, name) && !missingOutputs.includes(name),
    ),
  );
  return checkOutputs({ ...contract, fields }, state ? outputValues(state) : {});
}

function ofConfiguration({ files, state, upstream }: AppliedConfiguration, now: FoundBinding): LastApplied {
  const digests = Object.entries(files).map(([name, text]) => [name, sha256(Buffer.from(text, 'base64'))]);
  // The override says how the target is reached from here, and nothing of what is there.
  const override = Object.entries(now.files).filter(([name]) => name === liveOverrideFile);
  return { files: Object.fromEntries([...digests, ...override]) as LastApplied['files'], state, upstream };
}
