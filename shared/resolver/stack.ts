import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import type { Contract, Values } from '@platform/libs/contract/contract';
import { DnsFirewall } from '@platform/libs/resolver/dns-firewall';
import { ForwardRules } from '@platform/libs/resolver/forward-rules';
import { inboundAddresses } from '@platform/libs/resolver/inbound-addresses';
import { QueryLog } from '@platform/libs/resolver/query-log';
import { ResolverEndpoint } from '@platform/libs/resolver/resolver-endpoint';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import { networkOf, type RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import type { vpcContract } from '@platform/libs/vpc/contract';
import { gwlbContract } from '@platform/shared/security/gwlb/contract';
import { resolverContract } from './contract';

type VpcContract = ReturnType<typeof vpcContract>;
type Vpc = VpcContract extends Contract<infer F> ? Values<F> : never;

/** DNS of one region: forwarding to and from outside servers, blocked names, and a log of all queries. */
export class ResolverStack extends EstateStack {
  /** @param vpcs The region's VPCs by name; the first has the endpoints. */
  constructor(
    scope: Construct,
    environment: Environment,
    region: RegionSettings,
    vpcs: Readonly<Record<string, VpcContract>>,
  ) {
    const contract = resolverContract(region);
    super(scope, { environment, contract, region, account: 'network' });
    const name = environment.name;
    const read = Object.entries(vpcs).map(([vpc, upstream]): [string, Vpc] => [vpc, this.read(upstream)]);
    const vpcIds = Object.fromEntries(read.map(([vpc, { vpcId }]) => [vpc, vpcId]));
    // Appliances resolve names of packages and rules, and none of on-premises.
    const inspection = atLeast(environment, 'inspected') ? { inspection: this.read(gwlbContract(region)).vpcId } : {};
    const watched = { ...vpcIds, ...inspection };

    const { logGroupName } = new QueryLog(this, 'QueryLog', {
      name: `${name}-queries`,
      retentionDays: environment.dns.queryLogRetentionDays,
      awsRegion: region.awsRegion,
      accountId: this.accountId,
      vpcIds: watched,
    });
    new DnsFirewall(this, 'Firewall', {
      name: `${name}-dns`,
      managedLists: region.managedDomainLists ?? {},
      blockedDomains: environment.dns.blockedDomains,
      fails: environment.dns.firewallFails,
      vpcIds: watched,
    });
    this.publish(contract, { ...this.hybrid(region, read[0]!, vpcIds), queryLogGroupName: logGroupName });
  }

  /** Endpoints and rules, if there are outside networks. */
  private hybrid(region: RegionSettings, [vpcName, vpc]: [string, Vpc], vpcIds: Record<string, string>) {
    const { onPremises, dns, name } = this.environment;
    if (!onPremises) return { inboundAddresses: [], outboundEndpointId: '', ruleIds: {} };
    const where = {
      vpcId: vpc.vpcId,
      subnetIds: region.zones.map((_, zone) => Fn.element(vpc.appSubnetIds, zone) as string),
    };
    const inbound = new ResolverEndpoint(this, 'Inbound', {
      ...where,
      name: `${name}-dns-inbound`,
      direction: 'inbound',
      fixedAddresses: inboundAddresses(networkOf(region.vpcs[vpcName]!.cidrs, this.environment), region.zones.length),
      peers: onPremises.cidrs,
    });
    const { domains = [] } = onPremises;
    if (domains.length === 0) return { inboundAddresses: inbound.addresses, outboundEndpointId: '', ruleIds: {} };
    const outbound = new ResolverEndpoint(this, 'Outbound', {
      ...where,
      name: `${name}-dns-outbound`,
      direction: 'outbound',
      peers: [...new Set(domains.flatMap(({ targets }) => targets))].map((target) => `${target}/32`),
    });
    const { ruleIds } = new ForwardRules(this, 'Forward', {
      name,
      endpointId: outbound.id,
      domains,
      vpcIds,
      accounts: dns.sharedWith,
    });
    return { inboundAddresses: inbound.addresses, outboundEndpointId: outbound.id, ruleIds: { ...ruleIds } };
  }
}
