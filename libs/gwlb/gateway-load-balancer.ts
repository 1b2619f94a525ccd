import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { VpcEndpointService } from '@cdktf/provider-aws/lib/vpc-endpoint-service';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';

export interface GatewayLoadBalancerProps {
  /** Name of load balancer and target group, at most 32 characters. */
  readonly name: string;
  readonly vpcId: string;
  /** Subnets of the appliances, one per zone. */
  readonly subnetIds: string[];
  /** TCP port of an appliance's health check. */
  readonly healthPort: number;
  /** Accounts that may request endpoints; each endpoint is accepted individually. */
  readonly accountIds: readonly string[];
}

/**
 * Distributes flows to the appliances of each zone, and offers them as an endpoint service.
 *
 * - Flow stickiness: protocol, addresses and ports (all five) select the appliance, for both directions and the whole
 *   flow. This is the finest distribution; with fewer values, two busy hosts could load one appliance. It cannot be
 *   switched off. The attribute `stickiness` makes it coarser (two or three values), and does not work behind a Transit
 *   Gateway in appliance mode (AWS announcement of 2-, 3- and 5-tuple flows for Gateway Load Balancer).
 * - No cross-zone: losing a zone's appliances affects that zone only, and there is no cross-zone charge. Each zone
 *   needs enough appliances.
 * - If an appliance fails or leaves, its flows move to others in the middle of the flow. If all appliances of a zone
 *   fail, AWS still sends traffic to them: what can still forward passes uninspected.
 *
 * Up to 300 appliances (Gateway Load Balancer guide, "Quotas for your Gateway Load Balancers"). SLA 99.99 % across
 * zones.
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
      CKV_AWS_150: 'it holds no data, and a level without inspection destroys it in one apply',
      CKV_AWS_152:
        'no cross-zone: losing a zone affects that zone only, and replies pass the appliances of the request',
    });
    this.targetGroup = new LbTargetGroup(this, 'TargetGroup', {
      name,
      vpcId,
      targetType: 'instance',
      protocol: 'GENEVE',
      port: 6081,
      // The time after which the load balancer forgets an idle flow (Gateway Load Balancer guide, idle timeout).
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
      // Flows stick by five values regardless: `enabled` selects fewer values, and the type how many.
      stickiness: { enabled: false, type: 'source_ip_dest_ip_proto' },
      targetFailover: [{ onDeregistration: 'rebalance', onUnhealthy: 'rebalance' }],
      tags: { Name: name },
    });
    const listener = new LbListener(this, 'Listener', {
      loadBalancerArn: this.balancer.arn,
      defaultAction: [{ type: 'forward', targetGroupArn: this.targetGroup.arn }],
    });
    waive(listener, { CKV_AWS_2: 'a Gateway Load Balancer forwards packets unchanged; its listener has no protocol' });
    this.service = new VpcEndpointService(this, 'Service', {
      acceptanceRequired: true,
      gatewayLoadBalancerArns: [this.balancer.arn],
      allowedPrincipals: accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`),
      tags: { Name: name },
    });
  }
}
