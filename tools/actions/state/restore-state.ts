import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { ifDamaged, UnreadableState } from '@platform/tools/aws/state-store';
import { stateLocation } from '@platform/tools/model/configuration';
import { stateDifference, type StateDifference } from './state-difference';
import { forgetDigest } from './forget-digest';
import { putNewState } from '@platform/tools/aws/put-new-state';
import { inStateFolder } from './state-folder';
import { listVersions, readLock, readVersion } from './state-versions';

export interface RestoreOptions {
  readonly session: LiveSession;
  readonly stack: string;
  /** Of the bucket: see `listVersions`. */
  readonly versionId: string;
  /** Only say what would change. */
  readonly dryRun?: boolean;
  /** The lineage of a version that belongs to another state than the present one; nothing else allows to restore it. */
  readonly lineage?: string;
}

export interface RestoreResult {
  readonly difference: StateDifference;
  /** Serial of the state that was replaced; absent where there was none. `not a state`: what lay there was none. */
  readonly replacedSerial?: number | 'not a state';
  /** Serial under which the version is the present state now; absent in a dry run. */
  readonly serial?: number;
}

/** Versions that are looked at for the highest serial. */
const LOOKED_AT = 20;

/** Somebody works with the state. */
export class StateInUse extends Error {
  override readonly name = 'StateInUse';
  readonly exitCode = 1;
}

/**
 * Makes an old version of a state the present one: as a new version with a higher serial, so that what it replaces stays
 * in the bucket and plans made from that are refused as stale. Terraform writes it, under its own lock, where a state is there;
 * one that is damaged counts as none. Nothing in AWS changes: only what Terraform remembers of it.
 * @throws StateInUse while the state is locked
 * @throws WrongUse when the version is none, or belongs to another state
 */
export async function restoreState(options: RestoreOptions): Promise<RestoreResult> {
  const { session, stack, versionId, dryRun, lineage } = options;
  const location = stateLocation(session.configuration(stack));
  const client = await session.options.target.s3(location.region);
  const lock = await session.calling(stack, () => readLock(client, location));
  if (lock) {
    throw new StateInUse(
      `${stack}: the state is locked by ${lock.who} since ${lock.since} (${lock.operation}, lock ${lock.id}); wait until that run has ended; if it has died, make sure of that, then: ${commandLine(session, 'state', 'unlock', stack, lock.id)}`,
    );
  }
  const wanted = await session.calling(stack, () => readVersion(client, location, versionId));
  const found = await session.state(stack).catch(ifDamaged);
  const now = found instanceof UnreadableState ? undefined : found;
  if (now && now.lineage !== wanted.lineage && lineage !== wanted.lineage) {
    throw new WrongUse(
      `${stack}: version ${versionId} has lineage ${wanted.lineage}, the present state ${now.lineage}: they remember different things; if the present state was begun by mistake, say --lineage ${wanted.lineage}`,
    );
  }
  const result = {
    difference: stateDifference(now, wanted),
    ...(found ? { replacedSerial: now?.serial ?? ('not a state' as const) } : {}),
  };
  if (dryRun) return result;
  // Where the newest is gone, a plan can have been made from any of them.
  const passed = now ? [] : await session.calling(stack, () => listVersions(client, location, LOOKED_AT));
  const serials = passed.map(({ state }) => (typeof state === 'object' ? state.serial : 0));
  const serial = Math.max(now?.serial ?? 0, wanted.serial, ...serials) + 1;
  await session.calling(stack, () => forgetDigest(session, stack, location));
  if (!now) {
    const body = `${JSON.stringify({ ...wanted, serial }, null, 2)}\n`;
    const damaged = found instanceof UnreadableState ? found.etag : undefined;
    if (await session.calling(stack, () => putNewState(client, location, body, damaged))) return { ...result, serial };
    throw new StateInUse(`${stack}: somebody has written a state meanwhile; look at it, and run this again`);
  }
  await inStateFolder(session, stack, async (folder) => {
    writeFileSync(join(folder, 'restored.tfstate'), JSON.stringify({ ...wanted, serial }), { mode: 0o600 });
    // Terraform itself refuses another lineage, and a serial that somebody has passed since we looked. It counts the
    // serial on.
    const force = now.lineage !== wanted.lineage ? ['-force'] : [];
    await session.terraform(folder, stack, ['state', 'push', ...force, 'restored.tfstate'], { log: false });
  });
  return { ...result, serial: (await session.state(stack))!.serial };
}
