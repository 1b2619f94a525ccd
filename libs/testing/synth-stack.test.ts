import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { TerraformOutput } from 'cdktf';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { exampleEnvironment, exampleRegions } from './example-settings';
import { synthConstruct, synthStacks } from './synth-stack';

const twoSubnets = () =>
  synthConstruct((stack) => {
    const vpc = new Vpc(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
    const subnet = (id: string, cidrBlock: string) => new Subnet(vpc, id, { vpcId: vpc.id, cidrBlock });
    subnet('A', '10.0.0.0/24');
    subnet('B', '10.0.1.0/24');
    new TerraformOutput(stack, 'vpcId', { value: vpc.id });
  });

describe('a synthesised stack', () => {
  test('finds a resource by logical id, by construct path, and by the end of the path', () => {
    const stack = twoSubnets();
    const [, address] = stack.addresses()[0]!.split('.');
    expect(stack.resource('aws_subnet', address!).cidr_block).toBe('10.0.0.0/24');
    expect(stack.resource('aws_subnet', 'Vpc/B').cidr_block).toBe('10.0.1.0/24');
    expect(stack.resource('aws_subnet', 'B').cidr_block).toBe('10.0.1.0/24');
  });

  test('gives the only resource of a type without a name', () => {
    expect(twoSubnets().resource('aws_vpc').cidr_block).toBe('10.0.0.0/16');
  });

  test('lists what exists when a resource is not found or not unique', () => {
    expect(() => twoSubnets().resource('aws_subnet', 'C')).toThrow('aws_subnet C: not found; there is Vpc/A, Vpc/B');
    expect(() => twoSubnets().resource('aws_subnet')).toThrow('one aws_subnet: 2 of them; there is Vpc/A, Vpc/B');
    expect(() => twoSubnets().resource('aws_eip')).toThrow('one aws_eip: not found; there is no aws_eip');
  });

  test('counts, lists and refers', () => {
    const stack = twoSubnets();
    expect(stack.count('aws_subnet')).toBe(2);
    expect(stack.count('aws_eip')).toBe(0);
    expect(stack.resources('aws_subnet').map((subnet) => subnet.cidr_block)).toEqual(['10.0.0.0/24', '10.0.1.0/24']);
    expect(stack.resource('aws_subnet', 'A').vpc_id).toBe(stack.reference('aws_vpc'));
    expect(stack.outputs().vpcId).toBe(stack.reference('aws_vpc'));
  });

  test('omits metadata, and counts no data source among the addresses', () => {
    const stack = twoSubnets();
    expect(Object.keys(stack.resource('aws_vpc'))).toEqual(['cidr_block']);
    expect(stack.addresses()).toHaveLength(3);
    expect(stack.dataSources('aws_region')).toEqual([]);
  });

  test('has the provider of its region', () => {
    expect(twoSubnets().providers()[0]!.region).toBe('us-east-1');
  });
});

test('returns several stacks of one app by name', () => {
  class Empty extends EstateStack {}
  const stacks = synthStacks((app) => {
    for (const region of exampleRegions) {
      const contract = {
        stack: `shared-empty-${region.key}`,
        project: 'shared/empty',
        stateRegion: region,
        fields: {},
      };
      new Empty(app, { environment: exampleEnvironment(), contract, region, account: 'network' });
    }
  });
  expect([...stacks].map(([name, stack]) => [name, stack.providers()[0]!.region])).toEqual([
    ['shared-empty-us', 'us-east-1'],
    ['shared-empty-ap', 'ap-northeast-2'],
  ]);
});
