import { costOfConfiguration } from './cost';
import type { Configuration } from './configuration';
import { byUse, prices, unpriced } from './prices';

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
  expect([...byUse, ...unpriced].filter((type) => priced.has(type))).toEqual([]);
});
