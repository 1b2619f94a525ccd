import { rmSync } from 'node:fs';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { loadOrganisation, loadSettings } from '@platform/tools/workspace/load-estate';
import { ask, formatAnswer } from './ask';
import { checkRoutes } from './check-routes';
import { formatAddress } from '@platform/libs/settings/cidr';
import { formatMatrix, matrixOf } from './matrix';
import type { Violation } from './check-policy';
import { violationsIn, changed, synthesiseJson, type Resources, type SynthesisedEstate } from './testing/estate';
import { sketchNetwork } from './testing/network-workspace';

jest.setTimeout(180_000);
const root = useExampleWorkspace();

/** Rule, pair and owner of each violation. */
const told = (violations: readonly Violation[]) =>
  violations.map(({ rule, from, to, owner }) => `${rule} ${from} → ${to}: ${owner?.stack} ${owner?.path}`);

const environments = Object.keys(loadOrganisation(root).environments);

describe('the estate conforms to the reachability policy', () => {
  const supposed = environments.flatMap((environment) =>
    (['standby', 'inspected'] as const).map((level) => [environment, level] as const),
  );

  test.each(supposed)('in %s at level %s', (environment, level) => {
    const estate = synthesiseJson(root, environment, { level });
    const { violations, pairs } = checkRoutes(estate.json, estate.environment, estate.regions);
    expect(violations).toEqual([]);
    expect(pairs.filter(({ allowed, reaches }) => allowed && reaches).length).toBeGreaterThan(0);
  });
});

test('a partner’s service on a port of its own is asked on it, past every group on the way', () => {
  const [name] = environments as [string];
  const [region] = loadSettings(root).regions;
  const acme = {
    serviceNames: { [region!.key]: `com.amazonaws.vpce.${region!.awsRegion}.vpce-svc-0123456789abcdef0` },
    ports: [8443],
    privateDns: 'off' as const,
  };
  const estate = synthesiseJson(root, name, {}, (settings) => {
    const environment = settings.environments[name]!;
    const privateLink = { ...environment.privateLink, partners: { acme } };
    return { ...settings, environments: { ...settings.environments, [name]: { ...environment, privateLink } } };
  });
  expect(violationsIn(estate)).toEqual([]);
  const stack = `shared-privatelink-${region!.key}`;
  const shut = changed(estate, stack, (resources) =>
    resources.remove('aws_vpc_security_group_ingress_rule', 'PartnerAcme/SecurityGroup/Port8443'),
  );
  expect(told(violationsIn(shut))).toEqual([
    `serves undefined → ${stack} PartnerAcme/Endpoint: ${stack} PartnerAcme/SecurityGroup/Group`,
  ]);
  const application = `region-${region!.key}-alb-asg-app`;
  const inside = changed(estate, application, (resources) =>
    resources.remove('aws_vpc_security_group_egress_rule', 'Application/Instances/Partner8443'),
  );
  expect(told(violationsIn(inside))).toEqual([
    `serves undefined → ${stack} PartnerAcme/Endpoint: ${application} Application/Instances/Group`,
  ]);
});

describe('a hostile prefix from on-premises', () => {
  const [name] = environments as [string];
  const withRoutes = (routes?: 'static') =>
    synthesiseJson(root, name, {}, (settings) => {
      const { directConnect } = settings.onPremises!.connectivity![name]!;
      const connectivity = { [name]: { directConnect: directConnect!, ...(routes ? { routes } : {}) } };
      return { ...settings, onPremises: { ...settings.onPremises!, connectivity } };
    });
  const checked = (estate: SynthesisedEstate) => checkRoutes(estate.json, estate.environment, estate.regions);

  test('draws traffic where routes are propagated, which a note says', () => {
    const { violations, notes } = checked(withRoutes());
    expect(violations).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^on-premises: .*prod-hub-prod.* take every route .* one of 10\.\d+\.0\.0\/24, for example/,
      ),
    ]);
  });

  test('draws nothing where routes are static, and on-premises is reached all the same', () => {
    const estate = withRoutes('static');
    const { violations, notes, pairs } = checked(estate);
    expect([violations, notes]).toEqual([[], []]);
    expect(pairs.find(({ from, to }) => from === 'us/vpc' && to === 'on-premises')).toMatchObject({ reaches: true });
  });

  test('is a violation where one table takes routes although the settings ask for static ones', () => {
    const estate = withRoutes('static');
    const stack = 'shared-hybrid-us';
    const opened = changed(estate, stack, (resources) => {
      const route = resources.get('aws_ec2_transit_gateway_route', 'Hub/Routes/ProdToOnPremises0');
      resources.add('aws_ec2_transit_gateway_route_table_propagation', 'Hub/Routes/PropagationProd', {
        transit_gateway_attachment_id: route['transit_gateway_attachment_id'],
        transit_gateway_route_table_id: route['transit_gateway_route_table_id'],
      });
    });
    expect(told(violationsIn(opened))).toEqual([
      `entitled on-premises → undefined: ${stack} Hub/Routes/PropagationProd`,
    ]);
  });
});

const twoRegions = sketchNetwork(root, { regions: { us: { vpc: {} }, ap: { vpc: {} } } });
afterAll(() => rmSync(twoRegions, { recursive: true }));

describe('in two regions', () => {
  const estate = synthesiseJson(twoRegions);

  test('a propagation that is removed cuts a pair, and its table is named', () => {
    const mutated = changed(estate, 'shared-tgw-ap', (resources) =>
      resources.remove('aws_ec2_transit_gateway_route_table_propagation', 'PeeringTable/PropagationVpc'),
    );
    const violations = violationsIn(mutated);
    expect(told(violations)).toEqual([
      'reaches ap/vpc → us/vpc: shared-tgw-ap PeeringTable/Table',
      'reaches us/vpc → ap/vpc: shared-tgw-ap PeeringTable/Table',
    ]);
    expect(violations[1]!.hops.map(({ does }) => does)).toEqual([
      'prod-vpc-app-use1-az1: 10.4.0.0/14 → prod-hub',
      'prod-hub-prod: 10.4.0.0/21 → prod-hub of ap-northeast-2',
      'prod-hub-peering: 10.4.0.0/14 → dropped on purpose',
    ]);
  });

  test('a static route of a peering that is removed is the link stack’s to add', () => {
    const mutated = changed(estate, 'shared-tgw-link-us-ap', (resources) =>
      resources.remove('aws_ec2_transit_gateway_route', 'Peering/Requester/ProdToVpc'),
    );
    const violations = violationsIn(mutated);
    expect(told(violations)).toEqual([
      'reaches ap/vpc → us/vpc: shared-tgw-link-us-ap Peering/Request',
      'reaches us/vpc → ap/vpc: shared-tgw-link-us-ap Peering/Request',
    ]);
    expect(violations[0]!.owner!.project).toBe('shared/tgw');
    // The packet of ap arrives, and the reply of us does not.
    expect(violations[0]!.hops.at(-1)!.does).toBe('arrives in prod-vpc-app-use1-az1');
    expect(violations[0]!.reply!.at(-1)!.does).toBe('prod-hub-prod: 10.4.0.0/14 → dropped on purpose');
  });

  test('a network ACL that drops replies is named with the port', () => {
    const mutated = changed(estate, 'region-us-vpc', (resources) => {
      const acl = resources.get('aws_network_acl', 'Vpc/App/NetworkAcl');
      acl['ingress'].unshift({
        ...acl['ingress'][0],
        rule_no: 5,
        action: 'deny',
        protocol: '6',
        cidr_block: '10.4.0.0/21',
        from_port: 1024,
        to_port: 65535,
      });
    });
    const violations = violationsIn(mutated);
    expect(told(violations)).toEqual([
      'reaches ap/vpc → us/vpc: region-us-vpc Vpc/App/NetworkAcl',
      'reaches us/vpc → ap/vpc: region-us-vpc Vpc/App/NetworkAcl',
    ]);
    expect(violations[1]!.reply!.at(-1)!.does).toBe(
      'the network ACL of prod-vpc-app-use1-az1 lets no tcp port 1024 in from 10.4.0.10',
    );
  });

  test.each([
    [
      'udp to the ports of clients',
      { protocol: '17', cidr_block: '10.0.0.0/8', from_port: 1024, to_port: 65535 },
      ['ap/vpc → us/vpc', 'us/vpc → ap/vpc'],
      'the network ACL of prod-vpc-app-use1-az1 lets no udp port 1024 in from 10.4.0.10',
    ],
    [
      'a port that no example would have tried',
      { protocol: '6', cidr_block: '192.168.0.0/16', from_port: 22, to_port: 22 },
      ['on-premises → us/vpc'],
      'the network ACL of prod-vpc-app-use1-az1 lets no tcp port 22 in from 192.168.0.10',
    ],
  ])('a network ACL that drops %s is named', (_, rule, pairs, said) => {
    const mutated = changed(estate, 'region-us-vpc', (resources) => {
      const acl = resources.get('aws_network_acl', 'Vpc/App/NetworkAcl');
      acl['ingress'].unshift({ ...acl['ingress'][0], rule_no: 5, action: 'deny', ...rule });
    });
    const violations = violationsIn(mutated).filter(({ rule }) => rule === 'reaches');
    expect(told(violations)).toEqual(pairs.map((pair) => `reaches ${pair}: region-us-vpc Vpc/App/NetworkAcl`));
    expect((violations[0]!.reply ?? violations[0]!.hops).at(-1)!.does).toBe(said);
  });

  test.each([
    [['Hub/Routes/PropagationProd'], ['announced us/vpc → on-premises: shared-hybrid-us Hub/Association']],
    [
      ['Hub/Routes/PropagationProd', 'VpnHeadquarters/Routes/PropagationProd'],
      [
        'named undefined → on-premises: shared-hybrid-us VpnHeadquarters/Connection',
        'reaches us/vpc → on-premises: shared-hybrid-us VpnHeadquarters/Connection',
        'reaches on-premises → us/vpc: shared-hybrid-us VpnHeadquarters/Connection',
      ],
    ],
  ])('a hub that does not hear of on premises has the connection to blame: %j', (paths, expected) => {
    const mutated = changed(estate, 'shared-hybrid-us', (resources) =>
      paths.forEach((path) => resources.remove('aws_ec2_transit_gateway_route_table_propagation', path)),
    );
    const violations = violationsIn(mutated);
    expect(told(violations)).toEqual(expected);
    expect(violations.map(({ owner }) => owner!.project)).toEqual(expected.map(() => 'shared/hybrid'));
    expect(violations[0]!.hops.at(-1)!.does).toMatch(
      /^prod-hub-prod: (no route from Direct Connect|no route and no blackhole for all of 192.168.0.0\/16)$/,
    );
  });

  test('a route of one zone that is missing is found', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) =>
      resources.remove('aws_route', 'AttachmentVpc/RouteApRangeZone2'),
    );
    const [first] = violationsIn(mutated);
    expect(first!.says).toContain('ap/vpc');
    expect((first!.reply ?? first!.hops).some(({ does }) => does.includes('use1-az4'))).toBe(true);
  });

  test('a zone without its way to the NAT gateway is found', () => {
    const mutated = changed(estate, 'region-ap-vpc', (resources) => resources.remove('aws_route', 'Vpc/Nat/Route1'));
    expect(told(violationsIn(mutated))).toEqual(['reaches ap/vpc → internet: region-ap-vpc Vpc/App/RouteTable1']);
    // Nothing is missing where the settings want no way out.
    expect(violationsIn({ ...mutated, environment: { ...mutated.environment, natGateways: 'none' } })).toEqual([]);
  });

  test('a subnet that lost its table sends nothing', () => {
    const mutated = changed(estate, 'region-us-vpc', (resources) =>
      resources.remove('aws_route_table_association', 'Vpc/App/Association1'),
    );
    expect(told(violationsIn(mutated))).toContain('reaches us/vpc → ap/vpc: region-us-vpc Vpc/App/Subnet1');
  });

  test('an attachment that no table decides for is named', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) =>
      resources.remove('aws_ec2_transit_gateway_route_table_association', 'ProdTable/AssociationVpc'),
    );
    expect(told(violationsIn(mutated))).toContain('reaches us/vpc → ap/vpc: shared-tgw-us AttachmentVpc/Attachment');
  });

  test('networks that share addresses are named', () => {
    const mutated = changed(estate, 'region-ap-vpc', (resources) => {
      resources.copy('aws_vpc', 'Vpc/Network', 'Vpc/Second', { cidr_block: '10.0.4.0/22' });
    });
    const shared = violationsIn(mutated).find(({ rule }) => rule === 'distinct')!;
    expect(shared.says).toBe(
      'prod-vpc (us-east-1) and prod-vpc (ap-northeast-2) share addresses: 10.0.0.0/21, 10.0.4.0/22',
    );
    expect(shared.hops.map(({ does, place }) => [does, place.stack])).toEqual([
      ['prod-vpc has 10.0.0.0/21', 'region-us-vpc'],
      ['prod-vpc has 10.0.4.0/22', 'region-ap-vpc'],
    ]);
  });

  test('what the check cannot follow is a violation', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) => {
      resources.get('aws_route', 'AttachmentVpc/RouteApRangeZone0')['route_table_id'] =
        '${[for id in var.ids : id][0]}';
    });
    expect(violationsIn(mutated).map(({ rule, says }) => [rule, says])).toContainEqual([
      'readable',
      expect.stringContaining('more than names, indexes and function calls'),
    ]);
  });
});

describe('where everything is inspected', () => {
  const estate = synthesiseJson(twoRegions, 'prod', { level: 'inspected' });

  test('appliance mode that is off lets the reply pass another zone, and the attachment is named', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) => {
      const attachment = resources.first(
        'aws_ec2_transit_gateway_vpc_attachment',
        ({ appliance_mode_support }) => appliance_mode_support === 'enable',
      );
      attachment['appliance_mode_support'] = 'disable';
    });
    const violation = violationsIn(mutated).find(({ from, to }) => from === 'ap/vpc' && to === 'us/vpc')!;
    expect(told([violation])).toEqual(['symmetric ap/vpc → us/vpc: shared-tgw-us AttachmentInspection/Attachment']);
    expect(violation.says).toMatch(/passes appliances in .*use1-az1, and the reply in .*use1-az2|use1-az2.*use1-az1/);
  });

  test('a route to the endpoint of another zone is named', () => {
    const mutated = changed(estate, 'shared-security-gwlb-us', (resources) => {
      const path = (zone: number) => `Inspection/Endpoints/Endpoint${zone}`;
      resources.get('aws_route', 'Inspection/Endpoints/FromHub1')['vpc_endpoint_id'] = resources.reference(
        'aws_vpc_endpoint',
        path(2),
      );
    });
    const violations = violationsIn(mutated);
    expect(told(violations)).toContain(
      'symmetric us/vpc → ap/vpc: shared-security-gwlb-us Inspection/Endpoints/FromHub1',
    );
    expect(violations.find(({ to }) => to === 'ap/vpc')!.says).toBe(
      'us/vpc → ap/vpc is in zone use1-az2, but uses the appliances of zone use1-az4',
    );
  });

  describe('every zone needs a route to the internet', () => {
    const internetOf = (mutated: SynthesisedEstate) => {
      const { violations, internet } = checkRoutes(mutated.json, mutated.environment, mutated.regions);
      return { told: told(violations), internet, last: violations[0]?.hops.at(-1)?.does };
    };
    const wayOut = (zone: number) => `Inspection/Network/Endpoints/InternetRoute${zone}`;

    test.each([[[0, 1, 2]], [[2]]])('without the routes out of zones %j', (zones) => {
      const cut = internetOf(
        changed(estate, 'shared-security-gwlb-us', (resources) =>
          zones.forEach((zone) => resources.remove('aws_route', wayOut(zone))),
        ),
      );
      expect(cut.told).toEqual([
        `reaches us/vpc → internet: shared-security-gwlb-us Inspection/Network/Endpoints/RouteTable${zones[0]}`,
      ]);
      expect(cut.last).toMatch(/^prod-inspection-endpoints-use1-az[14] has no route for/);
      expect(cut.internet).toEqual({ 'us/vpc': false, 'ap/vpc': true });
    });

    test.each(['ingress', 'egress'])('behind an ACL that lets nothing pass: %s', (direction) => {
      const cut = internetOf(
        changed(estate, 'shared-security-gwlb-us', (resources) => {
          resources.get('aws_network_acl', 'Inspection/Network/Public/NetworkAcl')[direction] = [];
        }),
      );
      expect(cut.told).toEqual([
        'reaches us/vpc → internet: shared-security-gwlb-us Inspection/Network/Public/NetworkAcl',
      ]);
      expect(cut.internet['us/vpc']).toBe(false);
    });

    test('where half of it goes past inspection', () => {
      const past = internetOf(
        changed(estate, 'shared-tgw-us', (resources) =>
          resources.remove('aws_route', 'AttachmentVpc/RouteInternetLowerZone1'),
        ),
      );
      expect(past.told).toEqual(['inspected us/vpc → internet: region-us-vpc Vpc/Nat/Route1']);
    });
  });

  test('a network that Direct Connect does not announce is named, though the VPN carries it', () => {
    const mutated = changed(estate, 'shared-hybrid-us', (resources) => {
      const association = resources.first('aws_dx_gateway_association', () => true);
      association['allowed_prefixes'] = association['allowed_prefixes'].filter(
        (prefix: string) => prefix === '10.4.0.0/14',
      );
    });
    const violations = violationsIn(mutated);
    expect(told(violations)).toEqual(['announced on-premises → us/vpc: shared-hybrid-us Hub/Association']);
    expect(violations[0]!.hops.map(({ does, place }) => [does, place.path])).toEqual([
      ['routers on premises: 10.0.0.0/21 is in no prefix → not sent over Direct Connect', 'Hub/Association'],
      ['routers on premises: 10.0.0.0/21 is announced by the VPN → sent over it', 'VpnHeadquarters/Connection'],
    ]);
  });
});

describe('with segments that must not meet', () => {
  const acme = {
    name: 'acme',
    account: '999999999999',
    region: 'us',
    segment: 'partner',
    cidr: '172.16.0.0/24',
    attachmentId: 'tgw-attach-0123456789abcdef0',
  };
  const folder = sketchNetwork(root, {
    regions: {
      us: { vpc: {}, lab: { segment: 'nonprod' }, tools: { segment: 'shared' } },
      ap: { vpc: {}, lab: { segment: 'nonprod' } },
    },
    externalAttachments: [acme],
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const estate: SynthesisedEstate = synthesiseJson(folder);

  test('prod reaches shared, and neither reaches across to nonprod nor to a partner', () => {
    const answers = checkRoutes(estate.json, estate.environment, estate.regions);
    expect(answers.violations).toEqual([]);
    expect(formatMatrix(matrixOf(answers)).split('\n')).toEqual([
      'from \\ to    nonprod ap  nonprod us  on-premises  partner us  prod ap  prod us  shared us',
      'nonprod ap               yes         yes          –           –        –        yes',
      'nonprod us   yes                     yes          –           –        –        yes',
      'on-premises  yes         yes         –            –           yes      yes      yes',
      'partner us   –           –           –                        –        –        yes',
      'prod ap      –           –           yes          –                    yes      yes',
      'prod us      –           –           yes          –           yes               yes',
      'shared us    yes         yes         yes          yes         yes      yes',
    ]);
  });

  test('where everything is inspected, a blackhole that is missing lets packets through the appliances', () => {
    const inspected = synthesiseJson(folder, 'prod', { level: 'inspected' });
    expect(violationsIn(inspected)).toEqual([]);
    const mutated = changed(inspected, 'shared-tgw-us', (resources) =>
      resources.remove('aws_ec2_transit_gateway_route', 'ProdTable/RouteLab'),
    );
    // The range of the region is still dropped.
    expect(violationsIn(mutated)).toEqual([]);
    const open = changed(mutated, 'shared-tgw-us', (resources) =>
      resources.remove('aws_ec2_transit_gateway_route', 'ProdTable/RouteRange'),
    );
    expect(violationsIn(open).map(({ rule, from, to }) => [rule, from, to])).toContainEqual([
      'isolated',
      'us/vpc',
      'us/lab',
    ]);
  });

  /** Prod's table learns of a network of nonprod. */
  const learn = (resources: Resources) =>
    resources.copy(
      'aws_ec2_transit_gateway_route_table_propagation',
      'ProdTable/PropagationVpc',
      'ProdTable/PropagationLab',
      {
        transit_gateway_attachment_id: resources.reference(
          'aws_ec2_transit_gateway_vpc_attachment',
          'AttachmentLab/Attachment',
        ),
      },
    );
  const leaking = changed(estate, 'shared-tgw-us', (resources) => {
    learn(resources);
    resources.remove('aws_ec2_transit_gateway_route', 'ProdTable/RouteLab');
  });

  test('prod’s table that learns of nonprod lets packets in one way, and that is enough', () => {
    const violations = violationsIn(leaking);
    expect(told(violations)).toEqual([
      'entitled us/vpc → us/lab: shared-tgw-us ProdTable/PropagationLab',
      'isolated us/vpc → us/lab: shared-tgw-us ProdTable/PropagationLab',
    ]);
    expect(violations[1]!.says).toContain('us/vpc (prod) must not reach us/lab (nonprod)');
    expect(violations[1]!.hops.map(({ does }) => does)).toContain('prod-hub-prod: 10.0.8.0/21 → prod-lab');
  });

  test('one question gets the answer of the whole check: a pair that is not allowed must not exchange a packet', () => {
    const asked = (from: string, to: string, { json, environment, regions } = leaking) => {
      const { network, ends } = checkRoutes(json, environment, regions);
      return ask(network, ends, environment, { from, to });
    };
    const leak = asked('us/vpc', 'us/lab');
    expect([leak.policy, leak.reaches]).toEqual(['isolated', true]);
    const said = formatAnswer(leak).split('\n');
    expect(said[0]).toBe('us/vpc reaches us/lab, which violates the policy');
    expect(said.at(-1)).toContain('arrives in prod-lab-');
    // By an address, and the other way, where the blackhole still stands.
    expect(formatAnswer(asked('10.0.0.10', '10.0.8.10')).split('\n')[0]).toBe(
      '10.0.0.10 (us/vpc) reaches 10.0.8.10 (us/lab), which violates the policy',
    );
    expect(formatAnswer(asked('us/lab', 'us/vpc'))).toMatch(
      /^us\/lab does not reach us\/vpc, as the policy requires\n/,
    );
    expect(formatAnswer(asked('us/vpc', 'us/lab', estate))).toMatch(
      /^us\/vpc does not reach us\/lab, as the policy requires\n/,
    );
    // The policy holds in every zone and both ways.
    expect(formatAnswer(asked('us/vpc', 'ap/vpc'))).toMatch(/^us\/vpc reaches ap\/vpc, as the policy requires\n/);
    const oneZoneLess = changed(estate, 'shared-tgw-us', (resources) =>
      resources.remove('aws_route', 'AttachmentVpc/RouteApRangeZone2'),
    );
    expect(formatAnswer(asked('ap/vpc', 'us/vpc', oneZoneLess))).toMatch(
      /^ap\/vpc does not reach us\/vpc, which violates the policy\n/,
    );
  });

  describe('one question about addresses', () => {
    const { network, ends } = checkRoutes(estate.json, estate.environment, estate.regions);
    const asked = (from: string, to: string, { json, environment, regions } = estate) => {
      const answers = checkRoutes(json, environment, regions);
      return formatAnswer(ask(answers.network, answers.ends, environment, { from, to })).split('\n');
    };
    const addressIn = (awsRegion: string, tier: string) => {
      const vpc = network.vpcs.find((each) => each.awsRegion === awsRegion && each.name === 'prod-vpc')!;
      return formatAddress(vpc.subnets.find(({ name }) => name.includes(`-${tier}-`))!.range.first + 10);
    };

    test('begins in the subnet of the one and ends at the other, whatever the policy says of their networks', () => {
      const [from, to] = [addressIn('us-east-1', 'data'), addressIn('ap-northeast-2', 'data')];
      const said = asked(from, to);
      expect(said[0]).toBe(
        `${from} (us/vpc) does not reach ${to} (ap/vpc) by every port, which the policy does not cover`,
      );
      expect(said.at(-1)).toContain(`the network ACL of prod-vpc-data-use1-az1 lets no tcp port 1 out to ${to}`);
      const open = changed(estate, 'region-us-vpc', (resources) => {
        const { ingress, egress } = resources.get('aws_network_acl', 'Vpc/Data/NetworkAcl');
        const all = { rule_no: 1, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0', from_port: 0, to_port: 0 };
        [ingress, egress].forEach((rules) => rules.unshift({ ...rules[0], ...all }));
      });
      const routed = asked(from, to, open);
      expect(routed[0]).toBe(`${from} (us/vpc) does not reach ${to} (ap/vpc), which the policy does not cover`);
      expect(routed.at(-1)).toContain(`prod-vpc-data-use1-az1 has no route for ${to}`);
    });

    test('of the application is held which violates the policy', () => {
      const [from, to] = [addressIn('us-east-1', 'app'), addressIn('ap-northeast-2', 'app')];
      expect(asked(from, to)[0]).toBe(`${from} (us/vpc) reaches ${to} (ap/vpc), as the policy requires`);
      const cut = changed(estate, 'shared-tgw-us', (resources) =>
        resources.remove('aws_route', 'AttachmentVpc/RouteApRangeZone0'),
      );
      expect(asked(from, to, cut)[0]).toBe(`${from} (us/vpc) does not reach ${to} (ap/vpc), which violates the policy`);
      // Another zone is another answer.
      expect(asked('10.0.1.10', to, cut)[0]).toBe(`10.0.1.10 (us/vpc) reaches ${to} (ap/vpc), as the policy requires`);
    });

    test('may be about the internet, or an address there', () => {
      expect(asked('us/vpc', 'internet')[0]).toBe('us/vpc reaches internet, as the policy requires');
      const said = asked(addressIn('us-east-1', 'app'), '8.8.8.8');
      expect(said[0]).toBe(
        `${addressIn('us-east-1', 'app')} (us/vpc) reaches 8.8.8.8 (internet), as the policy requires`,
      );
      expect(said.at(-1)).toContain('arrives in prod-vpc-app-use1-az1');
      expect(asked(addressIn('us-east-1', 'data'), '8.8.8.8')[0]).toMatch(
        /does not reach 8.8.8.8 \(internet\)( by every port)?, which the policy does not cover$/,
      );
      const cut = changed(estate, 'region-us-vpc', (resources) => resources.remove('aws_route', 'Vpc/Nat/Route1'));
      expect(asked('us/vpc', 'internet', cut)[0]).toBe('us/vpc does not reach internet, which violates the policy');
    });

    test.each([
      [
        'internet',
        'us/vpc',
        '--from: the policy does not cover requests from the internet; use one of ap/vpc, ap/lab, us/vpc',
      ],
      [
        'on-premises',
        'internet',
        '--from: "on-premises" is not in a VPC, so its route to the internet is unknown; use a VPC',
      ],
      ['us/vpc', '10.200.0.1', '--to: no network of the settings is or holds "10.200.0.1"; use one of ap/vpc, ap/lab'],
      ['us/vpc', 'intranet', 'external/acme, on-premises, internet, or an address in one'],
      ['10.0.7.250', 'us/lab', '--from: no subnet of us/vpc has "10.0.7.250"; use the address of a machine in one'],
    ])('is refused with what to do instead: %s → %s', (from, to, message) => {
      expect(() => ask(network, ends, estate.environment, { from, to })).toThrow(message.replace('’', "'"));
    });
  });

  test.each([
    ['vpc_peering_connection_id', 'pcx-0123456789abcdef0'],
    ['network_interface_id', 'eni-0123456789abcdef0'],
    ['carrier_gateway_id', 'cagw-0123456789abcdef0'],
    ['local_gateway_id', 'lgw-0123456789abcdef0'],
    ['egress_only_gateway_id', 'eigw-0123456789abcdef0'],
    ['core_network_arn', 'arn:aws:networkmanager::111111111111:core-network/core-network-0123456789abcdef0'],
    ['gateway_id', 'vgw-0123456789abcdef0'],
    ['transit_gateway_id', 'tgw-0123456789abcdef0'],
    ['nat_gateway_id', 'nat-0123456789abcdef0'],
    ['vpc_endpoint_id', 'vpce-0123456789abcdef0'],
    ['odb_network_arn', 'arn:aws:odb:us-east-1:111111111111:odb-network/odbnet-0123456789'],
  ])('a route by %s to something that no stack makes is no proof that packets are dropped', (argument, value) => {
    const mutated = changed(estate, 'region-us-vpc', (resources) =>
      resources.add('aws_route', 'Aside', {
        route_table_id: resources.reference('aws_route_table', 'Vpc/App/RouteTable0'),
        destination_cidr_block: '10.0.8.0/21',
        [argument]: value,
      }),
    );
    expect(violationsIn(mutated).map(({ rule, says, owner }) => [rule, says, owner?.path])).toContainEqual([
      'readable',
      `it leads to ${argument} "${value}", which the route check cannot follow`,
      'Aside',
    ]);
  });

  test('against the blackhole of its range an announced network does not win, and it is told all the same', () => {
    const violations = violationsIn(changed(estate, 'shared-tgw-us', learn));
    expect(told(violations)).toEqual(['entitled us/vpc → us/lab: shared-tgw-us ProdTable/PropagationLab']);
    expect(violations[0]!.hops.map(({ does, place }) => [does, place.path])).toEqual([
      ['packets of us/vpc use prod-hub-prod', 'ProdTable/AssociationVpc'],
      ['prod-hub-prod has a propagated route for 10.0.8.0/21 (us/lab)', 'ProdTable/PropagationLab'],
    ]);
    expect(violations[0]!.says).toBe(
      'prod-hub-prod routes packets of us/vpc and has a propagated route to us/lab, which they must not reach',
    );
  });

  test('a network that is joined with another segment’s table is told by whoever joined it', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) => {
      const table = resources.get('aws_ec2_transit_gateway_route_table_association', 'ProdTable/AssociationVpc');
      const lab = resources.get('aws_ec2_transit_gateway_route_table_association', 'NonprodTable/AssociationLab');
      lab['transit_gateway_route_table_id'] = table['transit_gateway_route_table_id'];
    });
    expect(told(violationsIn(mutated))).toContain(
      'entitled us/lab → us/vpc: shared-tgw-us NonprodTable/AssociationLab',
    );
    const second = changed(estate, 'shared-tgw-us', (resources) =>
      resources.copy(
        'aws_ec2_transit_gateway_route_table_association',
        'NonprodTable/AssociationLab',
        'ProdTable/AssociationLab',
        {
          transit_gateway_route_table_id: resources.reference('aws_ec2_transit_gateway_route_table', 'ProdTable/Table'),
        },
      ),
    );
    expect(violationsIn(second)).toContainEqual(
      expect.objectContaining({ rule: 'readable', says: expect.stringContaining('AWS refuses the second') }),
    );
  });

  test('other regions learn of nothing that none of their networks may reach', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) =>
      resources.copy(
        'aws_ec2_transit_gateway_route_table_propagation',
        'PeeringTable/PropagationVpc',
        'PeeringTable/PropagationAcme',
        { transit_gateway_attachment_id: acme.attachmentId },
      ),
    );
    expect(told(violationsIn(mutated))).toEqual([
      'entitled ap/vpc → external/acme: shared-tgw-us PeeringTable/PropagationAcme',
    ]);
  });

  test('a way from a partner to prod of another region is found behind the peering', () => {
    const withWay = changed(estate, 'shared-tgw-link-us-ap', (resources) => {
      resources.copy(
        'aws_ec2_transit_gateway_route',
        'Peering/Requester/ProdToVpc',
        'Peering/Requester/PartnerToVpcAgain',
        {
          transit_gateway_route_table_id: '${data.terraform_remote_state.shared-tgw-us.outputs.routeTableIds.partner}',
        },
      );
    });
    expect(violationsIn(withWay).map(({ rule, says }) => [rule, says])).toEqual([
      ['readable', 'its table has another static route of 10.4.0.0/21, and AWS refuses the second'],
    ]);
    const mutated = changed(withWay, 'shared-tgw-link-us-ap', (resources) =>
      resources.remove('aws_ec2_transit_gateway_route', 'Peering/Requester/PartnerToVpc'),
    );
    expect(told(violationsIn(mutated))).toEqual([
      'isolated external/acme → ap/vpc: shared-tgw-link-us-ap Peering/Requester/PartnerToVpcAgain',
    ]);
  });

  test('a table that says nothing of a part of a network is named', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) => {
      resources.get('aws_ec2_transit_gateway_route', 'ProdTable/RouteExternalAcme')['destination_cidr_block'] =
        '172.16.0.0/25';
    });
    expect(violationsIn(mutated).map(({ rule, to }) => [rule, to])).toEqual([['named', 'external/acme']]);
  });

  test('a table that says nothing of a network is named', () => {
    const mutated = changed(estate, 'shared-tgw-us', (resources) =>
      resources.remove('aws_ec2_transit_gateway_route', 'ProdTable/RouteExternalAcme'),
    );
    const violations = violationsIn(mutated);
    expect(violations.map(({ rule, says }) => [rule, says])).toEqual([
      ['named', 'prod-hub-prod in us-east-1 has no route and no blackhole for external/acme (172.16.0.0/24)'],
    ]);
    // Prod must not reach it, so that it is the table that has to drop it.
    expect(violations[0]!.owner!.path).toBe('ProdTable/Table');
    expect(violations[0]!.hops.map(({ does, place }) => [does, place.path])).toEqual([
      ['packets of us/vpc use prod-hub-prod', 'ProdTable/AssociationVpc'],
      ['prod-hub-prod: no route and no blackhole for all of 172.16.0.0/24', 'ProdTable/Table'],
    ]);
  });
});
