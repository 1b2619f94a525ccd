import { balancerNameTtl, drain, launch, targetDetection } from '@platform/libs/app/resilience';
import { databaseLag, regionPromotion } from '@platform/libs/aurora/resilience';
import { bucketLag, queueLag, tableLag } from '@platform/libs/data/resilience';
import { recordPropagation } from '@platform/libs/edge/resilience';
import { connectionFailover } from '@platform/libs/hybrid/resilience';
import { series, parallel, unknownAvailability } from '@platform/libs/resilience/availability';
import { part, type Block, type Part, type Term } from '@platform/libs/resilience/contribution';
import { serviceLevels } from '@platform/libs/resilience/service-levels';
import type { Environment } from '@platform/libs/settings/environment';
import { userPaths, type Loss, type UserPath } from '@platform/libs/settings/objectives';
import type { Resource } from '@platform/tools/actions/routes/references';
import type { EstateReading } from './estate-reading';
import { readEntry, type Entry } from './read-entry';
import { readChain, readDatabase, sharedNat, type RegionalChain } from './read-region';

/** A user path as the synthesised JSON has it. */
export interface PathModel {
  readonly path: UserPath;
  /** In front of the regions, in series. */
  readonly edge: readonly Part[];
  /** By region, the one that serves first. */
  readonly regions: readonly { readonly region: string; readonly parts: readonly Part[] }[];
  /** By loss: branches of the recovery that run at the same time, each a series of times. */
  readonly recovery: Readonly<Record<Loss, readonly (readonly Term[])[]>>;
  /** By loss: how far the data that is left is behind. */
  readonly lag: Readonly<Record<Loss, readonly Term[]>>;
  /** By loss: share of the capacity that is left. */
  readonly capacityLeft: Readonly<Record<Loss, number | null>>;
}

type PathSettings = Pick<Environment, 'domain' | 'dataStores' | 'objectives' | 'mode' | 'applications'>;

/** Every path that the estate has; one whose name or resources are missing is left out. */
export function readPaths(reading: EstateReading, settings: PathSettings): PathModel[] {
  return userPaths.flatMap((path) => new PathReading(reading, settings, path).read() ?? []);
}

const hosts: Readonly<Record<UserPath, (domain: string) => string>> = {
  site: (domain) => domain,
  apiReads: (domain) => `api.${domain}`,
  apiWrites: (domain) => `api.${domain}`,
  hybrid: (domain) => `app.internal.${domain}`,
  orders: (domain) => `api.${domain}`,
};

class PathReading {
  /** Pages and files come from a distribution, which reads the website's buckets. */
  private isDistributed = false;

  constructor(
    private readonly reading: EstateReading,
    private readonly settings: PathSettings,
    private readonly path: UserPath,
  ) {}

  read(): PathModel | undefined {
    const { path, reading } = this;
    const ttl = path === 'hybrid' ? 'dns' : 'edge.zone.ttlSec';
    const entry = readEntry(reading, hosts[path](this.settings.domain), ttl);
    if (!entry || entry.balancers.size === 0) return undefined;
    if (path === 'hybrid' && this.connections().length === 0) return undefined;
    if (path === 'orders' && reading.ofType('aws_sqs_queue').length === 0) return undefined;
    this.isDistributed = entry.parts.some(({ level }) => level === serviceLevels.cloudfront);
    const chains = [...entry.balancers].map(([region, balancer]) => readChain(reading, region, balancer));
    // Where every region serves, the loss of the primary one is the worst: it has the writer.
    const primary = reading.regions.find(({ role }) => role === 'primary')?.key;
    if (this.settings.mode === 'active-active') {
      chains.sort((a, b) => Number(b.region === primary) - Number(a.region === primary));
    }
    const [active] = chains as [RegionalChain, ...RegionalChain[]];
    return {
      path,
      edge: path === 'hybrid' ? [...entry.parts, this.links()] : entry.parts,
      regions: chains.map((chain) => ({ region: chain.region, parts: [...chain.parts, ...this.needs(chain)] })),
      recovery: {
        instance: this.afterInstance(active),
        zone: this.afterZone(active),
        region: this.afterRegion(entry, chains),
      },
      lag: {
        instance: [],
        zone: [],
        region: chains.length > 1 ? this.lags(active.region) : [this.nothingLeft(active)],
      },
      capacityLeft: {
        instance: active.capacity > 0 ? (active.capacity - 1) / active.capacity : null,
        zone: active.zones > 0 ? (active.zones - 1) / active.zones : null,
        region: this.leftWithout(chains),
      },
    };
  }

  private leftWithout([active, ...others]: readonly RegionalChain[]): number | null {
    if (!active || active.capacity === 0) return null;
    const left = others.reduce((sum, { capacity }) => sum + capacity, 0);
    // In active-active the load of all regions stays, and the rest of them carry it.
    const load = this.settings.mode === 'active-active' ? active.capacity + left : active.capacity;
    return Math.min(1, left / load);
  }

  /** What a region's instances need to answer. */
  private needs({ region }: RegionalChain): Part[] {
    const { reading, path } = this;
    const database = readDatabase(reading, region)?.part;
    const withDatabase = database ? [database] : [];
    const website = this.websiteBuckets(region).slice(0, 1);
    switch (path) {
      case 'site':
        return [
          ...withDatabase,
          ...website.map((bucket) => part(`website bucket of ${region}`, reading.where(bucket), 's3')),
        ];
      case 'apiReads':
      case 'apiWrites':
        return withDatabase;
      case 'hybrid': {
        const [hub] = reading.ofType('aws_ec2_transit_gateway', region);
        const [inbound] = reading
          .ofType('aws_route53_resolver_endpoint', region)
          .filter(({ block }) => block['direction'] === 'INBOUND');
        const addresses = [inbound?.block['ip_address'] ?? []].flat().length;
        return [
          ...(hub ? [part(`Transit Gateway of ${region}`, reading.where(hub), 'transitGateway')] : []),
          ...(inbound
            ? [
                part(
                  `Resolver endpoint of ${region}`,
                  reading.where(inbound),
                  'resolverEndpoint',
                  addresses > 1 ? undefined : { is: 'it has one address', setting: 'dns' },
                ),
              ]
            : []),
          ...withDatabase,
        ];
      }
      case 'orders': {
        const [queue] = reading.ofType('aws_sqs_queue', region);
        const [table] = [
          ...reading.ofType('aws_dynamodb_table', region),
          ...reading.ofType('aws_dynamodb_table_replica', region),
        ];
        return [
          ...(queue ? [part(`queue of ${region}`, reading.where(queue), null)] : []),
          ...(table ? [part(`table of ${region}`, reading.where(table), 'dynamodb')] : []),
        ];
      }
    }
  }

  private afterInstance(active: RegionalChain): Term[][] {
    if (this.path === 'hybrid') {
      const connections = this.connections();
      return [
        [connectionFailover(connections.length - 1, this.reading.where(connections[0]!))],
        ...this.fleetBranches(active, false),
      ];
    }
    return [...this.fleetBranches(active, false), ...this.databaseBranch(active.region)];
  }

  private afterZone(active: RegionalChain): Term[][] {
    const nat = sharedNat(this.reading, active.region);
    return [
      ...this.fleetBranches(active, true),
      ...this.databaseBranch(active.region),
      ...(nat
        ? [
            [
              this.decision('the only NAT gateway is in the lost zone; people move the routes to a new one'),
              {
                phase: 'launch',
                is: 'a new NAT gateway is created and routed to',
                lowSec: 60,
                highSec: null,
                setting: 'natGateways',
                source: 'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html',
                where: this.reading.where(nat),
              } as const,
            ],
          ]
        : []),
    ];
  }

  private fleetBranches({ targets, zones, fleets, capacity }: RegionalChain, zone: boolean): Term[][] {
    const [target] = targets;
    if (!target) return [];
    const made = this.reading.made(target);
    const alone = zone ? zones < 2 : capacity < 2;
    const [fleet] = fleets;
    return [
      [
        targetDetection(made),
        ...(zone ? [balancerNameTtl(made)] : []),
        ...(alone && fleet ? [{ ...launch(this.reading.made(fleet)), setting: 'applications.*.capacity' }] : []),
      ],
    ];
  }

  private databaseBranch(region: string): Term[][] {
    if (this.path === 'orders') return [];
    const database = readDatabase(this.reading, region);
    return database ? [[database.failover]] : [];
  }

  private afterRegion(entry: Entry, chains: readonly RegionalChain[]): Term[][] {
    const [active, standby] = chains as [RegionalChain, RegionalChain?];
    if (!standby) {
      return [
        [
          {
            phase: 'launch',
            is: 'no other region serves this path: it is restored from backups',
            lowSec: 0,
            highSec: null,
            setting: 'level',
            source: 'docs/runbooks',
            where: this.reading.where([...entry.balancers.values()][0]!),
          },
        ],
      ];
    }
    const failover = entry.failover(active.region);
    const [target] = active.targets;
    const [fleet] = standby.fleets;
    const traffic = [
      ...failover,
      ...(target && failover.some(({ phase }) => phase === 'propagation') ? [drain(this.reading.made(target))] : []),
    ];
    const smaller = standby.capacity < active.capacity && fleet;
    const branches = [smaller ? [...traffic, launch(this.reading.made(fleet))] : traffic];
    if (this.path === 'apiWrites') branches.push(this.promotion(active.region, failover));
    return branches;
  }

  private promotion(region: string, failover: readonly Term[]): Term[] {
    const database = readDatabase(this.reading, region);
    if (!database) return [];
    const detection = failover.filter(({ phase }) => phase === 'detection');
    const name = `database.internal.${this.settings.domain}`;
    const [record] = this.reading
      .ofType('aws_route53_record')
      .filter((each) => this.reading.text(each, 'name') === name);
    return [
      ...detection,
      this.decision('people decide to promote the database of the other region'),
      regionPromotion(this.settings.dataStores.database.objective.rtoSec, this.reading.made(database.resource)),
      ...(record ? [recordPropagation(this.reading.made(record), 'dns')] : []),
    ];
  }

  private decision(is: string): Term {
    const seconds = this.settings.objectives.decisionMinutes * 60;
    return {
      phase: 'decision',
      is,
      lowSec: seconds,
      highSec: seconds,
      setting: 'objectives.decisionMinutes',
      source: 'docs/settings.md',
      where: 'infra.config.ts',
    };
  }

  private nothingLeft(active: RegionalChain): Term {
    return {
      phase: 'lag',
      is: 'no other region has the data of this path',
      lowSec: 0,
      highSec: null,
      setting: 'level',
      source: 'docs/resilience.md',
      where: active.targets[0] ? this.reading.where(active.targets[0]) : '',
    };
  }

  private lags(region: string): Term[] {
    const { reading, path } = this;
    const alarms = (namespace: string, metric: string) =>
      reading
        .ofType('aws_cloudwatch_metric_alarm')
        .filter(({ block }) => block['namespace'] === namespace && block['metric_name'] === metric);
    const database = readDatabase(reading, region);
    const databases = () => {
      if (!database) return [];
      const group = reading.resourceIn(reading.text(database.resource, 'db_cluster_parameter_group_name') ?? '');
      const [own] = reading.ofType('aws_rds_cluster_parameter_group', region);
      const [watch] = [
        ...alarms('AWS/RDS', 'AuroraGlobalDBReplicationLag').filter((each) => reading.regionOf(each) !== region),
        ...alarms('AWS/RDS', 'ReplicaLag').filter((each) => reading.regionOf(each) !== region),
      ];
      const parameters = group ?? own;
      return [
        databaseLag(
          parameters ? reading.made(parameters) : undefined,
          watch ? reading.made(watch) : undefined,
          reading.where(database.resource),
        ),
      ];
    };
    switch (path) {
      case 'site':
        return [...databases(), ...this.websiteReplications(region).map((each) => bucketLag(reading.made(each)))];
      case 'apiReads':
      case 'apiWrites':
      case 'hybrid':
        return databases();
      case 'orders': {
        const tables = reading.ofType('aws_dynamodb_table');
        const [ages] = alarms('AWS/SQS', 'ApproximateAgeOfOldestMessage').filter(
          (each) => reading.regionOf(each) === region,
        );
        const [queue] = reading.ofType('aws_sqs_queue', region);
        return [
          ...tables.map((table) => {
            const [watch] = alarms('AWS/DynamoDB', 'ReplicationLatency').filter(
              (each) =>
                (each.block['dimensions'] as Block | undefined)?.['TableName'] === reading.text(table, 'name') &&
                reading.regionOf(each) === region,
            );
            return tableLag(watch ? reading.made(watch) : undefined, reading.where(table));
          }),
          ...(queue ? [queueLag(ages ? reading.made(ages) : undefined, reading.where(queue))] : []),
        ];
      }
    }
  }

  private websiteName(): string | undefined {
    const { buckets } = this.settings.dataStores;
    return Object.keys(buckets).find((name) => buckets[name]!.serves === 'website');
  }

  private websiteBuckets(region: string): Resource[] {
    const name = this.websiteName();
    return this.reading
      .ofType('aws_s3_bucket', region)
      .filter((bucket) => this.isDistributed && name !== undefined && bucket.place.path.includes(`Bucket-${name}/`));
  }

  private websiteReplications(region: string): Resource[] {
    const name = this.websiteName();
    return this.reading
      .ofType('aws_s3_bucket_replication_configuration', region)
      .filter((each) => this.isDistributed && name !== undefined && each.place.path.includes(`Bucket-${name}/`));
  }

  private connections(): Resource[] {
    return [...this.reading.ofType('aws_dx_connection'), ...this.reading.ofType('aws_vpn_connection')];
  }

  /** Direct Connect and VPN, one of which must work. */
  private links(): Part {
    const each = this.connections().map((connection) =>
      part('', '', connection.type === 'aws_vpn_connection' ? 'vpn' : null),
    );
    const { high } = this.settings.objectives.commonCausePercent;
    const together = part('connections to on-premises networks', this.reading.where(this.connections()[0]!), 'vpn');
    const availability =
      each.length === 0
        ? unknownAvailability
        : parallel(
            each.map((one) => series([one.availability])),
            high / 100,
          );
    return {
      ...together,
      name: `connections to on-premises networks (${each.length}, one of which must work)`,
      level: each.some(({ level }) => level !== null) ? together.level : null,
      availability,
      ...(each.length > 1 ? {} : { weakness: { is: 'there is one connection', setting: 'onPremises.connectivity' } }),
    };
  }
}
