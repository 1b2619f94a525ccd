import { checkCache } from './check-cache';
import { checkDatabase } from './check-database';
import type { DataStoresSettings, StoreSettings } from './data-stores';
import { bucketName } from './physical-names';
import type { Problem } from './problem';
import { reservedBuckets, type ReservedBucket } from './reserved-buckets';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

/** The data stores of each environment: what AWS accepts, and what it can promise of what is asked. */
export function checkDataStores(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { dataStores, mode }]) => {
    const at = (path: string) => inSettings(input, `environments.${name}.dataStores.${path}`);
    const bucketNames = (bucket: string) =>
      input.regions.map(({ key }) => bucketName({ organisation: input.settings.organisation, name }, bucket, key));
    return [
      ...checkDatabase(dataStores.database, mode, (path) => at(`database${path}`)),
      ...checkTables(dataStores, at),
      ...checkBuckets(dataStores, bucketNames, at),
      ...(dataStores.cache ? checkCache(dataStores.cache, (path) => at(`cache${path}`)) : []),
    ];
  });
}

function checkTables({ tables }: DataStoresSettings, at: (path: string) => string): Problem[] {
  return Object.entries(tables).flatMap(([name, table]) => {
    const problems: Problem[] = checkObjective(table, (path) => at(`tables.${name}${path}`));
    const here = (path: string, what: string, remedy: string) =>
      problems.push({ where: at(`tables.${name}${path}`), what, remedy });
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
      here(
        '',
        `"${name}" cannot stand in names of resources`,
        'use up to 40 lower-case letters, digits or hyphens, a letter first',
      );
    }
    if (table.writers === 'multi' && table.conflicts === undefined) {
      here(
        '.conflicts',
        'two regions write, and what becomes of two writes to one item is not said',
        "write conflicts: 'last-writer-wins' if the earlier write may be lost, or writers: 'single'",
      );
    }
    if (table.writers === 'single' && table.conflicts !== undefined) {
      here(
        '.conflicts',
        `"${table.conflicts}" is said of conflicts, and one region writes, so there are none`,
        'remove it',
      );
    }
    const attributes = [table.partitionKey, table.sortKey, table.expiryAttribute].filter((key) => key !== undefined);
    if (new Set(attributes).size < attributes.length) {
      here('', `one attribute stands in two places (${attributes.join(', ')})`, 'give each its own name');
    }
    if (table.capacity !== 'on-demand') {
      const { minUnits, maxUnits, targetPercent } = table.capacity;
      if (!Number.isInteger(minUnits) || !Number.isInteger(maxUnits) || minUnits < 1 || maxUnits < minUnits) {
        here(
          '.capacity',
          `${minUnits} to ${maxUnits} units is no range`,
          'use whole numbers from 1, the smaller one first',
        );
      }
      if (!(targetPercent >= 20 && targetPercent <= 90)) {
        here('.capacity.targetPercent', `DynamoDB cannot aim at ${targetPercent} %`, 'use 20 to 90');
      }
    }
    return problems;
  });
}

function checkBuckets(
  { buckets, accessLogRetentionDays }: DataStoresSettings,
  namesOf: (bucket: string) => string[],
  at: (path: string) => string,
): Problem[] {
  const problems: Problem[] = Object.entries(buckets).flatMap(([name, bucket]) => {
    const problems: Problem[] = checkObjective(bucket, (path) => at(`buckets.${name}${path}`));
    const here = (path: string, what: string, remedy: string) =>
      problems.push({ where: at(`buckets.${name}${path}`), what, remedy });
    const longest = namesOf(name).reduce((a, b) => (b.length > a.length ? b : a), '');
    // The role that copies the objects is called <bucket>-replication, and roles have 64 characters.
    if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name)) {
      here(
        '',
        `"${name}" cannot stand in the name of a bucket`,
        'use 2 or more lower-case letters, digits or hyphens, a letter first and no hyphen last',
      );
    } else if (longest.length > 52) {
      here(
        '',
        `"${longest}" has ${longest.length} characters, which is too long for a bucket and its role`,
        'use 52 characters at most',
      );
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
    if (!Number.isInteger(bucket.noncurrentRetentionDays) || bucket.noncurrentRetentionDays < 1) {
      here('.noncurrentRetentionDays', `${bucket.noncurrentRetentionDays} is no number of days`, 'use 1 or more');
    }
    return problems;
  });
  const [website, ...others] = Object.keys(buckets).filter((name) => buckets[name]!.serves === 'website');
  for (const name of others) {
    problems.push({
      where: at(`buckets.${name}.serves`),
      what: `"website" stands at ${website} too, and distributions answer from one bucket`,
      remedy: "use 'application' at all but one",
    });
  }
  if (!Number.isInteger(accessLogRetentionDays) || accessLogRetentionDays < 1) {
    problems.push({
      where: at('accessLogRetentionDays'),
      what: `${accessLogRetentionDays} is no number of days`,
      remedy: 'use 1 or more',
    });
  }
  return problems;
}

function checkObjective({ objective }: StoreSettings, at: (path: string) => string): Problem[] {
  return (['rpoSec', 'rtoSec'] as const)
    .filter((name) => !(objective[name] >= (name === 'rpoSec' ? 1 : 0)))
    .map((name) => ({
      where: at(`.objective.${name}`),
      what: `copies between regions are asynchronous, which cannot give ${objective[name]} s`,
      remedy: 'use 1 or more',
    }));
}
