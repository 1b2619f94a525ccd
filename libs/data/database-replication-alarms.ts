import type { DatabaseSettings } from '@platform/libs/settings/database';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { databaseMemberName } from './names';
import type { RegionalDataKey } from './regional-data-key';

/** Minutes without replication before the alarm, so that a restart of the instances does not ring. */
const stoppedMinutes = 5;

/**
 * Alarms on the replication to one region's database member: lag above the RPO, and no replication at all. They stand
 * with the global stores, because each names the other regions.
 *
 * Aurora publishes the lag in a secondary region only, under the member and the region of the writer (`SourceRegion`,
 * see `libs/observability/metrics.ts`), so there is one alarm per other region, and after a failover the other one has
 * data.
 *
 * `DatabaseReplicationStopped` needs no role either. A member whose instances run is the writer's or gets data: a secondary
 * cluster consists of readers only
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-getting-started.html), so
 * processor use under `Role=WRITER` (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/creating_alarms.html)
 * exists in the writer's region only. Without that and without lag, the highest of the
 * series is -1. A member without instances has no data and does not ring. An alarm has up to 10 metrics, so this one has
 * up to 8 other regions (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html).
 */
export function addAuroraReplicationAlarms(
  environment: Pick<Environment, 'name'>,
  { objective }: Pick<DatabaseSettings, 'objective'>,
  { region, alarms }: RegionalDataKey,
  others: readonly Pick<RegionSettings, 'key' | 'awsRegion'>[],
): void {
  const member = { DBClusterIdentifier: databaseMemberName(environment, region.key) };
  const lags = others.map(({ key, awsRegion }) => {
    const lag = metric('AuroraGlobalDBReplicationLag', { ...member, SourceRegion: awsRegion });
    alarms.add(`DatabaseReplicationLag-${key}`, {
      description: `The database in ${region.awsRegion} is further behind ${awsRegion} than its RPO of ${objective.rpoSec} s allows: a failover now would lose more`,
      metric: lag,
      above: objective.rpoSec * 1000,
      periods: 3,
    });
    return [`lag_${key}`, lag] as const;
  });
  addStoppedAlarm(alarms, region.awsRegion, {
    running: metric('CPUUtilization', member),
    writer: metric('CPUUtilization', { ...member, Role: 'WRITER' }),
    ...Object.fromEntries(lags),
  });
}

/** The same alarms on an RDS read replica, which has one source. A promoted replica has no lag: expect the alarm then. */
export function addReplicaAlarms(
  environment: Pick<Environment, 'name'>,
  { objective }: Pick<DatabaseSettings, 'objective'>,
  { region, alarms }: RegionalDataKey,
): void {
  const member = { DBInstanceIdentifier: databaseMemberName(environment, region.key) };
  const lag = metric('ReplicaLag', member);
  alarms.add('DatabaseReplicationLag', {
    description: `The database in ${region.awsRegion} is further behind its source than its RPO of ${objective.rpoSec} s allows: a promotion now would lose more`,
    metric: lag,
    above: objective.rpoSec,
    periods: 3,
  });
  addStoppedAlarm(alarms, region.awsRegion, { running: metric('CPUUtilization', member), lag });
}

function addStoppedAlarm(
  alarms: RegionalDataKey['alarms'],
  awsRegion: string,
  { running, ...signs }: Readonly<Record<string, ReturnType<typeof metric>>>,
): void {
  alarms.add('DatabaseReplicationStopped', {
    description: `The database in ${awsRegion} runs, is not the writer, and gets no data: a failover to it would lose everything since. See its events in RDS, and do not fail over to it`,
    metric: {
      expression: `MAX([running * 0 - 1, ${Object.keys(signs).join(', ')}])`,
      metrics: { running: running!, ...signs },
    },
    below: 0,
    periods: stoppedMinutes,
  });
}

function metric(metricName: string, dimensions: Readonly<Record<string, string>>) {
  return { namespace: 'AWS/RDS', metricName, dimensions, statistic: 'Maximum', periodSec: 60 };
}
