import { adoptionLevels, type AdoptionLevel } from '@platform/libs/settings/adoption';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { vpcContract } from '@platform/libs/vpc/contract';
import { RegionalVpc } from './stack';

const [us, ap] = exampleRegions;
const synth = (level: AdoptionLevel, region = us, name = 'vpc') =>
  synthStack(
    (app) => new RegionalVpc(app, exampleEnvironment({ level }), { region, contract: vpcContract(region, name) }),
  );
const stack = synth('standby');

test('publishes one subnet and route table per zone and tier', () => {
  const outputs = stack.outputs();
  expect(Object.keys(outputs)).toEqual(Object.keys(vpcContract(us, 'vpc').fields));
  for (const tier of ['public', 'app', 'data', 'transit']) {
    expect(outputs[`${tier}SubnetIds`]).toHaveLength(us.zones.length);
    expect(outputs[`${tier}RouteTableIds`]).toHaveLength(us.zones.length);
  }
});

test('has the name of its folder, and the range of that name', () => {
  const region = { ...us, vpcs: { ...us.vpcs, spoke: { cidrs: { prod: '10.1.0.0/20' } } } };
  const vpc = synth('standby', region, 'spoke').resource('aws_vpc');
  expect(vpc).toMatchObject({ cidr_block: '10.1.0.0/20', tags: { Name: 'prod-spoke' } });
  expect(stack.resource('aws_vpc')).toMatchObject({ cidr_block: '10.0.0.0/16', tags: { Name: 'prod-vpc' } });
});

test.each(adoptionLevels)('is the same at %s: the Transit Gateway’s stack adds the routes', (level) => {
  expect(synth(level).json).toEqual(stack.json);
});

test('makes everything in its region, in the network account, and reads nothing', () => {
  expect(stack.providers()).toEqual([
    expect.objectContaining({ region: us.awsRegion, allowed_account_ids: [exampleEnvironment().accounts.network] }),
  ]);
  expect(stack.json.data).toBeUndefined();
});

test('has the same addresses in every region', () => {
  expectTwins(stack, synth('standby', ap));
});
