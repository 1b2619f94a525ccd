/**
 * How stacks are locked. `s3` locks by a file beside the state. `s3-and-dynamodb` takes a lock in a DynamoDB table as
 * well, for as long as somebody runs a Terraform older than 1.10, which knows only that one. To change it, deploy
 * `global/state` first, which makes or removes the tables and is itself locked by the file only; then plan the rest.
 */
export const stateLockings = ['s3', 's3-and-dynamodb'] as const;
export type StateLocking = (typeof stateLockings)[number];

/** How the Terraform state of an environment is kept. */
export interface StateSettings {
  /** Days that a version of a state is kept after a newer one has replaced it, from 1. */
  readonly oldVersionDays: number;
  /** Old versions of each state that are kept however old they are, 1–100: a state that nobody touches stays restorable. */
  readonly oldVersionsKept: number;
  readonly locking: StateLocking;
}
