import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Alarms } from '@platform/libs/observability/alarms';
import type { Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { DatabaseRoot } from './database-root';
import { EncryptionKey } from './encryption-key';

const { dataStores } = exampleEnvironment();
const {
  instances: _i,
  writeForwarding: _w,
  enforcedRpoSec: _e,
  ...shared
} = dataStores.database as Extract<Environment['dataStores']['database'], { engine: 'aurora-global' }>;
const rds = { ...shared, engine: 'rds-postgresql', storageGib: 100, storageLimitGib: 200 } as const;

const synth = (database: Environment['dataStores']['database'] = dataStores.database) =>
  synthConstruct((stack) => {
    const places = exampleRegions.map((region, index) => {
      const { key, awsRegion } = region;
      const provider =
        index === 0 ? {} : { provider: new AwsProvider(stack, `aws-${key}`, { alias: key, region: awsRegion }) };
      const encryption = new EncryptionKey(stack, `Key-${key}`, { name: 'data', description: 'data', accountId: '2' });
      const alarms = new Alarms(stack, `Alarms-${key}`, {
        name: 'data',
        accountId: '2',
        kmsKeyArn: encryption.arn,
        ...provider,
      });
      return { region, key: encryption, alarms, ...provider };
    });
    const [first, ...rest] = places;
    const environment = exampleEnvironment({ dataStores: { ...dataStores, database } });
    new DatabaseRoot(stack, 'Database', { environment, regions: exampleRegions, places: [first!, ...rest] });
  });
const alarmsOf = (stack: ReturnType<typeof synth>, id: string) =>
  stack.resources('aws_cloudwatch_metric_alarm').filter(({ alarm_name }) => alarm_name.includes(id));

describe('of an Aurora global database', () => {
  test('the lag is watched in each region, under its member and the region of each possible writer', () => {
    expect(
      alarmsOf(synth(), 'replication-lag').map(({ provider, metric_name, dimensions, threshold }) => [
        provider ?? 'aws',
        metric_name,
        dimensions,
        threshold,
      ]),
    ).toEqual([
      [
        'aws.ap',
        'AuroraGlobalDBReplicationLag',
        { DBClusterIdentifier: 'prod-database-ap', SourceRegion: 'us-east-1' },
        dataStores.database.objective.rpoSec * 1000,
      ],
      [
        'aws',
        'AuroraGlobalDBReplicationLag',
        { DBClusterIdentifier: 'prod-database-us', SourceRegion: 'ap-northeast-2' },
        dataStores.database.objective.rpoSec * 1000,
      ],
    ]);
  });

  test('a member that runs, is not the writer and gets no data rings, whatever the settings say of its role', () => {
    const alarms = alarmsOf(synth(), 'replication-stopped');
    expect(alarms.map(({ comparison_operator, threshold }) => [comparison_operator, threshold])).toEqual([
      ['LessThanThreshold', 0],
      ['LessThanThreshold', 0],
    ]);
    for (const { metric_query } of alarms) {
      const [result, ...metrics] = metric_query;
      const here = metrics[0].metric.dimensions.DBClusterIdentifier as string;
      expect(result.expression).toBe(`MAX([running * 0 - 1, writer, ${here.endsWith('us') ? 'lag_ap' : 'lag_us'}])`);
      expect(
        metrics.map(({ metric }: { metric: { metric_name: string; dimensions: object } }) => metric),
      ).toMatchObject([
        { metric_name: 'CPUUtilization', dimensions: { DBClusterIdentifier: here } },
        { metric_name: 'CPUUtilization', dimensions: { DBClusterIdentifier: here, Role: 'WRITER' } },
        { metric_name: 'AuroraGlobalDBReplicationLag', dimensions: { DBClusterIdentifier: here } },
      ]);
    }
  });
});

test('of an RDS replica, lag and its absence are watched where the replica is', () => {
  const stack = synth(rds);
  expect(alarmsOf(stack, 'replication-lag')).toMatchObject([
    { provider: 'aws.ap', metric_name: 'ReplicaLag', dimensions: { DBInstanceIdentifier: 'prod-database-ap' } },
  ]);
  expect(alarmsOf(stack, 'replication-stopped')).toMatchObject([
    { provider: 'aws.ap', metric_query: [{ expression: 'MAX([running * 0 - 1, lag])' }, {}, {}] },
  ]);
});
