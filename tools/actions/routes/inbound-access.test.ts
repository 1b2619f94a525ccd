import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { checkRoutes } from './check-routes';
import { inboundAccess } from './inbound-access';
import { changed, synthesiseJson, type Resources, type SynthesisedEstate } from './testing/estate';

jest.setTimeout(180_000);
const root = useExampleWorkspace();
const doorsOf = ({ json, environment, regions }: SynthesisedEstate) =>
  inboundAccess(json, checkRoutes(json, environment, regions).network, environment.onPremises?.cidrs ?? []).map(
    ({ says }) => says,
  );

describe('nothing but balancers is open to the whole internet', () => {
  test.each([
    ['standby', 'prod'],
    ['origin-failover', 'staging'],
    ['accelerated', 'prod'],
    ['inspected', 'prod'],
  ] as const)('at level %s in %s', (level, name) => {
    const estate = synthesiseJson(root, name, { level });
    expect(estate.json.size).toBeGreaterThan(10);
    expect(doorsOf(estate)).toEqual([]);
  });
});

describe('found is', () => {
  const estate = synthesiseJson(root, 'prod');
  const after = (stack: string, change: (resources: Resources) => void) => doorsOf(changed(estate, stack, change));
  const { zones } = estate.regions.find(({ key }) => key === 'us')!;
  const open = 'is open to the whole internet; only an internet-facing load balancer may open 443, and 80 to redirect';

  test('another port of a balancer', () => {
    const doors = after('region-us-alb-asg-app', (resources) => {
      const rule = resources.first('aws_vpc_security_group_ingress_rule', ({ to_port }) => to_port === 443);
      Object.assign(rule, { from_port: 22, to_port: 22 });
    });
    expect(doors).toEqual([`tcp port 22–22 ${open}`]);
  });

  test('a balancer that is not meant for the internet', () => {
    const doors = after('region-us-alb-asg-app', (resources) => {
      resources.first('aws_lb', () => true)['internal'] = true;
    });
    expect(doors).toContain(`tcp port 443–443 ${open}`);
  });

  test('port 80 that serves instead of redirecting', () => {
    const doors = after('region-us-alb-asg-app', (resources) => {
      const listener = resources.first('aws_lb_listener', ({ port }) => port === 80);
      listener['default_action'] = [{ type: 'forward' }];
    });
    expect(doors).toEqual([`tcp port 80–80 ${open}`]);
  });

  test('a rule inside a group, also for IPv6', () => {
    const doors = after('region-us-vpc', (resources) => {
      const group = resources.first('aws_default_security_group', () => true);
      group['ingress'] = [{ protocol: '-1', from_port: 0, to_port: 0, ipv6_cidr_blocks: ['::/0'] }];
    });
    expect(doors).toEqual([`everything ${open}`]);
  });

  test('a way out to any port', () => {
    const doors = after('region-us-alb-asg-app', (resources) => {
      const rule = resources.first('aws_vpc_security_group_egress_rule', ({ cidr_ipv4 }) => cidr_ipv4 === '0.0.0.0/0');
      Object.assign(rule, { from_port: 25, to_port: 25 });
    });
    expect(doors).toEqual([
      'tcp port 25–25 is allowed out to the whole internet; restrict the destination, or use 443',
    ]);
  });

  test('a public subnet whose network ACL lets more in than its tier is for', () => {
    const doors = after('region-us-vpc', (resources) => {
      const acl = resources.get('aws_network_acl', 'Vpc/Public/NetworkAcl');
      acl['ingress'].push({
        rule_no: 5,
        action: 'allow',
        protocol: '6',
        cidr_block: '0.0.0.0/0',
        from_port: 22,
        to_port: 22,
      });
    });
    expect(doors).toEqual(
      zones.map((zone) => `the network ACL of prod-vpc-public-${zone} allows tcp ports 22–22 from the whole internet`),
    );
  });

  const admit = (rule: object) => (resources: Resources) => {
    const acl = resources.get('aws_network_acl', 'Vpc/Public/NetworkAcl');
    acl['ingress'].push({ rule_no: 5, action: 'allow', from_port: 0, to_port: 0, ...rule });
  };

  test.each([
    ['all of UDP', { protocol: '17', cidr_block: '0.0.0.0/0', to_port: 65535 }, 'udp ports 0–65535 from the whole'],
    [
      'a part of the internet',
      { protocol: '6', cidr_block: '52.0.0.0/8', from_port: 22, to_port: 22 },
      'tcp ports 22–22 from the internet, as from 52.0.0.0',
    ],
  ])('a network ACL that lets in %s', (_, rule, says) => {
    const doors = after('region-us-vpc', admit(rule));
    expect(doors).toHaveLength(zones.length);
    for (const door of doors) expect(door).toContain(`allows ${says}`);
  });

  test('nothing, where an ACL opens what is private', () => {
    expect(after('region-us-vpc', admit({ protocol: '-1', cidr_block: '172.16.0.0/12' }))).toEqual([]);
  });

  test.each([
    ['0.0.0.0/1', '0.0.0.0/1, which is public'],
    ['93.184.215.0/24', '93.184.215.0/24, which is public'],
    // Wider than the private network that it begins like.
    ['172.0.0.0/8', '172.0.0.0/8, which is public'],
    ['10.0.0.0/8', undefined],
    ['100.64.0.0/10', undefined],
  ])('a rule for %s: %s', (cidr_ipv4, whom) => {
    const doors = after('region-us-alb-asg-app', (resources) => {
      resources.add('aws_vpc_security_group_ingress_rule', 'Aside', {
        security_group_id: 'sg-1',
        ip_protocol: 'tcp',
        from_port: 22,
        to_port: 22,
        cidr_ipv4,
      });
    });
    expect(doors).toEqual(whom === undefined ? [] : [`tcp port 22–22 ${open.replace('the whole internet', whom)}`]);
  });

  test('a public range, but not where it is one on premises', () => {
    const { json } = changed(estate, 'region-us-alb-asg-app', (resources) => {
      resources.add('aws_vpc_security_group_egress_rule', 'Aside', { ip_protocol: '-1', cidr_ipv4: '93.184.0.0/24' });
    });
    const network = checkRoutes(estate.json, estate.environment, estate.regions).network;
    expect(inboundAccess(json, network, ['93.184.0.0/16'])).toEqual([]);
    expect(inboundAccess(json, network, []).map(({ says }) => says)).toEqual([
      'everything is allowed out to 93.184.0.0/24, which is public; restrict the destination, or use 443',
    ]);
  });

  test.each([
    ['of AWS', 'pl-3b927c52', [], 1],
    ['with a public entry', '${aws_ec2_managed_prefix_list.Clients.id}', [{ cidr: '0.0.0.0/1' }], 1],
    ['of private networks', '${aws_ec2_managed_prefix_list.Clients.id}', [{ cidr: '10.0.0.0/8' }], 0],
  ])('what stands in a prefix list %s', (_, prefix_list_id, entry, count) => {
    const doors = after('region-us-alb-asg-app', (resources) => {
      resources.add('aws_ec2_managed_prefix_list', 'Clients', { entry });
      resources.add('aws_vpc_security_group_ingress_rule', 'Aside', {
        security_group_id: 'sg-1',
        ip_protocol: 'udp',
        from_port: 53,
        to_port: 53,
        prefix_list_id,
      });
    });
    expect(doors).toHaveLength(count);
    for (const door of doors) expect(door).toContain('udp port 53–53 is open to the prefix list ');
  });

  test('ports of a service in front of what only goes out', () => {
    const inspected = synthesiseJson(root, 'prod', { level: 'inspected' });
    const doors = doorsOf(
      changed(inspected, 'shared-security-gwlb-us', (resources) => {
        const acl = resources.get('aws_network_acl', 'Inspection/Network/Public/NetworkAcl');
        acl['ingress'].push({
          rule_no: 5,
          action: 'allow',
          protocol: '6',
          cidr_block: '0.0.0.0/0',
          from_port: 443,
          to_port: 443,
        });
      }),
    );
    expect(doors).toHaveLength(zones.length);
    for (const door of doors) expect(door).toContain('allows tcp ports 443–443 from the whole internet');
  });
});
