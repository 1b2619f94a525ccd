import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import { Route53ResolverQueryLogConfig } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config';
import { Route53ResolverQueryLogConfigAssociation } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config-association';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { logDeliveryPolicy } from '@platform/libs/observability/log-delivery-policy';
import { constructId } from '@platform/libs/settings/construct-id';

export interface QueryLogProps {
  /** Name of the configuration, and of the log group. */
  readonly name: string;
  readonly retentionDays: number;
  readonly awsRegion: string;
  readonly accountId: string;
  /** VPCs whose queries are logged, by name. */
  readonly vpcIds: Readonly<Record<string, string>>;
}

/**
 * Every DNS query of the VPCs and its answer, in an encrypted log group. Queries that are answered from a cache inside
 * the VPC are missing. AWS log delivery writes it, with a resource policy of this group only: a policy that AWS makes by
 * itself is in no plan, and grows with every log of the account up to 5,120 characters (CloudWatch Logs user guide, "Logs
 * sent to CloudWatch Logs": https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html).
 *
 * An account may log up to 100 VPCs in a region (Route 53 developer guide, "Quotas").
 */
export class QueryLog extends Construct {
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: QueryLogProps) {
    super(scope, id);
    const group = new EncryptedLogGroup(this, 'LogGroup', {
      name: `/aws/route53resolver/${props.name}`,
      retentionDays: props.retentionDays,
      awsRegion: props.awsRegion,
      accountId: props.accountId,
    });
    this.logGroupName = group.name;
    const writer = new CloudwatchLogResourcePolicy(this, 'LogWriter', {
      policyName: props.name,
      policyDocument: logDeliveryPolicy({
        name: group.name,
        awsRegion: props.awsRegion,
        accountId: props.accountId,
      }),
    });
    const config = new Route53ResolverQueryLogConfig(this, 'Config', {
      name: props.name,
      destinationArn: group.arn,
      dependsOn: [writer],
    });
    for (const [vpc, resourceId] of Object.entries(props.vpcIds)) {
      new Route53ResolverQueryLogConfigAssociation(this, constructId('log', 'of', vpc), {
        resolverQueryLogConfigId: config.id,
        resourceId,
      });
    }
  }
}
