import { Ec2ManagedPrefixList } from '@cdktf/provider-aws/lib/ec2-managed-prefix-list';
import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Protection } from '@platform/libs/settings/protection';
import type { NetworkBalancerSettings } from '@platform/libs/settings/application';
import type { Alarms } from '@platform/libs/observability/alarms';
import { constructId } from '@platform/libs/settings/construct-id';

export interface NetworkBalancerProps {
  /** Name of load balancer and target groups, and prefix of the listeners' names. */
  readonly name: string;
  readonly vpcId: string;
  /** Application subnets, one per zone. */
  readonly subnetIds: string[];
  readonly listeners: NetworkBalancerSettings['listeners'];
  /** One per zone, in the order of the subnets; empty if AWS chooses them. */
  readonly addresses: readonly string[];
  /** Networks whose clients may connect. */
  readonly clients: readonly string[];
  /** Port of the instances for health checks of UDP targets, because UDP has no health check. */
  readonly healthPort: number;
  /** Security group of the instances, which admits the load balancer. */
  readonly instanceSecurityGroupId: string;
  /** Bucket of the access log, and the resources that must exist before the load balancer logs to it. */
  readonly logBucket: { readonly name: string; readonly ready: ITerraformDependable };
  readonly alarms: Alarms;
  readonly protection: Protection;
}

/**
 * An internal network load balancer, for fixed addresses, UDP, and TLS that reaches the instances unterminated.
 *
 * Its access log covers listeners that terminate TLS only, of which there are none (Network Load Balancer guide,
 * "Access logs"); the VPC's flow logs show connections.
 *
 * Quota: up to 500 targets per zone (Network Load Balancer guide, "Quotas for your Network Load Balancers"). SLA 99.99
 * % across zones.
 */
export class NetworkBalancer extends Construct {
  readonly lb: Lb;
  /** The instances join these. */
  readonly targetGroupArns: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkBalancerProps) {
    super(scope, id);
    const { name, vpcId, subnetIds, addresses } = props;
    const group = new SecurityGroup(this, 'SecurityGroup', {
      namePrefix: `${name}-`,
      description: 'The internal network balancer',
      vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    this.lb = new Lb(this, 'Balancer', {
      name,
      loadBalancerType: 'network',
      internal: true,
      securityGroups: [group.id],
      ...(addresses.length > 0
        ? {
            subnetMapping: addresses.map((privateIpv4Address, zone) => ({
              subnetId: Fn.element(subnetIds, zone) as string,
              privateIpv4Address,
            })),
          }
        : { subnets: subnetIds }),
      enableCrossZoneLoadBalancing: true,
      // PrivateLink clients are accepted one by one, and their networks are not ours to list.
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
      enableDeletionProtection: props.protection === 'protected',
      accessLogs: { bucket: props.logBucket.name, prefix: 'network', enabled: true },
      dependsOn: [props.logBucket.ready],
    });
    const clients = new Ec2ManagedPrefixList(this, 'Clients', {
      name,
      addressFamily: 'IPv4',
      maxEntries: props.clients.length,
      entry: props.clients.map((cidr) => ({ cidr })),
    });
    this.targetGroupArns = Object.entries(props.listeners).map(([word, { protocol, port, targetPort }]) => {
      const id = word[0]!.toUpperCase() + word.slice(1);
      const path = new Construct(this, id);
      const healthPort = protocol === 'UDP' ? String(props.healthPort) : 'traffic-port';
      const target = new LbTargetGroup(path, 'TargetGroup', {
        name: `${name}-${word}-${shortWord(protocol, targetPort)}`,
        vpcId,
        protocol,
        port: targetPort,
        targetType: 'instance',
        // A client that connects to two zones from one port looks like one connection to the target that both choose, and
        // waits. AWS's remedies are this or no balancing across zones, without which an address answers only while its own
        // zone has a healthy instance. UDP has no connections to collide, and AWS keeps its addresses always
        // (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
        preserveClientIp: String(protocol === 'UDP'),
        deregistrationDelay: '30',
        healthCheck: { protocol: 'TCP', port: healthPort, interval: 10 },
        // Another port or protocol is another group, and AWS refuses to delete a group that a listener uses.
        lifecycle: { createBeforeDestroy: true },
      });
      new LbListener(path, 'Listener', {
        loadBalancerArn: this.lb.arn,
        protocol,
        port,
        defaultAction: [{ type: 'forward', targetGroupArn: target.arn }],
      });
      new VpcSecurityGroupIngressRule(path, 'FromClients', {
        securityGroupId: group.id,
        description: `${word} from its clients`,
        prefixListId: clients.id,
        ipProtocol: protocol.toLowerCase(),
        fromPort: port,
        toPort: port,
      });
      props.alarms.add(`Network${id}Unhealthy`, {
        description: `Instances do not answer the network balancer's checks for ${word}: see that the release listens on port ${protocol === 'UDP' ? props.healthPort : targetPort}`,
        metric: {
          namespace: 'AWS/NetworkELB',
          metricName: 'UnHealthyHostCount',
          dimensions: { LoadBalancer: this.lb.arnSuffix, TargetGroup: target.arnSuffix },
          statistic: 'Maximum',
          periodSec: 60,
        },
        above: 0,
        periods: 3,
        tells: 'cause',
      });
      return target.arn;
    });
    // Only while client addresses are not preserved
    // (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html).
    props.alarms.add('NetworkPortAllocation', {
      description:
        'The network balancer has no port left for connections to an instance: add instances, or spread the clients',
      metric: {
        namespace: 'AWS/NetworkELB',
        metricName: 'PortAllocationErrorCount',
        dimensions: { LoadBalancer: this.lb.arnSuffix },
        statistic: 'Sum',
        periodSec: 60,
      },
      above: 0,
    });
    this.openInstances(props, group.id);
  }

  /**
   * EC2 refuses a duplicate rule (EC2 API, error InvalidPermission.Duplicate), so listeners that share a port of the
   * instances share its rules, as do health checks. The rules are named by that port. Named by a listener, they would
   * have to be recreated under another listener's name when it is removed, and refused while the old ones exist.
   */
  private openInstances(
    { listeners, healthPort, instanceSecurityGroupId }: NetworkBalancerProps,
    groupId: string,
  ): void {
    const targets = Object.values(listeners).map(({ protocol, targetPort }) => ({ protocol, port: targetPort }));
    if (targets.some(({ protocol }) => protocol === 'UDP')) targets.push({ protocol: 'TCP', port: healthPort });
    const scope = new Construct(this, 'TargetPorts');
    const opened = new Map(
      targets.map((target) => [constructId(target.protocol.toLowerCase(), String(target.port)), target]),
    );
    for (const [id, { protocol, port }] of opened) {
      const path = new Construct(scope, id);
      const rule = {
        description: `${protocol} ${port} of the instances from the network balancer`,
        ipProtocol: protocol.toLowerCase(),
        fromPort: port,
        toPort: port,
      };
      new VpcSecurityGroupEgressRule(path, 'ToInstances', {
        ...rule,
        securityGroupId: groupId,
        referencedSecurityGroupId: instanceSecurityGroupId,
      });
      new VpcSecurityGroupIngressRule(path, 'IntoInstances', {
        ...rule,
        securityGroupId: instanceSecurityGroupId,
        referencedSecurityGroupId: groupId,
      });
    }
  }
}

/**
 * Different for each protocol and port, in 4 characters: names of target groups have at most 32, and two groups of one
 * name cannot exist at once.
 */
function shortWord(protocol: 'TCP' | 'UDP', port: number): string {
  return (2 * port + (protocol === 'UDP' ? 1 : 0)).toString(36);
}
