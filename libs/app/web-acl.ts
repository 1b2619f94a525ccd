import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import { Wafv2RegexPatternSet } from '@cdktf/provider-aws/lib/wafv2-regex-pattern-set';
import { Wafv2WebAcl, type Wafv2WebAclRule } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import { Construct } from 'constructs';
import { managedRule } from '@platform/libs/edge/managed-rules';
import type { Alarms } from '@platform/libs/observability/alarms';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { logDeliveryPolicy } from '@platform/libs/observability/log-delivery-policy';
import type { FirewallSettings } from '@platform/libs/settings/firewall';

export interface WebAclProps {
  /** Name in AWS, and of the log. */
  readonly name: string;
  /** ARN of the load balancer that it protects. */
  readonly resourceArn: string;
  /** Requests per address in five minutes. */
  readonly requestLimit: number;
  readonly managedRules: FirewallSettings;
  /** Beginnings of paths whose bodies may be long. Default: none. */
  readonly uploadPaths?: readonly string[];
  readonly alarms: Alarms;
  /**
   * Header of distributions: the rate limit skips requests that hold one of the values. Requests through distributions
   * have the addresses of CloudFront's servers, and the distribution's web ACL has counted them. All other requests
   * count, whatever host or header they claim. The forwarded address cannot be used: WAF takes the first one in the
   * header, which the client writes (WAF developer guide, "Using forwarded IP addresses").
   */
  readonly countedBefore: { readonly header: string; readonly values: readonly string[] };
  readonly logRetentionDays: number;
  readonly accountId: string;
  readonly awsRegion: string;
}

/** AWS's managed rule groups, in evaluation order (WAF developer guide, "AWS Managed Rules rule groups list"). */
const managedRuleGroups = {
  IpReputation: 'ipReputation',
  Common: 'common',
  KnownBadInputs: 'knownBadInputs',
  SqlInjection: 'sqlInjection',
} as const;

/**
 * A web ACL for a load balancer: AWS's managed rule groups, a rate limit per address, and a log of blocked and counted
 * requests. The distributions have their own, but not every client uses them.
 *
 * Uses about 1,190 capacity units; an ACL may have up to 5,000 (WAF developer guide, "AWS WAF quotas").
 */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { name, accountId, awsRegion, uploadPaths = [] } = props;
    const visibility = (metric: string) => ({
      cloudwatchMetricsEnabled: true,
      metricName: `${name}-${metric}`,
      sampledRequestsEnabled: true,
    });
    const managed = Object.entries(managedRuleGroups).map(
      ([word, group], index): Wafv2WebAclRule => ({
        name: word,
        priority: index + 1,
        ...managedRule(group, uploadPaths.length > 0 ? withLongBodies(props.managedRules) : props.managedRules),
        visibilityConfig: visibility(word),
      }),
    );
    const common = props.managedRules.common;
    const bodies = common.rules?.['SizeRestrictions_BODY'] ?? common.mode;
    if (uploadPaths.length > 0 && common.mode === 'block' && bodies === 'block') {
      managed.push(longBodies(managed.length + 1, uploadPaths, visibility('LongBodies')));
    }
    // A separate set: a sensitive value in the rules would hide all of them in every plan. Its patterns match anywhere
    // in the header, among the values of other regions' load balancers (WAF developer guide, "Regex pattern set match
    // rule statement").
    const countedBefore = new Wafv2RegexPatternSet(this, 'CountedBefore', {
      name: `${name}-counted-before`,
      description: 'Values by which requests of distributions are known',
      scope: 'REGIONAL',
      regularExpression: props.countedBefore.values.map((regexString) => ({ regexString })),
    });
    const acl = new Wafv2WebAcl(this, 'WebAcl', {
      name,
      description: 'In front of the balancer of the region',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('all'),
      rule: [
        {
          name: 'RequestLimit',
          priority: 0,
          action: { block: {} },
          statement: {
            rate_based_statement: {
              limit: props.requestLimit,
              aggregate_key_type: 'IP',
              evaluation_window_sec: 300,
              // A request without the header matches no pattern, so it counts.
              scope_down_statement: {
                not_statement: {
                  statement: [
                    {
                      regex_pattern_set_reference_statement: {
                        arn: countedBefore.arn,
                        field_to_match: { single_header: { name: props.countedBefore.header } },
                        text_transformation: [{ priority: 0, type: 'NONE' }],
                      },
                    },
                  ],
                },
              },
            },
          },
          visibilityConfig: visibility('RequestLimit'),
        },
        ...managed,
      ],
    });
    new Wafv2WebAclAssociation(this, 'Association', { webAclArn: acl.arn, resourceArn: props.resourceArn });
    this.arn = acl.arn;
    props.alarms.add('BlockedRequests', {
      description: `More than ${props.managedRules.blockedAlarm} requests in five minutes were blocked: an attack, or a rule that blocks users. See the log aws-waf-logs-${name}`,
      metric: {
        namespace: 'AWS/WAFV2',
        metricName: 'BlockedRequests',
        // The name of the metric, not that of the web ACL.
        dimensions: { WebACL: `${name}-all`, Rule: 'ALL', Region: awsRegion },
        statistic: 'Sum',
        periodSec: 300,
      },
      above: props.managedRules.blockedAlarm,
    });

    // WAF requires this prefix.
    const log = new EncryptedLogGroup(this, 'Log', {
      name: `aws-waf-logs-${name}`,
      retentionDays: props.logRetentionDays,
      awsRegion,
      accountId,
    });
    const writer = new CloudwatchLogResourcePolicy(this, 'LogWriter', {
      policyName: `waf-${name}`,
      policyDocument: logDeliveryPolicy({ name: log.name, awsRegion, accountId }),
    });
    new Wafv2WebAclLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.arn,
      logDestinationConfigs: [log.arn],
      redactedFields: ['authorization', 'cookie', props.countedBefore.header].map((header) => ({
        singleHeader: { name: header },
      })),
      // Allowed requests are in the load balancer's access log.
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
  }
}

/** The managed rule counts and labels, and {@link longBodies} decides. */
function withLongBodies(settings: FirewallSettings): FirewallSettings {
  const { common } = settings;
  return { ...settings, common: { ...common, rules: { ...common.rules, SizeRestrictions_BODY: 'count' } } };
}

/**
 * Blocks what the managed rule has labelled as a long body, except on the paths of uploads (WAF developer guide, "Baseline
 * rule groups", label of SizeRestrictions_BODY:
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html).
 */
function longBodies(
  priority: number,
  paths: readonly string[],
  visibilityConfig: Wafv2WebAclRule['visibilityConfig'],
): Wafv2WebAclRule {
  const begins = paths.map((path) => ({
    byte_match_statement: {
      search_string: path,
      positional_constraint: 'STARTS_WITH',
      field_to_match: { uri_path: {} },
      text_transformation: [{ priority: 0, type: 'NONE' }],
    },
  }));
  const upload = begins.length === 1 ? begins[0] : { or_statement: { statement: begins } };
  return {
    name: 'LongBodies',
    priority,
    action: { block: {} },
    statement: {
      and_statement: {
        statement: [
          {
            label_match_statement: {
              scope: 'LABEL',
              key: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body',
            },
          },
          { not_statement: { statement: [upload] } },
        ],
      },
    },
    visibilityConfig,
  };
}
