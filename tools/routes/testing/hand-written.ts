import type { Block } from '@platform/libs/testing/synthesised-stack';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import type { SynthesisedEstate } from './estate';

const zones = ['us-east-1a', 'us-east-1b'];
const spokes = { app: '10.0.0.0/20', web: '10.0.16.0/20' };

/**
 * Two VPCs in two zones behind one hub, whose traffic goes through an inspection VPC, and a line to on premises with a VPN
 * behind it: each resource in as few words as Terraform allows, so that a test shows what the check makes of it.
 */
export function handWrittenEstate(): SynthesisedEstate {
  const resource: Record<string, Record<string, Block>> = {};
  const add = (type: string, name: string, block: Block) => {
    (resource[type] ??= {})[name] = { ...block, '//': { metadata: { path: `hand/${name}` } } };
    return `\${${type}.${name}.id}`;
  };
  const tgw = add('aws_ec2_transit_gateway', 'hub', {
    default_route_table_association: 'disable',
    default_route_table_propagation: 'disable',
    tags: { Name: 'hub' },
  });
  const hubTable = (name: string) =>
    add('aws_ec2_transit_gateway_route_table', name, { transit_gateway_id: tgw, tags: { Name: name } });
  const [prod, inspection, onPremises] = [hubTable('prod'), hubTable('inspection'), hubTable('on-premises')];
  const associate = (name: string, attachment: string, table: string) =>
    add('aws_ec2_transit_gateway_route_table_association', name, {
      transit_gateway_attachment_id: attachment,
      transit_gateway_route_table_id: table,
    });
  const propagate = (name: string, attachment: string, table: string) =>
    add('aws_ec2_transit_gateway_route_table_propagation', name, {
      transit_gateway_attachment_id: attachment,
      transit_gateway_route_table_id: table,
    });
  const route = (name: string, table: string, block: Block) =>
    add('aws_route', name, { route_table_id: table, ...block });

  const addVpc = (name: string, cidr: string, tiers: readonly string[], applianceMode: string) => {
    const vpc = add('aws_vpc', name, { cidr_block: cidr, tags: { Name: name } });
    const [, second, third] = /^10\.(\d+)\.(\d+)\./.exec(cidr)!.map(Number);
    const made = Object.fromEntries(
      tiers.map((tier, tierNumber) => [
        tier,
        zones.map((zone, number) => {
          const id = `${name}-${tier}-${number}`;
          const table = add('aws_route_table', `${id}-table`, { vpc_id: vpc, tags: { Name: id } });
          const subnet = add('aws_subnet', id, {
            vpc_id: vpc,
            cidr_block: `10.${second}.${third! + tierNumber * 4 + number}.0/24`,
            availability_zone: zone,
            tags: { Name: id },
          });
          add('aws_route_table_association', `${id}-association`, { subnet_id: subnet, route_table_id: table });
          return { subnet, table };
        }),
      ]),
    );
    const attachment = add('aws_ec2_transit_gateway_vpc_attachment', `${name}-attachment`, {
      transit_gateway_id: tgw,
      vpc_id: vpc,
      subnet_ids: made['transit']!.map(({ subnet }) => subnet),
      appliance_mode_support: applianceMode,
    });
    return { vpc, attachment, tiers: made };
  };

  const through = addVpc('through', '10.3.0.0/20', ['transit', 'endpoints', 'public'], 'enable');
  associate('enter-inspection', through.attachment, inspection);
  for (const [name, cidr] of Object.entries(spokes)) {
    const { attachment, tiers } = addVpc(name, cidr, ['app', 'transit'], 'disable');
    associate(`enter-${name}`, attachment, prod);
    propagate(`announce-${name}`, attachment, inspection);
    propagate(`announce-${name}-outside`, attachment, onPremises);
    tiers['app']!.forEach(({ table }, zone) =>
      route(`${name}-${zone}-out`, table, { destination_cidr_block: '0.0.0.0/0', transit_gateway_id: tgw }),
    );
  }
  add('aws_ec2_transit_gateway_route', 'all-inspected', {
    destination_cidr_block: '0.0.0.0/0',
    transit_gateway_attachment_id: through.attachment,
    transit_gateway_route_table_id: prod,
  });

  const anything = { rule_no: 1, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0', from_port: 0, to_port: 0 };
  const publicPorts = [
    { ...anything, cidr_block: '10.0.0.0/8' },
    { ...anything, rule_no: 2, protocol: '6', from_port: 1024, to_port: 65535 },
  ];
  add('aws_network_acl', 'public-acl', {
    subnet_ids: through.tiers['public']!.map(({ subnet }) => subnet),
    ingress: publicPorts,
    egress: [anything],
  });
  const internet = add('aws_internet_gateway', 'internet', { vpc_id: through.vpc });
  zones.forEach((_, zone) => {
    const { transit, endpoints, public: edge } = through.tiers;
    const endpoint = add('aws_vpc_endpoint', `endpoint-${zone}`, {
      vpc_id: through.vpc,
      vpc_endpoint_type: 'GatewayLoadBalancer',
      subnet_ids: [endpoints![zone]!.subnet],
    });
    const nat = add('aws_nat_gateway', `nat-${zone}`, { subnet_id: edge![zone]!.subnet });
    const [fromHub, inspected, outside] = [transit![zone]!.table, endpoints![zone]!.table, edge![zone]!.table];
    route(`from-hub-${zone}`, fromHub, { destination_cidr_block: '0.0.0.0/0', vpc_endpoint_id: endpoint });
    route(`to-hub-${zone}`, inspected, { destination_cidr_block: '10.0.0.0/14', transit_gateway_id: tgw });
    route(`to-line-${zone}`, inspected, { destination_cidr_block: '192.168.0.0/16', transit_gateway_id: tgw });
    route(`to-internet-${zone}`, inspected, { destination_cidr_block: '0.0.0.0/0', nat_gateway_id: nat });
    route(`out-${zone}`, outside, { destination_cidr_block: '0.0.0.0/0', gateway_id: internet });
    route(`back-${zone}`, outside, { destination_cidr_block: '10.0.0.0/14', vpc_endpoint_id: endpoint });
  });

  add('aws_dx_gateway_association', 'line', {
    dx_gateway_id: 'gateway',
    associated_gateway_id: tgw,
    allowed_prefixes: ['10.0.0.0/14', ...Object.values(spokes)],
  });
  const line = '${data.aws_ec2_transit_gateway_dx_gateway_attachment.line.id}';
  const vpn = add('aws_vpn_connection', 'vpn', { transit_gateway_id: tgw });
  for (const [name, attachment] of Object.entries({ line, vpn })) {
    associate(`enter-${name}`, attachment, onPremises);
    propagate(`announce-${name}`, attachment, inspection);
  }
  // From on premises too everything passes inspection, and each network is told by itself.
  for (const [name, cidr] of Object.entries(spokes)) {
    add('aws_ec2_transit_gateway_route', `line-to-${name}`, {
      destination_cidr_block: cidr,
      transit_gateway_attachment_id: through.attachment,
      transit_gateway_route_table_id: onPremises,
    });
  }

  add('aws_ec2_transit_gateway_route', 'no-transit', {
    destination_cidr_block: '192.168.0.0/16',
    blackhole: true,
    transit_gateway_route_table_id: onPremises,
  });

  const speakers = Object.keys(spokes).flatMap((name) =>
    zones.map((_, zone) => `\${aws_subnet.${name}-app-${zone}.id}`),
  );
  const json = {
    provider: { aws: [{ region: 'us-east-1' }] },
    resource,
    data: { aws_ec2_transit_gateway_dx_gateway_attachment: { line: { transit_gateway_id: tgw } } },
    output: { appSubnetIds: { value: speakers } },
  };
  return {
    json: new Map([['hand', { stack: 'hand', project: 'shared/hand', source: 'shared/hand/stack.ts', json }]]),
    environment: exampleEnvironment({ level: 'inspected' }),
    regions: [
      {
        ...exampleRegions[0],
        vpcs: Object.fromEntries(Object.entries(spokes).map(([name, prod]) => [name, { cidrs: { prod } }])),
      },
    ],
  };
}
