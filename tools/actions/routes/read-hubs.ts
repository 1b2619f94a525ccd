import type { EstateJson } from './estate-json';
import { cidrRange, type AddressRange } from '@platform/libs/settings/cidr';
import { LongestPrefix } from './longest-prefix';
import type { Attachment, Hub, HubRoute, HubTable, Network } from './network';
import { awsRegionOf, nameOf, type Reading, type Surroundings } from './reading';

/** Transit Gateways with their tables, and what is attached to them. */
export function readHubs(
  reading: Reading,
  { vpcs }: Pick<Network, 'vpcs'>,
  surroundings: Surroundings,
  estate: EstateJson,
): Pick<Network, 'hubs' | 'attachments'> {
  const { references } = reading;
  const hubs = new Map(
    reading.each('aws_ec2_transit_gateway', (resource): [string, Hub] => {
      for (const argument of ['default_route_table_association', 'default_route_table_propagation']) {
        if (resource.block[argument] !== 'disable')
          reading.note(resource.place, `${argument} is not "disable": AWS would join everybody with everybody`);
      }
      const { id, place } = resource;
      return [
        id,
        {
          id,
          name: nameOf(resource),
          place,
          awsRegion: awsRegionOf(resource, estate),
          tables: [],
          associations: new Map(),
          associationPlaces: new Map(),
        },
      ];
    }),
  );
  const attachments = readAttachments(reading, vpcs);
  for (const id of surroundings.externals.keys()) {
    const [acceptance] = references
      .ofType('aws_ec2_transit_gateway_vpc_attachment_accepter')
      .filter((resource) => references.text(resource, 'transit_gateway_attachment_id') === id);
    if (acceptance) attachments.set(id, { id, kind: 'external', place: acceptance.place });
  }

  const routes = readRoutes(reading, attachments, surroundings);
  const tables = new Map(
    reading.each('aws_ec2_transit_gateway_route_table', (resource): [string, HubTable] | undefined => {
      const hub = hubs.get(references.text(resource, 'transit_gateway_id') ?? '');
      if (!hub) {
        reading.note(resource.place, 'it is a table of no hub of the estate');
        return undefined;
      }
      const own = routes.get(resource.id) ?? [];
      const { id, place } = resource;
      const lookup = new LongestPrefix(own.map((value) => ({ range: value.range, rank: rankOf(value), value })));
      const table = { id, hub: hub.id, name: nameOf(resource), place, routes: own, lookup };
      hub.tables.push(table);
      return [id, table];
    }),
  );
  for (const [id, [route]] of routes) {
    if (!tables.has(id)) reading.note(route!.place, `it is a route of "${id}", a table that no stack makes`);
  }
  reading.each('aws_ec2_transit_gateway_route_table_association', (resource) => {
    const table = tables.get(references.text(resource, 'transit_gateway_route_table_id') ?? '');
    const attachment = references.text(resource, 'transit_gateway_attachment_id') ?? '';
    if (!table || !attachments.has(attachment)) {
      reading.note(resource.place, `it joins "${attachment}" with a table, and one of the two is not of the estate`);
      return;
    }
    const hub = hubs.get(table.hub)!;
    if (hub.associations.has(attachment))
      reading.note(resource.place, 'its attachment has another table already, and AWS refuses the second');
    hub.associations.set(attachment, table);
    hub.associationPlaces.set(attachment, resource.place);
  });
  return { hubs, attachments };
}

/** Static before announced; among announced ones VPCs, Direct Connect, VPN (Transit Gateway guide, route evaluation order). */
function rankOf({ origin, attachment }: HubRoute): number {
  if (origin === 'static') return 0;
  if (attachment?.kind === 'on-premises') return attachment.by === 'Direct Connect' ? 2 : 3;
  return 1;
}

function readAttachments(reading: Reading, vpcs: Network['vpcs']): Map<string, Attachment> {
  const { references } = reading;
  const attachments = new Map<string, Attachment>();
  const add = (attachment: Attachment) => attachments.set(attachment.id, attachment);
  reading.each('aws_ec2_transit_gateway_vpc_attachment', (resource) => {
    const vpc = vpcs.find(({ id }) => id === references.text(resource, 'vpc_id'));
    const subnets = references
      .list(resource, 'subnet_ids')
      .flatMap((id) => vpc?.subnets.find((subnet) => subnet.id === id) ?? []);
    if (!vpc || subnets.length === 0) {
      reading.note(resource.place, 'it attaches no VPC of the estate in subnets of it');
      return;
    }
    add({
      id: resource.id,
      place: resource.place,
      kind: 'vpc',
      hub: references.text(resource, 'transit_gateway_id') ?? '',
      vpc,
      subnets,
      applianceMode: resource.block['appliance_mode_support'] === 'enable',
    });
  });
  reading.each('aws_ec2_transit_gateway_peering_attachment', (resource) => {
    const end = (argument: string) => references.text(resource, argument) ?? '';
    const hubs = [end('transit_gateway_id'), end('peer_transit_gateway_id')] as const;
    add({ id: resource.id, place: resource.place, kind: 'peer', hubs });
  });
  reading.each('aws_vpn_connection', (resource) => {
    const hub = references.text(resource, 'transit_gateway_id');
    if (hub) add({ id: resource.id, place: resource.place, kind: 'on-premises', hub, by: 'VPN', announced: undefined });
    else reading.note(resource.place, 'it ends at no hub of the estate');
  });
  reading.each('aws_dx_gateway_association', (resource) => {
    const hub = references.text(resource, 'associated_gateway_id') ?? '';
    const announced = references.list(resource, 'allowed_prefixes').map(cidrRange);
    add({ id: resource.id, place: resource.place, kind: 'on-premises', hub, by: 'Direct Connect', announced });
  });
  return attachments;
}

/** Routes by the id of their table, announced ones included. */
function readRoutes(
  reading: Reading,
  attachments: ReadonlyMap<string, Attachment>,
  surroundings: Surroundings,
): Map<string, HubRoute[]> {
  const { references } = reading;
  const routes = new Map<string, HubRoute[]>();
  const add = (table: string | undefined, route: HubRoute) =>
    routes.set(table ?? '', [...(routes.get(table ?? '') ?? []), route]);
  reading.each('aws_ec2_transit_gateway_route', (resource) => {
    const table = references.text(resource, 'transit_gateway_route_table_id');
    const range = reading.range(resource, 'destination_cidr_block');
    const way = references.text(resource, 'transit_gateway_attachment_id');
    const dropped = resource.block['blackhole'] === true;
    const attachment = way === undefined ? undefined : attachments.get(way);
    if (!range || (!dropped && !attachment)) {
      reading.note(resource.place, `it leads to "${way}", which no stack makes`);
      return;
    }
    const twice = routes.get(table ?? '')?.some((other) => other.range === range);
    if (twice)
      reading.note(resource.place, `its table has another static route of ${range.text}, and AWS refuses the second`);
    add(table, { range, attachment: dropped ? undefined : attachment, origin: 'static', place: resource.place });
  });
  reading.each('aws_ec2_transit_gateway_route_table_propagation', (resource) => {
    const table = references.text(resource, 'transit_gateway_route_table_id');
    const id = references.text(resource, 'transit_gateway_attachment_id') ?? '';
    const attachment = attachments.get(id);
    if (!attachment) {
      reading.note(resource.place, `it announces "${id}", which no stack makes`);
      return;
    }
    for (const range of announcedBy(attachment, surroundings)) {
      add(table, { range, attachment, origin: 'propagated', place: resource.place });
    }
  });
  return routes;
}

function announcedBy(attachment: Attachment, { onPremises, externals }: Surroundings): readonly AddressRange[] {
  switch (attachment.kind) {
    case 'vpc':
      return attachment.vpc.ranges;
    case 'on-premises':
      return onPremises.map(cidrRange);
    case 'external':
      return [cidrRange(externals.get(attachment.id)!)];
    // Peerings carry static routes only.
    case 'peer':
      return [];
  }
}
