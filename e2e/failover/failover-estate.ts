import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateGlobalClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { databaseMemberName, databaseName } from '@platform/libs/data/names';
import { latchAlarmName } from '@platform/libs/edge/latch/failback-latch';
import { latchDimensions, latchMetric } from '@platform/libs/edge/latch/latch-metric';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import type { Emulator } from '@platform/tools/emulator/profile';
import { valueOf } from '@platform/tools/model/failover';

/** Fleets that the first and the other regions start with. */
export const startedFleets = { first: 4, others: 1 } as const;

/** Makes what a failover acts on: the database in each region, the writer in the first; a fleet; the latch of the next region. */
export async function makeFailoverEstate(
  { endpoint }: Emulator,
  environment: Environment,
  regions: readonly [RegionSettings, RegionSettings],
): Promise<void> {
  const [us, ap] = regions;

  const client = (region: string) => ({
    region,
    endpoint,
    credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
  });
  await new RDSClient(client(us.awsRegion)).send(
    new CreateGlobalClusterCommand({
      GlobalClusterIdentifier: databaseName(environment),
      Engine: 'aurora-postgresql',
      EngineVersion: '16.9',
    }),
  );
  for (const region of regions) {
    const rds = new RDSClient(client(region.awsRegion));
    const DBClusterIdentifier = databaseMemberName(environment, region.key);
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier,
        Engine: 'aurora-postgresql',
        GlobalClusterIdentifier: databaseName(environment),
        ...(region === us ? { MasterUsername: 'platform_owner', MasterUserPassword: 'only-on-loopback' } : {}),
      }),
    );
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `${DBClusterIdentifier}-a`,
        DBClusterIdentifier,
        DBInstanceClass: 'db.r6g.large',
        Engine: 'aurora-postgresql',
      }),
    );
    await makeFleets({ endpoint }, region, {
      name: 'prod-app-blue',
      desired: region === us ? startedFleets.first : startedFleets.others,
      zones: ['a'],
    });
    const other = region === us ? ap : us;
    await new CloudWatchClient(client(region.awsRegion)).send(
      new PutMetricAlarmCommand({
        AlarmName: latchAlarmName(environment, other.key),
        Namespace: latchMetric.namespace,
        MetricName: latchMetric.name,
        Dimensions: Object.entries(latchDimensions(environment, other.key)).map(([Name, Value]) => ({ Name, Value })),
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'ignore',
      }),
    );
  }
}

/** Makes a fleet of the application, with the tags by which it is found. */
export async function makeFleets(
  { endpoint }: Pick<Emulator, 'endpoint'>,
  { key, awsRegion }: RegionSettings,
  { name, desired, zones }: { readonly name: string; readonly desired: number; readonly zones: readonly string[] },
): Promise<void> {
  const client = new AutoScalingClient({
    region: awsRegion,
    endpoint,
    credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
  });
  await client.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: name,
      ImageId: 'ami-00000000',
      InstanceType: 't4g.nano',
    }),
  );
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchConfigurationName: name,
      MinSize: 1,
      MaxSize: 8,
      DesiredCapacity: desired,
      AvailabilityZones: zones.map((zone) => `${awsRegion}${zone}`),
      Tags: [
        { Key: 'environment', Value: 'prod', PropagateAtLaunch: true },
        { Key: 'project', Value: `region-${key}/alb-asg-app`, PropagateAtLaunch: true },
      ],
    }),
  );
}

/** Keys of the regions whose member of the database takes writes. */
export async function writersOf(context: FailoverContext): Promise<string[]> {
  const members = valueOf((await observe(context)).database)!.members;
  return Object.keys(members).filter((key) => members[key]!.writer);
}

/** The target of a caller to whom a region does not answer. */
export function withoutRegion(emulator: Emulator, awsRegion: string): FailoverContext['target'] {
  const target = emulatorTarget(emulator);
  return {
    ...target,
    clientOptions: async (role, region) => ({
      ...(await target.clientOptions(role, region)),
      ...(region === awsRegion ? { endpoint: 'http://127.0.0.1:9' } : {}),
    }),
  };
}
