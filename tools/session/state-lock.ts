import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { StateLock, type HeldLock } from '@platform/tools/aws/state-lock';
import { lockTable, stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import { printable } from '@platform/tools/workspace/shell-word';
import type { LiveSession } from './live-session';
import { commandLine } from './plan-command-for';
import { fateOf, thisProcess, userName, type ProcessIdentity } from './process-identity';

/** Another run works with the state. */
export class StateInUse extends Error {
  override readonly name = 'StateInUse';
  readonly exitCode = 1;
}

/** How the information begins that these tools add to a lock: Terraform adds none. */
const OURS = 'platform ';

/** The lock of a stack's state, or of a copy of it. */
export function stateLockOf(
  session: LiveSession,
  stack: string,
  location: StateLocation = stateLocation(session.stacks.configuration(stack)),
): StateLock {
  return new StateLock(session.options.target, location, lockTable(session.stacks.configuration(stack)));
}

/**
 * Runs `work` while this process holds the lock of a state, as Terraform would: for every write past Terraform. The lock of
 * a process of these tools that has died on this machine is released first: it does nothing any more.
 * @param operation told to those who meet the lock, like Terraform's `OperationTypeApply`
 * @throws StateInUse while another holds the lock
 */
export async function withStateLock<T>(
  session: LiveSession,
  stack: string,
  operation: string,
  work: () => Promise<T>,
  location?: StateLocation,
): Promise<T> {
  const lock = stateLockOf(session, stack, location);
  const request = {
    id: randomUUID(),
    operation,
    who: `${userName()}@${hostname()}`,
    info: OURS + JSON.stringify(thisProcess()),
    version: session.terraform.binary.version,
  };
  const take = () => session.calls.make(stack, () => lock.take(request));
  let held = await take();
  const holder = held && toolsProcessOf(held);
  if (held && holder && fateOf(holder) === 'dead') {
    const { id, who } = held;
    session.options.note?.(`${stack}: ${who} died with the lock ${printable(id)}; it is released`);
    await session.calls.make(stack, () => lock.release(id));
    held = await take();
  }
  if (held) throw new StateInUse(`${stack}: ${inUse(session, stack, held)}`);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await release(session, stack, lock, request.id).catch((other: Error) => session.options.note?.(other.message));
    throw error;
  }
  await release(session, stack, lock, request.id);
  return result;
}

/** Who holds a lock, and what to do. */
export function inUse(session: LiveSession, stack: string, lock: HeldLock): string {
  const { who, since, operation, id } = lock;
  return `the state is locked by ${who} since ${since} (${operation}, lock ${printable(id)}); wait until that run has ended; if it has died, make sure of that, then: ${unlockCommand(session, stack, id)}`;
}

/** The command that releases a lock of a stack's state. */
export function unlockCommand(session: Pick<LiveSession, 'options'>, stack: string, id: string): string {
  return commandLine(session, 'state', 'unlock', stack, id);
}

/** The process of these tools that holds a lock; nothing where Terraform holds it. */
export function toolsProcessOf({ info }: HeldLock): ProcessIdentity | undefined {
  if (!info.startsWith(OURS)) return undefined;
  try {
    return JSON.parse(info.slice(OURS.length)) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

async function release(session: LiveSession, stack: string, lock: StateLock, id: string): Promise<void> {
  try {
    await session.calls.make(stack, () => lock.release(id));
  } catch (error) {
    throw new StateInUse(
      `${stack}: the state is written, but its lock could not be released; fix the cause, then run: ${unlockCommand(session, stack, id)}\n  ${(error as Error).message}`,
      { cause: error },
    );
  }
}
