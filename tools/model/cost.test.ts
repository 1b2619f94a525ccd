import { costOfConfiguration } from './cost';
import type { Configuration } from './configuration';
import { byUse, listPrice, listPrices, prices, priceText, unpriced } from './prices';

const costOf = (resource: object, region = 'us-east-1', provider: object = {}) =>
  costOfConfiguration({ resource, provider } as Configuration, region);

test('counts the units that a price is for', () => {
  const subnet_ids = ['a', 'b', 'c'];
  const endpoint = { vpc_endpoint_type: 'Interface', subnet_ids };
  expect(costOf({ aws_vpc_endpoint: { A: endpoint, B: { subnet_ids } } }).usd).toBeCloseTo(3 * 0.01 * 730);
});

test('counts subnets that another stack publishes as one in each zone', () => {
  const endpoint = { vpc_endpoint_type: 'Interface', subnet_ids: '${data.terraform_remote_state.vpc.outputs.ids}' };
  const configuration = { resource: { aws_vpc_endpoint: { A: endpoint } } } as Configuration;
  expect(costOfConfiguration(configuration, 'us-east-1', new Map([['us-east-1', 2]])).usd).toBeCloseTo(2 * 0.01 * 730);
  expect(costOfConfiguration(configuration, 'us-east-1').unknown.size).toBe(1);
});

test('takes the price of the region of the provider', () => {
  const nat = { aws_nat_gateway: { A: {}, B: { provider: 'aws.ap' } } };
  const provider = { aws: [{ region: 'us-east-1' }, { alias: 'ap', region: 'ap-northeast-2' }] };
  expect(costOf(nat, 'us-east-1', provider).usd).toBeCloseTo((0.045 + 0.059) * 730);
});

test('adds the prices of the options of a resource', () => {
  const check = { type: 'HTTPS', request_interval: 10 };
  expect(costOf({ aws_route53_health_check: { A: check, B: { type: 'CALCULATED' } } }).usd).toBeCloseTo(3);
});

test('takes the machines of a group from its launch template, at its least size', () => {
  const group = { min_size: 2, launch_template: [{ id: '${aws_launch_template.T.id}' }] };
  const resource = (instance_type: string) => ({
    aws_launch_template: { T: { instance_type } },
    aws_autoscaling_group: { G: group },
  });
  expect(costOf(resource('t4g.small')).usd).toBeCloseTo(2 * 0.0168 * 730);
  expect([...costOf(resource('x9.unheard')).unknown]).toEqual([['aws_autoscaling_group', 1]]);
});

test('counts the tasks of a service by the size of their task definition', () => {
  const resource = (cpu_architecture: string, service: object = {}) => ({
    aws_ecs_task_definition: { T: { cpu: '512', memory: '2048', runtime_platform: { cpu_architecture } } },
    aws_ecs_service: {
      S: { launch_type: 'FARGATE', desired_count: 3, task_definition: '${aws_ecs_task_definition.T.arn}', ...service },
    },
  });
  expect(costOf(resource('X86_64')).usd).toBeCloseTo(3 * (0.5 * 0.04048 + 2 * 0.004445) * 730);
  const arm = costOf(resource('ARM64'));
  expect(arm.usd).toBeLessThan(costOf(resource('X86_64')).usd);
  // Instances that run tasks are billed as instances.
  expect(costOf(resource('X86_64', { launch_type: 'EC2' }))).toMatchObject({ usd: 0, unknown: new Map() });
  expect(costOf(resource('X86_64', { task_definition: 'app:7' })).unknown.get('aws_ecs_service')).toBe(1);
});

test('counts the runs of a canary by its schedule', () => {
  const canary = (expression: string) => ({ aws_synthetics_canary: { C: { schedule: [{ expression }] } } });
  expect(costOf(canary('rate(5 minutes)')).usd).toBeCloseTo(730 * 12 * 0.0012);
  expect(costOf(canary('rate(1 hour)')).usd).toBeCloseTo(730 * 0.0012);
  expect(costOf(canary('cron(0 * * * ? *)')).unknown.get('aws_synthetics_canary')).toBe(1);
});

test('counts a gateway load balancer and its endpoints once per zone', () => {
  const balancer = { load_balancer_type: 'gateway', subnets: ['a', 'b', 'c'] };
  const endpoint = { vpc_endpoint_type: 'GatewayLoadBalancer', subnet_ids: ['a'] };
  expect(costOf({ aws_lb: { L: balancer } }).usd).toBeCloseTo(3 * 0.0125 * 730);
  expect(costOf({ aws_vpc_endpoint: { E: endpoint } }).usd).toBeCloseTo(0.01 * 730);
});

test('names the part of the sum that unconfirmed prices have, and widens it where sources differ', () => {
  const instances = (instance_class: string) => ({ aws_rds_cluster_instance: { A: { instance_class } } });
  const { usd, usdHigh, unconfirmed } = costOf({ ...instances('db.r6g.xlarge'), aws_nat_gateway: { A: {} } });
  const instance = listPrice('aurora-instance:db.r6g.xlarge', 'us-east-1')!;
  expect(instance.status).toBe('unconfirmed');
  expect([...unconfirmed]).toEqual([['aurora-instance:db.r6g.xlarge us-east-1', instance.usd * 730]]);
  expect(usdHigh - usd).toBeCloseTo((instance.usdHigh! - instance.usd) * 730);
  expect(costOf(instances('db.r6g.large'))).toMatchObject({ unconfirmed: new Map() });
});

test('every row has a source, a day and a status, and a text that marks what is unconfirmed', () => {
  for (const row of listPrices) {
    expect(row.source).toMatch(/^https:\/\/\S+$/);
    expect(row.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(row.usdHigh ?? Infinity).toBeGreaterThan(row.usd);
    expect([row.key, priceText(row).endsWith('(unconfirmed)')]).toEqual([row.key, row.status !== 'confirmed']);
  }
  expect(new Set(listPrices.map(({ key, region }) => `${key} ${region}`)).size).toBe(listPrices.length);
});

test('every price that a resource or its use has is in the table', () => {
  const keys = listPrices.map(({ key }) => key);
  const wanted = [...prices.map(({ key }) => key), ...Object.values(byUse).flat()];
  expect(wanted.filter((each) => !keys.some((key) => key === each || key.startsWith(`${each}:`)))).toEqual([]);
});

test('does not count what has no price as free', () => {
  const { usd, unknown } = costOf({ aws_db_instance: { A: {} }, aws_s3_bucket: { A: {}, B: {} }, aws_vpc: { A: {} } });
  expect(usd).toBe(0);
  expect([...unknown]).toEqual([
    ['aws_db_instance', 1],
    ['aws_s3_bucket', 2],
  ]);
  expect([...costOf({ aws_nat_gateway: { A: {} } }, 'eu-north-1').unknown]).toEqual([['aws_nat_gateway', 1]]);
});

test('no type is priced and also said to have no price', () => {
  const priced = new Set(prices.map(({ type }) => type));
  expect([...Object.keys(byUse), ...unpriced].filter((type) => priced.has(type))).toEqual([]);
});
