import { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
import { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { Route53ResolverRule } from '@cdktf/provider-aws/lib/route53-resolver-rule';
import { Route53ResolverRuleAssociation } from '@cdktf/provider-aws/lib/route53-resolver-rule-association';
import { Construct } from 'constructs';
import type { ForwardedDomain } from '@platform/libs/settings/dns';
import { constructId } from '@platform/libs/settings/construct-id';

export interface ForwardRulesProps {
  /** Beginning of the rules' names, for example the environment's. */
  readonly name: string;
  readonly endpointId: string;
  readonly domains: readonly ForwardedDomain[];
  /** VPCs in which the rules hold, by name. */
  readonly vpcIds: Readonly<Record<string, string>>;
  /**
   * Accounts that may use the rules in VPCs of theirs, by a word that names each: those of the environment. Not the whole
   * organisation: an account of another environment could then resolve names of the networks on premises through this
   * one's endpoints, and a principal that is the organisation's ARN would need its id in the settings. RAM refuses
   * accounts outside the organisation.
   */
  readonly accounts: Readonly<Record<string, string>>;
}

/** A rule's name is for people, and need not be unique; AWS takes 64 characters (Resolver API reference, CreateResolverRule), a domain has up to 253. */
const longestName = 64;

/**
 * Sends queries for each domain to all of its servers; Resolver asks another one when one does not answer. Rules have no charge
 * of their own, the endpoint has; sharing needs RAM's trusted access in the organisation, once. A rule has 6 servers at most
 * (Route 53 developer guide, "Quotas").
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

    if (rules.length === 0 || Object.keys(props.accounts).length === 0) return;
    const { arn: resourceShareArn } = new RamResourceShare(this, 'Share', {
      name: `${props.name}-resolver-rules`,
      allowExternalPrincipals: false,
    });
    for (const { name, rule } of rules) {
      new RamResourceAssociation(this, constructId('share', name), { resourceShareArn, resourceArn: rule.arn });
    }
    for (const [account, principal] of Object.entries(props.accounts)) {
      new RamPrincipalAssociation(this, constructId('account', account), { resourceShareArn, principal });
    }
  }
}
