import type { Block } from '@platform/libs/testing/synthesised-stack';
import { cidrRange, type AddressRange } from '@platform/libs/settings/cidr';
import type { Network, Subnet } from './network';
import type { Reading, Surroundings } from './reading';
import type { Place, Resource } from './references';
import { readSecurityGroups, type SecurityGroup } from './security-groups';
import type { Packet } from './walk';

/**
 * Something that others ask, or that asks others, and without which the estate does not work.
 *
 * - `store`: asked by the application of its VPC; its groups name groups, and are not judged
 * - `endpoint`: AWS's own services inside a VPC, asked by the application of that
 * - `partner`: services of partners inside a VPC, asked by the application of that on the ports of the settings
 * - `appliance`: gets packets and health checks of the balancer in its own subnet
 * - `inbound`, `outbound`: name servers, asked by and asking those on premises
 */
export interface Service {
  readonly kind: 'store' | 'endpoint' | 'partner' | 'appliance' | 'inbound' | 'outbound';
  readonly name: string;
  readonly place: Place;
  readonly subnets: readonly Subnet[];
  readonly asked: readonly { readonly protocol: Packet['protocol']; readonly port: number }[];
  /** Groups that decide by address who comes in, or for `outbound` where it may ask; undefined where none does. */
  readonly groups: readonly SecurityGroup[] | undefined;
  /** Groups of each fleet of the application that asks; undefined where those who ask are not judged. */
  readonly askers?: readonly (readonly SecurityGroup[])[];
  /** Whom `outbound` asks. */
  readonly targets?: readonly AddressRange[];
}

const dns = (['udp', 'tcp'] as const).map((protocol) => ({ protocol, port: 53 }));

/** Services of all stacks, each in its subnets. One that stands in none of the estate is noted. */
export function readServices(
  reading: Reading,
  { vpcs }: Pick<Network, 'vpcs'>,
  { partners }: Pick<Surroundings, 'partners'>,
): Service[] {
  const { references } = reading;
  const groups = readSecurityGroups(reading);
  const subnets = new Map(vpcs.flatMap((vpc) => vpc.subnets.map((subnet) => [subnet.id, subnet] as const)));
  const groupsOf = (ids: readonly string[]) => ids.flatMap((id) => groups.get(id) ?? []);
  const service = (
    resource: Resource,
    kind: Service['kind'],
    ids: readonly string[],
    rest: Pick<Service, 'asked' | 'groups' | 'askers' | 'targets'>,
  ): Service | undefined => {
    const standsIn = ids.flatMap((id) => subnets.get(id) ?? []);
    const { place } = resource;
    if (standsIn.length > 0) return { kind, name: `${place.stack} ${place.path}`, place, subnets: standsIn, ...rest };
    reading.note(place, 'it is in no subnet of the estate');
    return undefined;
  };

  const stores = Object.entries(storeTypes).flatMap(([type, { argument, group, port }]) =>
    reading.each(type, (resource) => {
      const name = references.text(resource, argument);
      const [own] = references
        .ofType(group)
        .filter((candidate) => candidate.place.stack === resource.place.stack)
        .filter((candidate) => [candidate.id, references.text(candidate, 'name')].includes(name));
      const asked = [{ protocol: 'tcp' as const, port: Number(references.text(resource, 'port') ?? port) }];
      return service(resource, 'store', own ? references.list(own, 'subnet_ids') : [], { asked, groups: undefined });
    }),
  );
  const scalingGroups = reading.each('aws_autoscaling_group', (resource) => {
    const [balanced] = references
      .list(resource, 'target_group_arns')
      .flatMap((id) => references.resource(id) ?? [])
      .filter(({ block }) => block['protocol'] === 'GENEVE');
    const { launch_template: launched } = resource.block;
    const template = references.resource(String(references.follow(first(launched)['id'], resource.place.stack)));
    const inTemplate = (value: unknown) => [references.follow(value ?? [], template!.place.stack)].flat(3).map(String);
    const groups = template
      ? [template.block['vpc_security_group_ids'], first(template.block['network_interfaces'])['security_groups']]
      : [];
    const standsIn = references.list(resource, 'vpc_zone_identifier');
    return { resource, balanced, standsIn, groups: groupsOf(groups.flatMap(inTemplate)) };
  });
  const askersIn = (ids: readonly string[]) => {
    const vpc = subnets.get(ids[0] ?? '')?.vpc;
    return scalingGroups
      .filter(({ balanced, standsIn }) => !balanced && standsIn.some((id) => subnets.get(id)?.vpc === vpc))
      .map(({ groups: own }) => own);
  };
  const endpoints = reading.each('aws_vpc_endpoint', (resource) => {
    const name = references.text(resource, 'service_name') ?? '';
    if (resource.block['vpc_endpoint_type'] !== 'Interface' || !name.startsWith('com.amazonaws.')) return undefined;
    const isPartner = name.startsWith('com.amazonaws.vpce.');
    const ports = isPartner ? partners.get(name) : [443];
    if (!ports) {
      reading.note(resource.place, `it leads to "${name}", and no partner of the settings says on which ports`);
      return undefined;
    }
    const ids = references.list(resource, 'subnet_ids');
    return service(resource, isPartner ? 'partner' : 'endpoint', ids, {
      asked: ports.map((port) => ({ protocol: 'tcp', port })),
      groups: groupsOf(references.list(resource, 'security_group_ids')),
      askers: askersIn(ids),
    });
  });
  const resolvers = reading.each('aws_route53_resolver_endpoint', (resource) => {
    const addresses = references.follow(resource.block['ip_address'], resource.place.stack) as Block[];
    const targets = references
      .ofType('aws_route53_resolver_rule')
      .filter((rule) => references.text(rule, 'resolver_endpoint_id') === resource.id)
      .flatMap((rule) => references.follow(rule.block['target_ip'] ?? [], rule.place.stack) as Block[])
      .map(({ ip }) => cidrRange(`${String(ip)}/32`));
    return service(
      resource,
      resource.block['direction'] === 'INBOUND' ? 'inbound' : 'outbound',
      addresses.map((address) => String(address['subnet_id'])),
      { asked: dns, groups: groupsOf(references.list(resource, 'security_group_ids')), targets },
    );
  });
  const appliances = scalingGroups.flatMap(({ resource, balanced, standsIn, groups: own }) => {
    if (!balanced) return [];
    const health = Number(first(balanced.block['health_check'])['port']);
    const asked = [
      { protocol: 'udp', port: Number(balanced.block['port']) },
      { protocol: 'tcp', port: health },
    ] as const;
    return service(resource, 'appliance', standsIn, { asked, groups: own }) ?? [];
  });
  return [...stores, ...endpoints, ...resolvers, ...appliances];
}

/** Data stores, how they name their subnet group, and the port that AWS gives them without one. */
const storeTypes: Readonly<Record<string, { argument: string; group: string; port: number }>> = {
  aws_rds_cluster: { argument: 'db_subnet_group_name', group: 'aws_db_subnet_group', port: 5432 },
  aws_db_instance: { argument: 'db_subnet_group_name', group: 'aws_db_subnet_group', port: 5432 },
  aws_elasticache_replication_group: {
    argument: 'subnet_group_name',
    group: 'aws_elasticache_subnet_group',
    port: 6379,
  },
};

function first(block: unknown): Block {
  return ([block].flat()[0] ?? {}) as Block;
}
