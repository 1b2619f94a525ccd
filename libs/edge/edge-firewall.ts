import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { logDeliveryPolicy } from '@platform/libs/observability/log-delivery-policy';
import type { FirewallSettings, ManagedGroup } from '@platform/libs/settings/firewall';
import { managedRule } from './managed-rules';

export interface EdgeFirewallProps {
  /** Name in AWS: `prod-us-edge`. */
  readonly name: string;
  /** Rate limit: number of requests per address in five minutes. */
  readonly requestLimit: number;
  readonly managedRules: FirewallSettings;
  readonly logRetentionDays: number;
  readonly accountId: string;
  /** A provider for us-east-1, the region of web ACLs with scope CLOUDFRONT. */
  readonly usEast1: AwsProvider;
}

/** AWS's managed rule groups in evaluation order, with the names of their rules: cheap and certain ones first. */
const managedRuleGroups = {
  ipReputation: 'AmazonIpReputationList',
  knownBadInputs: 'KnownBadInputsRuleSet',
  common: 'CommonRuleSet',
  sqlInjection: 'SQLiRuleSet',
} as const;

/**
 * A web ACL for a distribution: AWS's managed rule groups and a rate limit per address. Every blocked or counted
 * request is logged, without authorisation headers and cookies.
 *
 * Rules are evaluated at the edge; only changes need us-east-1.
 *
 * Its rules may use up to 5,000 capacity units (WAF developer guide, "AWS WAF quotas").
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
          // Statements nest without limit, so the bindings use Terraform's argument names.
          statement: { rate_based_statement: { aggregate_key_type: 'IP', limit: props.requestLimit } },
          visibilityConfig: metric('request-limit'),
        },
        ...Object.entries(managedRuleGroups).map(([group, word], index) => ({
          name: word,
          priority: index + 1,
          ...managedRule(group as ManagedGroup, props.managedRules),
          visibilityConfig: metric(word),
        })),
      ],
      visibilityConfig: metric('all'),
    });
    const log = new EncryptedLogGroup(this, 'Log', {
      // WAF writes to log groups with this prefix only.
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
    alarmsOf(this, usEast1).add('BlockedRequests', {
      description: `More than ${props.managedRules.blockedAlarm} requests in five minutes were blocked at the edge: an attack, or a rule that blocks users. See the log ${log.name}`,
      metric: {
        namespace: 'AWS/WAFV2',
        metricName: 'BlockedRequests',
        // The name of the metric, not that of the web ACL, and no region.
        dimensions: { WebACL: `${name}-all`, Rule: 'ALL' },
        statistic: 'Sum',
        periodSec: 300,
      },
      above: props.managedRules.blockedAlarm,
    });
    this.arn = acl.arn;
  }
}
