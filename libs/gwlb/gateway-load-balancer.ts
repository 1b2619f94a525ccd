import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { VpcEndpointService } from '@cdktf/provider-aws/lib/vpc-endpoint-service';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';

export interface GatewayLoadBalancerProps {
  /** Name of balancer and target group, at most 32 characters. */
  readonly name: string;
  readonly vpcId: string;
  /** Subnets of the appliances, one per zone. */
  readonly subnetIds: string[];
  /** TCP port on which an appliance says whether it is well. */
  readonly healthPort: number;
  /** Accounts that may ask for endpoints; each endpoint is accepted by itself. */
  readonly accountIds: readonly string[];
}

/**
 * Spreads flows over the appliances of each zone and offers them as an endpoint service.
 *
 * - Flow stickiness: an appliance is chosen by all five of protocol, addresses and ports, for both directions and the life
 *   of the flow: the finest spread, as two busy hosts would otherwise load one appliance. It cannot be switched off; the
 *   attribute `stickiness` that is on makes it coarser, by two or three of the five, and does not work behind a Transit
 *   Gateway in appliance mode (AWS announcement of 2-, 3- and 5-tuple flows for Gateway Load Balancer).
 * - Not across zones: the loss of a zone's appliances concerns that zone, and no gigabyte pays for crossing. The price is
 *   that a zone needs appliances enough of its own.
 * - When an appliance fails or leaves, its flows move to others, which take them up in the middle. When all of a zone
 *   fail, AWS sends to them anyway: what can still forward passes, unseen.
 *
 * Takes 300 appliances at most (Gateway Load Balancer guide, "Quotas for your Gateway Load Balancers"). Costs $0.0125 an hour
 * and zone, about $27 a month in three, and $0.004 per capacity unit (list price, US East, check). SLA 99.99 % over zones.
 */
export class GatewayLoadBalancer extends Construct {
  readonly balancer: Lb;
  readonly targetGroup: LbTargetGroup;
  readonly service: VpcEndpointService;

  constructor(scope: Construct, id: string, props: GatewayLoadBalancerProps) {
    super(scope, id);
    const { name, vpcId, subnetIds, healthPort, accountIds } = props;
    this.balancer = new Lb(this, 'Balancer', {
      name,
      loadBalancerType: 'gateway',
      subnets: subnetIds,
      enableCrossZoneLoadBalancing: false,
      tags: { Name: name },
    });
    waive(this.balancer, {
      CKV_AWS_150: 'it holds nothing, and a level without inspection takes it away in one apply',
      CKV_AWS_152:
        'not across zones: the loss of a zone stays in that zone, and replies meet the appliances of the request',
    });
    this.targetGroup = new LbTargetGroup(this, 'TargetGroup', {
      name,
      vpcId,
      targetType: 'instance',
      protocol: 'GENEVE',
      port: 6081,
      // As long as a flow may be silent before the balancer forgets it (Gateway Load Balancer guide, idle timeout).
      deregistrationDelay: '350',
      healthCheck: {
        protocol: 'HTTP',
        port: String(healthPort),
        path: '/healthz',
        matcher: '200',
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
      // Flows stick by five values all the same: `enabled` is whether by fewer, and the type by which.
      stickiness: { enabled: false, type: 'source_ip_dest_ip_proto' },
      targetFailover: [{ onDeregistration: 'rebalance', onUnhealthy: 'rebalance' }],
      tags: { Name: name },
    });
    const listener = new LbListener(this, 'Listener', {
      loadBalancerArn: this.balancer.arn,
      defaultAction: [{ type: 'forward', targetGroupArn: this.targetGroup.arn }],
    });
    waive(listener, { CKV_AWS_2: 'a gateway balancer passes packets on as they are; its listener has no protocol' });
    this.service = new VpcEndpointService(this, 'Service', {
      acceptanceRequired: true,
      gatewayLoadBalancerArns: [this.balancer.arn],
      allowedPrincipals: accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`),
      tags: { Name: name },
    });
  }
}
