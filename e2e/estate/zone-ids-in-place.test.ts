import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SessionCache } from '@platform/libs/cache/session-cache';
import { Alarms } from '@platform/libs/observability/alarms';
import { exampleRegions } from '@platform/libs/testing/example-settings';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { Block } from '@platform/libs/testing/synthesised-stack';
import { SubnetTier } from '@platform/libs/vpc/subnet-tier';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { settingsVariants } from '@platform/e2e/fixtures/settings-variants';
import { PreviewSession } from '@platform/tools/actions/plan/preview-session';
import { writePreviewFiles } from '@platform/tools/actions/plan/preview-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import { movedArguments, stateOfPlan, type MadeUpState } from '@platform/tools/model/state-of-plan';
import { previewStateFile } from '@platform/tools/terraform/preview-override';
import { loadEstate } from '@platform/tools/workspace/load-estate';

/*
 * What was made with names of zones, planned with their ids by the real provider: both are arguments whose change replaces
 * a subnet.
 */

const root = useExampleWorkspace();
const requirement = { source: 'hashicorp/aws', version: '5.100.0' };
const [us] = exampleRegions;

const subnet = synthConstruct(
  (scope) =>
    void new SubnetTier(scope, 'App', {
      name: 'prod-vpc-app',
      vpcId: 'vpc-1',
      zones: us.zones,
      networks: ['10.0.0.0/20', '10.0.16.0/20', '10.0.32.0/20'],
      acl: { ingress: [], egress: [] },
    }),
).resource('aws_subnet', 'App/Subnet0');

const [, everything] = settingsVariants(loadEstate(root).settings);
const cache = synthConstruct(
  (scope) =>
    void new SessionCache(scope, 'Cache', {
      name: 'prod-cache-us',
      settings: everything!.environments['prod']!.dataStores.cache!,
      subnetIds: ['subnet-1', 'subnet-2'],
      securityGroupId: 'sg-1',
      kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-0000-0000-000000000000',
      maintenanceWindow: us.maintenanceWindow,
      applyChanges: 'in-window',
      alarms: new Alarms(scope, 'Alarms', { name: 'a', accountId: '222222222222', kmsKeyArn: 'arn:key' }),
    }),
).resource('aws_elasticache_replication_group');

const withoutReferences = (block: Block) =>
  JSON.parse(JSON.stringify(block).replaceAll(/"\$\{[^"]*\}"/g, '"a-name"')) as Block;

describe('a plan with ids of zones', () => {
  jest.setTimeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'zone ids-'));
  let session: PreviewSession;

  beforeAll(async () => {
    const configuration = configurationOf({});
    session = await PreviewSession.open({ root, folder, configuration, action: 'plan', sharedProvider: true });
  });
  afterAll(async () => {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function plan(name: string, configuration: Configuration, state?: MadeUpState) {
    const cwd = join(folder, name);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, 'cdk.tf.json'), JSON.stringify(configuration));
    writePreviewFiles(cwd, new Map());
    if (state) writeFileSync(join(cwd, previewStateFile), JSON.stringify(state));
    const { plan: made, errors } = await session.run(name, cwd, configuration, 0);
    expect(errors).toEqual([]);
    const schemas = await session.typeSchemas(name, cwd, configuration, 0);
    return { made: made!, schemas, configuration };
  }

  async function changeOf(type: string, before: Block, after: Block, applied: Block) {
    const created = await plan(`${type}-before`, configurationOf({ [type]: { Tested: before } }));
    const state = stateOfPlan({
      plan: created.made,
      configuration: created.configuration,
      schemas: created.schemas,
      overrides: { [`${type}.Tested`]: applied },
    });
    const { made } = await plan(`${type}-after`, configurationOf({ [type]: { Tested: after } }), state);
    const change = made.resource_changes!.find(({ address }) => address === `${type}.Tested`)!;
    return { actions: change.change.actions, moved: movedArguments(change) };
  }

  test('keeps a subnet of the same zone, and renames it', async () => {
    const { availability_zone_id, ...others } = subnet;
    const before = { ...others, availability_zone: 'us-east-1b', tags: { Name: 'prod-vpc-app-us-east-1b' } };
    const { actions, moved } = await changeOf('aws_subnet', before, subnet, { availability_zone_id });
    expect(actions).toEqual(['update']);
    expect(moved.filter((name) => !name.startsWith('tags'))).toEqual([]);
  });

  test('replaces a subnet of another zone', async () => {
    const { availability_zone_id: _, ...others } = subnet;
    const before = { ...others, availability_zone: 'us-east-1a' };
    const { actions } = await changeOf('aws_subnet', before, subnet, { availability_zone_id: 'use1-az6' });
    expect(actions).toContain('delete');
  });

  test('moves no argument of a cache', async () => {
    const after = withoutReferences(cache);
    const before = { ...after, preferred_cache_cluster_azs: ['us-east-1a', 'us-east-1b'] };
    const { actions, moved } = await changeOf('aws_elasticache_replication_group', before, after, {});
    expect([actions, moved]).toEqual([['no-op'], []]);
  });
});

const configurationOf = (resource: NonNullable<Configuration['resource']>): Configuration => ({
  terraform: { required_providers: { aws: requirement } },
  provider: { aws: [{ region: 'us-east-1' }] },
  resource,
});
