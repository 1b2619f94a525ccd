import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PreviewSession } from '@platform/tools/actions/plan/preview-session';
import type { Configuration } from '@platform/tools/model/configuration';
import type { PlanJson, ResourceChange } from '@platform/tools/model/plan';
import type { TypeSchemas } from '@platform/tools/model/schema';
import { stateOfPlan, withMadeUpReferences, withoutReads, type MadeUpState } from '@platform/tools/model/state-of-plan';
import { previewStateFile } from '@platform/tools/terraform/preview-override';

/** What a deploy of a stack leaves, made offline. */
export interface BaseState {
  readonly state: MadeUpState;
  /** What a plan of the same configuration on this state still changes: values that only AWS knows. */
  readonly noise: readonly ResourceChange[];
}

/** One stack that is planned offline. */
export interface OfflineStack {
  readonly stack: string;
  /** Folder that `writePreviewFolder` has prepared. */
  readonly folder: string;
  readonly configuration: Configuration;
  /** Number of the worker, whose provider is used. */
  readonly worker: number;
}

/** A stack cannot be planned; the message has Terraform's errors, one a line. */
export class Unplannable extends Error {
  override readonly name = 'Unplannable';
  constructor(readonly errors: readonly string[]) {
    super(errors.join('\n'));
  }
}

/**
 * The state that a deploy of a stack leaves. It is planned from nothing with made-up values in the place of those that only
 * AWS knows, then planned again on that state, for what the provider fills in by itself.
 * @throws Unplannable
 */
export async function baseState(session: PreviewSession, stack: OfflineStack): Promise<BaseState> {
  const { folder, configuration } = stack;
  const { value } = await session.keep(folder, configuration, ['state'], async () => ({
    value: await makeState(session, stack),
    isKept: true,
  }));
  return value;
}

async function makeState(session: PreviewSession, given: OfflineStack): Promise<BaseState> {
  const { stack, folder, configuration, worker } = given;
  const schemas = await schemasOf(session, given);
  const offline = withoutReads(configuration, schemas);
  const settled = withMadeUpReferences(offline, schemas);
  const plan = async (planned: Configuration, state?: MadeUpState): Promise<PlanJson> => {
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(planned));
    if (state) writeFileSync(join(folder, previewStateFile), JSON.stringify(state));
    const result = await session.make(stack, folder, planned, worker);
    if (!result.plan) throw new Unplannable(result.errors);
    return result.plan;
  };
  const made = stateOfPlan({ plan: await plan(settled), configuration: offline, schemas });
  const filled = await plan(offline, made);
  const state = stateOfPlan({ plan: filled, configuration: offline, schemas, former: made });
  if (changesOf(filled).length === 0) return { state, noise: [] };
  return { state, noise: changesOf(await plan(offline, state)) };
}

/** Schemas of the types that a stack uses. */
export async function schemasOf(
  session: PreviewSession,
  { stack, folder, configuration, worker }: OfflineStack,
): Promise<TypeSchemas> {
  try {
    return await session.typeSchemas(stack, folder, configuration, worker);
  } catch (error) {
    throw new Unplannable([(error as Error).message]);
  }
}

function changesOf({ resource_changes = [] }: PlanJson): ResourceChange[] {
  return resource_changes.filter(({ mode, change }) => mode === 'managed' && change.actions.join() !== 'no-op');
}
