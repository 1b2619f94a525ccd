import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { DynamodbTableReplicaA } from '@cdktf/provider-aws/lib/dynamodb-table-replica';
import { Construct } from 'constructs';
import type { ScaledCapacity, TableSettings } from '@platform/libs/settings/data-stores';
import type { Region } from '@platform/libs/stack/estate-stack';
import type { RegionalDataKey } from './regional-data-key';
import { storeTags } from './store-tags';

export interface GlobalTableProps {
  /** The same in every region. */
  readonly name: string;
  readonly settings: TableSettings;
  /** Regions with their keys; the first one's provider must be the stack's own. */
  readonly regions: readonly [RegionalDataKey, ...RegionalDataKey[]];
}

/**
 * A DynamoDB table with a replica in every region. All replicas accept writes. AWS replicates within about a second; of
 * two writes to one item in two regions the later one wins (DynamoDB developer guide, "Global tables"). Each replica
 * has its region's own key, point-in-time recovery and deletion protection. Alarms watch the lag from each region to
 * each other.
 *
 * An item has at most 400 KB (DynamoDB developer guide, "Quotas in Amazon DynamoDB"). Every write is billed once per
 * region.
 */
export class GlobalTable extends Construct {
  readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id);
    const { name, settings, regions } = props;
    const [origin, ...others] = regions;
    const scaled = settings.capacity === 'on-demand' ? undefined : settings.capacity;
    const deletionProtectionEnabled = settings.protection === 'protected';
    const keys = [settings.partitionKey, ...(settings.sortKey ? [settings.sortKey] : [])];

    this.table = new DynamodbTable(this, 'Table', {
      name,
      billingMode: scaled ? 'PROVISIONED' : 'PAY_PER_REQUEST',
      ...(scaled ? { readCapacity: scaled.minUnits, writeCapacity: scaled.minUnits } : {}),
      hashKey: settings.partitionKey,
      ...(settings.sortKey ? { rangeKey: settings.sortKey } : {}),
      attribute: keys.map((key) => ({ name: key, type: 'S' })),
      ...(settings.expiryAttribute ? { ttl: { enabled: true, attributeName: settings.expiryAttribute } } : {}),
      // The source of the replicas.
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      serverSideEncryption: { enabled: true, kmsKeyArn: origin.key.arn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled,
      tags: storeTags(settings),
      lifecycle: {
        // Replicas are separate resources, and scaling changes the capacity.
        ignoreChanges: ['replica', ...(scaled ? ['read_capacity', 'write_capacity'] : [])],
      },
    });
    // AWS creates a replica of a provisioned table only if its write capacity scales automatically.
    const scaling = scaled ? this.addScaling(scaled) : [];
    for (const { region, key, provider } of others) {
      new DynamodbTableReplicaA(this, `Replica-${region.key}`, {
        provider: provider!,
        globalTableArn: this.table.arn,
        kmsKeyArn: key.arn,
        pointInTimeRecovery: true,
        deletionProtectionEnabled,
        tags: storeTags(settings),
        // Another key would delete the replica and copy it again, so plans ignore it.
        lifecycle: { ignoreChanges: ['kms_key_arn'] },
        dependsOn: scaling,
      });
    }
    for (const from of regions) {
      for (const to of regions.filter((other) => other !== from)) addLagAlarm(name, settings, from, to.region);
      addThrottleAlarm(name, from);
    }
  }

  private addScaling({ minUnits, maxUnits, targetPercent }: ScaledCapacity): AppautoscalingPolicy[] {
    return (['Read', 'Write'] as const).map((direction) => {
      const target = new AppautoscalingTarget(this, `${direction}Capacity`, {
        serviceNamespace: 'dynamodb',
        resourceId: `table/${this.table.name}`,
        scalableDimension: `dynamodb:table:${direction}CapacityUnits`,
        minCapacity: minUnits,
        maxCapacity: maxUnits,
      });
      return new AppautoscalingPolicy(this, `${direction}Scaling`, {
        name: `${direction.toLowerCase()}-utilisation`,
        policyType: 'TargetTrackingScaling',
        serviceNamespace: target.serviceNamespace,
        resourceId: target.resourceId,
        scalableDimension: target.scalableDimension,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: targetPercent,
          predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${direction}CapacityUtilization` },
        },
      });
    });
  }
}

/**
 * DynamoDB publishes the lag in the region that is written to, by receiving region (DynamoDB developer guide, "DynamoDB
 * metrics and dimensions").
 */
function addLagAlarm(name: string, { objective }: TableSettings, from: RegionalDataKey, to: Region): void {
  from.alarms.add(`ReplicationLag-${name}-${to.key}`, {
    description: `Writes to the table ${name} reach ${to.awsRegion} later than its RPO of ${objective.rpoSec} s allows`,
    metric: {
      namespace: 'AWS/DynamoDB',
      metricName: 'ReplicationLatency',
      dimensions: { TableName: name, ReceivingRegion: to.awsRegion },
      statistic: 'Maximum',
      periodSec: 60,
    },
    above: objective.rpoSec * 1000,
    periods: 3,
  });
}

/** Each region's replica throttles alone. Only while there are some (DynamoDB developer guide, "DynamoDB metrics"). */
function addThrottleAlarm(name: string, { alarms }: RegionalDataKey): void {
  const metricOf = (metricName: string) => ({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensions: { TableName: name },
    statistic: 'Sum',
    periodSec: 60,
  });
  alarms.add(`Throttled-${name}`, {
    description: `DynamoDB refuses requests to the table ${name}: one key is used too often, or the capacity is too small`,
    metric: {
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      metrics: { reads: metricOf('ReadThrottleEvents'), writes: metricOf('WriteThrottleEvents') },
    },
    above: 0,
    periods: 5,
  });
}
