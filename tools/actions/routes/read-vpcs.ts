import type { EstateJson } from './estate-json';
import { cidrRange, type AddressRange } from '@platform/libs/settings/cidr';
import { LongestPrefix } from './longest-prefix';
import type {
  Acl,
  AclRule,
  InspectionEndpoint,
  Nat,
  Network,
  Subnet,
  Target,
  Vpc,
  VpcRoute,
  VpcRouteTable,
} from './network';
import { awsRegionOf, nameOf, type Reading } from './reading';
import type { Resource } from './references';

type Read = Pick<Network, 'vpcs' | 'endpoints' | 'nats' | 'speakers'>;
type RuleBlock = Readonly<Record<string, string | number | null | undefined>>;

/** VPCs with their subnets, tables, ACLs, NAT gateways and inspection endpoints. */
export function readVpcs(reading: Reading, estate: EstateJson): Read {
  const { references } = reading;
  const ranges = readRanges(reading);
  const routes = readRoutes(reading);
  const tables = new Map(
    reading.each('aws_route_table', (resource) => {
      const own = ranges.get(references.text(resource, 'vpc_id') ?? '') ?? [];
      return [resource.id, tableOf(resource, own, routes.get(resource.id) ?? [])] as const;
    }),
  );
  for (const [id, [{ place }]] of routes as Map<string, [VpcRoute]>) {
    if (!tables.has(id)) reading.note(place, `it is a route of "${id}", a table that no stack makes`);
  }

  const gateways = new Map(
    reading.each('aws_internet_gateway', (gateway) => [references.text(gateway, 'vpc_id')!, gateway.id] as const),
  );
  const tableBySubnet = new Map<string, VpcRouteTable>();
  reading.each('aws_route_table_association', (association) => {
    const table = tables.get(references.text(association, 'route_table_id') ?? '');
    const joined = references.text(association, 'subnet_id') ?? references.text(association, 'gateway_id');
    if (table && joined) tableBySubnet.set(joined, table);
    else reading.note(association.place, 'it joins no subnet of the estate with a table of the estate');
  });
  const vpcs = new Map(
    reading.each('aws_vpc', (resource): [string, Vpc] => [
      resource.id,
      {
        id: resource.id,
        name: nameOf(resource),
        place: resource.place,
        awsRegion: awsRegionOf(resource, estate),
        ranges: ranges.get(resource.id) ?? [],
        subnets: [],
        edgeTable: tableBySubnet.get(gateways.get(resource.id) ?? ''),
      },
    ]),
  );
  const acls = readAcls(reading);
  const subnets = new Map(
    reading.each('aws_subnet', (resource): [string, Subnet] | undefined => {
      const vpc = vpcs.get(references.text(resource, 'vpc_id') ?? '');
      const range = reading.range(resource, 'cidr_block');
      if (!vpc || !range) {
        reading.note(resource.place, 'it is a subnet of no VPC of the estate');
        return undefined;
      }
      const subnet: Subnet = {
        id: resource.id,
        name: nameOf(resource),
        place: resource.place,
        vpc,
        range,
        zone: references.text(resource, 'availability_zone_id') ?? references.text(resource, 'availability_zone') ?? '',
        // Without an association the VPC's main table decides, which has nothing but the local route.
        table: tableBySubnet.get(resource.id) ?? tableOf(resource, vpc.ranges, []),
        acl: acls.get(resource.id),
      };
      vpc.subnets.push(subnet);
      return [resource.id, subnet];
    }),
  );
  const inSubnet = <T extends InspectionEndpoint | Nat>(
    resource: Resource,
    subnetId: string | undefined,
  ): [string, T] | undefined => {
    const subnet = subnets.get(subnetId ?? '');
    if (subnet) return [resource.id, { id: resource.id, place: resource.place, subnet } as T];
    reading.note(resource.place, 'it is in no subnet of the estate');
    return undefined;
  };
  const endpoints = reading.each('aws_vpc_endpoint', (resource) =>
    resource.block['vpc_endpoint_type'] === 'GatewayLoadBalancer'
      ? inSubnet<InspectionEndpoint>(resource, references.list(resource, 'subnet_ids')[0])
      : undefined,
  );
  const nats = reading.each('aws_nat_gateway', (resource) =>
    inSubnet<Nat>(resource, references.text(resource, 'subnet_id')),
  );
  return {
    vpcs: [...vpcs.values()],
    endpoints: new Map(endpoints),
    nats: new Map(nats),
    speakers: readSpeakers(reading, estate),
  };
}

function readRanges(reading: Reading): Map<string, AddressRange[]> {
  const ranges = new Map(
    reading.each('aws_vpc', (vpc): [string, AddressRange[]] => {
      const range = reading.range(vpc, 'cidr_block');
      if (!range) reading.note(vpc.place, 'it has no IPv4 network');
      if (vpc.block['assign_generated_ipv6_cidr_block'] === true)
        reading.note(vpc.place, 'it has IPv6, which is not followed');
      return [vpc.id, range ? [range] : []];
    }),
  );
  reading.each('aws_vpc_ipv4_cidr_block_association', (association) => {
    const range = reading.range(association, 'cidr_block');
    if (range) ranges.get(reading.references.text(association, 'vpc_id') ?? '')?.push(range);
  });
  return ranges;
}

function tableOf(resource: Resource, own: readonly AddressRange[], routes: readonly VpcRoute[]): VpcRouteTable {
  const local = own.map((range): VpcRoute => ({ range, target: { kind: 'local' }, place: resource.place }));
  // A route of the VPC's own range replaces the local one.
  const entries = [...routes, ...local].map((value, rank) => ({ range: value.range, rank, value }));
  return { id: resource.id, name: nameOf(resource), place: resource.place, routes, lookup: new LongestPrefix(entries) };
}

function readRoutes(reading: Reading): Map<string, VpcRoute[]> {
  const routes = new Map<string, VpcRoute[]>();
  reading.each('aws_route', (resource) => {
    const table = reading.references.text(resource, 'route_table_id') ?? '';
    const range = reading.range(resource, 'destination_cidr_block');
    if (!range) {
      reading.note(resource.place, 'its destination is not an IPv4 network');
      return;
    }
    const route = { range, target: targetOf(reading, resource), place: resource.place };
    routes.set(table, [...(routes.get(table) ?? []), route]);
  });
  reading.each('aws_route_table', ({ block, place }) => {
    if (block['route'] !== undefined) reading.note(place, 'it has routes inside itself; write each as a resource');
    if (block['propagating_vgws'] !== undefined)
      reading.note(place, 'it takes routes of a virtual private gateway, which are not followed');
  });
  return routes;
}

/** Arguments that name a target which the model follows, and the types of resources that it may be. */
const targetArguments: Readonly<Record<string, { readonly [type: string]: 'hub' | 'nat' | 'endpoint' | 'internet' }>> =
  {
    transit_gateway_id: { aws_ec2_transit_gateway: 'hub' },
    nat_gateway_id: { aws_nat_gateway: 'nat' },
    vpc_endpoint_id: { aws_vpc_endpoint: 'endpoint' },
    gateway_id: { aws_internet_gateway: 'internet' },
  };

/** What `aws_route` can have beside its targets (provider documentation of `aws_route`). */
const otherArguments = [
  'route_table_id',
  'destination_cidr_block',
  '//',
  'provider',
  'depends_on',
  'lifecycle',
  'timeouts',
];

/** Where a route leads. What is not known may carry packets to anybody, so it is noted, and not taken for a drop. */
function targetOf(reading: Reading, resource: Resource): Target {
  const { references } = reading;
  for (const [argument, kinds] of Object.entries(targetArguments)) {
    const id = references.text(resource, argument);
    if (id === undefined) continue;
    if (id === 'local') return { kind: 'local' };
    const target = references.resource(id);
    const kind = kinds[target?.type ?? ''];
    if (kind === 'internet') return { kind };
    if (kind && (kind !== 'endpoint' || target!.block['vpc_endpoint_type'] === 'GatewayLoadBalancer'))
      return { kind, id };
  }
  const named = Object.keys(resource.block).filter((argument) => !otherArguments.includes(argument));
  const what = named.map((argument) => `${argument} "${references.text(resource, argument)}"`).join(', ');
  reading.note(resource.place, `it leads to ${what || 'nothing'}, which the route check cannot follow`);
  return { kind: 'unknown' };
}

/** ACL by subnet. */
function readAcls(reading: Reading): Map<string, Acl> {
  const acls = new Map<string, Acl>();
  reading.each('aws_network_acl', (resource) => {
    const rules = (direction: string): AclRule[] =>
      ((resource.block[direction] ?? []) as RuleBlock[])
        .flatMap((rule) => {
          const protocol = protocols[String(rule['protocol'])];
          if (!protocol || !rule['cidr_block']) return [];
          const ports = [Number(rule['from_port']), Number(rule['to_port'])] as const;
          return [
            {
              number: Number(rule['rule_no']),
              action: rule['action'] as AclRule['action'],
              protocol,
              range: cidrRange(String(reading.references.follow(rule['cidr_block'], resource.place.stack))),
              ports: protocol === 'all' ? ([0, 65535] as const) : ports,
            },
          ];
        })
        .sort((a, b) => a.number - b.number);
    const acl: Acl = { place: resource.place, ingress: rules('ingress'), egress: rules('egress') };
    for (const subnet of reading.references.list(resource, 'subnet_ids')) acls.set(subnet, acl);
  });
  return acls;
}

const protocols: Readonly<Record<string, AclRule['protocol']>> = {
  '-1': 'all',
  all: 'all',
  '6': 'tcp',
  tcp: 'tcp',
  '17': 'udp',
  udp: 'udp',
};

function readSpeakers(reading: Reading, estate: EstateJson): Set<string> {
  return new Set(
    [...estate.values()].flatMap(({ stack, json }) => {
      const published = json.output?.['appSubnetIds']?.['value'] as unknown;
      return published === undefined ? [] : [reading.references.follow(published, stack)].flat(2).map(String);
    }),
  );
}
