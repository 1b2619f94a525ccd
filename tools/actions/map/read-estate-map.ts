import type { Environment } from '@platform/libs/settings/environment';
import { networkOf, type RegionSettings } from '@platform/libs/settings/region';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type {
  EstateMap,
  MapLink,
  MapNode,
  MapRegion,
  MapStack,
  MapTier,
  NodeKind,
} from '@platform/tools/model/estate-map';
import { surroundingsOf } from '@platform/tools/actions/routes/check-routes';
import type { PolicySettings } from '@platform/tools/actions/routes/ends';
import type { EstateJson } from '@platform/tools/actions/routes/estate-json';
import type { Network, Subnet, Vpc } from '@platform/tools/actions/routes/network';
import { readNetwork } from '@platform/tools/actions/routes/read-network';
import { awsRegionOf, nameOf, Reading } from '@platform/tools/actions/routes/reading';
import { References, type Place, type Resource } from '@platform/tools/actions/routes/references';

/** Settings that say what the stacks do not: names and what is outside. */
export type MapSettings = PolicySettings & Pick<Environment, 'organisation' | 'mode' | 'home'>;
export type MapRegionSettings = Pick<RegionSettings, 'key' | 'awsRegion' | 'role' | 'cidrs' | 'vpcs'>;

/** What an environment consists of, from the JSON of all its stacks. Resources that no rule here names are not nodes. */
export function readEstateMap(
  estate: EstateJson,
  stacks: readonly StackDescription[],
  settings: MapSettings,
  regions: readonly MapRegionSettings[],
): EstateMap {
  const reading = new Reading(new References(estate));
  const network = readNetwork(estate, surroundingsOf(settings));
  const read = new MapReading(reading, estate, network, settings, regions);
  const nodes = [...read.vpcs(), ...read.hubs(), ...read.outside(), ...read.edge(), ...read.inVpcs(), ...read.stores()];
  const ids = new Set(nodes.map(({ id }) => id));
  const links = [...read.hubLinks(), ...read.replications(), ...read.traffic(nodes)];
  return {
    organisation: settings.organisation,
    environment: settings.name,
    level: settings.level,
    mode: settings.mode,
    regions: [...regions].sort(primaryFirst).map(
      ({ key, awsRegion, role }): MapRegion => ({
        key,
        awsRegion,
        // In active-active every region takes traffic, and the primary has the database's writer.
        role,
        home: key === settings.home,
      }),
    ),
    stacks: stacks.map((stack) => mapStackOf(stack, regions, estate)),
    nodes,
    links: links.filter(({ from, to }) => ids.has(from) && ids.has(to)),
  };
}

function mapStackOf(
  { stack, project, region, owner, account, reads }: StackDescription,
  regions: readonly Pick<RegionSettings, 'key'>[],
  estate: EstateJson,
): MapStack {
  const resources = Object.values(estate.get(stack)?.json.resource ?? {});
  const alone =
    project.startsWith('region-') ||
    (regions.some(({ key }) => stack.endsWith(`-${key}`)) && !/-link-[^-]+-[^-]+$/.test(stack));
  return {
    stack,
    project,
    region: alone ? region : null,
    owner,
    account,
    reads,
    resources: sum(resources.map((blocks) => Object.keys(blocks).length)),
  };
}

/** Otherwise in the order given. */
function primaryFirst(one: MapRegionSettings, other: MapRegionSettings): number {
  return Number(other.role === 'primary') - Number(one.role === 'primary');
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

const onPremisesId = 'outside/on-premises';

/** Reads nodes and links by type of resource. */
class MapReading {
  private readonly subnets: ReadonlyMap<string, Subnet>;

  constructor(
    private readonly reading: Reading,
    private readonly estate: EstateJson,
    private readonly network: Network,
    private readonly settings: MapSettings,
    private readonly regions: readonly MapRegionSettings[],
  ) {
    this.subnets = new Map(network.vpcs.flatMap((vpc) => vpc.subnets.map((subnet) => [subnet.id, subnet] as const)));
  }

  vpcs(): MapNode[] {
    const { references } = this.reading;
    const nats = countBy([...this.network.nats.values()], ({ subnet }) => subnet.vpc.id);
    return this.network.vpcs.map((vpc): MapNode => {
      const resource = references.resource(vpc.id)!;
      const named = this.settingsOf(vpc);
      const count = nats.get(vpc.id) ?? 0;
      return {
        ...this.node('vpc', resource, named?.name ?? this.short(nameOf(resource))),
        facts: [
          vpc.ranges.map(({ text }) => text).join(', '),
          ...(named ? [`segment ${named.segment}`] : []),
          ...(count > 0 ? [`${count} NAT`] : []),
        ],
        tiers: tiersOf(vpc),
      };
    });
  }

  hubs(): MapNode[] {
    return [...this.network.hubs.values()].map(({ id, tables }): MapNode => {
      const resource = this.reading.references.resource(id)!;
      return { ...this.node('hub', resource, this.short(nameOf(resource))), facts: [`${tables.length} route tables`] };
    });
  }

  /** Networks outside of the estate, and the gateway to them. */
  outside(): MapNode[] {
    const { onPremises, externalAttachments = [] } = this.settings;
    const connected = [...this.network.attachments.values()].some(({ kind }) => kind === 'on-premises');
    const bare = { stack: null, region: null, address: '' } as const;
    return [
      ...(onPremises && connected
        ? [
            {
              ...bare,
              id: onPremisesId,
              kind: 'on-premises' as const,
              name: 'On-premises',
              facts: [onPremises.cidrs.join(', ')],
            },
          ]
        : []),
      ...externalAttachments.flatMap(({ name, cidr, segment, attachmentId }): MapNode[] =>
        attachmentId && this.network.attachments.has(attachmentId)
          ? [{ ...bare, id: `outside/${name}`, kind: 'external', name, facts: [cidr, `segment ${segment}`] }]
          : [],
      ),
      ...this.reading.each('aws_dx_gateway', (resource) => ({
        ...this.node('direct-connect', resource, this.text(resource, 'name')),
        region: null,
        facts: [`ASN ${this.text(resource, 'amazon_side_asn')}`],
      })),
    ];
  }

  edge(): MapNode[] {
    const { references } = this.reading;
    const zones = this.reading.each('aws_route53_zone', (resource) => ({
      ...this.node('hosted-zone', resource, this.text(resource, 'name')),
      region: null,
      facts: [],
    }));
    const records = [...groupBy(references.ofType('aws_route53_record'), ({ place }) => place.stack).values()].flatMap(
      (all): MapNode[] => {
        const [first] = all as [Resource];
        const policies = ['failover', 'latency', 'weighted', 'geolocation'].filter((policy) =>
          all.some(({ block }) => block[`${policy}_routing_policy`] !== undefined),
        );
        const checks = references.ofType('aws_route53_health_check').filter(({ place }) => sameStack(place, first));
        // Those that prove a certificate are nothing to look at.
        if (policies.length === 0 && checks.length === 0) return [];
        return [
          {
            ...this.node('records', first, `${all.length} records`),
            region: null,
            facts: [...policies, ...(checks.length > 0 ? [plural(checks.length, 'health check')] : [])],
          },
        ];
      },
    );
    const accelerators = this.reading.each('aws_globalaccelerator_accelerator', (resource) => {
      const dials = references
        .ofType('aws_globalaccelerator_endpoint_group')
        .filter(({ place }) => sameStack(place, resource))
        .map((group) => ({
          region: this.keyOf(this.text(group, 'endpoint_group_region')),
          share: Number(this.text(group, 'traffic_dial_percentage') || '100'),
        }))
        .sort((a, b) => b.share - a.share);
      return {
        ...this.node('accelerator', resource, this.text(resource, 'name')),
        region: null,
        facts: dials.map(({ region, share }) => `${region} ${share} %`),
      };
    });
    const distributions = this.reading.each('aws_cloudfront_distribution', (resource) => ({
      ...this.node('distribution', resource, references.list(resource, 'aliases').at(-1) ?? nameOf(resource)),
      region: this.regionOfStack(resource.place),
      facts: resource.block['web_acl_id'] === undefined ? [] : ['web ACL'],
    }));
    return [...zones, ...records, ...accelerators, ...distributions];
  }

  /** What stands in subnets and holds no data. */
  inVpcs(): MapNode[] {
    const { references } = this.reading;
    const balancers = this.reading.each('aws_lb', (resource) => {
      const gateway = resource.block['load_balancer_type'] === 'gateway';
      return {
        ...this.node(gateway ? 'inspection' : 'balancer', resource, this.short(this.text(resource, 'name'))),
        facts: gateway ? [] : [resource.block['internal'] === true ? 'internal' : 'public'],
        ...this.placed(references.list(resource, 'subnets')),
      };
    });
    const fleets = this.reading.each('aws_autoscaling_group', (resource) => {
      const [min, max] = [this.text(resource, 'min_size'), this.text(resource, 'max_size')];
      return {
        ...this.node('fleet', resource, this.short(this.text(resource, 'name')) || 'fleet'),
        facts: [min === max ? min : `${min}–${max}`],
        ...this.placed(references.list(resource, 'vpc_zone_identifier')),
      };
    });
    const interfaces = references
      .ofType('aws_vpc_endpoint')
      .filter(({ block }) => block['vpc_endpoint_type'] === 'Interface');
    const endpoints = [...groupBy(interfaces, ({ place }) => place.stack).values()].map((all): MapNode => {
      const [first] = all as [Resource];
      const subnets = this.safely(() => references.list(first, 'subnet_ids'));
      return {
        ...this.node('endpoints', first, plural(all.length, 'service')),
        facts: [],
        ...this.placed(subnets ?? []),
      };
    });
    const resolverEnds = references.ofType('aws_route53_resolver_endpoint');
    const resolvers = [...groupBy(resolverEnds, ({ place }) => place.stack).values()].map((all): MapNode => {
      const [first] = all as [Resource];
      const directions = all.map(({ block }) => String(block['direction']).toLowerCase()).sort();
      const addresses = [first.block['ip_address'] ?? []].flat() as { readonly subnet_id?: unknown }[];
      const subnets = addresses.map(({ subnet_id }) =>
        String(this.safely(() => references.follow(subnet_id, first.place.stack))),
      );
      return { ...this.node('resolver', first, directions.join(', ')), facts: [], ...this.placed(subnets) };
    });
    return [...balancers, ...fleets, ...endpoints, ...resolvers];
  }

  stores(): MapNode[] {
    const { references } = this.reading;
    const clusterMembers = countBy(references.ofType('aws_rds_cluster_instance'), (instance) =>
      this.safely(() => references.text(instance, 'cluster_identifier')),
    );
    const clusters = this.reading.each('aws_rds_cluster', (resource) => ({
      ...this.node('database', resource, this.short(this.text(resource, 'cluster_identifier'))),
      facts: [
        `${engineName(this.text(resource, 'engine'))} ${this.text(resource, 'engine_version')}`,
        plural(clusterMembers.get(resource.id) ?? 0, 'instance'),
      ],
      ...this.placedByGroup(resource, 'db_subnet_group_name', 'aws_db_subnet_group'),
    }));
    const instances = this.reading.each('aws_db_instance', (resource) => ({
      ...this.node('database', resource, this.short(this.text(resource, 'identifier'))),
      facts: [
        this.text(resource, 'instance_class'),
        `${engineName(this.text(resource, 'engine'))} ${this.text(resource, 'engine_version')}`.trim(),
      ].filter(Boolean),
      ...this.placedByGroup(resource, 'db_subnet_group_name', 'aws_db_subnet_group'),
    }));
    const caches = this.reading.each('aws_elasticache_replication_group', (resource) => ({
      ...this.node('cache', resource, this.short(this.text(resource, 'replication_group_id'))),
      facts: [this.text(resource, 'engine'), this.text(resource, 'node_type')].filter(Boolean),
      ...this.placedByGroup(resource, 'subnet_group_name', 'aws_elasticache_subnet_group'),
    }));
    const tables = this.reading.each('aws_dynamodb_table', (resource) => ({
      ...this.node('table', resource, this.short(this.text(resource, 'name'))),
      facts: [],
    }));
    const replicas = this.reading.each('aws_dynamodb_table_replica', (resource) => {
      const table = references.resource(references.text(resource, 'global_table_arn') ?? '');
      return { ...this.node('table', resource, table ? this.short(this.text(table, 'name')) : 'table'), facts: [] };
    });
    const buckets = this.reading.each('aws_s3_bucket', (resource): MapNode | undefined => {
      const name = this.short(this.text(resource, 'bucket'));
      // Logs are about other nodes, and in none of them would they be looked for.
      if (/\blogs?\b/i.test(`${name} ${resource.place.path.replaceAll(/[/_]/g, ' ')}`)) return undefined;
      const states = resource.place.project === 'global/state';
      return { ...this.node(states ? 'state-bucket' : 'bucket', resource, name), facts: [] };
    });
    return [
      ...clusters,
      ...instances,
      ...caches,
      ...tables,
      ...replicas,
      ...buckets.filter((node) => node !== undefined),
    ];
  }

  hubLinks(): MapLink[] {
    return [...this.network.attachments.values()].flatMap((attachment): MapLink[] => {
      const { id, place } = attachment;
      const link = { id: `link/${id}`, both: true, label: '', stack: place.stack, address: addressOf(id) };
      switch (attachment.kind) {
        case 'vpc':
          return [{ ...link, kind: 'attachment', from: attachment.vpc.id, to: attachment.hub }];
        case 'peer':
          return [{ ...link, kind: 'peering', from: attachment.hubs[0], to: attachment.hubs[1] }];
        case 'on-premises': {
          const kind = attachment.by === 'VPN' ? 'vpn' : 'direct-connect';
          return [{ ...link, kind, label: attachment.by, from: attachment.hub, to: onPremisesId }];
        }
        case 'external': {
          const hub = [...this.network.hubs.values()].find(({ associations }) => associations.has(id));
          const name = this.settings.externalAttachments?.find(({ attachmentId }) => attachmentId === id)?.name;
          const ends = { from: `outside/${name}`, to: hub?.id ?? '' };
          return [{ ...link, kind: 'attachment', ...ends, address: '' }];
        }
      }
    });
  }

  /** Where data is copied to, by what the resources say. */
  replications(): MapLink[] {
    const { references } = this.reading;
    const link = (resource: Resource, from: string, to: string, label: string, both = false): MapLink => ({
      id: `link/${resource.id}/${to}`,
      kind: 'replication',
      from,
      to,
      both,
      label,
      stack: resource.place.stack,
      address: addressOf(resource.id),
    });
    const buckets = this.reading
      .each('aws_s3_bucket_replication_configuration', (resource) => {
        const from = references.text(resource, 'bucket') ?? '';
        const rules = [references.follow(resource.block['rule'] ?? [], resource.place.stack)].flat() as Rule[];
        return rules.flatMap(({ destination }) => {
          const [target] = [destination].flat();
          const minutes = [[target?.replication_time].flat()[0]?.time].flat()[0]?.minutes;
          return target ? [link(resource, from, String(target.bucket), minutes ? `${minutes} min` : '')] : [];
        });
      })
      .flat();
    const tables = this.reading.each('aws_dynamodb_table_replica', (resource) =>
      link(resource, references.text(resource, 'global_table_arn') ?? '', resource.id, 'multi-writer', true),
    );
    const clusters = [
      ...groupBy(
        references.ofType('aws_rds_cluster'),
        (cluster) => this.safely(() => references.text(cluster, 'global_cluster_identifier')) ?? cluster.id,
      ).values(),
    ].flatMap((members) => {
      // A member that names the region it is copied from is no source.
      const source = members.find(({ block }) => block['source_region'] === undefined) ?? members[0]!;
      return members
        .filter((member) => member !== source)
        .map((member) => link(member, source.id, member.id, 'storage'));
    });
    const instances = this.reading.each('aws_db_instance', (resource) => {
      const source = references.text(resource, 'replicate_source_db');
      return source === undefined ? undefined : link(resource, source, resource.id, 'read replica');
    });
    return joined([...buckets, ...tables, ...clusters, ...instances.filter((each) => each !== undefined)]);
  }

  /** Which load balancers an edge node sends requests to. */
  traffic(nodes: readonly MapNode[]): MapLink[] {
    const { references } = this.reading;
    const balancers = nodes.filter(({ kind }) => kind === 'balancer');
    const types = ['aws_cloudfront_distribution', 'aws_globalaccelerator_endpoint_group', 'aws_route53_record'];
    return nodes
      .filter(({ kind }) => kind === 'distribution' || kind === 'accelerator' || kind === 'records')
      .flatMap((edge) => {
        const named = types
          .flatMap((type) => references.ofType(type))
          .filter(({ place }) => place.stack === edge.stack)
          .map(({ block, place }) => this.safely(() => JSON.stringify(references.follow(block, place.stack))) ?? '');
        return balancers
          .filter(({ id }) =>
            named.some((text) => text.includes(`${JSON.stringify(id).slice(1, -1)}.`) || text.includes(`"${id}"`)),
          )
          .map(
            (balancer): MapLink => ({
              id: `link/${edge.id}/${balancer.id}`,
              kind: 'traffic',
              from: edge.id,
              to: balancer.id,
              both: false,
              label: '',
              stack: edge.stack!,
              address: edge.address,
            }),
          );
      });
  }

  private node(kind: NodeKind, resource: Resource, name: string): Omit<MapNode, 'facts'> {
    const region = this.keyOf(awsRegionOf(resource, this.estate)) ?? null;
    return {
      id: resource.id,
      kind,
      name: name || nameOf(resource),
      stack: resource.place.stack,
      region,
      address: addressOf(resource.id),
    };
  }

  private placed(subnetIds: readonly string[]): Pick<MapNode, 'vpc' | 'tier'> {
    const subnet = subnetIds.map((id) => this.subnets.get(id)).find((found) => found !== undefined);
    return subnet ? { vpc: subnet.vpc.id, tier: tierOf(subnet) } : {};
  }

  private placedByGroup(resource: Resource, argument: string, groupType: string): Pick<MapNode, 'vpc' | 'tier'> {
    const { references } = this.reading;
    const name = references.text(resource, argument);
    const group = references
      .ofType(groupType)
      .filter((candidate) => sameStack(candidate.place, resource))
      .find((candidate) => [candidate.id, references.text(candidate, 'name')].includes(name));
    return group ? this.placed(references.list(group, 'subnet_ids')) : {};
  }

  private settingsOf(vpc: Vpc): { readonly name: string; readonly segment: string } | undefined {
    const region = this.regions.find(({ awsRegion }) => awsRegion === vpc.awsRegion);
    const found = Object.entries(region?.vpcs ?? {}).find(([, { cidrs }]) =>
      vpc.ranges.some(({ text }) => text === networkOf(cidrs, this.settings)),
    );
    return found && { name: found[0], segment: found[1].segment ?? this.settings.segment };
  }

  private regionOfStack({ stack }: Place): string | null {
    const key = /^region-([^-]+)-/.exec(stack)?.[1];
    return key ?? null;
  }

  private keyOf(awsRegion: string): string | undefined {
    return this.regions.find((region) => region.awsRegion === awsRegion)?.key;
  }

  private text(resource: Resource, argument: string): string {
    return this.safely(() => this.reading.references.text(resource, argument)) ?? '';
  }

  /** A name without what all names of the environment begin with. */
  private short(name: string): string {
    const { organisation, name: environment } = this.settings;
    const begin = [`${organisation}-${environment}-`, `${environment}-`].find((each) => name.startsWith(each)) ?? '';
    return name.slice(begin.length);
  }

  /** Undefined where an expression is more than can be followed: a picture lacks a word then, and nothing fails. */
  private safely<T>(read: () => T): T | undefined {
    let value: T | undefined;
    try {
      value = read();
    } catch {
      value = undefined;
    }
    return value;
  }
}

interface Rule {
  readonly destination?: Destination | readonly Destination[];
}

interface Destination {
  readonly bucket?: unknown;
  readonly replication_time?: Timed | readonly Timed[];
}

interface Timed {
  readonly time?: { readonly minutes?: number } | readonly { readonly minutes?: number }[];
}

/** Two opposite directions as one link. */
function joined(links: readonly MapLink[]): MapLink[] {
  const made = new Map<string, MapLink>();
  for (const link of links) {
    const back = made.get(`${link.to} ${link.from}`);
    if (back) made.set(`${link.to} ${link.from}`, { ...back, both: true });
    else made.set(`${link.from} ${link.to}`, link);
  }
  return [...made.values()];
}

/** In the order in which packets from the internet meet them. */
const tierOrder = ['public', 'endpoints', 'appliances', 'app', 'data', 'transit'];

function tiersOf({ subnets }: Vpc): MapTier[] {
  return [...groupBy(subnets, tierOf)]
    .map(([name, all]) => ({
      name,
      subnets: all
        .map(({ id, zone, range }) => ({ zone, range: range.text, address: addressOf(id) }))
        .sort((a, b) => (a.zone < b.zone ? -1 : 1)),
    }))
    .sort((a, b) => rankOf(a.name) - rankOf(b.name));
}

function rankOf(tier: string): number {
  const rank = tierOrder.indexOf(tier);
  return rank < 0 ? tierOrder.length : rank;
}

/** The construct that holds the subnets of a purpose: `app` of `Vpc/App/Subnet0`. */
function tierOf({ place }: Pick<Subnet, 'place'>): string {
  return place.path.split('/').at(-2)?.toLowerCase() ?? 'subnets';
}

function engineName(engine: string): string {
  return engine.replace(/^aurora-postgresql$/, 'Aurora PostgreSQL').replace(/^aurora-mysql$/, 'Aurora MySQL');
}

function addressOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

function sameStack(place: Place, { place: other }: Pick<Resource, 'place'>): boolean {
  return place.stack === other.stack;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function groupBy<T>(all: Iterable<T>, keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

function countBy<T>(all: Iterable<T>, keyOf: (each: T) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(keyOf(each) ?? '', (counts.get(keyOf(each) ?? '') ?? 0) + 1);
  return counts;
}
