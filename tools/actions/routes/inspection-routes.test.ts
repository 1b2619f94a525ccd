import { checkRoutes } from './check-routes';
import { matrixOf } from './matrix';
import type { Violation } from './check-policy';
import { violationsIn, changed, type Resources } from './testing/estate';
import { handWrittenEstate } from './testing/hand-written';

const estate = handWrittenEstate();
const after = (change: (resources: Resources) => void) => violationsIn(changed(estate, 'hand', change));
const told = (violations: readonly Violation[]) =>
  violations.map(({ rule, from, to, owner }) => `${rule} ${from} → ${to}: ${owner?.path}`);

test('two VPCs reach each other, the internet and on premises, all through inspection and back the same way', () => {
  const answers = checkRoutes(estate.json, estate.environment, estate.regions);
  expect(answers.violations).toEqual([]);
  expect(answers.internet).toEqual({ 'us/app': true, 'us/web': true });
  expect(matrixOf(answers)).toEqual({
    groups: ['on-premises', 'prod us'],
    cells: [
      ['apart', 'reaches'],
      ['reaches', 'reaches'],
    ],
  });
});

test('without appliance mode question and reply meet in different zones', () => {
  const violations = after((resources) => {
    resources.get('aws_ec2_transit_gateway_vpc_attachment', 'through-attachment')['appliance_mode_support'] = 'disable';
  });
  const symmetric = violations.filter(({ rule, to }) => rule === 'symmetric' && to === 'us/web');
  expect(symmetric[0]!.says).toBe('us/app → us/web passes appliances in us-east-1b, and the reply in us-east-1a');
  expect(symmetric[0]!.owner!.path).toBe('through-attachment');
  expect(symmetric[0]!.hops.map(({ does }) => does)).toContain('an appliance of zone us-east-1b sees it');
  expect(symmetric[0]!.reply!.map(({ does }) => does)).toContain('an appliance of zone us-east-1a sees it');
});

test('a route to the endpoint of another zone is named', () => {
  const violations = after((resources) => {
    const wrong = resources.get('aws_route', 'from-hub-1');
    wrong['vpc_endpoint_id'] = resources.reference('aws_vpc_endpoint', 'endpoint-0');
  });
  expect(told(violations)).toContain('symmetric us/app → us/web: from-hub-1');
  expect(violations.find(({ to }) => to === 'us/web')!.says).toBe(
    'us/app → us/web is in zone us-east-1b, but uses the appliances of zone us-east-1a',
  );
});

test('replies of the internet that pass another zone’s appliances are named', () => {
  const violations = after((resources) => {
    const wrong = resources.get('aws_route', 'back-0');
    wrong['vpc_endpoint_id'] = resources.reference('aws_vpc_endpoint', 'endpoint-1');
  });
  expect(told(violations)).toEqual(['symmetric us/app → internet: back-0', 'symmetric us/web → internet: back-0']);
});

test('a way around inspection is named', () => {
  const violations = after((resources) => {
    resources.copy('aws_ec2_transit_gateway_route', 'all-inspected', 'around', {
      destination_cidr_block: '10.0.16.0/20',
      transit_gateway_attachment_id: resources.reference('aws_ec2_transit_gateway_vpc_attachment', 'web-attachment'),
    });
  });
  expect(told(violations)).toContain('symmetric us/app → us/web: around');
});

test('a prefix that Direct Connect does not announce is named, though a VPN still carries it', () => {
  const violations = after((resources) => {
    resources.get('aws_dx_gateway_association', 'line')['allowed_prefixes'] = ['10.0.0.0/20'];
  });
  expect(told(violations)).toEqual(['announced on-premises → us/web: line']);
  expect(violations[0]!.says).toBe(
    'Direct Connect does not announce us/web on premises: 10.0.16.0/20 is in none of 10.0.0.0/20',
  );
});

test('a backup that announces networks more exactly than the line would carry everything', () => {
  const violations = after((resources) => {
    resources.get('aws_dx_gateway_association', 'line')['allowed_prefixes'] = ['10.0.0.0/14', '10.0.0.0/20'];
  });
  expect(violations.map(({ says }) => says)).toEqual([
    'the VPN announces 10.0.16.0/20 (us/web), and Direct Connect the wider 10.0.0.0/14, so routers on premises prefer the VPN',
  ]);
});

test('name servers that hear nothing of on premises have the connection to blame, not the table', () => {
  const violations = after((resources) =>
    ['announce-line', 'announce-vpn'].forEach((path) =>
      resources.remove('aws_ec2_transit_gateway_route_table_propagation', path),
    ),
  );
  const serves = violations.filter(({ rule }) => rule === 'serves').map(({ to, owner }) => [to, owner!.path]);
  // Each by UDP and TCP: questions of ours, and replies of ours to theirs.
  expect(new Set(serves.map(([to]) => to))).toEqual(new Set(['hand inbound', 'hand outbound']));
  expect(new Set(violations.map(({ owner }) => owner!.path))).toEqual(new Set(['vpn']));
});

test('without any way in from on premises the connection is named', () => {
  const violations = after((resources) => {
    resources.get('aws_dx_gateway_association', 'line')['allowed_prefixes'] = ['10.0.0.0/20'];
    resources.remove('aws_ec2_transit_gateway_route', 'line-to-web');
    resources.remove('aws_ec2_transit_gateway_route_table_propagation', 'announce-web-outside');
  });
  expect(told(violations)).toContain('reaches on-premises → us/web: line');
  const hops = (kind: string) => violations.find(({ rule }) => rule === kind)!.hops.map(({ does }) => does);
  expect(hops('reaches')).toEqual([
    'routers on premises: VPN announces nothing of it → 10.0.16.0/20 is not sent over it',
    'routers on premises: Direct Connect announces 10.0.0.0/20 → 10.0.16.0/20 is not sent over it',
  ]);
  expect(hops('announced')).toEqual([
    'routers on premises: 10.0.16.0/20 is in none of 10.0.0.0/20 → not sent over Direct Connect',
    'routers on premises: 10.0.16.0/20 is not announced by the VPN → not sent over it either',
  ]);
});

test('an endpoint of a partner that the settings do not know is no proof of anything', () => {
  const strange = 'com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000000';
  const violations = after((resources) => {
    resources.get('aws_vpc_endpoint', 'acme')['service_name'] = strange;
  });
  expect(violations.map(({ rule, says, owner }) => [rule, says, owner?.path])).toEqual([
    ['readable', `it leads to "${strange}", and no partner of the settings says on which ports`, 'acme'],
  ]);
});

describe('what is asked arrives, and so does the answer', () => {
  const fence = (acl: string, direction: string, protocol: string) => (resources: Resources) => {
    const rule = { rule_no: 1, action: 'deny', protocol, cidr_block: '192.168.0.0/16', from_port: 53, to_port: 53 };
    resources.get('aws_network_acl', acl)[direction].unshift(rule);
  };
  const silence =
    (...directions: string[]) =>
    (resources: Resources) =>
      directions.forEach((direction) => (resources.get('aws_network_acl', 'data-acl')[direction] = []));
  const without = (direction: string, path: string) => (resources: Resources) =>
    resources.remove(`aws_vpc_security_group_${direction}_rule`, path);
  const within = (direction: string, path: string, cidr: string) => (resources: Resources) => {
    resources.get(`aws_vpc_security_group_${direction}_rule`, path)['cidr_ipv4'] = cidr;
  };

  test.each([
    ['no UDP 53 from on premises by the ACL', fence('app-acl', 'ingress', '17'), 'inbound', 'app-acl'],
    ['no TCP 53 to on premises by the ACL', fence('app-acl', 'egress', '6'), 'outbound', 'app-acl'],
    ['no answers of the database', silence('egress'), 'database', 'data-acl'],
    ['nothing to the database', silence('ingress'), 'database', 'data-acl'],
    ['nothing either way', silence('ingress', 'egress'), 'database', 'data-acl'],
    ['no names for on premises', without('ingress', 'inbound-udp-53'), 'inbound', 'inbound-group'],
    ['names for half of it', within('ingress', 'inbound-tcp-53', '192.168.0.0/17'), 'inbound', 'inbound-group'],
    ['no names of on premises', without('egress', 'outbound-tcp-53'), 'outbound', 'outbound-group'],
    ['one of two servers asked', within('egress', 'outbound-udp-53', '192.168.1.10/32'), 'outbound', 'outbound-group'],
    ['no way into an endpoint', without('ingress', 'ssm-tcp-443'), 'ssm', 'ssm-group'],
    ['no way into a partner’s endpoint', without('ingress', 'acme-tcp-8443'), 'acme', 'acme-group'],
    ['no way out to a partner’s endpoint', without('egress', 'machine-tcp-8443'), 'acme', 'machine-group'],
    ['no way out to an endpoint', without('egress', 'machine-tcp-443'), 'ssm', 'machine-group'],
    ['no packets for appliances', without('ingress', 'appliance-udp-6081'), 'appliances', 'appliance-group'],
    ['no health checks of them', without('ingress', 'appliance-tcp-8080'), 'appliances', 'appliance-group'],
  ])('%s', (_, change, service, owner) => {
    const serves = after(change).filter(({ rule }) => rule === 'serves');
    expect(serves.map(({ to, owner: who }) => [to, who!.path])).toContainEqual([`hand ${service}`, owner]);
    expect(new Set(serves.map(({ owner: who }) => who!.path))).toEqual(new Set([owner]));
  });
});
