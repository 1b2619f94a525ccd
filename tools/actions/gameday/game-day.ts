import type { UserPath } from '@platform/libs/settings/objectives';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import type { RehearsedLoss } from '@platform/tools/model/evidence';
import type { FailoverView } from '@platform/tools/model/failover';

/** What the figures of a rehearsal are compared with. */
export interface Hypothesis {
  /** How long requests may fail, in seconds. */
  readonly rtoSec: number;
  /** Writes of how long may be lost, in seconds. */
  readonly rpoSec: number;
}

/** What a recovery has left out. */
export interface Recovered {
  /** Newest writes of how long are missing, in seconds. */
  readonly lostSec: number;
}

/** One thing that a rehearsal does to the estate. */
export interface Act {
  /** API, target and AWS region: `rds:SwitchoverGlobalCluster … in ap-northeast-2`. A dry run prints it. */
  readonly call: string;
  /** A recovery that is measured may tell it as {@link Recovered}; any other value is not read. */
  run(): Promise<unknown>;
  /** Whether the time that it takes is measured. Only where the rehearsal measures a recovery. */
  readonly isRecovery?: true;
  /** Puts it back. Absent where AWS does by itself, or where a later act of the rehearsal does. */
  readonly undo?: { readonly call: string; run(): Promise<void> };
}

/** What a rehearsal is made with. */
export interface Stage {
  readonly context: FailoverContext;
  /** The estate before the first act. */
  readonly before: FailoverView;
  /** Ends at an interruption, the time limit and an alarm that says stop. */
  readonly signal?: AbortSignal;
}

/** A rehearsal: one file of `gamedays/`. */
export interface GameDay {
  /** As on the command line, and the name of its file. */
  readonly name: string;
  /** What it shows, in one line. */
  readonly title: string;
  readonly path: UserPath;
  readonly loss: RehearsedLoss;
  /**
   * `requests`: how long requests fail, and which writes are lost. `recovery`: how long the acts take that are recoveries;
   * nothing is asked from outside. Default: `requests`.
   */
  readonly measures?: 'requests' | 'recovery';
  /** What the prober reads. Default: the health path of the API. */
  url?(context: FailoverContext): string;
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
