import { controlPlanes } from '@platform/libs/resilience/recovery';
import { durationText, secondsText } from '@platform/libs/resilience/duration';
import { isUnconfirmed, type Resilience, type ResilienceFinding } from '@platform/tools/model/resilience';
import type { EstateReading } from './estate-reading';
import { regionAlone } from './find-dependencies';

/** An estate without one of its regions. */
export interface Without {
  readonly region: string;
  readonly works: readonly string[];
  readonly stale: readonly string[];
  readonly gone: readonly string[];
  readonly findings: readonly ResilienceFinding[];
}

/** What still works, what is behind, and what is gone until the region returns. */
export function without(reading: EstateReading, resilience: Resilience, region: string): Without {
  const awsRegion = reading.awsRegionOf(region);
  const primary = reading.regions.find(({ role }) => role === 'primary')?.key;
  const works: string[] = [];
  const stale: string[] = [];
  const gone: string[] = [];
  for (const { path, losses } of resilience.paths) {
    const { rto, rpo } = losses.find(({ loss }) => loss === 'region')!;
    const serves = region === primary || resilience.mode === 'active-active';
    if (!serves) works.push(`${path}: does not change, ${region} is the standby`);
    else if (rto.highSec === null && rto.lowSec === 0)
      gone.push(`${path}: ${rto.terms.at(-1)?.is ?? 'no recovery is known'}`);
    else works.push(`${path}: works again after ${durationText(rto)}${isUnconfirmed(rto) ? ' (unconfirmed)' : ''}`);
    if (serves && rpo.terms[0])
      stale.push(
        `data of ${path}: behind by ${rpo.highSec === null ? 'an unknown time' : `up to ${secondsText(rpo.highSec)}`} (${rpo.terms[0].is})`,
      );
  }
  for (const record of reading.ofType('aws_route53_record')) {
    const name = reading.text(record, 'name');
    const block = record.block;
    const routed = ['failover_routing_policy', 'latency_routing_policy', 'weighted_routing_policy'].some(
      (policy) => block[policy] !== undefined,
    );
    if (routed || name === undefined || block['type'] === 'AAAA') continue;
    const [target] = block['alias']
      ? [reading.follow(([block['alias']].flat()[0] as { name: unknown }).name, record)]
      : reading.list(record, 'records');
    const resource = reading.resourceIn(String(target ?? ''));
    // A distribution, an accelerator and a global database are not lost with the region that made them.
    const isRegional = resource && /^aws_(lb|rds_cluster|db_instance)$/.test(resource.type);
    if (isRegional && reading.regionOf(resource) === region) {
      stale.push(`${name}: still names ${resource.type} of ${region}`);
    }
  }
  const own = reading.stacks.filter((stack) => regionAlone(reading, stack) === region);
  gone.push(`${own.length} stacks of ${region}: ${own.map(({ stack }) => stack).join(', ')}`);
  const homed = reading.stacks.filter((stack) => {
    const { terraform } = reading.estate.get(stack.stack)!.json;
    const backend = (terraform?.['backend'] as { s3?: { region?: string } } | undefined)?.s3?.region;
    return backend === awsRegion && !own.includes(stack);
  });
  if (homed.length > 0) {
    stale.push(
      `states of ${homed.length} global stacks: their copies serve after \`npx platform state switch-home -c ${resilience.environment} --target aws\``,
    );
  }
  const planes = Object.values(controlPlanes).filter((plane) => plane.awsRegion === awsRegion);
  if (planes.length > 0) {
    gone.push(
      `changes of ${planes.map(({ name }) => name).join(', ')}: the control plane is in ${awsRegion}; what is configured goes on`,
    );
  }
  const findings = resilience.findings.filter(({ lost }) => lost === region);
  return { region, works, stale, gone, findings };
}
