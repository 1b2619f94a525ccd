import { Route53ResolverFirewallConfig } from '@cdktf/provider-aws/lib/route53-resolver-firewall-config';
import { Route53ResolverFirewallDomainList } from '@cdktf/provider-aws/lib/route53-resolver-firewall-domain-list';
import { Route53ResolverFirewallRule } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule';
import { Route53ResolverFirewallRuleGroup } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group';
import { Route53ResolverFirewallRuleGroupAssociation } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group-association';
import { Construct } from 'constructs';
import type { FirewallFailure } from '@platform/libs/settings/dns';
import { constructId } from '@platform/libs/settings/construct-id';

export interface DnsFirewallProps {
  /** Name of the rule group, and prefix of the blocked domains' list. */
  readonly name: string;
  /** Ids of AWS's managed domain lists in this region, by name. */
  readonly managedLists: Readonly<Record<string, string>>;
  /** Further blocked domains. */
  readonly blockedDomains: readonly string[];
  readonly fails: FirewallFailure;
  /** VPCs that it protects, by name. */
  readonly vpcIds: Readonly<Record<string, string>>;
}

/**
 * Priority of the association with a VPC; AWS reserves 100 and below, and 9900 and above (Route 53 developer guide, DNS
 * Firewall).
 */
const associationPriority = 101;

/**
 * Answers queries for blocked domains with NODATA: callers accept it as an answer, and do not retry elsewhere as after
 * a refusal.
 *
 * A rule group has up to 100 rules, and an account up to 100,000 domains in a region (Route 53 developer guide,
 * "Quotas").
 */
export class DnsFirewall extends Construct {
  readonly ruleGroupId: string;

  constructor(scope: Construct, id: string, props: DnsFirewallProps) {
    super(scope, id);
    const group = new Route53ResolverFirewallRuleGroup(this, 'RuleGroup', { name: props.name });
    this.ruleGroupId = group.id;

    const lists = Object.entries(props.managedLists);
    if (props.blockedDomains.length > 0) {
      const own = new Route53ResolverFirewallDomainList(this, 'BlockedDomains', {
        name: `${props.name}-blocked`,
        // In the form that Route 53 returns.
        domains: props.blockedDomains.map((domain) => `${domain}.`),
      });
      lists.unshift(['blocked', own.id]);
    }
    lists.forEach(([name, firewallDomainListId], index) => {
      new Route53ResolverFirewallRule(this, constructId('block', name), {
        name: `block-${name}`,
        firewallRuleGroupId: group.id,
        firewallDomainListId,
        priority: (index + 1) * 10,
        action: 'BLOCK',
        blockResponse: 'NODATA',
      });
    });
    for (const [vpc, vpcId] of Object.entries(props.vpcIds)) {
      new Route53ResolverFirewallRuleGroupAssociation(this, constructId('group', 'in', vpc), {
        name: `${props.name}-${vpc}`,
        firewallRuleGroupId: group.id,
        vpcId,
        priority: associationPriority,
        // AWS refuses to remove a protected association (RSLVR-02307), and the provider does not remove the protection
        // first (terraform-provider-aws issue 21278), so destroying the stack or replacing a VPC would fail half-way.
        // IAM restricts who may remove it.
        mutationProtection: 'DISABLED',
      });
      new Route53ResolverFirewallConfig(this, constructId('config', 'of', vpc), {
        resourceId: vpcId,
        firewallFailOpen: props.fails === 'open' ? 'ENABLED' : 'DISABLED',
      });
    }
  }
}
