import { FlowLog as AwsFlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from './encrypted-log-group';

export interface FlowLogProps {
  /** What is logged, in words that are unique in the account and region: `prod-hub`. Names the log group and the role. */
  readonly name: string;
  /** Every flow of this VPC or this Transit Gateway. */
  readonly source: { readonly vpcId: string } | { readonly transitGatewayId: string };
  /** One of the retention periods of CloudWatch Logs. */
  readonly retentionDays: number;
  readonly awsRegion: string;
  readonly accountId: string;
}

/**
 * Fields of a VPC's records: AWS's default, and those without which flows through NAT, the hub and endpoints look alike.
 * `$$` is how Terraform is told to leave a `$` alone.
 */
const vpcLogFormat = (
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' +
  'az-id subnet-id tcp-flags pkt-srcaddr pkt-dstaddr flow-direction traffic-path'
)
  .split(' ')
  .map((field) => `$\${${field}}`)
  .join(' ');

/**
 * Flow logs in an encrypted log group of their own, one record per flow and minute: accepted, rejected, and for a
 * gateway also what it dropped and why. 1 minute is the least that there is, beside 10 (VPC user guide, "Flow log records");
 * gateways offer nothing else, and an incident needs it of a VPC.
 *
 * Costs what its {@link EncryptedLogGroup} does, $0.50 per GB of records: 100 GB, kept for a month, about $54 a month (list prices,
 * US East, check).
 */
export class FlowLog extends Construct {
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: FlowLogProps) {
    super(scope, id);
    const { name, source, retentionDays, awsRegion, accountId } = props;
    const group = new EncryptedLogGroup(this, 'LogGroup', {
      name: `/${name}/flow`,
      retentionDays,
      awsRegion,
      accountId,
    });
    this.logGroupName = group.name;

    const role = new IamRole(this, 'Writer', {
      // Roles have no region: without it the twins would want the same name.
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
          // Cannot be narrowed to one group.
          { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: `arn:aws:logs:${awsRegion}:${accountId}:*` },
        ],
      }),
    });
    new AwsFlowLog(this, 'Log', {
      ...('vpcId' in source
        ? { vpcId: source.vpcId, trafficType: 'ALL', logFormat: vpcLogFormat }
        : { transitGatewayId: source.transitGatewayId }),
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: role.arn,
      dependsOn: [permission],
      tags: { Name: name },
    });
  }
}
