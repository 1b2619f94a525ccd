import type { StateLocation } from '@platform/tools/model/configuration';
import { isObsolete, unansweredApply } from '@platform/tools/model/decide-deploy';
import { readBegun, readLog } from '@platform/tools/session/begun-apply';
import { describeUnrecorded } from '@platform/tools/session/import-command';
import type { LiveSession } from '@platform/tools/session/live-session';
import type { StackToDestroy } from './stacks-to-destroy';

/** Objects of a stack that no state has may exist, so that a destroy would leave them behind. */
export class UnansweredApply extends Error {
  override readonly name = 'UnansweredApply';
  readonly exitCode = 1;
}

/**
 * Reasons, in lines, against the destroy of stacks: applies of them were killed, and may have created what their states do
 * not have. Asked before anything is destroyed, while what exists can still be imported. Empty when there is none.
 */
export async function unansweredApplies(session: LiveSession, stacks: readonly StackToDestroy[]): Promise<string[]> {
  return (await Promise.all(stacks.map((each) => unansweredOf(session, each)))).flat();
}

async function unansweredOf(
  session: LiveSession,
  { description: { stack }, location, state, removed }: StackToDestroy,
): Promise<string[]> {
  // It is left anyway.
  if (state instanceof Error) return [];
  const calling = <T>(call: () => Promise<T>) => session.calls.make(stack, call, location.bucket);
  const keptBegun = await calling(() => session.store.readBegun(location));
  const folder = session.folders.of(stack);
  const found = readBegun(folder);
  const begun = isObsolete({ begun: found, keptBegun, state }) ? undefined : found;
  const isOpen = keptBegun !== undefined && !keptBegun.ended;
  const refusal = unansweredApply(stack, {
    begun,
    keptBegun,
    state,
    loggedSinceAccepted: begun ? readLog(folder, begun).loggedSinceAccepted : [],
    isLocked: isOpen && (await calling(() => session.store.isLocked(location))),
  });
  if (!refusal) return [];
  return [
    ...refusal.reasons,
    ...(refusal.unrecorded ?? []).map((each) => {
      // Only a stack of the tree has a configuration to import into.
      if (!removed) return `  ${describeUnrecorded(session, stack, each)}`;
      return each.id === undefined ? `  ${each.address}: its creation began` : `  ${each.address}: ${each.id}`;
    }),
  ];
}

/** Whether an apply of a stack began, and its end was not recorded: of one without a state too, something may exist. */
export async function hasOpenApply(session: LiveSession, stack: string, location: StateLocation): Promise<boolean> {
  const kept = await session.calls.make(stack, () => session.store.readBegun(location), location.bucket);
  return kept !== undefined && !kept.ended;
}
