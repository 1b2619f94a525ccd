import { undeclaredBetween, type Counterpart } from './counterparts';
import { maskOf } from './region-words';

const regions = [
  {
    key: 'us',
    awsRegion: 'us-east-1',
    asn: 64512,
    zones: ['use1-az1'],
    vpcs: { vpc: { cidrs: { prod: '10.0.0.0/16' } } },
  },
  {
    key: 'ap',
    awsRegion: 'ap-northeast-2',
    asn: 64513,
    zones: ['apne2-az1'],
    vpcs: { vpc: { cidrs: { prod: '10.4.0.0/16' } } },
  },
];
const mask = maskOf(
  regions,
  new Map([
    ['127311923021', 'account'],
    ['600734575887', 'account'],
  ]),
);

const counterpart = (
  [key, awsRegion, zone, network, account]: readonly string[],
  subnet: object = {},
  differences: Counterpart['differences'] = {},
): Counterpart => ({
  stack: `region-${key}-vpc`,
  differences,
  configuration: {
    provider: { aws: [{ region: awsRegion }, { alias: 'away', region: 'us-east-1' }] },
    resource: {
      aws_subnet: {
        App_1: {
          '//': { metadata: { path: `region-${key}-vpc/Vpc/App`, uniqueId: key } },
          availability_zone_id: zone,
          cidr_block: `${network}.16.0/20`,
          tags: { Name: `prod-app-${zone}`, region: `${key}` },
          ...subnet,
        },
      },
      aws_s3_bucket_policy: {
        Logs: {
          policy: JSON.stringify({
            Resource: [`arn:aws:s3:::logs-${key}`, 'b'],
            Principal: `arn:aws:iam::${account}:root`,
          }),
        },
      },
    },
    output: { bus: { value: `arn:aws:events:${awsRegion}:111111111111:event-bus/main` } },
  },
});
const us = ['us', 'us-east-1', 'use1-az1', '10.0', '127311923021'];
const ap = ['ap', 'ap-northeast-2', 'apne2-az1', '10.4', '600734575887'];
const difference = { here: 'differs', reason: 'a test', owner: 'network' } as const;

const found = (first: Counterpart, second: Counterpart) =>
  undeclaredBetween(first, second, mask).map(({ what }) => what);

it('counterparts that differ in the texts of their regions only are equal', () => {
  expect(found(counterpart(us), counterpart(ap))).toEqual([]);
});

it.each([
  ['another size', { cidr_block: '10.4.16.0/21' }, 'cidr_block'],
  ['another place in the network', { cidr_block: '10.4.32.0/20' }, 'cidr_block'],
  ['a network of no region', { cidr_block: '10.9.16.0/20' }, 'cidr_block'],
  ['an argument more', { assign_ipv6_address_on_creation: true }, 'assign_ipv6_address_on_creation'],
  ['another tag', { tags: { Name: 'prod-app-apne2-az1', region: 'ap', tier: 'x' } }, 'tags'],
])('%s is a difference', (_, subnet, argument) => {
  expect(found(counterpart(us), counterpart(ap, subnet))).toEqual([
    `region-us-vpc and region-ap-vpc differ in ${argument} of aws_subnet.App_1`,
  ]);
});

it('a resource in another region than its counterpart is a difference, whatever its alias is called', () => {
  expect(found(counterpart(us), counterpart(ap, { provider: 'aws.away' }))).toEqual([]);
  const configuration = { ...counterpart(ap).configuration, provider: { aws: [{ region: 'eu-west-1' }] } };
  expect(found(counterpart(us), { ...counterpart(ap), configuration })).toContain(
    'region-us-vpc and region-ap-vpc differ in provider of aws_subnet.App_1',
  );
});

it('a declared difference is accepted, of a construct or of one argument, and refused where there is none', () => {
  const smaller = { cidr_block: '10.4.16.0/21' };
  for (const name of ['Vpc', 'Vpc/App', 'Vpc/App.cidr_block']) {
    expect(found(counterpart(us), counterpart(ap, smaller, { [name]: difference }))).toEqual([]);
    expect(found(counterpart(us, {}, { [name]: difference }), counterpart(ap))).toEqual([
      `region-us-vpc declares the difference ${name}, and does not differ from region-ap-vpc in it`,
    ]);
  }
  expect(found(counterpart(us), counterpart(ap, smaller, { 'Vpc/App.tags': difference }))).toHaveLength(2);
});
