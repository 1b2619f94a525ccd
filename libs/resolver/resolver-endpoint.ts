import { Route53ResolverEndpoint } from '@cdktf/provider-aws/lib/route53-resolver-endpoint';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import { constructId } from '@platform/libs/settings/construct-id';

export interface ResolverEndpointProps {
  /** Name of endpoint and security group. */
  readonly name: string;
  /** `inbound` answers on-premises servers; `outbound` queries them. */
  readonly direction: 'inbound' | 'outbound';
  readonly vpcId: string;
  /** One subnet in each of two or more zones. */
  readonly subnetIds: readonly string[];
  /** Address in each of the subnets. Default: AWS picks one. */
  readonly fixedAddresses?: readonly string[];
  /** The only networks that may query (inbound) or are queried (outbound). */
  readonly peers: readonly string[];
}

/**
 * A Route 53 Resolver endpoint: one address per zone, for DNS over UDP and TCP with the given networks only.
 *
 * Each address answers up to 10,000 queries a second over UDP (Route 53 developer guide, "Quotas"). SLA 99.99 % across
 * zones (Route 53 Resolver SLA, 2022-08).
 */
export class ResolverEndpoint extends Construct {
  readonly id: string;
  readonly addresses: string[];

  constructor(scope: Construct, id: string, props: ResolverEndpointProps) {
    super(scope, id);
    const group = new SecurityGroup(this, 'SecurityGroup', {
      name: props.name,
      description: `DNS, ${props.direction}, with networks outside AWS`,
      vpcId: props.vpcId,
      revokeRulesOnDelete: true,
    });
    const Rule = props.direction === 'inbound' ? VpcSecurityGroupIngressRule : VpcSecurityGroupEgressRule;
    for (const cidrIpv4 of props.peers) {
      for (const ipProtocol of ['udp', 'tcp']) {
        new Rule(this, constructId(ipProtocol, cidrIpv4), {
          securityGroupId: group.id,
          description: props.direction === 'inbound' ? 'Asks for names in AWS' : 'Is asked for its names',
          ipProtocol,
          fromPort: 53,
          toPort: 53,
          cidrIpv4,
        });
      }
    }
    const endpoint = new Route53ResolverEndpoint(this, 'Endpoint', {
      name: props.name,
      direction: props.direction.toUpperCase(),
      securityGroupIds: [group.id],
      ipAddress: props.subnetIds.map((subnetId, index) => {
        const ip = props.fixedAddresses?.[index];
        return { subnetId, ...(ip ? { ip } : {}) };
      }),
      protocols: ['Do53'],
    });
    this.id = endpoint.id;
    // Every 5 minutes (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-resolver-with-cloudwatch.html).
    alarmsOf(this).add(constructId(props.direction, 'address', 'lost'), {
      description: `An address of the ${props.direction} DNS endpoint is not well: names are resolved by the others. See its status in Route 53`,
      metric: {
        namespace: 'AWS/Route53Resolver',
        metricName: 'EndpointHealthyENICount',
        dimensions: { EndpointId: endpoint.id },
        statistic: 'Minimum',
        periodSec: 300,
      },
      below: props.subnetIds.length,
      periods: 2,
      missing: 'breaching',
    });
    this.addresses = [...(props.fixedAddresses ?? [])];
    if (props.fixedAddresses) return;
    this.addresses = props.subnetIds.map((_, index) => endpoint.ipAddress.get(index).ip);
  }
}
