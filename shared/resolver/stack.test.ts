import { cidrRange, contains, formatAddress, parseCidr } from '@platform/libs/settings/cidr';
import { RegionalVpc } from '@platform/libs/regional/vpc/stack';
import { networkOf } from '@platform/libs/settings/region';
import { planSubnets } from '@platform/libs/vpc/plan-subnets';
import type { Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment, exampleOnPremises, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { ResolverStack } from './stack';
import { vpcs } from './upstream';

const prod = exampleEnvironment({ onPremises: exampleOnPremises });
const [us, ap] = exampleRegions.map((region) => ({ ...region, managedDomainLists: { malware: 'rslvr-fdl-1' } }));
const synthesise = (other: Partial<Environment> = {}, region = us!) =>
  synthStack((app) => new ResolverStack(app, { ...prod, ...other }, region, vpcs[region.key as 'us']));

test('the endpoints have an address in every zone', () => {
  const endpoints = synthesise().resources('aws_route53_resolver_endpoint');
  expect(endpoints.map(({ direction }) => direction)).toEqual(['INBOUND', 'OUTBOUND']);
  for (const { ip_address } of endpoints) expect(ip_address).toHaveLength(us!.zones.length);
});

test('no other interface gets an address of the inbound endpoint', () => {
  const cidr = networkOf(us!.vpcs['vpc']!.cidrs, prod);
  const [inbound] = synthesise().resources('aws_route53_resolver_endpoint');
  const addresses = (inbound!['ip_address'] as { ip: string }[]).map(({ ip }) => parseCidr(`${ip}/32`)!);
  const vpc = synthStack((app) => new RegionalVpc(app, prod, { region: us!, contract: vpcs.us.vpc }));
  const reserved = vpc
    .resources('aws_ec2_subnet_cidr_reservation')
    .map(({ cidr_block }) => parseCidr(cidr_block as string)!);
  expect(reserved).toHaveLength(us!.zones.length);
  reserved.forEach((range, zone) => {
    expect(contains(range, addresses[zone]!)).toBe(true);
    expect(contains(cidrRange(planSubnets(cidr, us!.zones.length).app.subnets[zone]!), range)).toBe(true);
  });
  const { onPremises: _, ...without } = prod;
  const plain = synthStack((app) => new RegionalVpc(app, without, { region: us!, contract: vpcs.us.vpc }));
  expect(plain.count('aws_ec2_subnet_cidr_reservation')).toBe(0);
});

test('only on-premises networks may query, by UDP and TCP on port 53', () => {
  const rules = synthesise().resources('aws_vpc_security_group_ingress_rule');
  expect(
    rules.map(({ ip_protocol, from_port, to_port, cidr_ipv4 }) => [ip_protocol, from_port, to_port, cidr_ipv4]),
  ).toEqual(
    prod.onPremises!.cidrs.flatMap((cidr) => [
      ['tcp', 53, 53, cidr],
      ['udp', 53, 53, cidr],
    ]),
  );
});

test('only the servers of forwarded domains are queried', () => {
  const asked = synthesise()
    .resources('aws_vpc_security_group_egress_rule')
    .map(({ cidr_ipv4 }) => cidr_ipv4);
  const servers = prod.onPremises!.domains!.flatMap(({ targets }) => targets);
  expect(new Set(asked)).toEqual(new Set(servers.map((server) => `${server}/32`)));
});

test('each domain is forwarded to all of its servers, in every VPC, and shared with no account that has no VPC of its own', () => {
  const stack = synthesise();
  const [domain] = exampleOnPremises.domains as [(typeof exampleOnPremises.domains)[number]];
  expect(stack.resource('aws_route53_resolver_rule')).toMatchObject({
    domain_name: domain.name,
    rule_type: 'FORWARD',
    target_ip: domain.targets.map((ip) => ({ ip, port: 53 })),
  });
  expect(stack.count('aws_route53_resolver_rule_association')).toBe(Object.keys(vpcs.us).length);
  expect(stack.count('aws_ram_resource_share')).toBe(0);
  const shared = synthesise({ dns: { ...prod.dns, sharedWith: ['999999999999'] } });
  expect(shared.resource('aws_ram_resource_share')['allow_external_principals']).toBe(false);
  expect(shared.resource('aws_ram_principal_association').principal).toBe('999999999999');
});

test('blocked domains get NODATA, own ones and those of the managed lists', () => {
  const stack = synthesise();
  const rules = stack.resources('aws_route53_resolver_firewall_rule');
  expect(rules).toHaveLength(1 + Object.keys(us!.managedDomainLists!).length);
  for (const rule of rules) expect(rule).toMatchObject({ action: 'BLOCK', block_response: 'NODATA' });
  expect(new Set(rules.map(({ priority }) => priority)).size).toBe(rules.length);
});

test.each([
  ['open', 'ENABLED'],
  ['closed', 'DISABLED'],
] as const)('a firewall that fails %s', (firewallFails, firewall_fail_open) => {
  const stack = synthesise({ dns: { ...prod.dns, firewallFails } });
  expect(stack.resource('aws_route53_resolver_firewall_config')).toMatchObject({ firewall_fail_open });
});

test('every query is logged, with the retention of the settings', () => {
  const stack = synthesise({ dns: { ...prod.dns, queryLogRetentionDays: 7 } });
  expect(stack.count('aws_route53_resolver_query_log_config_association')).toBe(Object.keys(vpcs.us).length);
  expect(stack.resource('aws_cloudwatch_log_group')['retention_in_days']).toBe(7);
});

test('from level inspected, queries of the appliances are filtered and logged too, and none is forwarded', () => {
  const inspection = '${data.terraform_remote_state.shared-security-gwlb-us.outputs.vpcId}';
  const types = [
    ['aws_route53_resolver_firewall_rule_group_association', 'vpc_id'],
    ['aws_route53_resolver_firewall_config', 'resource_id'],
    ['aws_route53_resolver_query_log_config_association', 'resource_id'],
    ['aws_route53_resolver_rule_association', 'vpc_id'],
  ] as const;
  const joined = (stack: ReturnType<typeof synthesise>) =>
    types.map(([type, argument]) => stack.resources(type).some((resource) => resource[argument] === inspection));
  expect(joined(synthesise({ level: 'inspected' }))).toEqual([true, true, true, false]);
  expect(joined(synthesise({ level: 'accelerated' }))).toEqual([false, false, false, false]);
});

test('without outside networks there is only the firewall and the log', () => {
  const { onPremises: _, ...cloudOnly } = prod;
  const stack = synthStack((app) => new ResolverStack(app, cloudOnly, us!, vpcs.us));
  for (const type of ['aws_route53_resolver_endpoint', 'aws_route53_resolver_rule', 'aws_security_group']) {
    expect(stack.count(type)).toBe(0);
  }
  expect(stack.count('aws_route53_resolver_firewall_rule_group')).toBe(1);
  expect(stack.outputs()).toMatchObject({ inboundAddresses: [], outboundEndpointId: '', ruleIds: {} });
});

test('with networks but no domains there is no outbound endpoint', () => {
  const stack = synthesise({ onPremises: { cidrs: prod.onPremises!.cidrs } });
  expect(stack.resources('aws_route53_resolver_endpoint').map(({ direction }) => direction)).toEqual(['INBOUND']);
});

test('counterpart stacks are the same', () => {
  expectTwins(synthesise({}, us!), synthesise({}, ap!));
});

test('the inbound endpoint keeps its addresses: they are the last usable ones of the application subnets', () => {
  const stack = synthesise();
  const endpoint = stack.resources('aws_route53_resolver_endpoint').find(({ direction }) => direction === 'INBOUND')!;
  const addresses = endpoint.ip_address.map(({ ip }: { ip: string }) => ip);
  expect(stack.outputs().inboundAddresses).toEqual(addresses);
  const { app } = planSubnets(networkOf(us!.vpcs['vpc']!.cidrs, prod), us!.zones.length);
  app.subnets.forEach((subnet, zone) => {
    const { last } = cidrRange(subnet);
    expect(addresses[zone]).toBe(formatAddress(last - 1));
  });
});
