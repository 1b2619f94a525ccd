import { backupsSchema, checkBackups } from './backups';
import { cacheSchema, checkCache } from './cache';
import { checkDatabase, databaseSchema } from './database';
import { bucketName } from './physical-names';
import type { Problem } from './problem';
import { protection } from './protection';
import { flowLogBucketEnd } from './physical-names';
import { reservedBuckets, type ReservedBucket } from './reserved-buckets';
import { byDefault, byProfile, either, named, oneOf, section, text, whole, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';
import { asynchronous, objective, writers } from './store';

const scaledCapacitySchema = section('Provisioned capacity that follows the load.', {
  minUnits: whole({ is: 'Least capacity.', unit: 'capacity units', from: 1, to: 40_000 }),
  maxUnits: whole({
    is: 'Greatest capacity.',
    unit: 'capacity units',
    from: 1,
    to: 40_000,
    limits: 'at least `minUnits`',
  }),
  targetPercent: whole({ is: 'Share of the capacity in use that scaling aims at.', unit: '%', from: 20, to: 90 }),
});
/** Provisioned capacity that follows the load. */
export type ScaledCapacity = Settings<typeof scaledCapacitySchema>;

const theTable = 'the table and its data';

const tableSchema = section('A DynamoDB global table: a full replica in every region, each of which takes writes.', {
  partitionKey: text({ is: 'Text attribute that is the partition key.', replaces: theTable }),
  sortKey: text({ is: 'Text attribute that is the sort key. Left out: none.', replaces: theTable }).exactOptional(),
  expiryAttribute: text({
    is: 'Number attribute with the time, in epoch seconds, after which an item may be deleted. Left out: items stay.',
  }).exactOptional(),
  writers: byDefault(oneOf(writers, { is: 'Which regions may write in normal operation.' }), 'single-writer'),
  conflicts: oneOf(['last-writer-wins'], {
    is: 'Of two writes to one item in two regions the later one stays, and the other is lost without an error. A statement and no switch.',
    limits: 'required where `writers` is `multi-writer`, refused elsewhere',
  }).exactOptional(),
  objective: objective(asynchronous),
  capacity: byDefault(
    either({ is: '`on-demand`, or provisioned capacity.' }, [
      oneOf(['on-demand'], { is: 'Paid per request.' }),
      scaledCapacitySchema,
    ]),
    'on-demand',
    'Needs no forecast, and takes the load of a lost region at once.',
  ),
  protection: protection('`protected`: AWS refuses to delete the table.'),
});
/** A DynamoDB global table. */
export type TableSettings = Settings<typeof tableSchema>;

const bucketSchema = section('A bucket in every region; what is written to one is copied to the others.', {
  serves: byDefault(
    oneOf(['application', 'website'], {
      is: '`website`: distributions of the edge account may read it, and answer from it.',
      limits: 'one website at most',
    }),
    'application',
  ),
  writers: byDefault(oneOf(writers, { is: 'Which regions may write in normal operation.' }), 'single-writer'),
  objective: objective(asynchronous),
  replicationTimeControl: byDefault(
    oneOf(['on', 'off'], {
      // S3 service level agreement.
      is: '`on` promises 99.9 % of objects within 15 minutes, with metrics, for a price per GB.',
      limits: '`off` only with an RPO of a day or more',
    }),
    'on',
    'Without it S3 promises no time.',
  ),
  noncurrentRetentionDays: byProfile(
    whole({ is: 'How long overwritten and deleted objects can be restored.', unit: 'days', from: 1, to: 36_500 }),
    { production: 90, development: 7 },
    'A quarter of a year leaves time to notice a loss.',
  ),
  protection: protection('`protected`: a destroy refuses while the bucket holds objects.'),
});
/** A bucket in every region. */
export type BucketSettings = Settings<typeof bucketSchema>;

export const dataStoresSchema = section(
  {
    is: 'Database, tables, buckets and cache, each with its objective.',
    applies: 'next deploy of `global/data`, `region-*/data` and `region-*/aurora`',
  },
  {
    database: databaseSchema,
    tables: byDefault(
      named(
        { is: 'By name; the table is called `<environment>-<name>` in every region.', replaces: theTable },
        tableSchema,
      ),
      {},
    ),
    buckets: byDefault(
      named(
        {
          is: 'By name; the bucket is called `<organisation>-<environment>-<name>-<region>`.',
          replaces: 'the bucket and its objects',
        },
        bucketSchema,
      ),
      {},
    ),
    accessLogRetentionDays: byProfile(
      whole({ is: 'How long the access logs of the buckets are kept.', unit: 'days', from: 1, to: 36_500 }),
      { production: 365, development: 30 },
    ),
    backups: backupsSchema.prefault({}),
    cache: cacheSchema.exactOptional(),
    applyChanges: byDefault(
      oneOf(['in-window', 'now'], {
        is: "When changes of databases and caches that interrupt them take effect: in the region's `maintenanceWindow`, or at once. `now` is for one deploy: `docs/runbooks/database-changes.md`.",
      }),
      'in-window',
      'A restart in both regions on the day of the deploy is an outage.',
    ),
  },
);
/** The data stores of one environment. */
export type DataStoresSettings = Settings<typeof dataStoresSchema>;

/** The data stores of each environment: limits of AWS, and objectives that AWS can meet. */
export function checkDataStores(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { dataStores, mode }]) => {
    const at = (path: string) => inSettings(input, `environments.${name}.dataStores.${path}`);
    const bucketNames = (bucket: string) =>
      input.regions.map(({ key }) => bucketName({ organisation: input.settings.organisation, name }, bucket, key));
    return [
      ...checkDatabase(dataStores.database, mode, (path) => at(`database${path}`)),
      ...checkTables(dataStores, at),
      ...checkBuckets(dataStores, bucketNames, at),
      ...checkBackups(dataStores, input.regions, (path) => at(`backups${path}`)),
      ...(dataStores.cache ? checkCache(dataStores.cache, (path) => at(`cache${path}`)) : []),
    ];
  });
}

function checkTables({ tables }: DataStoresSettings, at: (path: string) => string): Problem[] {
  return Object.entries(tables).flatMap(([name, table]) => {
    const problems: Problem[] = [];
    const here = (path: string, what: string, remedy: string) =>
      problems.push({ where: at(`tables.${name}${path}`), what, remedy });
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
      here(
        '',
        `"${name}" cannot be part of resource names`,
        'use up to 40 lower-case letters, digits or hyphens, a letter first',
      );
    }
    if (table.writers === 'multi-writer' && table.conflicts === undefined) {
      here(
        '.conflicts',
        'two regions write, and what becomes of two writes to one item is not said',
        "write conflicts: 'last-writer-wins' if the earlier write may be lost, or writers: 'single-writer'",
      );
    }
    if (table.writers === 'single-writer' && table.conflicts !== undefined) {
      here(
        '.conflicts',
        `"${table.conflicts}" is said of conflicts, and one region writes, so there are none`,
        'remove it',
      );
    }
    const attributes = [table.partitionKey, table.sortKey, table.expiryAttribute].filter((key) => key !== undefined);
    if (new Set(attributes).size < attributes.length) {
      here('', `one attribute is used twice (${attributes.join(', ')})`, 'give each its own name');
    }
    if (table.capacity !== 'on-demand') {
      const { minUnits, maxUnits } = table.capacity;
      if (maxUnits < minUnits) {
        here('.capacity', `${minUnits} to ${maxUnits} units is not a range`, 'write the smaller number first');
      }
    }
    return problems;
  });
}

function checkBuckets(
  { buckets }: DataStoresSettings,
  namesOf: (bucket: string) => string[],
  at: (path: string) => string,
): Problem[] {
  const problems: Problem[] = Object.entries(buckets).flatMap(([name, bucket]) => {
    const problems: Problem[] = [];
    const here = (path: string, what: string, remedy: string) =>
      problems.push({ where: at(`buckets.${name}${path}`), what, remedy });
    const longest = namesOf(name).reduce((a, b) => (b.length > a.length ? b : a), '');
    // The replication role is called <bucket>-replication, and role names have at most 64 characters.
    if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name)) {
      here(
        '',
        `"${name}" cannot be a bucket name`,
        'use 2 or more lower-case letters, digits or hyphens, a letter first and no hyphen last',
      );
    } else if (longest.length > 52) {
      here(
        '',
        `"${longest}" has ${longest.length} characters, which is too long for a bucket and its role`,
        'use 52 characters at most',
      );
    }
    if (name.endsWith(flowLogBucketEnd) && !Object.hasOwn(reservedBuckets, name)) {
      here('', `names that end with ${flowLogBucketEnd} are those of flow logs of VPCs`, 'use another name');
    }
    if (Object.hasOwn(reservedBuckets, name)) {
      here('', `that name is taken by the bucket of ${reservedBuckets[name as ReservedBucket]}`, 'use another name');
    }
    const { rpoSec } = bucket.objective;
    if (bucket.replicationTimeControl === 'off' && rpoSec < 86400) {
      here(
        '.replicationTimeControl',
        `without it S3 promises no time for a copy, and the RPO is ${rpoSec} s`,
        "use 'on', or an RPO of a day (86400) or more",
      );
    }
    if (bucket.replicationTimeControl === 'on' && rpoSec < 900) {
      here('.objective.rpoSec', `S3 promises copies within 15 minutes, not ${rpoSec} s`, 'use 900 or more');
    }
    return problems;
  });
  const [website, ...others] = Object.keys(buckets).filter((name) => buckets[name]!.serves === 'website');
  for (const name of others) {
    problems.push({
      where: at(`buckets.${name}.serves`),
      what: `"website" is set at ${website} too, and distributions serve one bucket`,
      remedy: "use 'application' at all but one",
    });
  }
  return problems;
}
