import { defineContract, map, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's database, for either engine. They do not name the writer, because it moves. */
export function databaseContract(region: RegionSettings, name: string) {
  const { key, awsRegion } = region;
  const member = `example-database-${key}`;
  return defineContract({
    stack: `region-${key}-${name}`,
    project: `region-${key}/${name}`,
    stateRegion: region,
    creation: 'primary-first',
    fields: {
      clientSecurityGroupId: text('Security group whose members may connect; join it', 'sg-0eeeeeeeeeeeeeeee'),
      clusterEndpoint: text(
        "This region's member: takes writes while it has the writer role",
        `${member}.cluster-0eeeeeeeeeee.${awsRegion}.rds.amazonaws.com`,
      ),
      readerEndpoint: text(
        'Reads in this region; answers only while the member has an instance',
        `${member}.cluster-ro-0eeeeeeeeeee.${awsRegion}.rds.amazonaws.com`,
      ),
      port: text('TCP port', '5432'),
      databaseName: text('Name of the database', 'app'),
      memberArn: text(
        'ARN of the member, the target of a switchover',
        `arn:aws:rds:${awsRegion}:000000000000:cluster:${member}`,
      ),
      memberIdentifier: text('Identifier of the member in its region, also its dimension in CloudWatch', member),
      resourceId: text('Id that IAM policies for `rds-db:connect` name', 'cluster-EEEEEEEEEEEEEEEEEEEEEEEEEE'),
      secretArn: text(
        "This region's copy of the administrator's secret",
        `arn:aws:secretsmanager:${awsRegion}:000000000000:secret:example/database-0eeeee`,
      ),
      alarmTopicArn: text(
        'Topic that the alarms of this stack go to',
        `arn:aws:sns:${awsRegion}:000000000000:example-database-${key}-alarms`,
      ),
      alarmArns: map('By name: the alarms of this stack', {
        Processor: `arn:aws:cloudwatch:${awsRegion}:000000000000:alarm:example-database-${key}-processor`,
      }),
    },
  });
}

/** The contract of a region's database. */
export type DatabaseContract = ReturnType<typeof databaseContract>;
