import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import type { BackupsSettings } from './backups';
import { checkSettings } from './check-settings';
import { formatProblem } from './problem';

const { prod } = exampleOrganisation.environments;
const { instances: _i, writeForwarding: _w, enforcedRpoSec: _e, ...shared } = prod.dataStores.database;
const rds = { ...shared, engine: 'rds-postgresql', storageGib: 100, storageLimitGib: 500 } as const;
const at = 'infra.config.ts: environments.prod.dataStores.backups';

function problemsOf(backups: Partial<BackupsSettings>, database: object = prod.dataStores.database): string[] {
  const dataStores = { ...prod.dataStores, database, backups: { ...prod.dataStores.backups, ...backups } };
  return checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: { prod: { ...prod, dataStores: dataStores as typeof prod.dataStores } },
    },
    regions: exampleRegions,
    folders: exampleFolders,
  }).map(formatProblem);
}
const lock = { mode: 'governance', minRetentionDays: 7, maxRetentionDays: 365 } as const;

test('the example has no problem, with a lock and with RDS', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ lock }, rds)).toEqual([]);
  expect(problemsOf({ lock: { ...lock, mode: 'compliance', changeableDays: 3 } })).toEqual([]);
});

test.each(['22:00', '22:00-22:30', '08:00-21:00'])('%s is no window in which backups start', (startWindow) => {
  expect(problemsOf({ startWindow })).toEqual([
    `${at}.startWindow: "${startWindow}" is not a daily window of 1 to 12 hours; write it as 22:00-23:00, UTC`,
  ]);
});

test('RDS needs an hour before its own windows, Aurora does not', () => {
  const startWindow = '15:00-16:00';
  expect(problemsOf({ startWindow })).toEqual([]);
  expect(problemsOf({ startWindow }, rds)).toEqual([
    `${at}.startWindow: "15:00-16:00" is within an hour of dataStores.database.backupWindow, 16:00-17:00; move one of them: RDS makes no backup while it makes its own`,
  ]);
  expect(problemsOf({ startWindow: '20:00-21:00' }, rds)).toEqual([
    `${at}.startWindow: "20:00-21:00" is within an hour of the maintenanceWindow of region ap, sat:18:00-sat:21:00; move one of them: RDS makes no backup during maintenance`,
  ]);
});

test('the lock accepts what the plan keeps', () => {
  expect(problemsOf({ lock: { ...lock, minRetentionDays: 36 } })).toEqual([
    `${at}.retentionDays: the lock refuses backups of 35 days: it accepts 36 to 365; use a number within the range, or another lock`,
    `${at}.copyRetentionDays: the lock refuses backups of 35 days: it accepts 36 to 365; use a number within the range, or another lock`,
  ]);
  expect(problemsOf({ lock: { ...lock, maxRetentionDays: 34 }, copyRetentionDays: 10 })).toEqual([
    `${at}.retentionDays: the lock refuses backups of 35 days: it accepts 7 to 34; use a number within the range, or another lock`,
  ]);
  expect(problemsOf({ lock: { ...lock, minRetentionDays: 40, maxRetentionDays: 30 } })[0]).toBe(
    `${at}.lock: 40 to 30 days is not a range; write the smaller number first`,
  );
});

test('a lock that becomes final says when, and no other', () => {
  expect(problemsOf({ lock: { ...lock, mode: 'compliance' } })).toEqual([
    `${at}.lock.changeableDays: the lock becomes final, and the time until then is not said; write the days in which you can still remove it, 3 or more`,
  ]);
  expect(problemsOf({ lock: { ...lock, changeableDays: 3 } })).toEqual([
    `${at}.lock.changeableDays: a lock of mode "governance" never becomes final; remove it`,
  ]);
  expect(problemsOf({ lock: { ...lock, mode: 'compliance', changeableDays: 2 } })).toHaveLength(1);
});

test('nothing is checked of backups that are off', () => {
  expect(problemsOf({ run: 'off', startWindow: 'never' })).toEqual([]);
});
