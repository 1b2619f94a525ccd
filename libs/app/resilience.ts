import { number, type Block, type Made, type Term } from '@platform/libs/resilience/contribution';

/* What a load balancer and its fleet add to a recovery, by their arguments. */

/** The balancer notices that targets are lost by its health check. */
export function targetDetection({ block, where }: Made): Term {
  const check = ([block['health_check']].flat()[0] ?? {}) as Block;
  const [interval, threshold] = [number(check, 'interval', 30), number(check, 'unhealthy_threshold', 3)];
  return {
    phase: 'detection',
    is: `the load balancer's health check fails ${threshold} times, every ${interval} s`,
    lowSec: interval * (threshold - 1),
    highSec: interval * threshold + number(check, 'timeout', 5),
    setting: '',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html',
    where,
  };
}

/** Clients keep the address of a lost zone for the TTL of the balancer's name. */
export function balancerNameTtl({ where }: Made): Term {
  return {
    phase: 'propagation',
    is: "resolvers keep the balancer's addresses for 60 s",
    lowSec: 0,
    highSec: 60,
    setting: '',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html',
    where,
  };
}

/** Connections to targets that still answer are closed after the deregistration delay. */
export function drain({ block, where }: Made): Term {
  const delay = number(block, 'deregistration_delay', 300);
  return {
    phase: 'drain',
    is: `connections that are open end within ${delay} s`,
    lowSec: 0,
    highSec: delay,
    setting: '',
    source:
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay',
    where,
  };
}

/**
 * A standby that is smaller than the region that it replaces launches the rest.
 * @param setting that gives its size
 */
export function launch({ block, where }: Made, setting: string): Term {
  const [grace, warmup] = [
    number(block, 'health_check_grace_period', 300),
    number(block, 'default_instance_warmup', 0),
  ];
  return {
    phase: 'launch',
    is: `target tracking sees the load within 5 min, instances start within ${grace} s and warm up for ${warmup} s`,
    lowSec: 0,
    highSec: 300 + grace + warmup,
    setting,
    source: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html',
    where,
    unconfirmed: 'AWS makes the alarms of target tracking and tells no time; 3 min are usual',
  };
}
