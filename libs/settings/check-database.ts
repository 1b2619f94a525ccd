import type { AuroraGlobalSettings, DatabaseSettings, RdsPostgresqlSettings } from './data-stores';
import { refusedDatabase, refusedUser } from './database-words';
import { logRetentionDays } from './log-retention';
import type { Mode } from './organisation';
import type { Problem } from './problem';
import { parseDailyWindow, parseWeeklyWindow, windowsTouch } from './window';

type Report = (path: string, what: string, remedy: string) => void;

/**
 * Families of instance classes that can be in an Aurora PostgreSQL global database: memory-optimised ones from db.r5 on,
 * no burstable ones (Aurora user guide, "Configuration requirements of an Amazon Aurora global database").
 */
const globalFamilies = ['r5', 'r6g', 'r6gd', 'r6i', 'r6id', 'r7g', 'r7i', 'r8g'];

/** Bounds of `rds.global_db_rpo` in seconds (Aurora user guide, "Managing RPOs for Aurora PostgreSQL–based global databases"). */
const enforceableRpoSec = { least: 20, most: 2147483647 };

/** How long a failover waits for the instance that a region without one has to make first: a cautious figure, not AWS's. */
const newInstanceSec = 1800;

/** The relational database of one environment. */
export function checkDatabase(database: DatabaseSettings, mode: Mode, at: (path: string) => string): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, what, remedy) => problems.push({ where: at(path), what, remedy });
  checkWriters(database, report);
  if (mode === 'active-active') checkWritesElsewhere(database, report);
  checkNames(database, report);
  checkUpkeep(database, report);
  if (!/^\d{2}\.\d{1,2}$/.test(database.engineVersion)) {
    report('.engineVersion', `"${database.engineVersion}" is no version with a minor`, 'write it as 16.9');
  }
  if (!(database.objective.rpoSec >= 1)) {
    report(
      '.objective.rpoSec',
      `an unplanned failover cannot lose ${database.objective.rpoSec} s of writes: replication is asynchronous`,
      'use 1 or more; only a switchover loses nothing',
    );
  }
  if (!(database.objective.rtoSec >= 60)) {
    report(
      '.objective.rtoSec',
      `a failover takes minutes, not ${database.objective.rtoSec} s`,
      'use 60 or more (Aurora user guide: RTO in the order of minutes)',
    );
  }
  if (database.engine === 'aurora-global') checkAurora(database, report);
  else checkRds(database, report);
  return problems;
}

function checkWriters({ engine, writers }: DatabaseSettings, report: Report): void {
  if (writers === 'single') return;
  const why =
    engine === 'aurora-global'
      ? 'an Aurora global database has one writer, and forwarded writes go to it too'
      : 'a read replica takes no writes until it is promoted';
  report(
    '.writers',
    `"multi" is not possible: ${why}`,
    `use 'single'${engine === 'aurora-global' ? " (with writeForwarding: 'on' for rare writes from a standby region)" : ''}, keep what several regions must write in a global table (tables), or look at Aurora DSQL, which is not part of this estate`,
  );
}

/**
 * In active-active every region is sent writes, and only the writer's region reaches the writer: the database lets clients
 * of its own region in. Another region's have to be forwarded.
 */
function checkWritesElsewhere(database: DatabaseSettings, report: Report): void {
  if (database.engine === 'rds-postgresql') {
    report(
      '.engine',
      '"rds-postgresql" takes no writes outside the primary region, and in active-active every region is sent some',
      "use 'aurora-global' with writeForwarding: 'on', or mode 'active-passive'",
    );
  } else if (database.writeForwarding === 'off') {
    report(
      '.writeForwarding',
      '"off" leaves a region without the writer no way to write, and in active-active every region is sent writes',
      "use 'on', which costs nothing until somebody writes, or mode 'active-passive'",
    );
  }
}

function checkNames({ databaseName, masterUsername }: DatabaseSettings, report: Report): void {
  const form = 'use up to 63 letters, digits or underscores, a letter first';
  const badName = /^[a-zA-Z]\w{0,62}$/.test(databaseName) ? refusedDatabase(databaseName) : 'is no name of a database';
  const badUser = /^[a-zA-Z]\w{0,62}$/.test(masterUsername)
    ? refusedUser(masterUsername)
    : "cannot be the administrator's name";
  if (badName) report('.databaseName', `"${databaseName}" ${badName}`, `${form}, such as app`);
  if (badUser) report('.masterUsername', `"${masterUsername}" ${badUser}`, `${form}, such as platform_owner`);
}

function checkUpkeep(database: DatabaseSettings, report: Report): void {
  const { backupRetentionDays, backupWindow, maintenanceWindow } = database;
  if (!Number.isInteger(backupRetentionDays) || backupRetentionDays < 1 || backupRetentionDays > 35) {
    report('.backupRetentionDays', `RDS cannot keep backups for ${backupRetentionDays} days`, 'use 1 to 35');
  }
  if (!logRetentionDays.includes(database.logRetentionDays)) {
    report(
      '.logRetentionDays',
      `CloudWatch Logs cannot keep logs for ${database.logRetentionDays} days`,
      `use one of ${logRetentionDays.join(', ')}`,
    );
  }
  const daily = parseDailyWindow(backupWindow);
  const weekly = parseWeeklyWindow(maintenanceWindow);
  if (!daily || daily.length < 30) {
    report(
      '.backupWindow',
      `"${backupWindow}" is no daily window of 30 minutes or more`,
      'write it as 03:00-04:00, UTC',
    );
  }
  if (!weekly || weekly.length < 30 || weekly.length > 24 * 60) {
    report(
      '.maintenanceWindow',
      `"${maintenanceWindow}" is no weekly window of 30 minutes to 24 hours`,
      'write it as sun:05:00-sun:06:00, UTC',
    );
  }
  if (daily && weekly && windowsTouch(daily, weekly)) {
    report('.maintenanceWindow', `"${maintenanceWindow}" touches the backup window`, `keep clear of ${backupWindow}`);
  }
}

function checkAurora(database: AuroraGlobalSettings, report: Report): void {
  const { instanceClass, instances, objective, enforcedRpoSec, engineVersion } = database;
  const family = /^db\.(\w+)\.\d*x?large$/.exec(instanceClass)?.[1];
  if (!family || !globalFamilies.includes(family)) {
    report(
      '.instanceClass',
      `"${instanceClass}" cannot be in an Aurora global database`,
      `use a memory-optimised class such as db.r6g.large (families ${globalFamilies.join(', ')})`,
    );
  }
  if (!Number.isInteger(instances.serving) || instances.serving < 1 || instances.serving > 15) {
    report('.instances.serving', `a region cannot serve with ${instances.serving} instances`, 'use 1 to 15');
  }
  if (!Number.isInteger(instances.waiting) || instances.waiting < 0 || instances.waiting > instances.serving) {
    report(
      '.instances.waiting',
      `${instances.waiting} instances cannot wait where ${instances.serving} serve`,
      'use 0 up to the number that serves',
    );
  }
  if (instances.waiting === 0 && objective.rtoSec < newInstanceSec) {
    report(
      '.instances.waiting',
      `a standby region without an instance has to make one first, and the RTO is ${objective.rtoSec} s`,
      `use 1 or more, or an RTO of ${newInstanceSec} or more`,
    );
  }
  if (enforcedRpoSec !== undefined) {
    const { least, most } = enforceableRpoSec;
    if (!Number.isInteger(enforcedRpoSec) || enforcedRpoSec < least || enforcedRpoSec > most) {
      report(
        '.enforcedRpoSec',
        `Aurora cannot bound the lag by ${enforcedRpoSec} s`,
        `use ${least} to ${most}, or leave it out`,
      );
    } else if (enforcedRpoSec > objective.rpoSec) {
      report(
        '.enforcedRpoSec',
        `a lag of up to ${enforcedRpoSec} s is allowed, and the RPO is ${objective.rpoSec} s`,
        objective.rpoSec < least
          ? `leave it out: Aurora bounds no less than ${least} s`
          : `use ${objective.rpoSec} or less`,
      );
    }
  }
  if (database.writeForwarding === 'on' && !forwardsWrites(engineVersion)) {
    report(
      '.writeForwarding',
      `Aurora PostgreSQL ${engineVersion} cannot forward writes`,
      'use 14.9, 15.4, 16.1 or newer',
    );
  }
}

/** Source: Aurora user guide, "Using write forwarding in an Aurora PostgreSQL global database". */
function forwardsWrites(engineVersion: string): boolean {
  const [major = 0, minor = 0] = engineVersion.split('.').map(Number);
  return major >= 16 || (major === 15 && minor >= 4) || (major === 14 && minor >= 9);
}

function checkRds({ instanceClass, storageGib, storageLimitGib }: RdsPostgresqlSettings, report: Report): void {
  if (!/^db\.[mrtx]\w+\.\w+$/.test(instanceClass)) {
    report('.instanceClass', `"${instanceClass}" is no instance class`, 'write it as db.r6g.large');
  }
  if (!Number.isInteger(storageGib) || storageGib < 20 || storageGib > 65536) {
    report('.storageGib', `gp3 storage cannot have ${storageGib} GiB`, 'use 20 to 65536');
  }
  // RDS refuses a limit that is less than 10 % above the storage.
  if (!(storageLimitGib >= storageGib * 1.1) || storageLimitGib > 65536) {
    report(
      '.storageLimitGib',
      `${storageLimitGib} GiB is no limit for ${storageGib} GiB that grow by themselves`,
      'use at least 10 % more, and 65536 at most',
    );
  }
}
