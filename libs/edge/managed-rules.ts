import type { FirewallSettings, ManagedGroup } from '@platform/libs/settings/firewall';

/** AWS's names of the groups (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html). */
const awsNames: Readonly<Record<ManagedGroup, string>> = {
  ipReputation: 'AWSManagedRulesAmazonIpReputationList',
  knownBadInputs: 'AWSManagedRulesKnownBadInputsRuleSet',
  common: 'AWSManagedRulesCommonRuleSet',
  sqlInjection: 'AWSManagedRulesSQLiRuleSet',
};

/** Action and statement of a web ACL's rule with one managed group, in Terraform's words. */
export function managedRule(group: ManagedGroup, settings: FirewallSettings) {
  const { mode, version, rules = {} } = settings[group];
  const overrides = Object.entries(rules).map(([name, action]) => ({ name, action_to_use: { [action]: {} } }));
  return {
    overrideAction: mode === 'count' ? { count: {} } : { none: {} },
    statement: {
      managed_rule_group_statement: {
        vendor_name: 'AWS',
        name: awsNames[group],
        ...(version ? { version } : {}),
        ...(overrides.length > 0 ? { rule_action_override: overrides } : {}),
      },
    },
  };
}
