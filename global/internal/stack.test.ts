import infra from '@platform/infra.config';
import type { AuroraGlobalSettings } from '@platform/libs/settings/database';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { primaryOf } from '@platform/libs/settings/region';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import type { CacheSettings } from '@platform/libs/settings/cache';
import { regions } from '@platform/shared/regions';
import { InternalStack } from './stack';
import { vpcs } from './upstream';

const [first] = Object.keys(infra.environments) as [string];
const environment: Environment = { ...selectEnvironment(infra, first), dataStores: exampleEnvironment().dataStores };
const synth = (other: Partial<Environment> = {}) =>
  synthStack((app) => new InternalStack(app, { ...environment, ...other }));
const zoneName = `internal.${environment.domain}`;
const primary = primaryOf(regions).key;

/** Targets by name, without the failover record. */
const targetsOf = (stack: ReturnType<typeof synth>) =>
  Object.fromEntries(
    stack
      .resources('aws_route53_record')
      .filter(({ set_identifier }) => !set_identifier)
      .map(({ name, records }) => [name as string, (records as string[])[0]!]),
  );

test('one private zone in the account of the VPCs, which every VPC of every region resolves', () => {
  const stack = synth();
  const zone = stack.resource('aws_route53_zone');
  expect(zone.name).toBe(zoneName);
  expect(stack.providers()).toEqual([expect.objectContaining({ allowed_account_ids: [environment.accounts.network] })]);
  const all = zone.vpc.map(({ vpc_region }: { vpc_region: string }) => vpc_region);
  const wanted = regions.flatMap(({ key, awsRegion }) => Object.keys(vpcs[key as 'us']).map(() => awsRegion));
  expect(all.sort()).toEqual(wanted.sort());
  // A VPC that is replaced would not resolve the zone any more.
  expect(zone.lifecycle?.ignore_changes).toBeUndefined();
});

test('the writer’s name follows the writer of a global cluster', () => {
  expect(targetsOf(synth())[`database.${zoneName}`]).toBe(
    '${data.terraform_remote_state.global-data.outputs.writerEndpoint}',
  );
});

test('the writer’s name is the primary region’s instance where there is no global cluster', () => {
  const {
    instances: _i,
    writeForwarding: _w,
    enforcedRpoSec: _e,
    ...shared
  } = environment.dataStores.database as AuroraGlobalSettings;
  const database = { ...shared, engine: 'rds-postgresql', storageGib: 100, storageLimitGib: 200 } as const;
  const targets = targetsOf(synth({ dataStores: { ...environment.dataStores, database } }));
  expect(targets[`database.${zoneName}`]).toContain(`region-${primary}-aurora.outputs.clusterEndpoint`);
});

test('each region has names for its database, its readers and its load balancer', () => {
  const targets = targetsOf(synth());
  for (const { key } of regions) {
    expect(targets[`database-${key}.${zoneName}`]).toContain(`region-${key}-aurora.outputs.clusterEndpoint`);
    expect(targets[`database-reader-${key}.${zoneName}`]).toContain(`region-${key}-aurora.outputs.readerEndpoint`);
    expect(targets[`app-${key}.${zoneName}`]).toContain(`region-${key}-alb-asg-app.outputs.balancerDnsName`);
  }
});

test('each region has names for its cache if the settings have one, and reads no cache otherwise', () => {
  const targets = targetsOf(synth({ dataStores: { ...environment.dataStores, cache: {} as CacheSettings } }));
  for (const { key } of regions) {
    expect(targets[`cache-${key}.${zoneName}`]).toContain(`region-${key}-cache.outputs.primaryEndpoint`);
  }
  expect(JSON.stringify(synth().json.data)).not.toContain('-cache');
});

test('the application’s name leads to another region while the primary’s load balancer is unhealthy', () => {
  const stack = synth();
  const records = stack
    .resources('aws_route53_record')
    .filter(({ name }) => name === `app.${zoneName}`)
    .map(({ set_identifier, failover_routing_policy, health_check_id, records: targets }) => [
      set_identifier,
      failover_routing_policy.type,
      health_check_id,
      (targets as string[])[0]!.includes(`region-${primary}-`),
    ]);
  expect(records).toEqual([
    ['primary', 'PRIMARY', stack.reference('aws_route53_health_check'), true],
    ['secondary', 'SECONDARY', undefined, false],
  ]);
  expect(stack.resource('aws_route53_health_check').fqdn).toBe(`origin-${primary}.${environment.domain}`);
});
