import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loggedChanges, unrecordedObjects, type UnrecordedObject } from '@platform/tools/model/apply-log';
import { stateLocation } from '@platform/tools/model/configuration';
import { isObsolete, type BegunApply, type DeployKnowledge } from '@platform/tools/model/decide-deploy';
import type { LiveSession } from './live-session';
import { readJson } from './plan-files';
import { begunFile, logFile } from './plan-stack';

/** A damaged one counts as one of which nothing is known. */
export function readBegun(folder: string): BegunApply | undefined {
  const begun = readJson<BegunApply>(join(folder, begunFile));
  if (begun !== 'damaged' && (begun === undefined || begun.former !== undefined)) return begun;
  return { id: '', plan: {}, state: null, former: {}, log: { from: 0, accepted: 0 } };
}

/** What the log says of an apply that began, with what came after the last acceptance. */
export function readLog(
  folder: string,
  { log: { from, accepted } }: BegunApply,
): Pick<DeployKnowledge, 'logged' | 'loggedSinceAccepted'> {
  return {
    logged: loggedChanges(readFrom(join(folder, logFile), from)),
    loggedSinceAccepted: loggedChanges(readFrom(join(folder, logFile), accepted)),
  };
}

/** Length of a stack's log, in bytes. */
export function logLength(folder: string): number {
  const path = join(folder, logFile);
  return existsSync(path) ? statSync(path).size : 0;
}

/** All of it where it was made anew since. */
function readFrom(path: string, offset: number): string {
  if (!existsSync(path)) return '';
  const log = readFileSync(path);
  return log.subarray(offset <= log.length ? offset : 0).toString('utf8');
}

/** What an apply in a stack's folder created, and the state does not have: see {@link unrecordedObjects}. */
export async function unrecordedIn(
  session: Pick<LiveSession, 'stacks' | 'states' | 'calls' | 'store'>,
  stack: string,
  folder: string,
): Promise<UnrecordedObject[]> {
  const begun = readBegun(folder);
  if (!begun) return [];
  const location = stateLocation(session.stacks.configuration(stack));
  const state = await session.states.of(stack);
  const keptBegun = await session.calls.make(stack, () => session.store.readBegun(location), location.bucket);
  if (isObsolete({ begun, keptBegun, state })) return [];
  return unrecordedObjects(readLog(folder, begun).loggedSinceAccepted, state, begun.former);
}
