import type { Block } from '@platform/libs/testing/synthesised-stack';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import type { SynthesisedEstate } from './estate';

const zones = ['us-east-1a', 'us-east-1b'];
const partnerService = 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0';
const spokes = { app: '10.0.0.0/20', web: '10.0.16.0/20' };

/**
 * Two VPCs in two zones behind one hub, whose traffic goes through an inspection VPC, a line to on premises with a VPN
 * behind it, and in one of the VPCs what others ask of it: each resource in as few words as Terraform allows, so that a test shows what the check makes of it.
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
    const byTier = Object.fromEntries(
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
      subnet_ids: byTier['transit']!.map(({ subnet }) => subnet),
      appliance_mode_support: applianceMode,
    });
    return { vpc, attachment, tiers: byTier };
  };

  const through = addVpc('through', '10.3.0.0/20', ['transit', 'endpoints', 'public', 'appliances'], 'enable');
  associate('enter-inspection', through.attachment, inspection);
  const made = new Map<string, ReturnType<typeof addVpc>>();
  for (const [name, cidr] of Object.entries(spokes)) {
    const vpc = addVpc(name, cidr, ['app', 'transit', 'data'], 'disable');
    made.set(name, vpc);
    const { attachment, tiers } = vpc;
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

  const subnetsOf = (vpc: ReturnType<typeof addVpc>, tier: string) => vpc.tiers[tier]!.map(({ subnet }) => subnet);
  addServices(add, {
    app: subnetsOf(made.get('app')!, 'app'),
    data: subnetsOf(made.get('app')!, 'data'),
    appliances: subnetsOf(through, 'appliances'),
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
    environment: exampleEnvironment({
      level: 'inspected',
      privateLink: {
        services: ['ssm'],
        partners: { acme: { serviceNames: { us: partnerService }, ports: [8443], privateDns: 'off' } },
      },
    }),
    regions: [
      {
        ...exampleRegions[0],
        vpcs: Object.fromEntries(Object.entries(spokes).map(([name, prod]) => [name, { cidrs: { prod } }])),
      },
    ],
  };
}

/** A database, name servers, endpoints of AWS's services and a partner's, machines and appliances, each behind what lets its clients in and no more. */
function addServices(
  add: (type: string, name: string, block: Block) => string,
  subnets: {
    readonly app: readonly string[];
    readonly data: readonly string[];
    readonly appliances: readonly string[];
  },
): void {
  const rule = (number: number, protocol: string, cidr_block: string, from_port: number, to_port: number) => {
    return { rule_no: number, action: 'allow', protocol, cidr_block, from_port, to_port };
  };
  const everything = [rule(10, '-1', '0.0.0.0/0', 0, 0)];
  add('aws_network_acl', 'app-acl', { subnet_ids: subnets.app, ingress: everything, egress: everything });
  add('aws_network_acl', 'data-acl', {
    subnet_ids: subnets.data,
    ingress: [rule(10, '6', '10.0.0.0/22', 0, 65535)],
    egress: [rule(10, '6', '10.0.0.0/22', 1024, 65535)],
  });
  add('aws_db_subnet_group', 'stores', { name: 'stores', subnet_ids: subnets.data });
  add('aws_rds_cluster', 'database', { db_subnet_group_name: '${aws_db_subnet_group.stores.name}', port: 5432 });

  const group = (
    name: string,
    direction: 'ingress' | 'egress',
    rules: readonly (readonly [protocol: string, port: number, cidr: string])[],
  ) => {
    const id = add('aws_security_group', `${name}-group`, {});
    for (const [ip_protocol, port, cidr_ipv4] of rules) {
      add(`aws_vpc_security_group_${direction}_rule`, `${name}-${ip_protocol}-${port}`, {
        security_group_id: id,
        ip_protocol,
        from_port: port,
        to_port: port,
        cidr_ipv4,
      });
    }
    return [id];
  };
  const resolver = (name: string, direction: 'INBOUND' | 'OUTBOUND', groups: readonly string[]) =>
    add('aws_route53_resolver_endpoint', name, {
      direction,
      ip_address: subnets.app.map((subnet_id) => ({ subnet_id })),
      security_group_ids: groups,
    });
  const dns = (cidr: string) => ['udp', 'tcp'].map((protocol) => [protocol, 53, cidr] as const);
  resolver('inbound', 'INBOUND', group('inbound', 'ingress', dns('192.168.0.0/16')));
  const outbound = resolver('outbound', 'OUTBOUND', group('outbound', 'egress', dns('192.168.1.0/24')));
  add('aws_route53_resolver_rule', 'forward', {
    resolver_endpoint_id: outbound,
    target_ip: [{ ip: '192.168.1.10' }, { ip: '192.168.1.11' }],
  });
  add('aws_vpc_endpoint', 'ssm', {
    vpc_endpoint_type: 'Interface',
    service_name: 'com.amazonaws.us-east-1.ssm',
    subnet_ids: subnets.app,
    security_group_ids: group('ssm', 'ingress', [['tcp', 443, '10.0.0.0/20']]),
  });

  add('aws_vpc_endpoint', 'acme', {
    vpc_endpoint_type: 'Interface',
    service_name: partnerService,
    subnet_ids: subnets.app,
    security_group_ids: group('acme', 'ingress', [['tcp', 8443, '10.0.0.0/20']]),
  });
  const machine = add('aws_launch_template', 'machine', {
    vpc_security_group_ids: group('machine', 'egress', [
      ['tcp', 443, '0.0.0.0/0'],
      ['tcp', 8443, '10.0.0.0/20'],
    ]),
  });
  add('aws_autoscaling_group', 'machines', {
    vpc_zone_identifier: subnets.app,
    launch_template: { id: machine },
  });

  const template = add('aws_launch_template', 'appliance', {
    network_interfaces: [
      {
        security_groups: group('appliance', 'ingress', [
          ['udp', 6081, '10.3.0.0/20'],
          ['tcp', 8080, '10.3.0.0/20'],
        ]),
      },
    ],
  });
  add('aws_lb_target_group', 'appliances', { protocol: 'GENEVE', port: 6081, health_check: { port: '8080' } });
  add('aws_autoscaling_group', 'appliances', {
    vpc_zone_identifier: subnets.appliances,
    target_group_arns: ['${aws_lb_target_group.appliances.arn}'],
    launch_template: { id: template },
  });
}
