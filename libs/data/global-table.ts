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
 * A DynamoDB table with a replica in every region, all of which take writes; AWS replicates within about a second, and
 * of two writes to one item in two regions the later one stays (DynamoDB developer guide, "Global tables"). Encrypted
 * with each region's own key, point-in-time recovery and deletion protection in each. Its lag is watched from each region to each other.
 *
 * An item has 400 KB at most (DynamoDB developer guide, "Quotas in Amazon DynamoDB"). Costs every write once per region; 10 GB
 * cost $2.50 a month in each region for storage, and $2.00 for recovery (list prices, US East, check).
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
      // What replicas are fed from.
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      serverSideEncryption: { enabled: true, kmsKeyArn: origin.key.arn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled,
      tags: storeTags(settings),
      lifecycle: {
        // Replicas are resources of their own, and scaling moves the capacity.
        ignoreChanges: ['replica', ...(scaled ? ['read_capacity', 'write_capacity'] : [])],
      },
    });
    // AWS makes a replica of a provisioned table only once its write capacity scales by itself.
    const scaling = scaled ? this.addScaling(scaled) : [];
    for (const { region, key, provider } of others) {
      new DynamodbTableReplicaA(this, `Replica-${region.key}`, {
        provider: provider!,
        globalTableArn: this.table.arn,
        kmsKeyArn: key.arn,
        pointInTimeRecovery: true,
        deletionProtectionEnabled,
        tags: storeTags(settings),
        // Another key would delete the replica and copy it anew: nothing that a plan should come to by itself.
        lifecycle: { ignoreChanges: ['kms_key_arn'] },
        dependsOn: scaling,
      });
    }
    for (const from of regions) {
      for (const to of regions.filter((other) => other !== from)) addLagAlarm(name, settings, from, to.region);
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

/** DynamoDB publishes the lag in the region that is written to, by the one that receives (DynamoDB developer guide, "DynamoDB metrics and dimensions"). */
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
