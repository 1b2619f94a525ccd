import { byDefault, oneOf, section, whole, type Settings } from './schema';

/**
 * How stacks are locked. `s3` locks by a file beside the state. `s3-and-dynamodb` takes a lock in a DynamoDB table as
 * well, for as long as somebody runs a Terraform older than 1.10, which knows only that one. To change it, deploy
 * `global/state` first, which makes or removes the tables and is itself locked by the file only; then plan the rest.
 */
export const stateLockings = ['s3', 's3-and-dynamodb'] as const;

export const stateSchema = section(
  { is: 'How Terraform states are kept.', applies: 'next deploy of `global/state`' },
  {
    oldVersionDays: byDefault(
      whole({
        is: 'How long a version of a state is kept after a newer one has replaced it.',
        unit: 'days',
        from: 1,
        to: 36_500,
      }),
      90,
      'A quarter of a year leaves time to notice a damaged state.',
    ),
    oldVersionsKept: byDefault(
      whole({
        is: 'Old versions of each state that are kept however old they are: a state that rarely changes stays restorable.',
        unit: 'versions',
        // S3 user guide, lifecycle configuration: NewerNoncurrentVersions is 1 to 100.
        from: 1,
        to: 100,
      }),
      20,
    ),
    locking: byDefault(
      oneOf(stateLockings, {
        is: '`s3`: a lock file beside the state. `s3-and-dynamodb`: also a lock in a DynamoDB table, for Terraform older than 1.10.',
        applies: 'deploy `global/state` first, then plan the other stacks',
      }),
      's3',
      'Terraform 1.10 and newer need no table.',
    ),
  },
);

/** How the Terraform state of an environment is kept. */
export type StateSettings = Settings<typeof stateSchema>;
