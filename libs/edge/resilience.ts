import { number, type Block, type Made, type Term } from '@platform/libs/resilience/contribution';

/*
 * How long the resources of the edge take to notice the loss of a region and to send clients elsewhere, by their
 * arguments.
 */

/** A health check that does not depend on one region notices by interval and threshold. */
export function healthCheckDetection({ block, where }: Made): Term {
  const [interval, threshold] = [number(block, 'request_interval', 30), number(block, 'failure_threshold', 3)];
  const probes = !['CALCULATED', 'CLOUDWATCH_METRIC', 'RECOVERY_CONTROL'].includes(String(block['type']));
  return {
    phase: 'detection',
    is: probes
      ? `the health check fails ${threshold} times, every ${interval} s`
      : `the health check follows ${String(block['type'])}, whose time is not in the settings`,
    lowSec: probes ? interval * (threshold - 1) : 0,
    highSec: probes ? interval * threshold : null,
    setting: threshold > 3 ? 'edge.healthCheck.failureThreshold' : 'edge.healthCheck.intervalSec',
    source:
      'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html',
    where,
  };
}

/** Resolvers keep a record for its TTL; an alias for that of its target. */
export function recordPropagation({ block, where }: Made, setting: string): Term {
  const ttl = block['alias'] === undefined ? number(block, 'ttl', 300) : aliasTtlSec;
  return {
    phase: 'propagation',
    is: `resolvers keep the record for ${ttl} s`,
    lowSec: 0,
    highSec: ttl,
    setting: block['alias'] === undefined ? setting : '',
    source:
      'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html',
    where,
  };
}

/** TTL of aliases to load balancers, distributions and accelerators. */
const aliasTtlSec = 60;

/** Each request waits for the first origin, then CloudFront asks the second. */
export function originFailover(origin: Block, where: string): Term {
  const custom = (origin['custom_origin_config'] ?? {}) as Block;
  const connecting = number(origin, 'connection_timeout', 10) * number(origin, 'connection_attempts', 3);
  const reading = number(custom, 'origin_read_timeout', 30);
  return {
    phase: 'detection',
    is: `CloudFront waits ${connecting} s for a connection and ${reading} s for an answer, each request anew`,
    lowSec: 0,
    highSec: connecting + reading,
    setting: 'edge.originFailover',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html',
    where,
  };
}

/** The accelerator follows the health of the load balancer's targets; then it routes elsewhere. */
export function acceleratorRouting(where: string): Term {
  return {
    phase: 'propagation',
    is: 'the accelerator routes new connections to the next region within 60 s',
    lowSec: 0,
    highSec: 60,
    setting: '',
    source:
      'https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html',
    where,
    unconfirmed: 'AWS tells about 30 s for the return to a recovered region only; twice that counts',
  };
}
