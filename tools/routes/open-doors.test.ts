import { findRoot } from '@platform/tools/workspace/find-root';
import { checkRoutes } from './check-routes';
import { openDoors } from './open-doors';
import { changed, synthesiseJson, type Resources, type SynthesisedEstate } from './testing/estate';

jest.setTimeout(60_000);
const root = findRoot(__dirname);
const doorsOf = ({ json, environment, regions }: SynthesisedEstate) =>
  openDoors(json, checkRoutes(json, environment, regions).network).map(({ says }) => says);

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
  const open = 'is open to the whole internet, and it is not 443, or a redirect on 80, of a balancer that faces it';

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
    expect(doors).toEqual(['tcp port 25–25 may leave for the whole internet; name where to, or use 443']);
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
      ['a', 'b', 'c'].map(
        (zone) => `the network ACL of prod-vpc-public-us-east-1${zone} lets tcp ports 22–22 in from the whole internet`,
      ),
    );
  });
});
