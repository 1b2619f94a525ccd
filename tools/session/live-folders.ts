import { join } from 'node:path';
import type { FolderWait } from './folder-lock';
import type { LiveSessionOptions } from './session-options';

/** What a live command does with a stack; each has a folder of its own, so that a drift check leaves a plan alone. */
export const livePurposes = ['deploy', 'drift', 'destroy', 'reconcile', 'adopt', 'show'] as const;
export type LivePurpose = (typeof livePurposes)[number];

/** Where Terraform works, and how long a command waits for another one there. */
export class LiveFolders {
  /** Has a folder per stack. */
  readonly root: string;
  /** How long to wait for a lock, of a folder or of a state, in seconds. */
  readonly lockTimeoutSec: number;
  /** How folders are waited for: as long as locks, aloud, and until somebody stops it. */
  readonly wait: FolderWait;

  constructor({
    root,
    target,
    environment,
    folder = join(root, 'dist', 'live', target.name, environment.name),
    lockTimeoutSec = 60,
    note,
    signal,
  }: Pick<LiveSessionOptions, 'root' | 'target' | 'environment' | 'folder' | 'lockTimeoutSec' | 'note' | 'signal'>) {
    this.root = folder;
    this.lockTimeoutSec = lockTimeoutSec;
    this.wait = { waitSec: lockTimeoutSec, ...(note ? { onWait: note } : {}), ...(signal ? { signal } : {}) };
  }

  /** Folder in which Terraform works on a stack. */
  of(stack: string, purpose: LivePurpose = 'deploy'): string {
    return purpose === 'deploy' ? join(this.root, stack) : join(this.root, `.${purpose}`, stack);
  }
}
