import { databaseContract } from '@platform/libs/aurora/contract';
import { regionalDataContract } from '@platform/libs/data/regional-contract';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import type { Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { vpcContract } from '@platform/libs/vpc/contract';
import { RegionalDatabase } from './stack';

const [us, ap] = exampleRegions;
const contract = databaseContract(us, 'aurora');
const synth = (changes: Partial<Environment> = {}, region = us) =>
  synthStack(
    (app) =>
      new RegionalDatabase(app, exampleEnvironment(changes), {
        region,
        contract: databaseContract(region, 'aurora'),
        upstream: { vpc: vpcContract(region, 'vpc'), data: regionalDataContract(region, 'data') },
      }),
  );
const { dataStores } = exampleEnvironment();
const {
  instances,
  writeForwarding: _,
  ...database
} = dataStores.database as Extract<Environment['dataStores']['database'], { engine: 'aurora-global' }>;
const rds = {
  dataStores: {
    ...dataStores,
    database: { ...database, engine: 'rds-postgresql', storageGib: 100, storageLimitGib: 200 } as const,
  },
};

test('reads states of its own region only', () => {
  const stack = synth({}, ap);
  const states = stack.dataSources('terraform_remote_state').map(({ config }) => config.region);
  expect(states).toEqual([ap.awsRegion, ap.awsRegion]);
  expect(stack.providers().map(({ region }) => region as string)).toEqual([ap.awsRegion]);
});

test('joins the global cluster, in the data subnets', () => {
  const stack = synth();
  expect(stack.resource('aws_rds_cluster').global_cluster_identifier).toContain('globalClusterId');
  expect(stack.resource('aws_db_subnet_group').subnet_ids).toContain('dataSubnetIds');
});

test.each([
  ['primary', us],
  ['standby', ap],
])('only adds instances to a %s region when the level goes up', (_role, region) => {
  const addresses = adoptionLevels.map((level) => synth({ level }, region).addresses());
  addresses.slice(1).forEach((higher, index) => expect(higher).toEqual(expect.arrayContaining(addresses[index]!)));
  expect(synth({ level: 'local-reads' }, region).count('aws_rds_cluster_instance')).toBe(instances.active);
});

test('has the same addresses in every region, except instances that a standby region does not need yet', () => {
  expectTwins(synth({ level: 'local-reads' }), synth({ level: 'local-reads' }, ap));
  const omitted = { here: 'omitted', reason: 'one instance can be promoted', owner: 'platform' } as const;
  expectTwins(synth(), synth({}, ap), { second: { 'Database/InstanceB': omitted } });
});

test('accepts only members of the client group', () => {
  const stack = synth();
  const client = stack.reference('aws_security_group', 'Access/Client');
  expect(stack.resources('aws_vpc_security_group_ingress_rule')).toEqual([
    expect.objectContaining({ referenced_security_group_id: client, from_port: 5432, to_port: 5432 }),
  ]);
  expect(stack.outputs()['clientSecurityGroupId']).toBe(client);
});

test('has an RDS instance when the settings say so, with the same outputs and addresses in every region', () => {
  const stack = synth(rds);
  expect(stack.count('aws_rds_cluster')).toBe(0);
  expect(stack.count('aws_db_instance')).toBe(1);
  expect(Object.keys(stack.outputs())).toEqual(Object.keys(contract.fields));
  expectTwins(stack, synth(rds, ap));
});

test('is created in the primary region first', () => {
  expect(contract.creation).toBe('primary-first');
});
