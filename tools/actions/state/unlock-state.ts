import { readdirSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { WrongUse } from '@platform/libs/settings/problem';
import type { HeldLock } from '@platform/tools/aws/state-lock';
import { liveHolderOf } from '@platform/tools/session/folder-lock';
import { livePurposes } from '@platform/tools/session/live-folders';
import type { LiveSession } from '@platform/tools/session/live-session';
import { fateOf } from '@platform/tools/session/process-identity';
import { StateInUse, stateLockOf, toolsProcessOf, unlockCommand } from '@platform/tools/session/state-lock';
import { printable } from '@platform/tools/workspace/shell-word';

export interface UnlockOptions {
  readonly session: LiveSession;
  readonly stack: string;
  readonly lockId: string;
  /** Release the lock also where a run of this checkout is alive. */
  readonly force?: boolean;
}

/**
 * Releases the lock of a state by its id. Terraform's own `force-unlock` reads the state first, so it cannot release the
 * lock of a damaged one; and it deletes the object whatever it holds by then.
 * @throws WrongUse when the state is not locked by this id
 * @throws StateInUse when the run that holds it is alive on this machine
 */
export async function unlockState({ session, stack, lockId, force = false }: UnlockOptions): Promise<void> {
  const lock = stateLockOf(session, stack);
  const held = await session.calls.make(stack, () => lock.holder());
  if (held?.id !== lockId) throw new WrongUse(`${stack}: ${notHeld(lockId, held)}`);
  const run = force ? undefined : liveRunOf(session, stack, held);
  if (run) {
    throw new StateInUse(
      `${stack}: lock ${printable(lockId)} is in use: ${run}; wait until it has ended, or stop it. A lock that is released under a live run lets two of them write the state. If that run only waits for this lock: ${unlockCommand(session, stack, lockId)} --force`,
    );
  }
  if (await session.calls.make(stack, () => lock.release(lockId))) return;
  const now = await session.calls.make(stack, () => lock.holder());
  throw new WrongUse(`${stack}: ${notHeld(lockId, now)}`);
}

function notHeld(lockId: string, held: HeldLock | undefined): string {
  const what = held
    ? `it is locked by ${held.who} since ${held.since}, lock ${printable(held.id)}`
    : 'it is not locked';
  return `lock ${printable(lockId)}: ${what}; release a lock by its own id`;
}

/** The run of this machine that the lock can belong to: one of these tools, or a Terraform that went on without them. */
function liveRunOf(session: LiveSession, stack: string, lock: HeldLock): string | undefined {
  const process = toolsProcessOf(lock);
  if (process) return fateOf(process) === 'alive' ? `process ${process.pid} of ${process.user}` : undefined;
  // Terraform says `user@machine`.
  if (!lock.who.endsWith(`@${hostname()}`)) return undefined;
  for (const folder of livePurposes.map((purpose) => session.folders.of(stack, purpose))) {
    const holder = liveHolderOf(folder);
    if (holder) return `process ${holder.pid} of ${holder.user} works in ${folder}`;
    const pid = processIn(folder);
    if (pid) return `Terraform, process ${pid}, works in ${folder}`;
  }
  return undefined;
}

/** Process id of a program whose working folder this is; nothing where the system does not tell (macOS). */
function processIn(folder: string): string | undefined {
  const isIn = (pid: string) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  };
  try {
    return readdirSync('/proc').find((name) => /^\d+$/.test(name) && isIn(name));
  } catch {
    return undefined;
  }
}
