import type { EstateJson } from './estate-json';
import type { Network } from './network';
import { readHubs } from './read-hubs';
import { readServices } from './read-services';
import { readVpcs } from './read-vpcs';
import { Reading, type Surroundings } from './reading';
import { References } from './references';

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
