import { FlowLog as AwsFlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { DeliveredLogBucket } from '@platform/libs/data/delivered-log-bucket';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import type { FlowLogSettings } from '@platform/libs/settings/flow-logs';

export interface FlowLogProps {
  /** What is logged; unique in account and region: `prod-hub`. Used in the names of log group and role. */
  readonly name: string;
  /** The VPC or Transit Gateway whose flows are logged. */
  readonly source: { readonly vpcId: string } | { readonly transitGatewayId: string };
  readonly settings: FlowLogSettings;
  /** Name of the bucket if the settings have one: `flowLogBucketName()`. */
  readonly bucketName: string;
  readonly awsRegion: string;
  readonly accountId: string;
}

/**
 * Fields of a VPC's records: AWS's default, and those that distinguish flows through NAT, the Transit Gateway and
 * endpoints. `$$` escapes a `$` for Terraform.
 */
const vpcLogFormat = (
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' +
  'az-id subnet-id tcp-flags pkt-srcaddr pkt-dstaddr flow-direction traffic-path'
)
  .split(' ')
  .map((field) => `$\${${field}}`)
  .join(' ');

/**
 * Flow logs in a bucket or a log group of their own, one record per flow and minute: accepted and rejected flows, and for
 * a Transit Gateway also dropped packets with the reason. The interval is 1 minute, the least beside 10 (VPC user guide,
 * "Flow log records"): Transit Gateways support nothing else, and an incident needs it for a VPC.
 *
 * Files in the bucket are Parquet, by hour, in folders that Athena and Glue read as partitions (VPC user guide, "Flow log
 * files": https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html). AWS log delivery writes them, so they
 * need no role.
 */
export class FlowLog extends Construct {
  /** Bucket or log group. */
  readonly destinationArn: string;

  constructor(scope: Construct, id: string, props: FlowLogProps) {
    super(scope, id);
    const { name, source, settings } = props;
    const flows =
      'vpcId' in source
        ? { vpcId: source.vpcId, trafficType: 'ALL', logFormat: vpcLogFormat }
        : { transitGatewayId: source.transitGatewayId };
    const target = settings.destination === 's3' ? this.bucket(props) : this.logGroup(props);
    this.destinationArn = target.logDestination;
    new AwsFlowLog(this, 'Log', { ...flows, ...target, maxAggregationInterval: 60, tags: { Name: name } });
  }

  private bucket({ bucketName, settings, accountId }: FlowLogProps) {
    const { arn, ready } = new DeliveredLogBucket(this, 'Bucket', {
      name: bucketName,
      accountId,
      retentionDays: settings.retentionDays,
      protection: settings.protection,
    });
    return {
      logDestinationType: 's3',
      logDestination: arn,
      destinationOptions: { fileFormat: 'parquet', hiveCompatiblePartitions: true, perHourPartition: true },
      dependsOn: [ready],
    };
  }

  private logGroup({ name, settings, awsRegion, accountId }: FlowLogProps) {
    const group = new EncryptedLogGroup(this, 'LogGroup', {
      name: `/${name}/flow`,
      retentionDays: settings.retentionDays,
      awsRegion,
      accountId,
    });
    const role = new IamRole(this, 'Writer', {
      // IAM is global: without the region, counterpart stacks would use the same name.
      name: `${name}-flow-log-${awsRegion}`,
      description: `Writes flow logs to ${group.name}`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': accountId },
              ArnLike: { 'aws:SourceArn': `arn:aws:ec2:${awsRegion}:${accountId}:vpc-flow-log/*` },
            },
          },
        ],
      }),
    });
    const permission = new IamRolePolicy(this, 'WriterPermission', {
      name: 'write-flow-logs',
      role: role.id,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
            Resource: [group.arn, `${group.arn}:*`],
          },
          // Does not support one group as a resource.
          { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: `arn:aws:logs:${awsRegion}:${accountId}:*` },
        ],
      }),
    });
    return {
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: role.arn,
      dependsOn: [permission],
    };
  }
}
