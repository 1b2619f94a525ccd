import { balancerNameTtl, drain, launch, targetDetection } from '@platform/libs/app/resilience';
import { databaseLag, regionPromotion } from '@platform/libs/aurora/resilience';
import { bucketLag, queueLag, tableLag } from '@platform/libs/data/resilience';
import { recordPropagation } from '@platform/libs/edge/resilience';
import { connectionFailover } from '@platform/libs/hybrid/resilience';
import { parallel, unknownAvailability } from '@platform/libs/resilience/availability';
import { part, type Block, type Part, type Term } from '@platform/libs/resilience/contribution';
import { serviceLevels } from '@platform/libs/resilience/service-levels';
import type { Environment } from '@platform/libs/settings/environment';
import {
  applicationPath,
  userPaths,
  type Loss,
  type PathName,
  type UserPath,
} from '@platform/libs/settings/objectives';
import { apiName, furtherApplications, mainApplication } from '@platform/libs/settings/physical-names';
import type { Resource } from '@platform/tools/actions/routes/references';
import type { EstateReading } from './estate-reading';
import { readEntry, type Entry } from './read-entry';
import { readChain, readDatabase, readMessages, sharedNat, type RegionalChain } from './read-region';

/** A user path as the synthesised JSON has it. */
export interface PathModel {
  readonly path: PathName;
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

/** What the requests of a path need beyond load balancer and instances. */
interface Needs {
  readonly database: boolean;
  /** Also its writer. */
  readonly writes: boolean;
  readonly website: boolean;
  readonly messages: boolean;
  readonly tables: boolean;
}

interface Path {
  readonly name: PathName;
  readonly host: string;
  readonly application: string;
  readonly needs: Needs;
}

const nothing: Needs = { database: false, writes: false, website: false, messages: false, tables: false };

function pathsOf({ domain, applications }: PathSettings): Path[] {
  const hosts: Readonly<Record<UserPath, string>> = {
    site: domain,
    apiReads: apiName({ domain }),
    apiWrites: apiName({ domain }),
    hybrid: `app.internal.${domain}`,
    orders: apiName({ domain }),
  };
  const needs: Readonly<Record<UserPath, Needs>> = {
    site: { ...nothing, database: true, website: true },
    apiReads: { ...nothing, database: true },
    apiWrites: { ...nothing, database: true, writes: true },
    hybrid: { ...nothing, database: true },
    orders: { ...nothing, messages: true, tables: true },
  };
  return [
    ...userPaths.map((name) => ({ name, host: hosts[name], application: mainApplication, needs: needs[name] })),
    ...furtherApplications({ applications }).map((application) => {
      const { uses, messaging } = applications[application]!;
      const database = uses === undefined || uses.database === 'all';
      return {
        name: applicationPath(application),
        host: apiName({ domain }, application),
        application,
        needs: {
          database,
          writes: database,
          website: false,
          messages: messaging !== undefined,
          tables: uses === undefined || uses.tables.length > 0,
        },
      };
    }),
  ];
}

/** A path that the estate does not have, and why. */
export interface MissingPath {
  readonly path: PathName;
  readonly why: string;
}

/** Every path that the estate has, and those whose name or resources are missing. */
export function readPaths(
  reading: EstateReading,
  settings: PathSettings,
): { readonly models: readonly PathModel[]; readonly missing: readonly MissingPath[] } {
  const models: PathModel[] = [];
  const missing: MissingPath[] = [];
  for (const path of pathsOf(settings)) {
    const read = new PathReading(reading, settings, path).read();
    if (typeof read === 'string') missing.push({ path: path.name, why: read });
    else models.push(read);
  }
  return { models, missing };
}

class PathReading {
  /** Pages and files come from a distribution, which reads the website's buckets. */
  private isDistributed = false;
  private readonly path: PathName;

  constructor(
    private readonly reading: EstateReading,
    private readonly settings: PathSettings,
    private readonly plan: Path,
  ) {
    this.path = plan.name;
  }

  /** The model, or why there is none. */
  read(): PathModel | string {
    const { path, reading } = this;
    const { host, needs, application } = this.plan;
    const ttl = path === 'hybrid' ? 'dns' : 'edge.zone.ttlSec';
    const entry = readEntry(reading, host, ttl);
    if (!entry) return `no record has the name ${host}`;
    if (entry.balancers.size === 0) return `${host} leads to no load balancer`;
    if (path === 'hybrid' && this.connections().length === 0) return 'there is no connection to on-premises networks';
    this.isDistributed = entry.parts.some(({ level }) => level === serviceLevels.cloudfront);
    const chains = [...entry.balancers].map(([region, balancer]) => readChain(reading, region, balancer, application));
    // Where every region serves, the loss of the primary one is the worst: it has the writer.
    const primary = reading.regions.find(({ role }) => role === 'primary')?.key;
    if (this.settings.mode === 'active-active') {
      chains.sort((a, b) => Number(b.region === primary) - Number(a.region === primary));
    }
    const [active] = chains as [RegionalChain, ...RegionalChain[]];
    if (needs.messages && !readMessages(reading, active.stack)) return `${active.stack} delivers no events to a queue`;
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
        region: chains.length > 1 ? this.lags(active) : [this.nothingLeft(active)],
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
  private needs({ region, stack }: RegionalChain): Part[] {
    const { reading } = this;
    const { needs } = this.plan;
    const database = needs.database ? readDatabase(reading, region)?.part : undefined;
    const [bucket] = needs.website ? this.websiteBuckets(region) : [];
    const messages = needs.messages ? readMessages(reading, stack) : undefined;
    const [table] = needs.tables
      ? [...reading.ofType('aws_dynamodb_table', region), ...reading.ofType('aws_dynamodb_table_replica', region)]
      : [];
    return [
      ...(this.path === 'hybrid' ? this.hybridParts(region) : []),
      ...(database ? [database] : []),
      ...(bucket ? [part(`website bucket of ${region}`, reading.where(bucket), 's3')] : []),
      ...(messages?.bus ? [part(`event bus of ${region}`, reading.where(messages.bus), 'eventBridge')] : []),
      ...(messages ? [part(`queue of ${region}`, reading.where(messages.queue), 'messaging')] : []),
      ...(table ? [part(`table of ${region}`, reading.where(table), 'dynamodb')] : []),
    ];
  }

  private hybridParts(region: string): Part[] {
    const { reading } = this;
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
    ];
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
        ...(alone && fleet ? [launch(this.reading.made(fleet), `applications.${this.plan.application}.capacity`)] : []),
      ],
    ];
  }

  private databaseBranch(region: string): Term[][] {
    const database = this.plan.needs.database ? readDatabase(this.reading, region) : undefined;
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
    const capacity = `applications.${this.plan.application}.capacity.standby`;
    const branches = [smaller ? [...traffic, launch(this.reading.made(fleet), capacity)] : traffic];
    if (this.plan.needs.writes) branches.push(this.promotion(active.region, failover));
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

  private lags({ region, stack }: RegionalChain): Term[] {
    const { needs } = this.plan;
    return [
      ...(needs.database ? this.databaseLags(region) : []),
      ...(needs.website ? this.websiteReplications(region).map((each) => bucketLag(this.reading.made(each))) : []),
      ...(needs.tables ? this.tableLags(region) : []),
      ...(needs.messages ? this.queueLags(stack) : []),
    ];
  }

  private alarms(namespace: string, metric: string): Resource[] {
    return this.reading
      .ofType('aws_cloudwatch_metric_alarm')
      .filter(({ block }) => block['namespace'] === namespace && block['metric_name'] === metric);
  }

  private databaseLags(region: string): Term[] {
    const { reading } = this;
    const database = readDatabase(reading, region);
    if (!database) return [];
    const group = reading.resourceIn(reading.text(database.resource, 'db_cluster_parameter_group_name') ?? '');
    const [own] = reading.ofType('aws_rds_cluster_parameter_group', region);
    const [watch] = [
      ...this.alarms('AWS/RDS', 'AuroraGlobalDBReplicationLag'),
      ...this.alarms('AWS/RDS', 'ReplicaLag'),
    ].filter((each) => reading.regionOf(each) !== region);
    const parameters = group ?? own;
    return [
      databaseLag(
        parameters ? reading.made(parameters) : undefined,
        watch ? reading.made(watch) : undefined,
        reading.where(database.resource),
      ),
    ];
  }

  private tableLags(region: string): Term[] {
    const { reading } = this;
    return reading.ofType('aws_dynamodb_table').map((table) => {
      const [watch] = this.alarms('AWS/DynamoDB', 'ReplicationLatency').filter(
        (each) =>
          (each.block['dimensions'] as Block | undefined)?.['TableName'] === reading.text(table, 'name') &&
          reading.regionOf(each) === region,
      );
      return tableLag(watch ? reading.made(watch) : undefined, reading.where(table));
    });
  }

  private queueLags(stack: string): Term[] {
    const { reading } = this;
    const messages = readMessages(reading, stack);
    if (!messages) return [];
    const [ages] = this.alarms('AWS/SQS', 'ApproximateAgeOfOldestMessage').filter(({ place }) => place.stack === stack);
    return [queueLag(ages ? reading.made(ages) : undefined, reading.where(messages.queue), this.plan.application)];
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
      part('', '', connection.type === 'aws_vpn_connection' ? 'vpn' : 'directConnect'),
    );
    const { low, high } = this.settings.objectives.commonCausePercent;
    const together = part('connections to on-premises networks', this.reading.where(this.connections()[0]!), 'vpn');
    const shares = each.map(({ availability }) => availability);
    const availability =
      each.length === 0
        ? unknownAvailability
        : { low: parallel(shares, high / 100).low, high: parallel(shares, low / 100).high };
    const [first] = each.filter(({ status }) => status === 'unconfirmed');
    return {
      ...together,
      name: `connections to on-premises networks (${each.length}, one of which must work)`,
      level: first?.level ?? together.level,
      status: first?.status ?? together.status,
      availability,
      ...(each.length > 1 ? {} : { weakness: { is: 'there is one connection', setting: 'onPremises.connectivity' } }),
    };
  }
}
