import { App, Testing } from 'cdktf';
import type { Environment } from '@platform/libs/settings/environment';
import type { HybridSettings } from '@platform/libs/settings/hybrid';
import { exampleEnvironment, exampleOnPremises, exampleRegionsOfBoth } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { DirectConnectGatewayStack } from './gateway-stack';
import { HybridStack } from './stack';

const prod = exampleEnvironment({ onPremises: exampleOnPremises });
const staging = { ...prod, name: 'staging', segment: 'nonprod' };
const { onPremises: _, ...cloudOnly } = prod;
const regions = exampleRegionsOfBoth;
const [us, ap] = regions;
const home = us;

const hybrid = (environment: Environment = prod, region = us) =>
  synthStack((app) => new HybridStack(app, { environment, region, home, regions }));
const gateway = (environment: Environment = prod) =>
  synthStack((app) => new DirectConnectGatewayStack(app, environment, home));
const withHybrid = (settings: HybridSettings): Environment => ({
  ...prod,
  onPremises: { ...prod.onPremises!, connectivity: { prod: settings } },
});
const hubOutput = (name: string) => `data.terraform_remote_state.shared-tgw-us.outputs.${name}`;
const { directConnect, vpn } = exampleOnPremises.connectivity.prod;

test('without outside networks the stack is empty and reads nothing', () => {
  for (const stack of [gateway(cloudOnly), hybrid(cloudOnly)]) {
    expect(stack.addresses()).toEqual([]);
    expect(stack.json.data).toBeUndefined();
  }
  expect(gateway(cloudOnly).outputs()).toEqual({ directConnectGatewayId: '' });
  expect(hybrid(cloudOnly).outputs()).toEqual({ vpnAttachmentIds: {}, preSharedKeySecretArns: {} });
});

test('an environment without connections is empty too', () => {
  const apart = { ...prod, onPremises: { cidrs: prod.onPremises!.cidrs } };
  expect([...gateway(apart).addresses(), ...hybrid(apart).addresses()]).toEqual([]);
});

test('one gateway with its own ASN serves all regions', () => {
  expect(gateway().resource('aws_dx_gateway').amazon_side_asn).toBe(String(directConnect.awsAsn));
  for (const region of regions) {
    expect(hybrid(prod, region).count('aws_dx_gateway')).toBe(0);
    expect(hybrid(prod, region).resource('aws_dx_gateway_association').dx_gateway_id).toBe(
      '${data.terraform_remote_state.shared-hybrid.outputs.directConnectGatewayId}',
    );
  }
});

test('connections end at two locations, each in the stack of its region', () => {
  const locations = regions.flatMap((region) =>
    hybrid(prod, region)
      .resources('aws_dx_connection')
      .map(({ location }) => location),
  );
  expect(locations).toEqual(directConnect.connections.map(({ location }) => location));
  expect(new Set(locations).size).toBe(2);
});

test('advertises the region and each network in it, and no other region', () => {
  for (const region of regions) {
    expect(hybrid(prod, region).resource('aws_dx_gateway_association').allowed_prefixes).toEqual([
      region.cidrs['prod'],
      region.vpcs['vpc']!.cidrs['prod'],
    ]);
  }
});

test('the BGP key stays in Secrets Manager: the template names the secret', () => {
  const [{ bgpKeySecretArn, vlan }] = directConnect.connections as [(typeof directConnect.connections)[number]];
  const { template_body, parameters } = hybrid().resource('aws_cloudformation_stack');
  expect(parameters.GatewayId).toBe('${data.terraform_remote_state.shared-hybrid.outputs.directConnectGatewayId}');
  expect(JSON.parse(template_body).Resources.Interface).toMatchObject({
    Type: 'AWS::DirectConnect::TransitVirtualInterface',
    Properties: {
      Vlan: vlan,
      BgpPeers: [
        {
          Asn: String(directConnect.onPremisesAsn),
          AuthKey: `{{resolve:secretsmanager:${bgpKeySecretArn}:SecretString}}`,
        },
      ],
    },
  });
  expect(hybrid().count('aws_dx_transit_virtual_interface')).toBe(0);
});

test('a connection that is only ordered has no interface', () => {
  const connections = directConnect.connections.map((connection) => ({ ...connection, stage: 'ordered' as const }));
  const stack = hybrid(withHybrid({ directConnect: { ...directConnect, connections } }));
  expect(stack.count('aws_dx_connection')).toBe(1);
  expect(stack.count('aws_cloudformation_stack')).toBe(0);
});

test('a VPN with BGP is the backup, and AWS keeps its keys', () => {
  for (const region of regions) {
    expect(hybrid(prod, region).resource('aws_vpn_connection')).toMatchObject({
      static_routes_only: false,
      preshared_key_storage: 'SecretsManager',
      tunnel1_ike_versions: ['ikev2'],
      tunnel2_ike_versions: ['ikev2'],
    });
  }
  expect(hybrid().resource('aws_customer_gateway')).toMatchObject({
    ip_address: vpn.customerGateways['headquarters']!.address,
    bgp_asn: String(vpn.customerGateways['headquarters']!.asn),
  });
});

test('the tunnels log to an encrypted group with its own delivery policy, and their endpoints are replaced on request', () => {
  const stack = hybrid();
  const group = stack.resource('aws_cloudwatch_log_group', 'VpnLog/LogGroup/Group');
  const policy = JSON.parse(stack.resource('aws_cloudwatch_log_resource_policy').policy_document);
  expect(group.name).toBe('/prod/vpn');
  expect(group.retention_in_days).toBe(vpn.logRetentionDays);
  expect(policy.Statement[0]).toMatchObject({
    Principal: { Service: 'delivery.logs.amazonaws.com' },
    Resource: 'arn:aws:logs:us-east-1:111111111111:log-group:/prod/vpn:*',
  });
  const connection = stack.resource('aws_vpn_connection');
  for (const tunnel of ['tunnel1', 'tunnel2']) {
    expect(connection[`${tunnel}_enable_tunnel_lifecycle_control`]).toBe(true);
    expect(connection[`${tunnel}_log_options`].cloudwatch_log_options).toEqual({
      log_enabled: true,
      log_group_arn: stack.reference('aws_cloudwatch_log_group', 'VpnLog/LogGroup/Group', 'arn'),
      log_output_format: 'json',
    });
  }
  expect(JSON.stringify(connection.depends_on)).toContain('aws_cloudwatch_log_resource_policy');
});

test('an interface has the MTU of its connection from the start', () => {
  const [first] = directConnect.connections;
  const interfaceOf = (mtu: 1500 | 8500) => {
    const connections = directConnect.connections.map((connection) => ({ ...connection, mtu }));
    const stack = hybrid(withHybrid({ directConnect: { ...directConnect, connections } }));
    return JSON.parse(stack.resource('aws_cloudformation_stack').template_body).Resources.Interface.Properties;
  };
  expect(first!.mtu).toBe(8500);
  expect([interfaceOf(1500).Mtu, interfaceOf(8500).Mtu]).toEqual([1500, 8500]);
});

test('connections are associated with the table for on-premises and propagate to the tables that reach it', () => {
  const stack = hybrid();
  const table = (name: string) => `\${${hubOutput('routeTableIds')}${name.includes('-') ? `["${name}"]` : `.${name}`}}`;
  const ways = [
    stack.reference('aws_vpn_connection', undefined, 'transit_gateway_attachment_id'),
    '${data.aws_ec2_transit_gateway_dx_gateway_attachment.' +
      `${Object.keys(stack.json.data!['aws_ec2_transit_gateway_dx_gateway_attachment']!)[0]}.id}`,
  ];
  for (const way of ways) {
    const tables = (type: string) =>
      stack
        .resources(type)
        .filter((resource) => resource.transit_gateway_attachment_id === way)
        .map((resource) => resource.transit_gateway_route_table_id);
    expect(tables('aws_ec2_transit_gateway_route_table_association')).toEqual([table('on-premises')]);
    expect(tables('aws_ec2_transit_gateway_route_table_propagation').sort()).toEqual(
      ['prod', 'nonprod', 'shared'].map(table).sort(),
    );
  }
});

test('with inspection, on-premises routes propagate to the inspection table only', () => {
  const stack = hybrid({ ...prod, level: 'inspected' });
  const tables = stack.resources('aws_ec2_transit_gateway_route_table_propagation');
  expect(new Set(tables.map((table) => table.transit_gateway_route_table_id))).toEqual(
    new Set([`\${${hubOutput('routeTableIds')}.inspection}`]),
  );
});

test('the attachment is looked up by an attribute of the association, and does not wait for its changes', () => {
  const stack = hybrid();
  const lookup = stack.dataSource('aws_ec2_transit_gateway_dx_gateway_attachment');
  expect(lookup.filter).toContainEqual({
    name: 'resource-owner-id',
    values: [stack.reference('aws_dx_gateway_association', undefined, 'dx_gateway_owner_account_id')],
  });
  expect(lookup.depends_on).toBeUndefined();
});

describe('static routes', () => {
  const fixed = withHybrid({ directConnect, routes: 'static' });
  const entries = (environment: Environment) =>
    Object.fromEntries(
      hybrid(environment)
        .resources('aws_ec2_transit_gateway_route')
        .map((route) => [
          /Ids(?:\.|\["|, ")?([\w-]+)/.exec(route.transit_gateway_route_table_id)?.[1] ?? 'peering',
          route.blackhole ? 'blackhole' : route.transit_gateway_attachment_id,
        ]),
    );

  test('let on-premises announce nothing, and lead its networks to the one attachment', () => {
    expect(hybrid(fixed).count('aws_ec2_transit_gateway_route_table_propagation')).toBe(0);
    const [lookup] = Object.keys(hybrid(fixed).json.data!['aws_ec2_transit_gateway_dx_gateway_attachment']!);
    const attachment = `\${data.aws_ec2_transit_gateway_dx_gateway_attachment.${lookup}.id}`;
    expect(entries(fixed)).toEqual({
      prod: attachment,
      nonprod: attachment,
      shared: attachment,
      partner: 'blackhole',
      'on-premises': 'blackhole',
      peering: 'blackhole',
    });
  });

  test('lead through inspection, and from there to the attachment', () => {
    const inspected = entries({ ...fixed, level: 'inspected' });
    expect(inspected['prod']).toBe(`\${${hubOutput('inspectionAttachmentId')}}`);
    expect(inspected['inspection']).toContain('dx_gateway_attachment');
  });
});

test('staging has VPN only', () => {
  const stack = hybrid(staging);
  expect(stack.count('aws_vpn_connection')).toBe(1);
  expect(stack.resources('aws_dx_connection')).toEqual([]);
  expect(gateway(staging).addresses()).toEqual([]);
  expect(Object.keys(stack.json.data!['terraform_remote_state']!)).toEqual(['shared-tgw-us']);
});

test('a region reads its own Transit Gateway and the Direct Connect gateway, never another region', () => {
  const app = Testing.stubVersion(new App({ stackTraces: false }));
  const stack = new HybridStack(app, { environment: prod, region: ap, home, regions });
  expect(stack.describe().reads).toEqual(['shared-tgw-ap', 'shared-hybrid']);
  expect(stack.describe().aliases).toEqual([]);
});

test('counterpart stacks are the same, except the names of their connections', () => {
  const named = (region: typeof us) =>
    withHybrid({
      directConnect: {
        ...directConnect,
        connections: directConnect.connections
          .filter((connection) => connection.region === region.key)
          .map((connection) => ({ ...connection, name: 'line' })),
      },
      vpn,
    });
  expectTwins(hybrid(named(us), us), hybrid(named(ap), ap));
});
