import {
  acceleratorRouting,
  healthCheckDetection,
  originFailover,
  recordPropagation,
} from '@platform/libs/edge/resilience';
import { targetDetection } from '@platform/libs/app/resilience';
import { part, type Block, type Part, type Term } from '@platform/libs/resilience/contribution';
import type { Resource } from '@platform/tools/actions/routes/references';
import type { EstateReading } from './estate-reading';

/** How clients get from a name to the load balancers of regions. */
export interface Entry {
  /** In front of the regions. */
  readonly parts: readonly Part[];
  /** Load balancers by region key, in the order in which they are tried. */
  readonly balancers: ReadonlyMap<string, Resource>;
  /** What happens until clients of a lost region reach another one, in order; a path without another region has none. */
  readonly failover: (lost: string) => readonly Term[];
  /** Names of the records on the way. */
  readonly records: readonly Resource[];
}

/** Follows a name through records, distributions and accelerators; undefined where no record has it. */
export function readEntry(reading: EstateReading, host: string, ttlSetting: string, depth = 0): Entry | undefined {
  const records = reading
    .ofType('aws_route53_record')
    .filter(({ block }) => ['A', 'CNAME'].includes(String(block['type'])))
    .filter((record) => reading.text(record, 'name') === host);
  if (records.length === 0 || depth > 8) return undefined;
  const ways = records
    .map((record) => ({ record, to: readTarget(reading, record, ttlSetting, depth) }))
    .filter((way): way is { record: Resource; to: Entry } => way.to !== undefined)
    .sort((a, b) => rank(a.record) - rank(b.record));
  const dns = part('Route 53 DNS', reading.where(records[0]!), 'route53');
  const [first] = ways;
  if (!first) return undefined;
  const onWay = [...records, ...ways.flatMap(({ to }) => to.records)];
  if (ways.length === 1) {
    return { ...first.to, parts: unique([dns, ...first.to.parts]), records: onWay };
  }
  const balancers = new Map(ways.flatMap(({ to }) => [...to.balancers]));
  return {
    parts: unique([dns, ...ways.flatMap(({ to }) => to.parts)]),
    balancers,
    records: onWay,
    failover: (lost) => {
      const way = ways.find(({ to }) => [...to.balancers.keys()][0] === lost) ?? first;
      return [detectionOf(reading, way.record, lost), recordPropagation(reading.made(way.record), ttlSetting)];
    },
  };
}

/** A primary record before a secondary one. */
function rank({ block }: Resource): number {
  const policy = [block['failover_routing_policy']].flat()[0] as Block | undefined;
  return policy?.['type'] === 'SECONDARY' ? 1 : 0;
}

/** A health check notices the loss, unless there is none or it is lost too. */
function detectionOf(reading: EstateReading, record: Resource, lost: string): Term {
  const unknown = (is: string, where: string): Term => ({
    phase: 'detection',
    is,
    lowSec: 0,
    highSec: null,
    setting: 'edge.healthCheck',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html',
    where,
  });
  const id = reading.text(record, 'health_check_id');
  const check = id === undefined ? undefined : reading.resource(id);
  if (!check) return unknown('no health check decides on the record', reading.where(record));
  if (reading.isBlindTo(check, lost)) {
    return unknown(`the health check looks from ${lost} only, which is lost`, reading.where(check));
  }
  const times = reading
    .probesOf(check)
    .filter((probe) => !reading.isBlindTo(probe, lost))
    .map((probe) => healthCheckDetection(reading.made(probe)))
    .filter(({ highSec }) => highSec !== null)
    .sort((a, b) => a.highSec! - b.highSec!);
  // A calculated check that needs all of its children fails with the first of them, else with the last.
  const needsAll =
    Number(check.block['child_health_threshold'] ?? 0) >= reading.list(check, 'child_healthchecks').length;
  return (needsAll ? times[0] : times.at(-1)) ?? healthCheckDetection(reading.made(check));
}

function readTarget(reading: EstateReading, record: Resource, ttlSetting: string, depth: number): Entry | undefined {
  const alias = [record.block['alias']].flat()[0] as Block | undefined;
  const given = alias
    ? reading.follow(alias['name'], record)
    : [reading.follow(record.block['records'], record)].flat(2)[0];
  const target = String(given ?? '');
  const resource = reading.resourceIn(target);
  switch (resource?.type) {
    case 'aws_lb':
      return {
        parts: [],
        balancers: new Map([[reading.regionOf(resource), resource]]),
        failover: () => [],
        records: [],
      };
    case 'aws_cloudfront_distribution':
      return readDistribution(reading, resource, ttlSetting, depth);
    case 'aws_globalaccelerator_accelerator':
      return readAccelerator(reading, resource);
    default:
      return readEntry(reading, target, ttlSetting, depth + 1);
  }
}

function readDistribution(
  reading: EstateReading,
  distribution: Resource,
  ttlSetting: string,
  depth: number,
): Entry | undefined {
  const { block } = distribution;
  const where = reading.where(distribution);
  const origins = new Map(([block['origin'] ?? []].flat() as Block[]).map((each) => [each['origin_id'], each]));
  const groups = new Map(([block['origin_group'] ?? []].flat() as Block[]).map((each) => [each['origin_id'], each]));
  const behaviour = ([block['default_cache_behavior']].flat()[0] ?? {}) as Block;
  const target = behaviour['target_origin_id'];
  const group = groups.get(target);
  const members = ([group?.['member'] ?? { origin_id: target }].flat() as Block[])
    .map(({ origin_id }) => origins.get(origin_id))
    .filter((origin) => origin !== undefined);
  const entries = members
    .map((origin) => ({
      origin,
      to: readEntry(reading, String(reading.follow(origin['domain_name'], distribution)), ttlSetting, depth + 1),
    }))
    .filter((each): each is { origin: Block; to: Entry } => each.to !== undefined);
  const [first] = entries;
  if (!first) return undefined;
  const parts = [
    part('CloudFront', where, 'cloudfront'),
    ...(block['web_acl_id'] === undefined ? [] : [part('WAF of the distribution', where, 'firewall')]),
  ];
  const balancers = new Map([...entries].reverse().flatMap(({ to }) => [...to.balancers]));
  const ordered = new Map(
    [...entries.flatMap(({ to }) => [...to.balancers.keys()])].map((key) => [key, balancers.get(key)!]),
  );
  return {
    parts: unique([...parts, ...entries.flatMap(({ to }) => to.parts)]),
    balancers: ordered,
    records: entries.flatMap(({ to }) => to.records),
    failover: (lost) => {
      if (entries.length === 1) return first.to.failover(lost);
      const hit = entries.find(({ to }) => [...to.balancers.keys()][0] === lost) ?? first;
      return [originFailover(hit.origin, where)];
    },
  };
}

function readAccelerator(reading: EstateReading, accelerator: Resource): Entry | undefined {
  const groups = reading
    .ofType('aws_globalaccelerator_endpoint_group')
    .sort(
      (a, b) => Number(b.block['traffic_dial_percentage'] ?? 100) - Number(a.block['traffic_dial_percentage'] ?? 100),
    );
  const balancers = new Map(
    groups.flatMap((group) =>
      ([group.block['endpoint_configuration'] ?? []].flat() as Block[]).flatMap((endpoint): [string, Resource][] => {
        const id = String(reading.follow(endpoint['endpoint_id'], group));
        const balancer = reading.resourceIn(id);
        return balancer?.type === 'aws_lb' && endpoint['weight'] !== 0 ? [[reading.regionOf(balancer), balancer]] : [];
      }),
    ),
  );
  if (balancers.size === 0) return undefined;
  const where = reading.where(accelerator);
  return {
    parts: [part('Global Accelerator', where, 'accelerator')],
    balancers,
    records: [],
    failover: (lost) => {
      const balancer = balancers.get(lost);
      const [target] = balancer ? reading.servingTargets(balancer) : [];
      return [...(target ? [targetDetection(reading.made(target))] : []), acceleratorRouting(where)];
    },
  };
}

function unique(parts: readonly Part[]): Part[] {
  return [...new Map(parts.map((each) => [`${each.name} ${each.level ? '' : each.where}`, each])).values()];
}
