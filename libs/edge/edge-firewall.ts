import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { logDeliveryPolicy } from '@platform/libs/observability/log-delivery-policy';

export interface EdgeFirewallProps {
  /** Name in AWS: `prod-us-edge`. */
  readonly name: string;
  /** Requests that one address may make in five minutes. */
  readonly requestLimit: number;
  readonly logRetentionDays: number;
  readonly accountId: string;
  /** A provider for us-east-1, where AWS keeps rules of scope CLOUDFRONT. */
  readonly usEast1: AwsProvider;
}

/** AWS's rule groups in the order in which they are asked: cheap and certain ones first. */
const managedRuleGroups = ['AmazonIpReputationList', 'KnownBadInputsRuleSet', 'CommonRuleSet', 'SQLiRuleSet'];

/**
 * Firewall rules in front of a distribution: AWS's managed groups and a limit per address. Every blocked or counted
 * request is logged, without authorisation and cookies.
 *
 * Rules are evaluated at the edge; us-east-1 is needed to change them only.
 *
 * Costs $5 a month, $1 per rule or group and month, $0.60 per million requests (list price, check), and the log.
 * Its rules may take 5,000 capacity units (WAF developer guide, "AWS WAF quotas").
 */
export class EdgeFirewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EdgeFirewallProps) {
    super(scope, id);
    const { name, usEast1 } = props;
    const metric = (suffix: string) => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName: `${name}-${suffix}`,
    });
    const acl = new Wafv2WebAcl(this, 'Rules', {
      provider: usEast1,
      name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rule: [
        {
          name: 'RequestLimit',
          priority: 0,
          action: { block: {} },
          // Statements nest without end, so the bindings leave them as Terraform spells them.
          statement: { rate_based_statement: { aggregate_key_type: 'IP', limit: props.requestLimit } },
          visibilityConfig: metric('request-limit'),
        },
        ...managedRuleGroups.map((group, index) => ({
          name: group,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: { managed_rule_group_statement: { vendor_name: 'AWS', name: `AWSManagedRules${group}` } },
          visibilityConfig: metric(group),
        })),
      ],
      visibilityConfig: metric('all'),
    });
    const log = new EncryptedLogGroup(this, 'Log', {
      // WAF writes to log groups of this prefix only.
      name: `aws-waf-logs-${name}`,
      retentionDays: props.logRetentionDays,
      awsRegion: 'us-east-1',
      accountId: props.accountId,
      provider: usEast1,
    });
    const writer = new CloudwatchLogResourcePolicy(this, 'LogWriter', {
      provider: usEast1,
      policyName: `waf-${name}`,
      policyDocument: logDeliveryPolicy({ name: log.name, awsRegion: 'us-east-1', accountId: props.accountId }),
    });
    new Wafv2WebAclLoggingConfiguration(this, 'Logging', {
      provider: usEast1,
      resourceArn: acl.arn,
      logDestinationConfigs: [log.arn],
      redactedFields: [{ singleHeader: { name: 'authorization' } }, { singleHeader: { name: 'cookie' } }],
      loggingFilter: {
        defaultBehavior: 'DROP',
        filter: [
          {
            behavior: 'KEEP',
            requirement: 'MEETS_ANY',
            condition: ['BLOCK', 'COUNT'].map((action) => ({ actionCondition: { action } })),
          },
        ],
      },
      dependsOn: [writer],
    });
    this.arn = acl.arn;
  }
}
