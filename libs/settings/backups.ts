import type { DataStoresSettings } from './data-stores';
import type { Problem } from './problem';
import { byDefault, byProfile, oneOf, section, text, whole, type Settings } from './schema';
import type { RegionSettings } from './region';
import { parseDailyWindow, parseWeeklyWindow, windowsTouch, type Window } from './window';

/** Days that a lock of mode `compliance` can still be removed, at least (AWS Backup guide, "Vault Lock": https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html). */
const leastChangeableDays = 3;
/**
 * RDS starts no backup during its maintenance window and the hour before; Aurora does
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html).
 */
const marginMinutes = 60;

export const backupsSchema = section(
  {
    is: 'Daily backups of the stores with AWS Backup, each with a copy in the vault of the next region. They are apart from the stores: a person or a program that deletes a store does not delete them.',
    applies: 'next deploy of `global/data`',
  },
  {
    run: byProfile(
      oneOf(['on', 'off'], { is: '`off`: no vault and no plan. The stores keep their own backups and versions.' }),
      { production: 'on', development: 'off' },
      'Backups are billed per GB and month, once for each region.',
    ),
    from: byDefault(
      oneOf(['primary-region', 'every-region'], {
        is: 'Which regions back up what they hold. `every-region` also backs up the replicas: the same data again.',
      }),
      'primary-region',
      'The other region has the copy.',
    ),
    buckets: byDefault(
      oneOf(['included', 'excluded'], {
        is: 'Whether buckets are backed up, beside database and tables. They need versions, which all buckets have.',
      }),
      'excluded',
      'Versions and the copies in other regions undo mistakes. `included` also helps when somebody deletes the versions of every region.',
    ),
    startWindow: byDefault(
      text({
        is: 'Daily window in which backups start, UTC.',
        limits:
          '`hh:mm-hh:mm`, 1 to 12 hours; with `rds-postgresql` an hour clear of the `backupWindow` and the `maintenanceWindow`s of the database',
      }),
      '22:00-23:00',
      'Clear of the default backup and maintenance windows of the database.',
    ),
    retentionDays: byProfile(
      whole({ is: 'How long a backup is kept in its region.', unit: 'days', from: 1, to: 36_500 }),
      { production: 35, development: 7 },
    ),
    copyRetentionDays: byProfile(
      whole({ is: 'How long the copy is kept in the other region.', unit: 'days', from: 1, to: 36_500 }),
      { production: 35, development: 7 },
    ),
    lock: section(
      'Vault Lock: no backup can be deleted or shortened before its end. Left out: none, because a lock of mode `compliance` can never be undone.',
      {
        mode: oneOf(['governance', 'compliance'], {
          is: '`governance`: who may remove the lock may delete backups. `compliance`: after `changeableDays` it cannot be removed, not even by AWS; the vault then stays until its last backup ends.',
          replaces: 'nothing: `compliance` is final',
        }),
        minRetentionDays: whole({
          is: 'A backup that is kept for less is refused.',
          unit: 'days',
          from: 1,
          to: 36_500,
          limits: 'at most `retentionDays` and `copyRetentionDays`',
        }),
        maxRetentionDays: whole({
          is: 'A backup that is kept for more is refused.',
          unit: 'days',
          from: 1,
          to: 36_500,
          limits: 'at least `retentionDays` and `copyRetentionDays`',
        }),
        changeableDays: whole({
          is: 'Days after the deploy in which a lock of mode `compliance` can still be removed.',
          unit: 'days',
          from: leastChangeableDays,
          to: 36_500,
          limits: 'required with `compliance`, refused with `governance`',
        }).exactOptional(),
      },
    ).exactOptional(),
  },
);
/** Daily backups of the stores. */
export type BackupsSettings = Settings<typeof backupsSchema>;

/** The daily window in which backups start; undefined if it is not one that AWS Backup accepts. */
export function backupStart(startWindow: string): Window | undefined {
  const window = parseDailyWindow(startWindow);
  // A job that does not start within its window, 60 minutes or more, is cancelled (AWS Backup guide, "Backup window").
  return window && window.length >= 60 && window.length <= 12 * 60 ? window : undefined;
}

/** Windows that do not collide, and retention that the lock accepts: otherwise every job fails. */
export function checkBackups(
  { backups, database }: Pick<DataStoresSettings, 'backups' | 'database'>,
  regions: readonly RegionSettings[],
  at: (path: string) => string,
): Problem[] {
  const { startWindow, lock } = backups;
  if (backups.run === 'off') return [];
  const problems: Problem[] = [];
  const here = (path: string, what: string, remedy: string) => problems.push({ where: at(path), what, remedy });
  const start = backupStart(startWindow);
  if (!start) {
    here('.startWindow', `"${startWindow}" is not a daily window of 1 to 12 hours`, 'write it as 22:00-23:00, UTC');
  } else if (database.engine === 'rds-postgresql') {
    const busy = { start: start.start, length: start.length + marginMinutes };
    const own = parseDailyWindow(database.backupWindow);
    if (own && dailyWindowsTouch(busy, own)) {
      here(
        '.startWindow',
        `"${startWindow}" is within an hour of dataStores.database.backupWindow, ${database.backupWindow}`,
        'move one of them: RDS makes no backup while it makes its own',
      );
    }
    for (const region of regions) {
      const weekly = parseWeeklyWindow(region.maintenanceWindow);
      if (weekly && windowsTouch(busy, weekly)) {
        here(
          '.startWindow',
          `"${startWindow}" is within an hour of the maintenanceWindow of region ${region.key}, ${region.maintenanceWindow}`,
          'move one of them: RDS makes no backup during maintenance',
        );
      }
    }
  }
  if (lock) {
    const { mode, minRetentionDays, maxRetentionDays, changeableDays } = lock;
    if (maxRetentionDays < minRetentionDays) {
      here('.lock', `${minRetentionDays} to ${maxRetentionDays} days is not a range`, 'write the smaller number first');
    }
    for (const name of ['retentionDays', 'copyRetentionDays'] as const) {
      const days = backups[name];
      if (days < minRetentionDays || days > maxRetentionDays) {
        here(
          `.${name}`,
          `the lock refuses backups of ${days} days: it accepts ${minRetentionDays} to ${maxRetentionDays}`,
          'use a number within the range, or another lock',
        );
      }
    }
    if (mode === 'compliance' && changeableDays === undefined) {
      here(
        '.lock.changeableDays',
        'the lock becomes final, and the time until then is not said',
        `write the days in which you can still remove it, ${leastChangeableDays} or more`,
      );
    }
    if (mode === 'governance' && changeableDays !== undefined) {
      here('.lock.changeableDays', `a lock of mode "${mode}" never becomes final`, 'remove it');
    }
  }
  return problems;
}

/** True when two daily windows overlap. */
function dailyWindowsTouch(one: Window, other: Window): boolean {
  const after = (from: number, to: number) => (to - from + 24 * 60) % (24 * 60);
  return after(one.start, other.start) < one.length || after(other.start, one.start) < other.length;
}
