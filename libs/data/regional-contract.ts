import { defineContract, map, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's part of the global stores: everything that a stack of that region needs to use them. */
export function regionalDataContract(region: RegionSettings, name: string) {
  const { key, awsRegion } = region;
  const account = '000000000000';
  return defineContract({
    stack: `region-${key}-${name}`,
    project: `region-${key}/${name}`,
    stateRegion: region,
    fields: {
      globalClusterId: text('Id of the Aurora global cluster; empty with another engine', 'example-database'),
      writerEndpoint: text(
        'DNS name that follows the writer of the global cluster from region to region; empty with another engine',
        'example-database.global-0eeeeeeeeeee.global.rds.amazonaws.com',
      ),
      replicationSourceArn: text(
        'ARN of the instance that RDS read replicas follow; empty with Aurora',
        `arn:aws:rds:${awsRegion}:${account}:db:example-database-${key}`,
      ),
      databaseSourceRegion: text('AWS region whose database member is made first, and copied to the others', awsRegion),
      databaseSecretArn: text(
        "This region's copy of the secret of the database administrator",
        `arn:aws:secretsmanager:${awsRegion}:${account}:secret:example/database-0eeeee`,
      ),
      keyArn: text(
        "This region's KMS key of tables, buckets and secrets",
        `arn:aws:kms:${awsRegion}:${account}:key/00000000-0000-0000-0000-0000000000ee`,
      ),
      tableArns: map(
        "By table: this region's replica",
        { sessions: `arn:aws:dynamodb:${awsRegion}:${account}:table/example-sessions` },
        'tables',
      ),
      bucketNames: map("By bucket: this region's copy", { documents: `example-documents-${key}` }, 'buckets'),
    },
  });
}

/** The contract of a region's part of the global stores. */
export type RegionalDataContract = ReturnType<typeof regionalDataContract>;
