import type { UnrecordedObject } from '@platform/tools/model/apply-log';
import type { LiveSession } from './live-session';
import { commandLine } from './plan-command-for';

/** An object that the state of a stack does not have, with the command that takes it into the state. */
export function describeUnrecorded(session: LiveSession, stack: string, { address, id }: UnrecordedObject): string {
  const command = commandLine(session, 'adopt', stack, address, id ?? '<id>');
  return id === undefined
    ? `${address}: its creation began; where it exists: ${command}`
    : `${address}: ${id}: ${command}`;
}
