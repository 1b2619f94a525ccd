import { WrongUse } from '@platform/libs/settings/problem';
import { putState } from '@platform/tools/aws/put-state';
import type { LiveSession } from '@platform/tools/session/live-session';
import { StateInUse, withStateLock } from '@platform/tools/session/state-lock';
import { stateLocation } from '@platform/tools/model/configuration';
import { parseState } from '@platform/tools/model/state';
import { stateDifference, type StateDifference } from './state-difference';
import { forgetDigest } from './forget-digest';
import { listVersions, readVersion } from './state-versions';

export interface RestoreOptions {
  readonly session: LiveSession;
  readonly stack: string;
  /** Of the bucket: see `listVersions`. */
  readonly versionId: string;
  /** Only say what would change. */
  readonly dryRun?: boolean;
  /** Lineage of a version that belongs to another state than the present one; required to restore such a version. */
  readonly lineage?: string;
}

export interface RestoreResult {
  readonly difference: StateDifference;
  /** Serial of the state that was replaced; absent where there was none. `not a state`: what was stored there was none. */
  readonly replacedSerial?: number | 'not a state';
  /** Serial under which the version is the present state now; absent in a dry run. */
  readonly serial?: number;
}

/** Versions that are looked at for the highest serial. */
const LOOKED_AT = 20;

/**
 * Makes an old version of a state the present one: as a new version with a higher serial, under Terraform's lock, so that
 * what it replaces stays in the bucket and plans made from that are refused as stale. A damaged state counts as none.
 * Nothing in AWS changes except the state.
 * @throws StateInUse while another run holds the lock
 * @throws WrongUse when the version is not a state, or belongs to another state
 */
export async function restoreState(options: RestoreOptions): Promise<RestoreResult> {
  const { session, stack, dryRun } = options;
  if (dryRun) return (await prepare(options)).result;
  return withStateLock(session, stack, 'state restore', async () => {
    const { result, serial, body, replaces } = await prepare(options);
    const location = stateLocation(session.stacks.configuration(stack));
    const client = await session.options.target.s3(location.region);
    await session.calls.make(stack, () => forgetDigest(session, stack, location));
    const isWritten = await session.calls.make(stack, () => putState(client, location, body, replaces));
    // It is also refused where it was written by a call whose answer was lost.
    if (!isWritten && (await session.calls.make(stack, () => session.store.readPresent(location)))?.text !== body) {
      throw new StateInUse(`${stack}: its state was written by another meanwhile; look at it, and run this again`);
    }
    return { ...result, serial };
  });
}

async function prepare({ session, stack, versionId, lineage }: RestoreOptions) {
  const location = stateLocation(session.stacks.configuration(stack));
  const client = await session.options.target.s3(location.region);
  const { state: wanted, text } = await session.calls.make(stack, () => readVersion(client, location, versionId));
  const present = await session.calls.make(stack, () => session.store.readPresent(location));
  const now = present?.state;
  if (now && now.lineage !== wanted.lineage && lineage !== wanted.lineage) {
    throw new WrongUse(
      `${stack}: version ${versionId} has lineage ${wanted.lineage}, the present state ${now.lineage}: they are states of different stacks or beginnings; if the present state was begun by mistake, say --lineage ${wanted.lineage}`,
    );
  }
  // Where the newest is gone, a plan can have been made from any of them.
  const passed = now ? [] : await session.calls.make(stack, () => listVersions(client, location, LOOKED_AT));
  const serials = passed.map(({ state }) => (typeof state === 'object' ? state.serial : 0));
  const serial = Math.max(now?.serial ?? 0, wanted.serial, ...serials) + 1;
  const result: RestoreResult = {
    difference: stateDifference(now, wanted),
    ...(present ? { replacedSerial: now?.serial ?? 'not a state' } : {}),
  };
  return { result, serial, body: withSerial(text, serial), replaces: present?.etag };
}

/** The text of a state under another serial. Nothing else of it changes: numbers can be longer than JavaScript's. */
function withSerial(text: string, serial: number): string {
  // Terraform writes it before outputs and resources, which can have a `serial` too.
  const changed = text.replace(/("serial"\s*:\s*)\d+/, (_, name: string) => name + String(serial));
  if (parseState(changed)?.serial !== serial) throw new Error(`the serial of a state cannot be changed to ${serial}`);
  return changed;
}
