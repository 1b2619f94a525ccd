import { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
import { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { Route53ResolverRule } from '@cdktf/provider-aws/lib/route53-resolver-rule';
import { Route53ResolverRuleAssociation } from '@cdktf/provider-aws/lib/route53-resolver-rule-association';
import { Construct } from 'constructs';
import type { ForwardedDomain } from '@platform/libs/settings/dns';
import { constructId } from '@platform/libs/settings/construct-id';

export interface ForwardRulesProps {
  /** Prefix of the rules' names, for example the environment. */
  readonly name: string;
  readonly endpointId: string;
  readonly domains: readonly ForwardedDomain[];
  /** VPCs that use the rules, by name. */
  readonly vpcIds: Readonly<Record<string, string>>;
  /**
   * Ids of accounts that may use the rules in VPCs of their own. Not the whole organisation: an account of another
   * environment could then resolve on-premises names through these endpoints. RAM refuses accounts outside the
   * organisation.
   */
  readonly accounts: readonly string[];
}

/**
 * A rule's name is for people and need not be unique. AWS accepts 64 characters (Resolver API reference,
 * CreateResolverRule); a domain has up to 253.
 */
const longestName = 64;

/**
 * Forwards queries for each domain to its servers; Resolver asks another server if one does not answer. Sharing needs
 * RAM's trusted access in the organisation, once. A rule has up to 6 servers (Route 53 developer guide, "Quotas").
 */
export class ForwardRules extends Construct {
  /** Rule ids by domain. */
  readonly ruleIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ForwardRulesProps) {
    super(scope, id);
    const rules = props.domains.map(({ name, targets }) => {
      const rule = new Route53ResolverRule(this, constructId('rule', name), {
        name: `${props.name}-${name.replaceAll('.', '-')}`.slice(0, longestName),
        domainName: name,
        ruleType: 'FORWARD',
        resolverEndpointId: props.endpointId,
        targetIp: targets.map((ip) => ({ ip, port: 53 })),
      });
      for (const [vpc, vpcId] of Object.entries(props.vpcIds)) {
        new Route53ResolverRuleAssociation(this, constructId(name, 'in', vpc), { resolverRuleId: rule.id, vpcId });
      }
      return { name, rule };
    });
    this.ruleIds = Object.fromEntries(rules.map(({ name, rule }) => [name, rule.id]));

    if (rules.length === 0 || props.accounts.length === 0) return;
    const { arn: resourceShareArn } = new RamResourceShare(this, 'Share', {
      name: `${props.name}-resolver-rules`,
      allowExternalPrincipals: false,
    });
    for (const { name, rule } of rules) {
      new RamResourceAssociation(this, constructId('share', name), { resourceShareArn, resourceArn: rule.arn });
    }
    for (const principal of props.accounts) {
      new RamPrincipalAssociation(this, constructId('account', principal), { resourceShareArn, principal });
    }
  }
}
