import { entryOf } from '../plan';
import { byField, type ResourceRule, type ReviewedChange, type Sighting } from './rule';

const detection: Readonly<Record<string, readonly string[]>> = {
  aws_route53_health_check: ['request_interval', 'failure_threshold'],
  aws_lb_target_group: ['health_check.0.interval', 'health_check.0.unhealthy_threshold', 'health_check.0.timeout'],
  aws_globalaccelerator_endpoint_group: ['health_check_interval_seconds', 'threshold_count'],
};

const capacity: Readonly<Record<string, readonly string[]>> = {
  aws_autoscaling_group: ['min_size', 'max_size', 'desired_capacity'],
  aws_appautoscaling_target: ['min_capacity', 'max_capacity'],
  aws_ecs_service: ['desired_count'],
  aws_dynamodb_table: ['read_capacity', 'write_capacity'],
  aws_rds_cluster: [
    'serverlessv2_scaling_configuration.0.min_capacity',
    'serverlessv2_scaling_configuration.0.max_capacity',
  ],
  aws_lambda_function: ['reserved_concurrent_executions'],
  aws_lambda_provisioned_concurrency_config: ['provisioned_concurrent_executions'],
  aws_eks_node_group: ['scaling_config.0.min_size', 'scaling_config.0.max_size'],
};

/** Where each element is a subnet or an availability zone. */
const placement: Readonly<Record<string, readonly string[]>> = {
  aws_autoscaling_group: ['vpc_zone_identifier', 'availability_zones'],
  aws_lb: ['subnets'],
  aws_db_subnet_group: ['subnet_ids'],
  aws_elasticache_subnet_group: ['subnet_ids'],
  aws_memorydb_subnet_group: ['subnet_ids'],
  aws_rds_cluster: ['availability_zones'],
  aws_vpc_endpoint: ['subnet_ids'],
  aws_ec2_transit_gateway_vpc_attachment: ['subnet_ids'],
  aws_networkfirewall_firewall: ['subnet_mapping'],
};
const zonal = ['aws_subnet', 'aws_nat_gateway'];

/** Where traffic can fail over to. */
const targets: Readonly<Record<string, string>> = {
  aws_globalaccelerator_endpoint_group: 'the accelerator sends no traffic to its region any more',
  aws_globalaccelerator_custom_routing_endpoint_group: 'the accelerator sends no traffic to its region any more',
  aws_cloudfront_distribution: 'its names answer no more',
  aws_lb: 'its targets get no traffic any more',
};

/** What carries the traffic of a whole region or of all of them, and what its end takes with it. */
const backbone: Readonly<Record<string, string>> = {
  aws_vpc: 'every subnet, and what runs in them, is made again or ends with it',
  aws_ec2_transit_gateway: 'every attachment, route table and peering ends with it',
  aws_dx_gateway: 'every association and virtual interface ends with it',
  aws_globalaccelerator_accelerator: 'its addresses are released for good',
};

/** Rules on how fast and whether the estate recovers. */
export const recoveryRules: readonly ResourceRule[] = [
  {
    id: 'health-check-replaced',
    level: 'warn',
    finds: 'a Route 53 health check that is destroyed or replaced',
    why: 'Until the new one has been checked from enough places its record counts as healthy, also while the region is not.',
    remedy:
      'Create the new one beside the old one, point the records at it, and remove the old one in the next change.',
    source:
      'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html',
    look: (change) =>
      change.type === 'aws_route53_health_check' && change.isDestroyed
        ? [{ what: `is ${change.action === 'replace' ? 'replaced' : 'destroyed'}` }]
        : [],
  },
  {
    id: 'detection-slower',
    level: 'warn',
    finds: 'a health check that notices a failure later',
    why: 'Detection is a part of every recovery time: interval times threshold, before anything fails over.',
    remedy: 'Keep the product of interval and threshold, or raise the objective with it.',
    source:
      'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html',
    look: (change) => (entryOf(detection, change.type) ?? []).flatMap((path) => change.raised(path)),
  },
  {
    id: 'ttl-raised',
    level: 'warn',
    finds: 'a DNS record whose TTL is raised',
    why: 'Resolvers keep sending clients to a lost region until the TTL has passed.',
    remedy: 'Keep the TTL at 60 seconds or less where a record takes part in failover.',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/best-practices-dns.html',
    look: (change) => (change.type === 'aws_route53_record' ? change.raised('ttl') : []),
  },
  {
    id: 'failover-target-removed',
    level: 'block',
    finds: 'an origin, an endpoint or a routed record that traffic can fail over to and that is removed',
    why: 'A failover has one place less to go to; with two regions, it has none.',
    remedy: 'Add the new target first, shift traffic to it, and remove the old one in a change of its own.',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html',
    look: (change) => {
      const lost = entryOf(targets, change.type);
      if (lost !== undefined && change.action === 'delete') return [{ what: `is destroyed: ${lost}` }];
      if (change.type === 'aws_route53_record' && change.action === 'delete' && isRouted(change)) {
        return [{ what: 'is one of several records that traffic is routed by, and is destroyed' }];
      }
      const name = (argument: string, gone: readonly string[], word: string): Sighting[] =>
        gone.map((each) => ({ what: `loses its ${word} "${each}"`, argument }));
      if (change.type === 'aws_cloudfront_distribution') {
        return [
          ...name('origin', change.elementsGone('origin', byField('origin_id')), 'origin'),
          ...name('origin_group', change.elementsGone('origin_group', byField('origin_id')), 'origin group'),
        ];
      }
      if (change.type === 'aws_globalaccelerator_endpoint_group') {
        const path = 'endpoint_configuration';
        return name(path, change.elementsGone(path, byField('endpoint_id')), 'endpoint');
      }
      return [];
    },
  },
  {
    id: 'network-destroyed',
    level: 'block',
    finds: 'a VPC, Transit Gateway, Direct Connect gateway or accelerator that is destroyed or replaced',
    why: 'All traffic that it carries stops until the new one stands, and AWS refuses the deletion while anything uses it.',
    remedy:
      'Create the new one beside it, move what uses it, and destroy the old one in a change of its own with a waiver.',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html',
    look: (change) => {
      const lost = entryOf(backbone, change.type);
      if (lost === undefined || !change.isDestroyed) return [];
      return [{ what: `is ${change.action === 'replace' ? 'replaced' : 'destroyed'}: ${lost}` }];
    },
  },
  {
    id: 'zone-removed',
    level: 'warn',
    finds: 'a subnet or an availability zone that a resource is not in any more',
    why: 'Losing one zone takes away a greater part of the capacity, and with one zone left all of it.',
    remedy: 'Keep at least two zones in use, three where quorum or capacity needs them.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html',
    look: (change) => {
      if (zonal.includes(change.type) && change.action === 'delete') {
        return [{ what: `is destroyed, in ${String(change.before('availability_zone') ?? 'a zone')}` }];
      }
      return [
        ...(entryOf(placement, change.type) ?? []).flatMap((path) => {
          const gone = change.elementsGone(path);
          return gone.length > 0 ? [{ what: `is not in ${gone.join(', ')} any more (${path})`, argument: path }] : [];
        }),
        ...change.switchedOff('multi_az'),
        ...change.switchedOff('multi_az_enabled'),
        ...change.switchedOff('automatic_failover_enabled'),
      ];
    },
  },
  {
    id: 'capacity-lowered',
    level: 'warn',
    finds: 'capacity that is lowered',
    why: 'What is left must carry the load of a lost zone or region until scaling has caught up.',
    remedy: 'Check the load of a failover against the new capacity.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_static_stability.html',
    look: (change) => (entryOf(capacity, change.type) ?? []).flatMap((path) => change.lowered(path)),
  },
  {
    id: 'minimum-above-running',
    level: 'note',
    finds: 'an Auto Scaling group whose minimum is raised above its running capacity',
    why: 'AWS starts the missing instances at once, and the apply waits for them: it fails where a zone or the vCPU quota has none left.',
    remedy:
      'Check the vCPU quota of the region, and remove desired_capacity from the configuration: a later plan would lower it below the minimum, which AWS refuses.',
    source: 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html',
    look: (change) => {
      const [running, minimum] = [change.before('desired_capacity'), change.after('min_size')];
      if (change.type !== 'aws_autoscaling_group' || typeof running !== 'number' || typeof minimum !== 'number')
        return [];
      if (change.raised('min_size').length === 0 || minimum <= running) return [];
      const what = `min_size is raised ${change.fromTo('min_size')}, and desired_capacity is ${running}`;
      return [{ what, argument: 'min_size' }];
    },
  },
];

/** Whether other records of the same name share the traffic. */
function isRouted(change: ReviewedChange): boolean {
  return ['failover', 'latency', 'weighted', 'geolocation', 'geoproximity'].some((kind) => {
    const policy = change.before(`${kind}_routing_policy`);
    return Array.isArray(policy) && policy.length > 0;
  });
}
