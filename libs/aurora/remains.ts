import { Fn } from 'cdktf';
import type { DatabaseSettings } from '@platform/libs/settings/database';

/**
 * What a destroy leaves of a database, as arguments of a cluster or an instance; they need {@link namedAtCreation} in
 * `ignore_changes`.
 *
 * The snapshot's name has the time of the database's creation. The provider takes a whole name and no prefix (provider
 * issue 7669), and RDS refuses one that exists, so a fixed name would make the second destroy fail
 * (https://github.com/cloudposse/terraform-aws-rds-cluster/issues/129). Without a snapshot the name is set too, so that
 * the setting can change later.
 */
export function remainsOf(name: string, { afterDestroy }: Pick<DatabaseSettings, 'afterDestroy'>) {
  return {
    skipFinalSnapshot: afterDestroy === 'gone',
    finalSnapshotIdentifier: `${name}-final-${Fn.formatdate('YYYYMMDDhhmmss', Fn.timestamp())}`,
    deleteAutomatedBackups: afterDestroy === 'gone',
  };
}

/** The argument of {@link remainsOf} whose value is made once. */
export const namedAtCreation = 'final_snapshot_identifier';
