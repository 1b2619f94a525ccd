import type { Environment } from '@platform/libs/settings/environment';
import { networkOf } from '@platform/libs/settings/region';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import type { SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { gwlbContract } from './contract';
import { GwlbStack } from './stack';

const [us, ap] = exampleRegions;
const prod = exampleEnvironment({ level: 'inspected' });
const below = exampleEnvironment({ level: 'accelerated' });
const synth = (environment: Environment, region = us) => synthStack((app) => new GwlbStack(app, environment, region));
const inspected = synth(prod);

/** Routes of a tier's route table in one zone. */
function routesOf(stack: SynthesisedStack, tier: string, zone: number): Record<string, string> {
  const table = stack.reference('aws_route_table', `Inspection/Network/${tier}/RouteTable${zone}`);
  return Object.fromEntries(
    stack
      .resources('aws_route')
      .filter((route) => route.route_table_id === table)
      .map((route) => [
        route.destination_cidr_block,
        route.vpc_endpoint_id ?? route.nat_gateway_id ?? route.gateway_id,
      ]),
  );
}

test('below level inspected the stack and all its outputs are empty', () => {
  const stack = synth(below);
  expect(stack.addresses()).toEqual([]);
  expect(Object.keys(stack.outputs()).sort()).toEqual(Object.keys(gwlbContract(us).fields).sort());
  expect(Object.values(stack.outputs()).filter((value) => Object.keys(value).length > 0)).toEqual([]);
});

test('regions have the same resource addresses', () => {
  expectTwins(inspected, synth(prod, ap));
});

test.each(us.zones.map((_, zone) => zone))(
  'zone %i sends everything to its own endpoint and its own NAT gateway',
  (zone) => {
    const endpoint = inspected.reference('aws_vpc_endpoint', `Inspection/Endpoints/Endpoint${zone}`);
    const nat = inspected.reference('aws_nat_gateway', `Gateway${zone}`);
    expect(routesOf(inspected, 'Transit', zone)).toEqual({ '0.0.0.0/0': endpoint });
    expect(routesOf(inspected, 'Endpoints', zone)).toEqual({ '0.0.0.0/0': nat });
    expect(routesOf(inspected, 'Appliances', zone)).toEqual({ '0.0.0.0/0': nat });
    expect(routesOf(inspected, 'Public', zone)).toEqual({
      '0.0.0.0/0': inspected.reference('aws_internet_gateway'),
      [networkOf(us.cidrs, prod)]: endpoint,
    });
    expect(inspected.resource('aws_vpc_endpoint', `Endpoint${zone}`)).toMatchObject({
      vpc_endpoint_type: 'GatewayLoadBalancer',
      subnet_ids: [inspected.reference('aws_subnet', `Network/Endpoints/Subnet${zone}`)],
    });
    expect(inspected.resource('aws_subnet', `Network/Endpoints/Subnet${zone}`).availability_zone_id).toBe(
      us.zones[zone],
    );
    expect(inspected.resource('aws_nat_gateway', `Gateway${zone}`).subnet_id).toBe(
      inspected.reference('aws_subnet', `Network/Public/Subnet${zone}`),
    );
  },
);

test('a single NAT gateway for the VPCs leaves inspection with one per zone', () => {
  expect(synth({ ...prod, natGateways: 'single' }).count('aws_nat_gateway')).toBe(us.zones.length);
});

test('only the load balancer reaches appliances, which have no public address', () => {
  const ingress = inspected.resources('aws_vpc_security_group_ingress_rule');
  expect(ingress.map(({ ip_protocol, from_port, to_port }) => [ip_protocol, from_port, to_port]).sort()).toEqual([
    ['tcp', 8080, 8080],
    ['udp', 6081, 6081],
  ]);
  expect(new Set(ingress.map(({ cidr_ipv4 }) => cidr_ipv4))).toEqual(new Set(['10.3.248.0/22']));
  const template = inspected.resource('aws_launch_template');
  expect(template).toMatchObject({
    image_id: `resolve:ssm:${prod.inspection.image}`,
    metadata_options: { http_tokens: 'required' },
    network_interfaces: [{ associate_public_ip_address: 'false' }],
  });
  expect(template.key_name).toBeUndefined();
  expect(template.block_device_mappings[0].ebs.encrypted).toBe('true');
});

test('every zone has its share of appliances, and the load balancer’s health check replaces them', () => {
  const { perZone, scaling } = prod.inspection;
  expect(inspected.resource('aws_autoscaling_group')).toMatchObject({
    min_size: perZone.min * us.zones.length,
    max_size: perZone.max * us.zones.length,
    health_check_type: 'ELB',
    target_group_arns: [inspected.reference('aws_lb_target_group', undefined, 'arn')],
    instance_refresh: { strategy: 'Rolling' },
  });
  const targets = inspected
    .resources('aws_autoscaling_policy')
    .map(({ target_tracking_configuration: { target_value } }) => target_value);
  expect(targets).toEqual([scaling.cpuPercent, (scaling.megabitsPerSec * 60_000_000) / 8]);
});

test('flows of a failed appliance move, none crosses a zone, and endpoints of others wait for acceptance', () => {
  expect(inspected.resource('aws_lb')).toMatchObject({
    load_balancer_type: 'gateway',
    enable_cross_zone_load_balancing: false,
  });
  expect(inspected.resource('aws_lb_target_group')).toMatchObject({
    protocol: 'GENEVE',
    port: 6081,
    target_failover: [{ on_deregistration: 'rebalance', on_unhealthy: 'rebalance' }],
  });
  expect(inspected.resource('aws_vpc_endpoint_service')).toMatchObject({
    acceptance_required: true,
    allowed_principals: [`arn:aws:iam::${prod.accounts.network}:root`],
  });
});

test('appliances start after their way out to the internet exists', () => {
  const { depends_on } = inspected.resource('aws_autoscaling_group');
  for (const [zone] of us.zones.entries()) {
    for (const [type, path] of [
      ['aws_route_table_association', `Network/Appliances/Association${zone}`],
      ['aws_route', `Network/Nat/Route${zone}`],
      ['aws_route', `Network/Public/InternetRoute${zone}`],
    ] as const) {
      expect(depends_on).toContain(inspected.reference(type, path).slice(2, -'.id}'.length));
    }
  }
});

test('appliances of a region have the instance type of that region', () => {
  const inspection = { ...prod.inspection, instanceType: { us: 'c7gn.large', ap: 'c6gn.large' } };
  const typeIn = (region: typeof us) =>
    synth({ ...prod, inspection }, region).resource('aws_launch_template').instance_type;
  expect([typeIn(us), typeIn(ap)]).toEqual(['c7gn.large', 'c6gn.large']);
});
