import type { EndpointGroup } from '@aws-sdk/client-global-accelerator';
import type { RDSClient } from '@aws-sdk/client-rds';
import { databaseMemberName, databaseName } from '@platform/libs/data/names';
import { acceleratorName } from '@platform/libs/edge/names';
import { latchAlarmName } from '@platform/libs/edge/latch/failback-latch';
import { latchDimensions, latchMetric, latchPeriodSec } from '@platform/libs/edge/latch/latch-metric';
import { atLeast } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { callersFailure } from '@platform/tools/aws/callers-failure';
import type {
  Answer,
  DatabaseView,
  EndpointView,
  FailoverView,
  FleetView,
  MemberView,
  RegionView,
} from '@platform/tools/model/failover';
import { Accounts, type FailoverContext } from './accounts';

/** How far back a lag is looked for, in seconds; CloudWatch publishes it every minute. */
const LAG_WITHIN_SEC = 600;
/** How long CloudWatch keeps values of a minute, in seconds (CloudWatch user guide, "Metrics retention"). */
const MINUTES_KEPT_SEC = 15 * 86_400;

/** Asks all regions but the lost one, at once. What does not answer is unknown, with the reason; nothing throws. */
export async function observe(context: FailoverContext): Promise<FailoverView> {
  const accounts = new Accounts(context);
  const endpoints = atLeast(context.environment, 'accelerated') ? groupsOf(context, accounts) : undefined;
  const [database, ...regions] = await Promise.all([
    answer(context, 'database', () => databaseOf(context, accounts)),
    ...context.regions.map((region) => viewOf(context, accounts, region, endpoints)),
  ]);
  return { database, regions };
}

async function viewOf(
  context: FailoverContext,
  accounts: Accounts,
  region: RegionSettings,
  groups: ReturnType<typeof groupsOf> | undefined,
): Promise<RegionView> {
  const { key, awsRegion, failsOverTo } = region;
  const latchRegion = context.regions.find((each) => each.key === failsOverTo)!;
  const [fleets, latched, endpoints] = await Promise.all([
    inRegion(context, key, () => fleetsOf(context, accounts, region)),
    context.environment.edge.failback === 'manual'
      ? inRegion(context, failsOverTo, () => isLatched(context, accounts, key, latchRegion.awsRegion))
      : undefined,
    groups && endpointsOf(context, await groups, awsRegion),
  ]);
  return {
    key,
    awsRegion,
    latchRegion: latchRegion.awsRegion,
    fleets,
    ...(latched ? { latched } : {}),
    ...(endpoints ? { endpoints } : {}),
  };
}

/** As {@link answer}, without asking a region that is lost. */
async function inRegion<T>(context: FailoverContext, key: string, ask: () => Promise<T>): Promise<Answer<T>> {
  if (key === context.lost) return { unknown: 'the region is lost' };
  return answer(context, key, ask);
}

async function answer<T>({ environment }: FailoverContext, where: string, ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    const { message } = callersFailure(error, `${environment.name} ${where}`) ?? (error as Error);
    return { unknown: message.split('\n')[0]! };
  }
}

/** Auto Scaling groups of the projects of a region, by their tags. */
async function fleetsOf(
  { environment }: FailoverContext,
  accounts: Accounts,
  { key, awsRegion }: RegionSettings,
): Promise<FleetView[]> {
  const { paginateDescribeAutoScalingGroups } = await import('@aws-sdk/client-auto-scaling');
  const client = await accounts.fleets(awsRegion);
  const Filters = [{ Name: 'tag:environment', Values: [environment.name] }];
  const fleets: FleetView[] = [];
  for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups({ client }, { Filters })) {
    for (const group of AutoScalingGroups) {
      const tag = (name: string) => group.Tags?.find(({ Key }) => Key === name)?.Value;
      if (tag('environment') !== environment.name || !tag('project')?.startsWith(`region-${key}/`)) continue;
      fleets.push({
        name: group.AutoScalingGroupName!,
        min: group.MinSize!,
        max: group.MaxSize!,
        desired: group.DesiredCapacity!,
        inService: (group.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService').length,
      });
    }
  }
  return fleets.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Whether a region's latch is engaged. Until CloudWatch has evaluated the alarm, the last value of its metric says it.
 * @throws Error where the latch was never deployed
 */
async function isLatched(
  { environment }: FailoverContext,
  accounts: Accounts,
  key: string,
  awsRegion: string,
): Promise<boolean> {
  const { DescribeAlarmsCommand, GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = await accounts.metrics('edge', awsRegion);
  const name = latchAlarmName(environment, key);
  const { MetricAlarms: [alarm] = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  if (!alarm) throw new Error(`there is no alarm ${name} in ${awsRegion}: region-*/cloudfront is not deployed`);
  if (alarm.StateValue !== 'INSUFFICIENT_DATA') return alarm.StateValue === 'ALARM';
  const now = Date.now();
  const { MetricDataResults: [result] = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - MINUTES_KEPT_SEC * 1000),
      EndTime: new Date(now + latchPeriodSec * 1000),
      ScanBy: 'TimestampDescending',
      MaxDatapoints: 100,
      MetricDataQueries: [
        {
          Id: 'latched',
          MetricStat: {
            Metric: {
              Namespace: latchMetric.namespace,
              MetricName: latchMetric.name,
              Dimensions: Object.entries(latchDimensions(environment, key)).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: latchPeriodSec,
            Stat: 'Maximum',
          },
        },
      ],
    }),
  );
  const { Timestamps = [], Values = [] } = result ?? {};
  const latest = Timestamps.reduce((best, time, index) => (time > Timestamps[best]! ? index : best), 0);
  return (Values[latest] ?? 0) >= 1;
}

/** The database as the regions report it that are not lost: the first that answers knows all members. */
async function databaseOf(context: FailoverContext, accounts: Accounts): Promise<DatabaseView> {
  if (context.environment.dataStores.database.engine === 'rds-postgresql') return replicasOf(context, accounts);
  const { DescribeGlobalClustersCommand } = await import('@aws-sdk/client-rds');
  const GlobalClusterIdentifier = databaseName(context.environment);
  let failure: unknown;
  for (const { key, awsRegion } of context.regions) {
    if (key === context.lost) continue;
    try {
      const client = await accounts.rds(awsRegion);
      const { GlobalClusters: [cluster] = [] } = await client.send(
        new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }),
      );
      if (!cluster) throw new Error(`there is no global cluster ${GlobalClusterIdentifier}`);
      const { Status = 'unknown', FailoverState, GlobalClusterMembers = [] } = cluster;
      const members = await Promise.all(
        GlobalClusterMembers.map(async ({ DBClusterArn, IsWriter }) => {
          // arn:aws:rds:<region>:<account>:cluster:<name>
          const region = context.regions.find((each) => each.awsRegion === DBClusterArn!.split(':')[3])!;
          const member = { arn: DBClusterArn!, writer: IsWriter ?? false };
          return [region.key, await clusterOf(context, accounts, region, member)] as const;
        }),
      );
      const move = FailoverState?.Status === 'failing-over' || FailoverState?.Status === 'pending';
      return {
        globalClusterId: GlobalClusterIdentifier,
        status: Status,
        ...(move && FailoverState.ToDbClusterArn
          ? {
              move: {
                kind: FailoverState.IsDataLossAllowed ? ('failover' as const) : ('switchover' as const),
                to: FailoverState.ToDbClusterArn,
              },
            }
          : {}),
        members: Object.fromEntries(members),
      };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** A member with what its own region says of it. */
async function clusterOf(
  context: FailoverContext,
  accounts: Accounts,
  { key, awsRegion }: RegionSettings,
  member: Pick<MemberView, 'arn' | 'writer'>,
): Promise<MemberView> {
  const DBClusterIdentifier = databaseMemberName(context.environment, key);
  const found = await inRegion(context, key, async () => {
    const { DescribeDBClustersCommand } = await import('@aws-sdk/client-rds');
    const client = await accounts.rds(awsRegion);
    const { DBClusters: [cluster] = [] } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    return { status: cluster?.Status ?? 'missing', instances: await availableIn(client, DBClusterIdentifier) };
  });
  if ('unknown' in found) return { ...member, status: `unknown (${found.unknown})`, instances: 0 };
  return {
    ...member,
    ...found.value,
    ...(await lagOf(context, accounts, awsRegion, DBClusterIdentifier, member.writer)),
  };
}

async function availableIn(client: RDSClient, cluster: string): Promise<number> {
  const { DescribeDBInstancesCommand } = await import('@aws-sdk/client-rds');
  const Filters = [{ Name: 'db-cluster-id', Values: [cluster] }];
  const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({ Filters }));
  return DBInstances.filter(
    ({ DBInstanceStatus, DBClusterIdentifier }) => DBInstanceStatus === 'available' && DBClusterIdentifier === cluster,
  ).length;
}

/** Dimensions and unit: libs/observability/metrics.ts. */
async function lagOf(
  context: FailoverContext,
  accounts: Accounts,
  awsRegion: string,
  id: string,
  writer: boolean,
): Promise<{ lagMs?: number }> {
  if (writer) return {};
  const isGlobal = context.environment.dataStores.database.engine === 'aurora-global';
  const found = await answer(context, 'lag', async () => {
    const { GetMetricStatisticsCommand } = await import('@aws-sdk/client-cloudwatch');
    const client = await accounts.metrics('workload', awsRegion);
    const now = Date.now();
    const sources = isGlobal ? context.regions.filter((region) => region.awsRegion !== awsRegion) : [undefined];
    const measured = await Promise.all(
      sources.map((source) =>
        client.send(
          new GetMetricStatisticsCommand({
            Namespace: 'AWS/RDS',
            MetricName: isGlobal ? 'AuroraGlobalDBReplicationLag' : 'ReplicaLag',
            Dimensions: source
              ? [
                  { Name: 'DBClusterIdentifier', Value: id },
                  { Name: 'SourceRegion', Value: source.awsRegion },
                ]
              : [{ Name: 'DBInstanceIdentifier', Value: id }],
            StartTime: new Date(now - LAG_WITHIN_SEC * 1000),
            EndTime: new Date(now),
            Period: 60,
            Statistics: ['Maximum'],
          }),
        ),
      ),
    );
    const points = measured
      .flatMap(({ Datapoints = [] }) => Datapoints)
      .sort((a, b) => b.Timestamp!.getTime() - a.Timestamp!.getTime());
    return points[0]?.Maximum;
  });
  if ('unknown' in found || found.value === undefined) return {};
  return { lagMs: isGlobal ? found.value : found.value * 1000 };
}

/** RDS for PostgreSQL: an instance and its replicas. The one without a source is the writer. */
async function replicasOf(context: FailoverContext, accounts: Accounts): Promise<DatabaseView> {
  const { DescribeDBInstancesCommand } = await import('@aws-sdk/client-rds');
  const members: Record<string, MemberView> = {};
  let failure: unknown;
  for (const { key, awsRegion } of context.regions) {
    if (key === context.lost) continue;
    const DBInstanceIdentifier = databaseMemberName(context.environment, key);
    try {
      const client = await accounts.rds(awsRegion);
      const { DBInstances: [instance] = [] } = await client.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier }),
      );
      if (!instance) continue;
      const status = instance.DBInstanceStatus ?? 'unknown';
      const writer = !instance.ReadReplicaSourceDBInstanceIdentifier;
      members[key] = {
        arn: instance.DBInstanceArn!,
        writer,
        status,
        instances: status === 'available' ? 1 : 0,
        ...(await lagOf(context, accounts, awsRegion, DBInstanceIdentifier, writer)),
      };
    } catch (error) {
      failure = error;
    }
  }
  if (Object.keys(members).length === 0) throw failure ?? new Error('no region has an instance of it');
  return { status: 'available', members };
}

/** A region's endpoint at each accelerator. */
async function endpointsOf(
  context: FailoverContext,
  groups: Awaited<ReturnType<typeof groupsOf>>,
  awsRegion: string,
): Promise<Record<string, Answer<EndpointView>>> {
  const asked = Object.entries(groups).map(async ([name, found]) => {
    const endpoint = await answer(context, 'accelerator', async () => {
      const group = (await found()).find(({ EndpointGroupRegion }) => EndpointGroupRegion === awsRegion);
      if (!group) throw new Error(`the accelerator ${name} has no endpoint in ${awsRegion}`);
      return endpointView(group);
    });
    return [name, endpoint] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

/** Endpoint groups of all regions, by accelerator: one for each application. Each is asked once. */
async function groupsOf(
  { environment }: FailoverContext,
  accounts: Accounts,
): Promise<Record<string, () => Promise<EndpointGroup[]>>> {
  const { ListEndpointGroupsCommand, ListListenersCommand, paginateListAccelerators } = await import(
    '@aws-sdk/client-global-accelerator'
  );
  const client = await accounts.accelerator();
  const list = async () => {
    const arns = new Map<string, string>();
    for await (const { Accelerators = [] } of paginateListAccelerators({ client }, {})) {
      for (const { Name, AcceleratorArn } of Accelerators) arns.set(Name!, AcceleratorArn!);
    }
    return arns;
  };
  const all = once(list);
  const names = Object.keys(environment.applications).map((application) => acceleratorName(environment, application));
  const groups = (name: string) => async () => {
    const AcceleratorArn = (await all()).get(name);
    if (AcceleratorArn === undefined) throw new Error(`there is no accelerator ${name}`);
    const { Listeners: [listener] = [] } = await client.send(new ListListenersCommand({ AcceleratorArn }));
    if (!listener) throw new Error(`the accelerator ${name} has no listener`);
    const { ListenerArn } = listener;
    return (await client.send(new ListEndpointGroupsCommand({ ListenerArn }))).EndpointGroups ?? [];
  };
  return Object.fromEntries(names.map((name) => [name, once(groups(name))]));
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}

function endpointView({
  EndpointGroupArn,
  TrafficDialPercentage,
  EndpointDescriptions: [endpoint] = [],
}: EndpointGroup): EndpointView {
  return {
    groupArn: EndpointGroupArn!,
    dialPercent: TrafficDialPercentage ?? 100,
    weight: endpoint?.Weight ?? 0,
    health: endpoint?.HealthState ?? 'unknown',
  };
}
