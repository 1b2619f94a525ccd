import { assumedInputs } from './assumed-inputs';

const reference = (field: string) => `\${data.terraform_remote_state.region-us-vpc.outputs.${field}}`;

test('names the argument, its contract field and the origin of the value', () => {
  const configuration = {
    resource: {
      aws_lb: { Balancer: { subnets: reference('publicSubnetIds'), access_logs: [{ bucket: reference('cidr') }] } },
    },
  };
  const upstream = new Map([['region-us-vpc', { cidr: { value: '10.0.0.0/16', source: 'planned' as const } }]]);
  expect(assumedInputs(configuration, upstream)).toEqual([
    {
      address: 'aws_lb.Balancer',
      argument: 'subnets',
      stack: 'region-us-vpc',
      field: 'publicSubnetIds',
      source: 'example',
    },
    {
      address: 'aws_lb.Balancer',
      argument: 'access_logs.0.bucket',
      stack: 'region-us-vpc',
      field: 'cidr',
      source: 'planned',
    },
  ]);
});

test('finds every reference of one expression, also in outputs and data sources', () => {
  const configuration = {
    data: { aws_iam_policy_document: { Policy: { resources: [`${reference('a')}/${reference('b')}`] } } },
    output: { id: { value: reference('a') } },
  };
  expect(assumedInputs(configuration, new Map()).map(({ address, field }) => [address, field])).toEqual([
    ['data.aws_iam_policy_document.Policy', 'a'],
    ['data.aws_iam_policy_document.Policy', 'b'],
    ['output.id', 'a'],
  ]);
});

test('a configuration that reads nothing has no assumed input', () => {
  expect(assumedInputs({ resource: { aws_vpc: { Vpc: { cidr_block: '10.0.0.0/16' } } } }, new Map())).toEqual([]);
});
