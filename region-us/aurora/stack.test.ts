import infra from '@platform/infra.config';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import type { AuroraGlobalSettings } from '@platform/libs/settings/database';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { region } from '../region';
import { contract } from './contract';
import { DatabaseStack } from './stack';

const environment = selectEnvironment(infra, 'prod');
const aurora = environment.dataStores.database as AuroraGlobalSettings;
const synthesise = (other: Partial<Environment> = {}) =>
  synthStack((app) => new DatabaseStack(app, { ...environment, ...other }));

test('it reads states of its own region only', () => {
  const states = synthesise().dataSources('terraform_remote_state');
  expect(states).toHaveLength(2);
  for (const { config } of states) expect(config.region).toBe(region.awsRegion);
  expect(
    synthesise()
      .providers()
      .map((provider) => provider['region']),
  ).toEqual([region.awsRegion]);
});

test('the member joins the global cluster, in the data subnets', () => {
  const stack = synthesise();
  expect(stack.resource('aws_rds_cluster').global_cluster_identifier).toContain('globalClusterId');
  expect(stack.resource('aws_db_subnet_group').subnet_ids).toContain('dataSubnetIds');
});

test('going up a level only adds instances', () => {
  const addresses = adoptionLevels.map((level) => synthesise({ level }).addresses());
  for (const [index, lower] of addresses.slice(0, -1).entries()) {
    expect(addresses[index + 1]).toEqual(expect.arrayContaining(lower));
  }
  const { serving } = aurora.instances;
  expect(synthesise({ level: 'local-reads' }).count('aws_rds_cluster_instance')).toBe(serving);
});

test('only members of the client group reach the database', () => {
  const stack = synthesise();
  expect(stack.resources('aws_vpc_security_group_ingress_rule')).toEqual([
    expect.objectContaining({
      referenced_security_group_id: stack.reference('aws_security_group', 'Access/Client'),
      from_port: 5432,
      to_port: 5432,
    }),
  ]);
  expect(stack.outputs()['clientSecurityGroupId']).toBe(stack.reference('aws_security_group', 'Access/Client'));
});

test('with RDS in the settings the same stack has an instance instead', () => {
  const { instances: _i, writeForwarding: _w, ...shared } = aurora;
  const database = { ...shared, engine: 'rds-postgresql', storageGib: 100, storageLimitGib: 200 } as const;
  const stack = synthesise({ dataStores: { ...environment.dataStores, database } });
  expect(stack.count('aws_rds_cluster')).toBe(0);
  expect(stack.count('aws_db_instance')).toBe(1);
  expect(Object.keys(stack.outputs())).toEqual(Object.keys(contract.fields));
});

test('the first member comes first, by its contract', () => {
  expect(contract.creation).toBe('primary-first');
});
