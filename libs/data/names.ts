import type { Environment } from '@platform/libs/settings/environment';

type Named = Pick<Environment, 'name'>;

/** Name of the database in all regions, and of the global cluster: `prod-database`. */
export function databaseName({ name }: Named): string {
  return `${name}-database`;
}

/**
 * Identifier of one region's cluster or instance: `prod-database-us`. It contains the region, because an account sees
 * all members of a global cluster at once.
 */
export function databaseMemberName(environment: Named, regionKey: string): string {
  return `${databaseName(environment)}-${regionKey}`;
}

/** Name of a global table, the same in every region: `prod-sessions`. */
export function tableName({ name }: Named, table: string): string {
  return `${name}-${table}`;
}

/** ARN of a global table's replica in one region. */
export function tableArn(
  environment: Pick<Environment, 'name' | 'accounts'>,
  table: string,
  awsRegion: string,
): string {
  return `arn:aws:dynamodb:${awsRegion}:${environment.accounts.workload}:table/${tableName(environment, table)}`;
}

/** Identifier of one region's cache: `prod-cache-us`. */
export function cacheName({ name }: Named, regionKey: string): string {
  return `${name}-cache-${regionKey}`;
}

/** The bucket that distributions use as an origin: the one that serves a website. Undefined if there is none. */
export function websiteBucket({ dataStores }: Pick<Environment, 'dataStores'>): string | undefined {
  return Object.entries(dataStores.buckets).find(([, { serves }]) => serves === 'website')?.[0];
}
