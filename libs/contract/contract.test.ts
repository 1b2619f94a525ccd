import { defineContract, list, map, text, type Values } from './contract';

const region = { key: 'us', awsRegion: 'us-east-1', zones: ['us-east-1a'] };
const contract = defineContract({
  stack: 'region-us-vpc',
  project: 'region-us/vpc',
  stateRegion: region,
  fields: {
    vpcId: text('Id', 'vpc-1'),
    subnetIds: list('Subnets', ['subnet-1']),
    tableIds: map('Tables by name', { app: 'rtb-1' }),
  },
});

test('a contract keeps only the state region of a region', () => {
  expect(contract.stateRegion).toEqual({ key: 'us', awsRegion: 'us-east-1' });
});

test('a field has a kind, a description and an example', () => {
  expect(contract.fields.subnetIds).toEqual({ kind: 'list', description: 'Subnets', example: ['subnet-1'] });
  expect(contract.fields.tableIds).toEqual({ kind: 'map', description: 'Tables by name', example: { app: 'rtb-1' } });
});

// What the compiler refuses is tested too: the type check fails when one of these lines compiles.
test('published and read values have the types of the fields', () => {
  type Promised = Values<typeof contract.fields>;
  const values: Promised = { vpcId: 'vpc-1', subnetIds: ['subnet-1'], tableIds: { app: 'rtb-1' } };
  const accept = (_: Promised) => undefined;

  // @ts-expect-error tableIds is missing
  accept({ vpcId: 'vpc-1', subnetIds: ['subnet-1'] });
  // @ts-expect-error vpcId is misspelt
  accept({ vpcID: 'vpc-1', subnetIds: ['subnet-1'], tableIds: {} });
  // @ts-expect-error there is no field cidr
  accept({ ...values, cidr: '10.0.0.0/16' });
  // @ts-expect-error a list is not a single id
  accept({ ...values, vpcId: ['vpc-1'] });
  // @ts-expect-error a single id is not a list
  accept({ ...values, subnetIds: 'subnet-1' });
  // @ts-expect-error a list has no keys
  accept({ ...values, tableIds: ['rtb-1'] });
  // @ts-expect-error published values are read-only
  values.vpcId = 'vpc-2';
  // @ts-expect-error a reader cannot use a field that is not in the contract
  expect(values.natGatewayIds).toBeUndefined();
  // @ts-expect-error an example has the type of its field
  expect(() => list('Subnets', 'subnet-1')).not.toThrow();
});
