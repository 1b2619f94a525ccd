import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import type { DatabaseSettings } from '@platform/libs/settings/database';
import type { Configuration } from '@platform/tools/model/configuration';
import { previewStateFile } from '@platform/tools/terraform/preview-override';
import { writePreviewFiles } from '@platform/tools/actions/plan/preview-stack';
import { PreviewSession } from '@platform/tools/actions/plan/preview-session';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { movedArguments, stateOfPlan, type MadeUpState } from '@platform/tools/model/state-of-plan';

/*
 * The members of the database after a failover, offline: the real provider plans the arguments that the stacks give
 * against a state in which AWS has swapped the roles. Emulators do not report the arguments that AWS moves, so a
 * failover there would pass without what is proved here.
 */

const root = useExampleWorkspace();
const requirement = { source: 'hashicorp/aws', version: '5.100.0' };

type Attributes = Record<string, unknown>;
type Member = Attributes & { lifecycle?: object };

const member = (awsRegion: string, role: Attributes): Attributes => ({
  db_cluster_arn: `arn:aws:rds:${awsRegion}:222222222222:cluster:prod-database`,
  ...role,
});

/**
 * What AWS says of a member after the role has moved, by resource type; the first is the old writer, the second the new
 * one. The global cluster is one for both.
 */
const swapped: Readonly<Record<string, readonly [Attributes, Attributes?]>> = {
  aws_rds_global_cluster: [
    {
      global_cluster_members: [
        member('us-east-1', { is_writer: false }),
        member('ap-northeast-2', { is_writer: true }),
      ],
    },
  ],
  aws_rds_cluster_instance: [
    { writer: false, engine_version: '16.10' },
    { writer: true, engine_version: '16.10' },
  ],
  aws_rds_cluster: [
    {
      replication_source_identifier: 'arn:aws:rds:ap-northeast-2:222222222222:cluster:prod-database-ap',
      global_cluster_identifier: '',
      engine_version: '16.10',
    },
    { replication_source_identifier: '', global_cluster_identifier: 'another', engine_version: '16.10' },
  ],
  aws_db_instance: [{}, { replicate_source_db: '' }],
};

describe('after a failover', () => {
  jest.setTimeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'swapped roles-'));
  let session: PreviewSession;

  beforeAll(async () => {
    const configuration = configurationOf('aws_rds_cluster', {});
    session = await PreviewSession.open({ root, folder, configuration, action: 'plan', sharedProvider: true });
  });
  afterAll(async () => {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a plan would do to each member, by its name, and the state that applying it would leave. */
  async function plan(name: string, type: string, members: Readonly<Record<string, Member>>, state?: MadeUpState) {
    const cwd = join(folder, name);
    mkdirSync(cwd, { recursive: true });
    const configuration = configurationOf(type, members);
    writeFileSync(join(cwd, 'cdk.tf.json'), JSON.stringify(configuration));
    writePreviewFiles(cwd, new Map());
    if (state) writeFileSync(join(cwd, previewStateFile), JSON.stringify(state));
    const { plan: made, errors } = await session.run(name, cwd, configuration, 0);
    expect(errors).toEqual([]);
    return {
      changes: Object.keys(members).map(
        (member) => made!.resource_changes!.find(({ address }) => address === `${type}.${member}`)!,
      ),
      stateWith: async (overrides: Readonly<Record<string, Attributes>>) => {
        const schemas = await session.typeSchemas(name, cwd, configuration, 0);
        return stateOfPlan({ plan: made!, configuration, schemas, overrides });
      },
    };
  }

  test.each<[string, DatabaseSettings['engine'], string, (readonly string[])[]]>([
    [
      'clusters of Aurora',
      'aurora-global',
      'aws_rds_cluster',
      [
        ['replication_source_identifier', 'global_cluster_identifier', 'engine_version'],
        ['global_cluster_identifier', 'engine_version'],
      ],
    ],
    ['global cluster', 'aurora-global', 'aws_rds_global_cluster', [[]]],
    ['instances of Aurora', 'aurora-global', 'aws_rds_cluster_instance', [['engine_version'], ['engine_version']]],
    ['instances of RDS', 'rds-postgresql', 'aws_db_instance', [[], ['replicate_source_db']]],
  ])(
    'a plan moves nothing of the %s; without the ignored arguments it would move what is listed here',
    async (_, engine, type, wouldMove) => {
      const members = membersOf(engine, type);
      const created = await plan(`${type}-created`, type, members);
      const moved = Object.keys(members).map((name, index) => [`${type}.${name}`, swapped[type]![index]!] as const);
      const state = await created.stateWith(Object.fromEntries(moved));

      const after = await plan(`${type}-after`, type, members, state);
      expect(after.changes.map(movedArguments)).toEqual(swapped[type]!.map(() => []));
      expect(new Set(after.changes.flatMap(({ change }) => change.actions))).not.toContain('delete');

      const careless = Object.fromEntries(
        Object.entries(members).map(([name, { lifecycle: _lifecycle, ...member }]) => [name, member]),
      );
      const { changes } = await plan(`${type}-careless`, type, careless, state);
      expect(changes.map(movedArguments)).toEqual(wouldMove.map((names) => expect.arrayContaining([...names])));
    },
  );

  /**
   * The members of both regions as their stacks give them, the primary region's first, with values for what others know.
   * Of a region's instances the first: they are alike.
   */
  function membersOf(engine: DatabaseSettings['engine'], type: string): Record<string, Member> {
    const outdir = join(folder, `synth-${engine}`);
    const estate = withEngine(loadEstate(root), engine);
    const { stacks } = synthesise({ root, outdir, estate, environment: 'prod' });
    const role = (key: string) => estate.regions.find((region) => region.key === key)!.role;
    const members = stacks
      .filter(({ project }) => /^(region-[^/]+\/aurora|global\/data)$/.test(project))
      .sort((a, b) => Number(role(b.region) === 'primary') - Number(role(a.region) === 'primary'))
      .flatMap(({ stack, region }) => {
        const text = readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
        const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, Member>> };
        const [first] = Object.values(resource[type] ?? {});
        if (!first) return [];
        const { '//': _metadata, depends_on: _dependsOn, ...given } = first;
        return [[region, withValues(given) as Member] as const];
      });
    expect(members).toHaveLength(swapped[type]!.length);
    return Object.fromEntries(members);
  }
});

const configurationOf = (type: string, members: Readonly<Record<string, Member>>): Configuration => ({
  terraform: { required_providers: { aws: requirement } },
  provider: { aws: [{ region: 'us-east-1' }] },
  resource: { [type]: members },
});

/** Every setting as it is, but for the engine of the database. */
function withEngine(estate: LoadedEstate, engine: DatabaseSettings['engine']): LoadedEstate {
  const prod = estate.settings.environments['prod']!;
  if (prod.dataStores.database.engine === engine) return estate;
  const {
    instances: _i,
    writeForwarding: _w,
    enforcedRpoSec: _e,
    ...shared
  } = prod.dataStores.database as never as Attributes;
  const database = { ...shared, engine, storageGib: 100, storageLimitGib: 200 } as unknown as DatabaseSettings;
  const dataStores = { ...prod.dataStores, database };
  const environments = { ...estate.settings.environments, prod: { ...prod, dataStores } };
  return { ...estate, settings: { ...estate.settings, environments } };
}

/** The arguments with a plausible value for each reference to another resource. */
function withValues(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withValues(each, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, withValues(inside, key)]));
  }
  if (typeof value !== 'string' || !value.includes('${')) return value;
  if (/kms_key_id$/.test(name)) return 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-0000-0000-000000000000';
  if (/role_arn$/.test(name)) return 'arn:aws:iam::222222222222:role/monitoring';
  if (name === 'replicate_source_db') return 'arn:aws:rds:us-east-1:222222222222:db:prod-database-us';
  if (name === 'vpc_security_group_ids') return 'sg-00000000000000000';
  return 'a-name';
}
