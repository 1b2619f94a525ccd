import type { Mode } from './adoption';
import { refusedDatabase, refusedUser } from './database-words';
import { logRetentionByProfile, logRetention } from './log-retention';
import type { Problem } from './problem';
import { protection } from './protection';
import { byDefault, byProfile, oneOf, section, text, whole, type Settings } from './schema';
import { objective, writers } from './store';
import { parseDailyWindow } from './window';
import { z } from 'zod';

const theDatabase = 'the database and its data';

const relational = {
  engineVersion: byDefault(
    text({
      is: 'PostgreSQL version with its minor, the same in all regions.',
      limits: 'write it as `16.9`',
      applies: 'next deploy; the database is not available during the upgrade',
    }),
    '16.9',
  ),
  databaseName: byDefault(
    text({
      is: 'Database that is created with the cluster.',
      limits:
        'a letter, then up to 62 letters, digits or _; no key word of PostgreSQL, and none of admin, rdsadmin, template0, template1',
      replaces: theDatabase,
    }),
    'app',
  ),
  masterUsername: byDefault(
    text({
      is: 'Name of the administrator; applications use users of their own.',
      limits:
        'a letter, then up to 62 letters, digits or _; no key word of PostgreSQL, and none of admin, none, public, rds…, pg_…',
      replaces: theDatabase,
    }),
    'platform_owner',
  ),
  instanceClass: byDefault(
    text({
      is: 'Instance class of every instance.',
      limits: 'aurora-global: memory-optimised classes only',
      applies: 'next deploy; instances restart',
    }),
    'db.r6g.large',
    'The smallest Graviton class that a global database can have.',
  ),
  writers: byDefault(
    oneOf(writers, { is: 'Which regions may write in normal operation.', limits: 'only `single-writer` is possible' }),
    'single-writer',
  ),
  // An unplanned failover takes minutes (Aurora user guide: RTO in the order of minutes).
  objective: objective({ rpoSec: 1, rtoSec: 60 }),
  protection: protection(
    '`protected`: AWS refuses to delete the database. It decides nothing else: see `afterDestroy`.',
  ),
  afterDestroy: byProfile(
    oneOf(['recoverable', 'gone'], {
      is: "What a destroy leaves. `recoverable`: a final snapshot, the automated backups for `backupRetentionDays`, the administrator's secret for 30 days, and the buckets of access logs while they hold objects. `gone`: nothing, so that names can be used again at once.",
      limits: '`gone` only with `protection: disposable`',
    }),
    { production: 'recoverable', development: 'gone' },
    'Development environments are created and destroyed often.',
  ),
  backupRetentionDays: byProfile(
    whole({ is: 'Point-in-time recovery.', unit: 'days', from: 1, to: 35 }),
    { production: 35, development: 7 },
    'The longest that RDS keeps.',
  ),
  backupWindow: byDefault(
    text({ is: 'Daily window of backups, UTC.', limits: '`hh:mm-hh:mm`, 30 minutes or more' }),
    '16:00-17:00',
    'Night in Asia Pacific, morning in the US.',
  ),
  logRetentionDays: byProfile(logRetention("How long the database's log is kept."), logRetentionByProfile),
};

const auroraSchema = section(
  'Aurora PostgreSQL global database: one writer cluster, replicated by storage to a cluster in every other region.',
  {
    engine: byDefault(
      oneOf(['aurora-global'], {
        is: '`aurora-global`, or `rds-postgresql`: RDS for PostgreSQL with an asynchronous read replica in every other region. Cheaper, promoted by hand, not reversible.',
        replaces: theDatabase,
      }),
      'aurora-global',
      'Fails over without losing the old primary region as a replica.',
    ),
    ...relational,
    instances: section('Number of instances by the role of the region.', {
      active: byProfile(
        whole({
          is: 'In a region that takes requests: one writer or reader, and the rest to take over from it.',
          unit: 'instances',
          from: 1,
          to: 15,
        }),
        { production: 2, development: 1 },
        'Without a second one, the loss of a zone stops the database until a new instance is there.',
      ),
      standby: byDefault(
        whole({
          is: 'In a standby region below level `local-reads`, in `active-passive`. 0 keeps the storage only: a failover waits for a new instance.',
          unit: 'instances',
          from: 0,
          to: 15,
          limits: 'not more than `active`',
        }),
        1,
      ),
    }).prefault({}),
    writeForwarding: byDefault(
      oneOf(['on', 'off'], {
        is: "`on`: sessions in a region without the writer may write through its reader endpoint; each statement crosses to the writer's region. Needed in `active-active`.",
      }),
      'on',
      'Costs nothing until it is used.',
    ),
    // Bounds of `rds.global_db_rpo` (Aurora user guide, "Managing RPOs for Aurora PostgreSQL–based global databases").
    enforcedRpoSec: whole({
      is: 'Upper bound of the lag: when no other region is within it, the writer stops committing. With two regions, the loss of the standby stops the primary too. Left out: the lag is watched and not bounded. It holds while the primary region has the writer.',
      unit: 's',
      from: 20,
      to: 2_147_483_647,
      limits: 'at most `objective.rpoSec`',
    }).exactOptional(),
  },
);
/**
 * An Aurora PostgreSQL global database: one writer cluster, replicated by storage to a cluster in every other region.
 */
export type AuroraGlobalSettings = Settings<typeof auroraSchema>;

const rdsSchema = section(
  'RDS for PostgreSQL with an asynchronous read replica in every other region. Cheaper, promoted by hand, not reversible.',
  {
    engine: oneOf(['rds-postgresql'], { is: '`rds-postgresql`.', replaces: theDatabase }),
    ...relational,
    storageGib: whole({ is: 'Storage at creation.', unit: 'GiB', from: 20, to: 65_536 }),
    storageLimitGib: whole({
      is: 'Storage up to which RDS grows by itself.',
      unit: 'GiB',
      from: 20,
      to: 65_536,
      limits: 'at least 10 % more than `storageGib`',
    }),
  },
);
/** RDS for PostgreSQL with an asynchronous read replica in every other region. */
export type RdsPostgresqlSettings = Settings<typeof rdsSchema>;

export const databaseSchema = z.discriminatedUnion('engine', [auroraSchema, rdsSchema]);
/** The database of an environment, with either engine. */
export type DatabaseSettings = AuroraGlobalSettings | RdsPostgresqlSettings;

type Report = (path: string, what: string, remedy: string) => void;

/**
 * Instance families of an Aurora PostgreSQL global database: memory-optimised from db.r5, not burstable (Aurora user
 * guide, "Configuration requirements of an Amazon Aurora global database").
 */
const globalFamilies = ['r5', 'r6g', 'r6gd', 'r6i', 'r6id', 'r7g', 'r7i', 'r8g'];

/** Time that a failover waits for a new instance in a region without one: a cautious estimate, not AWS's. */
const newInstanceSec = 1800;

/** The relational database of one environment. */
export function checkDatabase(database: DatabaseSettings, mode: Mode, at: (path: string) => string): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, what, remedy) => problems.push({ where: at(path), what, remedy });
  checkWriters(database, report);
  if (mode === 'active-active') checkWritesElsewhere(database, report);
  checkNames(database, report);
  if (database.protection === 'protected' && database.afterDestroy === 'gone') {
    report(
      '.afterDestroy',
      '"gone" leaves no snapshot of a database that is protected from deletion',
      "use 'recoverable', or protection: 'disposable'",
    );
  }
  checkUpkeep(database, report);
  if (!/^\d{2}\.\d{1,2}$/.test(database.engineVersion)) {
    report('.engineVersion', `"${database.engineVersion}" is not a version with a minor`, 'write it as 16.9');
  }
  if (database.engine === 'aurora-global') checkAurora(database, report);
  else checkRds(database, report);
  return problems;
}

function checkWriters({ engine, writers }: DatabaseSettings, report: Report): void {
  if (writers === 'single-writer') return;
  const why =
    engine === 'aurora-global'
      ? 'an Aurora global database has one writer, and forwarded writes go to it too'
      : 'a read replica takes no writes until it is promoted';
  report(
    '.writers',
    `"multi-writer" is not possible: ${why}`,
    `use 'single-writer'${engine === 'aurora-global' ? " (with writeForwarding: 'on' for rare writes from a standby region)" : ''}, keep what several regions must write in a global table (tables), or look at Aurora DSQL, which is not part of this estate`,
  );
}

/**
 * In active-active every region gets writes, and only the writer's region reaches the writer, because the database
 * accepts clients of its own region only. Writes of other regions must be forwarded.
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
      "use 'on', or mode 'active-passive'",
    );
  }
}

function checkNames({ databaseName, masterUsername }: DatabaseSettings, report: Report): void {
  const form = /^[a-zA-Z]\w{0,62}$/;
  const remedy = 'use up to 63 letters, digits or underscores, a letter first';
  const badName = form.test(databaseName) ? refusedDatabase(databaseName) : 'is not a name of a database';
  const badUser = form.test(masterUsername) ? refusedUser(masterUsername) : "cannot be the administrator's name";
  if (badName) report('.databaseName', `"${databaseName}" ${badName}`, `${remedy}, such as app`);
  if (badUser) report('.masterUsername', `"${masterUsername}" ${badUser}`, `${remedy}, such as platform_owner`);
}

function checkUpkeep(database: DatabaseSettings, report: Report): void {
  const { backupWindow } = database;
  const daily = parseDailyWindow(backupWindow);
  if (!daily || daily.length < 30) {
    report(
      '.backupWindow',
      `"${backupWindow}" is not a daily window of 30 minutes or more`,
      'write it as 03:00-04:00, UTC',
    );
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
  if (instances.standby > instances.active) {
    report(
      '.instances.standby',
      `${instances.standby} is more than the ${instances.active} instances of an active region`,
      `use 0–${instances.active}`,
    );
  }
  if (instances.standby === 0 && objective.rtoSec < newInstanceSec) {
    report(
      '.instances.standby',
      `a standby region without an instance creates one first, and the RTO is ${objective.rtoSec} s`,
      `use 1 or more, or an RTO of ${newInstanceSec} or more`,
    );
  }
  if (enforcedRpoSec !== undefined && enforcedRpoSec > objective.rpoSec) {
    report(
      '.enforcedRpoSec',
      `a lag of up to ${enforcedRpoSec} s is allowed, and the RPO is ${objective.rpoSec} s`,
      objective.rpoSec < 20 ? 'leave it out: Aurora bounds no less than 20 s' : `use ${objective.rpoSec} or less`,
    );
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
    report('.instanceClass', `"${instanceClass}" is not an instance class`, 'write it as db.r6g.large');
  }
  // RDS refuses a limit that is less than 10 % above the storage.
  if (storageLimitGib < storageGib * 1.1) {
    report(
      '.storageLimitGib',
      `${storageLimitGib} GiB is not a limit for ${storageGib} GiB that grow by themselves`,
      'use at least 10 % more',
    );
  }
}
