import { Route53ResolverQueryLogConfig } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config';
import { Route53ResolverQueryLogConfigAssociation } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config-association';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { constructId } from '@platform/libs/settings/construct-id';

export interface QueryLogProps {
  /** Name of the configuration; the log group is called after it. */
  readonly name: string;
  readonly retentionDays: number;
  readonly awsRegion: string;
  readonly accountId: string;
  /** VPCs whose queries are logged, by name. */
  readonly vpcIds: Readonly<Record<string, string>>;
}

/**
 * Every DNS query of the VPCs and what was answered, in an encrypted log group: who asked for a blocked domain, and what
 * stopped resolving when. Queries answered from a cache inside the VPC are not in it.
 *
 * Costs what its {@link EncryptedLogGroup} does: 10 GB, kept for a month, about $6.30 a month (list prices, US East, check). An
 * account has 100 VPCs logged in a region unless more were asked for (Route 53 developer guide, "Quotas").
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
    const config = new Route53ResolverQueryLogConfig(this, 'Config', { name: props.name, destinationArn: group.arn });
    for (const [vpc, resourceId] of Object.entries(props.vpcIds)) {
      new Route53ResolverQueryLogConfigAssociation(this, constructId('log', 'of', vpc), {
        resolverQueryLogConfigId: config.id,
        resourceId,
      });
    }
  }
}
