import { defineContract, map, text } from '@platform/libs/contract/contract';
import type { Region } from '@platform/libs/stack/estate-stack';

/**
 * Outputs of the stack of the global stores. Names of tables and buckets follow from the settings
 * (`libs/data/names.ts`); they are outputs as well, for people and for stacks that must be deployed after.
 */
export function dataContract(home: Region, regions: readonly Region[]) {
  const perRegion = (value: (region: Region) => string) =>
    Object.fromEntries(regions.map((region) => [region.key, value(region)]));
  const account = '000000000000';
  return defineContract({
    stack: 'global-data',
    project: 'global/data',
    stateRegion: home,
    fields: {
      globalClusterId: text('Id of the Aurora global cluster; empty with another engine', 'example-database'),
      writerEndpoint: text(
        'DNS name that follows the writer of the global cluster from region to region; empty with another engine',
        'example-database.global-0eeeeeeeeeee.global.rds.amazonaws.com',
      ),
      replicationSourceArn: text(
        'ARN of the instance that RDS read replicas follow; empty with Aurora',
        `arn:aws:rds:${home.awsRegion}:${account}:db:example-database-${home.key}`,
      ),
      databaseSourceRegion: text(
        'AWS region whose database member is made first, and copied to the others',
        home.awsRegion,
      ),
      databaseSecretArns: map(
        'By region: secret with username and password of the database administrator',
        perRegion(({ awsRegion }) => `arn:aws:secretsmanager:${awsRegion}:${account}:secret:example/database-0eeeee`),
      ),
      keyArns: map(
        'By region: KMS key of tables, buckets and secrets',
        perRegion(({ awsRegion }) => `arn:aws:kms:${awsRegion}:${account}:key/00000000-0000-0000-0000-0000000000ee`),
      ),
      alarmTopicArns: map(
        'By region: topic that the alarms of this stack go to',
        perRegion(({ awsRegion }) => `arn:aws:sns:${awsRegion}:${account}:example-data-alarms`),
      ),
      alarmArns: map('By region and name, as `us/ReplicationLag-example-sessions-ap`: the alarms of this stack', {
        [`${home.key}/ReplicationLag-example-sessions`]: `arn:aws:cloudwatch:${home.awsRegion}:${account}:alarm:example-data-replication-lag`,
      }),
      tableNames: map('By table: its name in every region', { sessions: 'example-sessions' }, 'tables'),
      bucketNames: map('By bucket and region, as `documents/us`', { 'documents/us': 'example-documents-us' }),
    },
  });
}

/** The contract of the global stores. */
export type DataContract = ReturnType<typeof dataContract>;
