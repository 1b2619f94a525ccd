import { quotas, type Quota } from '@platform/libs/settings/quotas';
import type { Configuration } from './configuration';
import type { PlacedStack } from './placed-resources';
import { isOverLimit, overDefault, quotaUses, withOthers } from './quota-use';

const accounts = { network: '111', workload: '222', edge: '333', management: '444' };
const stack = (
  resource: NonNullable<Configuration['resource']>,
  {
    name = 'region-us-vpc',
    awsRegion = 'us-east-1',
    output = {},
    aliases = [] as PlacedStack['stack']['aliases'],
  } = {},
): PlacedStack => ({
  stack: { stack: name, account: 'network', awsRegion, aliases },
  configuration: { resource, output },
  accounts,
});
const needed = (quota: string, stacks: readonly PlacedStack[], lists?: ReadonlyMap<string, number>) =>
  quotaUses(stacks, lists)
    .filter((use) => use.quota === quota)
    .map((use) => [use.account, use.awsRegion, use.needed]);
const addresses = (count: number) => ({
  aws_eip: Object.fromEntries(Array.from({ length: count }, (_, index) => [`Address${index}`, {}])),
});

test('sums what all stacks make in one account and AWS region', () => {
  const stacks = [
    stack(addresses(3)),
    stack(addresses(3), { name: 'shared-security-gwlb-us' }),
    stack(addresses(1), { name: 'region-ap-vpc', awsRegion: 'ap-northeast-2' }),
  ];
  expect(needed('elasticIps', stacks)).toEqual([
    ['111', 'ap-northeast-2', 1],
    ['111', 'us-east-1', 6],
  ]);
  expect(overDefault(quotaUses(stacks)).map(({ quota, awsRegion }) => [quota, awsRegion])).toEqual([
    ['elasticIps', 'us-east-1'],
  ]);
});

test('reserved executions of functions come on top of those that Lambda keeps, once in a place', () => {
  const functions = (reserved: Readonly<Record<string, unknown>>) => ({
    aws_lambda_function: { A: reserved, B: reserved, C: {} },
  });
  const stacks = [
    stack(functions({ reserved_concurrent_executions: 1 })),
    stack(functions({}), { name: 'region-ap-vpc', awsRegion: 'ap-northeast-2' }),
  ];
  expect(needed('functionConcurrency', stacks)).toEqual([['111', 'us-east-1', 102]]);
});

test('environments in one account need the sum, and of a quota per resource the largest', () => {
  const group = '${aws_security_group.Group.id}';
  const rules = (count: number) => ({
    aws_vpc_security_group_ingress_rule: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`Rule${index}`, { security_group_id: group }]),
    ),
  });
  const usesOf = (count: number) => quotaUses([stack({ ...addresses(count), ...rules(count) })]);
  const together = withOthers(usesOf(3), [usesOf(4), usesOf(1)]);
  const of = (quota: string) => together.find((use) => use.quota === quota)?.needed;
  expect([of('elasticIps'), of('groupRules')]).toEqual([8, 4]);
  const elsewhere = usesOf(9).map((use) => ({ ...use, account: '999' }));
  expect(withOthers(usesOf(3), [elsewhere]).find(({ quota }) => quota === 'elasticIps')?.needed).toBe(3);
});

test('counts a resource where its provider makes it, and quotas of the whole account once', () => {
  const check = { aws_route53_health_check: { Us: {}, Ap: { provider: 'aws.edge' } } };
  const aliases = [{ alias: 'edge', account: 'edge', awsRegion: 'ap-northeast-2' } as const];
  expect(needed('healthChecks', [stack(check, { aliases })])).toEqual([
    ['111', 'us-east-1', 1],
    ['333', 'us-east-1', 1],
  ]);
});

test('a quota per resource takes the largest, also where stacks name it by the output of another', () => {
  const vpc = stack({ aws_vpc: { Network: {} } }, { output: { vpcId: { value: '${aws_vpc.Network.id}' } } });
  const own = stack({ aws_vpc_endpoint: { A: { vpc_id: '${aws_vpc.Network.id}', vpc_endpoint_type: 'Interface' } } });
  const read = '${data.terraform_remote_state.region-us-vpc.outputs.vpcId}';
  const other = stack(
    { aws_vpc_endpoint: { B: { vpc_id: read }, C: { vpc_id: read }, D: { vpc_id: 'vpc-1' } } },
    { name: 'shared-privatelink-us' },
  );
  const both = {
    ...vpc,
    configuration: { ...vpc.configuration, resource: { ...vpc.configuration.resource, ...own.configuration.resource } },
  };
  expect(needed('interfaceEndpoints', [both, other])).toEqual([['111', 'us-east-1', 3]]);
});

test('a rule on a prefix list counts for the weight of the list, each direction for itself', () => {
  const rule = (more: object) => ({ security_group_id: '${aws_security_group.Group.id}', ...more });
  const rules = {
    aws_vpc_security_group_ingress_rule: { A: rule({ prefix_list_id: 'pl-1' }), B: rule({ cidr_ipv4: '10.0.0.0/8' }) },
    aws_vpc_security_group_egress_rule: { C: rule({ cidr_ipv4: '0.0.0.0/0' }) },
  };
  expect(needed('groupRules', [stack(rules)], new Map([['pl-1', 55]]))).toEqual([['111', 'us-east-1', 56]]);
});

test('instances count by the vCPUs of their type at the largest size of their group', () => {
  const group = (max_size: number) => ({ max_size, launch_template: { id: '${aws_launch_template.T.id}' } });
  const sized = (instance_type: string) => ({
    aws_launch_template: { T: { instance_type } },
    aws_autoscaling_group: { Blue: group(24), Green: group(1) },
  });
  expect(needed('standardVcpus', [stack(sized('m7g.large'))])).toEqual([['111', 'us-east-1', 50]]);
  expect(needed('standardVcpus', [stack(sized('c7gn.2xlarge'))])).toEqual([['111', 'us-east-1', 200]]);
  // Another quota counts accelerated instances.
  expect(needed('standardVcpus', [stack(sized('g5.xlarge'))])).toEqual([]);
});

test('listener rules count the values of their conditions, which no raise changes', () => {
  const rule = {
    condition: [{ host_header: { values: ['a', 'b'] } }, { http_header: { values: ['c', 'd', 'e', 'f'] } }],
  };
  const [use] = quotaUses([stack({ aws_lb_listener_rule: { Rule: rule } })]).filter(
    ({ quota }) => quota === 'ruleConditions',
  );
  expect(use).toMatchObject({ needed: 6, of: 'aws_lb_listener_rule.Rule of region-us-vpc' });
  expect(isOverLimit(use!)).toBe(true);
});

test.each(Object.entries(quotas) as [string, Quota][])('%s: a limit is no smaller than the default', (_, quota) => {
  expect(quota.most ?? quota.byDefault).toBeGreaterThanOrEqual(quota.byDefault);
  expect(quota.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  expect(quota.code ?? 'L-00000000').toMatch(/^L-[0-9A-F]{8}$/);
});
