import { stateLocation } from '@platform/tools/model/configuration';
import type { LiveSession } from './live-session';
import { commandLine } from './plan-command-for';

/** A state is missing, although its stack was deployed. */
export class LostState extends Error {
  override readonly name = 'LostState';
  readonly exitCode = 1;
}

/**
 * Whether a stack without a state was deployed before: its applied configuration or old versions of its state are there. A
 * destroy leaves an empty state, and a bucket that is new has neither.
 */
export async function stateIsLost(
  session: Pick<LiveSession, 'stacks' | 'calls' | 'store'>,
  stack: string,
): Promise<boolean> {
  const location = stateLocation(session.stacks.configuration(stack));
  return session.calls.make(stack, () => session.store.wasWritten(location), location.bucket);
}

/** @throws LostState with what to do */
export async function assertNotLost(
  session: Pick<LiveSession, 'options' | 'stacks' | 'calls' | 'store'>,
  stack: string,
): Promise<void> {
  if (!(await stateIsLost(session, stack))) return;
  throw new LostState(
    `${stack}: its state is missing, although the stack was deployed: a plan would create all of it again; ${restoreSteps(session, stack)}`,
  );
}

/** How to bring back a state, as one sentence with the commands. */
export function restoreSteps(session: Pick<LiveSession, 'options'>, stack: string): string {
  const list = commandLine(session, 'state', 'list', stack);
  const restore = commandLine(session, 'state', 'restore', stack, '<version>');
  return `list its versions, and restore the newest that is a state:\n  ${list}\n  ${restore}`;
}
