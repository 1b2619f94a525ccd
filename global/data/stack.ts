import type { Construct } from 'constructs';
import { AccessLogBucket } from '@platform/libs/data/access-log-bucket';
import { Backups } from '@platform/libs/data/backups';
import { ContainerRegistry } from '@platform/libs/app/container-registry';
import { DatabaseRoot } from '@platform/libs/data/database-root';
import { alarmStatement, distributionStatement, EncryptionKey } from '@platform/libs/data/encryption-key';
import { GlobalTable } from '@platform/libs/data/global-table';
import { tableName } from '@platform/libs/data/names';
import { applicationName, bucketName } from '@platform/libs/settings/physical-names';
import { ReplicatedBucket } from '@platform/libs/data/replicated-bucket';
import { Alarms } from '@platform/libs/observability/alarms';
import type { Environment } from '@platform/libs/settings/environment';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { regions } from '@platform/shared/regions';
import { contract } from './contract';

/**
 * The stores that span all regions: the database's global cluster, global tables, replicated buckets. It has a provider
 * per region, because each end of a replication names the other.
 */
export class DataStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    // The first region of the list, not the home region: moving the state must not move the stores.
    const [origin, ...others] = regions;
    super(scope, { environment, contract, region: origin!, account: 'workload' });
    const { database, tables, buckets, backups, accessLogRetentionDays } = environment.dataStores;
    const servesWebsite = Object.values(buckets).some(({ serves }) => serves === 'website');

    const places = [origin!, ...others].map((region) => {
      const provider = region === origin ? {} : { provider: this.addAliasedProvider(region) };
      const key = new EncryptionKey(this, `Key-${region.key}`, {
        name: `${environment.name}-data`,
        description: `Global stores of ${environment.name} in ${region.awsRegion}`,
        accountId: this.accountId,
        statements: [
          alarmStatement(this.accountId),
          ...(servesWebsite ? [distributionStatement(environment.accounts.edge)] : []),
        ],
        ...provider,
      });
      const alarms = new Alarms(this, `Alarms-${region.key}`, {
        name: `${environment.name}-data`,
        accountId: this.accountId,
        kmsKeyArn: key.arn,
        ...provider,
      });
      const accessLogBucket = new AccessLogBucket(this, `AccessLogs-${region.key}`, {
        name: reservedBucketName(environment, 'access-logs', region.key),
        accountId: this.accountId,
        retentionDays: accessLogRetentionDays,
        protection: database.afterDestroy === 'recoverable' ? 'protected' : 'disposable',
        ...provider,
      }).name;
      return { region, key, alarms, accessLogBucket, ...provider };
    });
    const [first, ...rest] = places;

    const root = new DatabaseRoot(this, 'Database', { environment, regions, places: [first!, ...rest] });
    for (const [name, settings] of Object.entries(tables)) {
      new GlobalTable(this, `Table-${name}`, {
        name: tableName(environment, name),
        settings,
        regions: [first!, ...rest],
      });
    }
    for (const [name, settings] of Object.entries(buckets)) {
      new ReplicatedBucket(this, `Bucket-${name}`, {
        settings,
        copies: places.map((place) => ({ ...place, name: bucketName(environment, name, place.region.key) })),
        distributionAccountId: environment.accounts.edge,
      });
    }

    if (backups.run === 'on') new Backups(this, 'Backups', { environment, regions, places });

    const repositories = Object.entries(environment.applications).flatMap(([application, { releases, protection }]) =>
      Object.values(releases).some(({ runs }) => runs === 'container')
        ? [[applicationName(environment, application), protection] as const]
        : [],
    );
    if (repositories.length > 0) {
      new ContainerRegistry(this, 'Registry', {
        accountId: this.accountId,
        repositories: Object.fromEntries(repositories),
        places,
      });
    }

    this.publish(contract, {
      ...root.values,
      keyArns: Object.fromEntries(places.map(({ region, key }) => [region.key, key.arn])),
      alarmTopicArns: Object.fromEntries(places.map(({ region, alarms }) => [region.key, alarms.topicArn])),
      alarmArns: Object.fromEntries(
        places.flatMap(({ region, alarms }) =>
          Object.entries(alarms.arns).map(([name, arn]) => [`${region.key}/${name}`, arn]),
        ),
      ),
      tableNames: Object.fromEntries(Object.keys(tables).map((name) => [name, tableName(environment, name)])),
      bucketNames: Object.fromEntries(
        Object.keys(buckets).flatMap((name) =>
          regions.map(({ key }) => [`${name}/${key}`, bucketName(environment, name, key)]),
        ),
      ),
    });
  }
}
