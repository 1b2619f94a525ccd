import type { Loss, UserPath } from '@platform/libs/settings/objectives';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import type { FailoverView } from '@platform/tools/model/failover';

/** What the figures of a rehearsal are compared with. */
export interface Hypothesis {
  /** How long requests may fail, in seconds. */
  readonly rtoSec: number;
  /** Writes of how long may be lost, in seconds. */
  readonly rpoSec: number;
}

/** One thing that a rehearsal does to the estate. */
export interface Act {
  /** API, target and AWS region: `rds:SwitchoverGlobalCluster … in ap-northeast-2`. A dry run prints it. */
  readonly call: string;
  run(): Promise<void>;
  /** Puts it back. Absent where AWS does by itself, or where a later act of the rehearsal does. */
  readonly undo?: { readonly call: string; run(): Promise<void> };
}

/** What a rehearsal is made with. */
export interface Stage {
  readonly context: FailoverContext;
  /** The estate before the first act. */
  readonly before: FailoverView;
  readonly signal?: AbortSignal;
}

/** A rehearsal: one file of `gamedays/`. */
export interface GameDay {
  /** As on the command line, and the name of its file. */
  readonly name: string;
  /** What it shows, in one line. */
  readonly title: string;
  readonly path: UserPath;
  readonly loss: Loss;
  /** From the settings. */
  hypothesis(context: FailoverContext): Hypothesis;
  /**
   * What it does, in order.
   * @throws WrongUse where the estate cannot be rehearsed so
   */
  acts(stage: Stage): Promise<readonly Act[]>;
}

/** Checks the shape of a rehearsal, and gives it back. */
export function defineGameDay(gameDay: GameDay): GameDay {
  return gameDay;
}
