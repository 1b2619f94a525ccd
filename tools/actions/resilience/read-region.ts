import { instanceFailover, writerFailover } from '@platform/libs/aurora/resilience';
import { part, type Block, type Part, type Term } from '@platform/libs/resilience/contribution';
import type { Resource } from '@platform/tools/actions/routes/references';
import type { EstateReading } from './estate-reading';

/** The part of a path that is in one region. */
export interface RegionalChain {
  readonly region: string;
  /** Stack of the load balancer, which has all of an application in a region. */
  readonly stack: string;
  readonly parts: readonly Part[];
  readonly targets: readonly Resource[];
  readonly fleets: readonly Resource[];
  /** Instances or tasks that run at least. */
  readonly capacity: number;
  /** Availability zones of the fleets. */
  readonly zones: number;
}

/** From a load balancer to the instances behind it. */
export function readChain(
  reading: EstateReading,
  region: string,
  balancer: Resource,
  application: string,
): RegionalChain {
  const targets = reading.servingTargets(balancer);
  const groups = reading
    .ofType('aws_autoscaling_group', region)
    .filter((group) => namesAny(reading.list(group, 'target_group_arns'), targets));
  const services = reading.ofType('aws_ecs_service', region).filter((service) => {
    const balancers = reading.follow(service.block['load_balancer'], service);
    const arns = ([balancers ?? []].flat() as Block[]).map(({ target_group_arn }) => String(target_group_arn));
    return namesAny(arns, targets);
  });
  // Of two fleets of one target group the larger one serves; the other is scaled for the next release.
  const least = (resource: Resource) => Number(resource.block['min_size'] ?? resource.block['desired_count'] ?? 0);
  const fleets = [...groups, ...services];
  const capacity = Math.max(0, ...fleets.map(least));
  const zones = Math.max(0, ...fleets.map((fleet) => zonesOf(reading, fleet)));
  const subnets = reading.list(balancer, 'subnets').length;
  const firewalls = reading.naming('aws_wafv2_web_acl_association', 'resource_arn', balancer);
  return {
    region,
    stack: balancer.place.stack,
    targets,
    fleets,
    capacity,
    zones,
    parts: [
      part(
        `load balancer of ${region}`,
        reading.where(balancer),
        'balancer',
        subnets > 1 ? undefined : { is: 'it is in one zone', setting: 'zones of the region' },
      ),
      ...(firewalls.length === 0 || balancer.block['enable_waf_fail_open'] === true
        ? []
        : [part(`WAF of ${region}`, reading.where(firewalls[0]!), 'firewall')]),
      part(
        `instances of ${region}`,
        fleets[0] ? reading.where(fleets[0]) : reading.where(balancer),
        fleets.length === 0 ? null : 'compute',
        capacity > 1 && zones > 1
          ? undefined
          : { is: `${capacity} instance in ${zones} zones at least`, setting: `applications.${application}.capacity` },
      ),
    ],
  };

  function namesAny(arns: readonly string[], wanted: readonly Resource[]): boolean {
    return arns.some((arn) => wanted.some(({ id }) => reading.resourceIn(arn)?.id === id));
  }
}

function zonesOf(reading: EstateReading, fleet: Resource): number {
  const network = ([reading.follow(fleet.block['network_configuration'], fleet) ?? {}].flat()[0] ?? {}) as Block;
  const subnets = [...reading.list(fleet, 'vpc_zone_identifier'), ...([network['subnets'] ?? []].flat(2) as string[])];
  const zones = new Set(
    subnets.map((text) => {
      const subnet = reading.resourceIn(text);
      return subnet ? String(subnet.block['availability_zone_id'] ?? subnet.block['availability_zone'] ?? text) : text;
    }),
  );
  return zones.size;
}

/** The database of a region. */
export interface RegionalDatabase {
  readonly part: Part;
  readonly resource: Resource;
  /** After the loss of its writer's instance or zone. */
  readonly failover: Term;
}

export function readDatabase(reading: EstateReading, region: string): RegionalDatabase | undefined {
  const [cluster] = reading.ofType('aws_rds_cluster', region);
  if (cluster) {
    const instances = reading
      .ofType('aws_rds_cluster_instance', region)
      .filter(
        (instance) =>
          reading.resourceIn(reading.text(instance, 'cluster_identifier') ?? '')?.id === cluster.id ||
          instance.place.stack === cluster.place.stack,
      );
    return {
      resource: cluster,
      part: part(
        `Aurora of ${region}`,
        reading.where(cluster),
        'aurora',
        instances.length > 1
          ? undefined
          : { is: `${instances.length} instance, in one zone`, setting: 'dataStores.database.instances' },
      ),
      failover: writerFailover(instances.length, reading.made(cluster)),
    };
  }
  const [instance] = reading.ofType('aws_db_instance', region);
  if (!instance) return undefined;
  return {
    resource: instance,
    part: part(
      `RDS of ${region}`,
      reading.where(instance),
      'rds',
      instance.block['multi_az'] === true ? undefined : { is: 'it is in one zone', setting: 'dataStores.database' },
    ),
    failover: instanceFailover(reading.made(instance)),
  };
}

/** Where events of an application become messages: bus and queue. */
export interface RegionalMessages {
  readonly queue: Resource;
  readonly bus?: Resource;
}

/** The queue that a rule of an application's event bus delivers to. */
export function readMessages(reading: EstateReading, stack: string): RegionalMessages | undefined {
  for (const target of reading.ofType('aws_cloudwatch_event_target').filter(({ place }) => place.stack === stack)) {
    const queue = reading.resourceIn(reading.text(target, 'arn') ?? '');
    if (queue?.type !== 'aws_sqs_queue') continue;
    const name = reading.text(target, 'event_bus_name');
    const bus = reading
      .ofType('aws_cloudwatch_event_bus')
      .find((each) => each.place.stack === stack && [reading.text(each, 'name'), `${each.id}.name`].includes(name));
    return { queue, ...(bus ? { bus } : {}) };
  }
  return undefined;
}

/** NAT gateways that all zones of a region share: what the application calls on the internet is lost with their zone. */
export function sharedNat(reading: EstateReading, region: string): Resource | undefined {
  const byStack = new Map<string, Resource[]>();
  for (const nat of reading.ofType('aws_nat_gateway', region)) {
    if (!nat.place.project.startsWith('region-')) continue;
    byStack.set(nat.place.stack, [...(byStack.get(nat.place.stack) ?? []), nat]);
  }
  return [...byStack.values()].find((nats) => nats.length === 1)?.[0];
}
