import { configurationDifferences } from './estate-difference';

const base = {
  '//': { metadata: { version: '0.21.0' } },
  provider: { aws: [{ region: 'us-east-1' }] },
  resource: {
    aws_vpc: { Main: { cidr_block: '10.0.0.0/16', tags: { Name: 'main' }, '//': { metadata: { path: 'a' } } } },
    aws_sqs_queue: { Gone: { name: 'gone' } },
  },
  output: { vpcId: { value: '${aws_vpc.Main.id}' } },
};

test('does not count comments of cdktf and the order of keys', () => {
  const { provider, resource, output } = base;
  const { cidr_block, tags } = resource.aws_vpc.Main;
  const other = { output, resource: { ...resource, aws_vpc: { Main: { tags, cidr_block } } }, provider };
  expect(configurationDifferences(base, other)).toEqual([]);
});

test('names each argument that differs by address and path, and blocks that are new or removed', () => {
  const head = {
    ...base,
    provider: { aws: [{ region: 'us-west-2' }] },
    resource: { aws_vpc: { Main: { cidr_block: '10.0.0.0/16', tags: { Name: 'other' } }, New: {} } },
    moved: [{ from: 'aws_vpc.Old', to: 'aws_vpc.Main' }],
  };
  expect(configurationDifferences(base, head).map(({ text }) => text)).toEqual([
    'aws_sqs_queue.Gone is removed',
    'aws_vpc.Main: tags.Name differs',
    'aws_vpc.New is new',
    'moved.0 is new',
    'provider.aws: 0.region differs',
  ]);
});
