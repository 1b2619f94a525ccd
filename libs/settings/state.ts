import { byDefault, oneOf, section, whole, type Settings } from './schema';

/**
 * How states are locked. `s3` uses a file beside the state. `s3-and-dynamodb` also locks in a DynamoDB table, for
 * Terraform older than 1.10, which knows only that. To change it, deploy `global/state` first, which creates or deletes
 * the tables and uses the file only; then plan the rest.
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

/** How the Terraform states of an environment are kept. */
export type StateSettings = Settings<typeof stateSchema>;
