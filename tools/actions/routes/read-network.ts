import type { EstateJson } from './estate-json';
import { UnreadableExpression } from '@platform/tools/model/expression';
import { cidrRange, type AddressRange } from '@platform/libs/settings/cidr';
import type { Network, Unread } from './network';
import { readHubs } from './read-hubs';
import { readServices } from './read-services';
import { readVpcs } from './read-vpcs';
import { References, type Place, type Resource } from './references';

/** Resources that move packets in ways that the model has no words for. The estate has none of them. */
const unknownTypes = [
  'aws_default_network_acl',
  'aws_default_route_table',
  'aws_ec2_transit_gateway_connect',
  'aws_ec2_transit_gateway_prefix_list_reference',
  'aws_egress_only_internet_gateway',
  'aws_main_route_table_association',
  'aws_network_acl_association',
  'aws_network_acl_rule',
  'aws_networkfirewall_firewall',
  'aws_vpc_peering_connection',
  'aws_vpc_peering_connection_accepter',
  'aws_vpn_gateway',
  'aws_vpn_gateway_attachment',
  'aws_vpn_gateway_route_propagation',
];

/** What is known beside the stacks. */
export interface Surroundings {
  /** Ranges on premises, which BGP announces to the hubs. */
  readonly onPremises: readonly string[];
  /** AddressRange of a VPC of another account by its attachment id, which it would announce if it were let. */
  readonly externals: ReadonlyMap<string, string>;
  /** TCP ports of partners' services by the names of those. */
  readonly partners: ReadonlyMap<string, readonly number[]>;
}

/** Collects what cannot be followed instead of stopping at it: one odd route must not hide a broken one. */
export class Reading {
  readonly unread: Unread[] = [];

  constructor(readonly references: References) {}

  /** Runs `read` for every resource of a type; what it cannot follow is noted. */
  each<T>(type: string, read: (resource: Resource) => T | undefined): T[] {
    return this.references.ofType(type).flatMap((resource) => {
      try {
        const made = read(resource);
        return made === undefined ? [] : [made];
      } catch (error) {
        if (!(error instanceof UnreadableExpression)) throw error;
        this.note(resource.place, error.message);
        return [];
      }
    });
  }

  note(place: Place, what: string): void {
    this.unread.push({ place, what });
  }

  /** The range of an argument; undefined when absent or not IPv4, which is noted. */
  range(resource: Resource, argument: string): AddressRange | undefined {
    const text = this.references.text(resource, argument);
    try {
      if (text !== undefined) return cidrRange(text);
    } catch {
      this.note(resource.place, `${argument} is "${text}", no IPv4 network`);
    }
    return undefined;
  }
}

/** Builds the forwarding graph of an environment from the JSON of all its stacks. */
export function readNetwork(estate: EstateJson, surroundings: Surroundings): Network {
  const reading = new Reading(new References(estate));
  for (const type of unknownTypes) {
    reading.each(type, ({ place }) =>
      reading.note(place, `the route check does not know what ${type} does to packets`),
    );
  }
  const vpcs = readVpcs(reading, estate);
  const hubs = readHubs(reading, vpcs, surroundings, estate);
  const services = readServices(reading, vpcs, surroundings);
  return { ...vpcs, ...hubs, services, unread: reading.unread };
}

/** AWS's name of the region in which a resource is made: that of its provider. */
export function awsRegionOf({ block, place }: Resource, estate: EstateJson): string {
  const providers = estate.get(place.stack)?.json.provider?.['aws'] ?? [];
  const alias = String(block['provider'] ?? 'aws').split('.')[1];
  return String(providers.find((provider) => provider['alias'] === alias)?.['region'] ?? 'unknown');
}

/** How people know a resource: its name tag, else where it is made. */
export function nameOf({ block, place }: Resource): string {
  const tags = block['tags'] as { readonly Name?: string } | undefined;
  return tags?.Name ?? `${place.stack}/${place.path}`;
}
