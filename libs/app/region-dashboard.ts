import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import { cacheName, databaseMemberName, tableName } from '@platform/libs/data/names';
import type { Alarms, MetricExpression } from '@platform/libs/observability/alarms';
import { dashboardBody, metricsOf, type Chart, type Line } from '@platform/libs/observability/dashboard';
import { applicationOf } from '@platform/libs/settings/application';
import { mainApplication } from '@platform/libs/settings/physical-names';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { FleetDimensions } from './fleets';
import type { Messaging } from './messaging';

export interface RegionDashboardProps {
  readonly environment: Environment;
  /** Its name in the settings. */
  readonly application: string;
  readonly region: Pick<RegionSettings, 'key' | 'awsRegion'>;
  /** Dimension `LoadBalancer` of the balancer's metrics. */
  readonly balancer: string;
  /** By colour. */
  readonly fleets: Readonly<Record<string, FleetDimensions>>;
  readonly messaging?: Pick<Messaging, 'queue' | 'deadLetterQueue'>;
  readonly alarms: Alarms;
}

/**
 * The dashboard of one region: what users notice, then the fleets, then the stores. It is in the region's own stack and shows
 * no metric of another region.
 */
export class RegionDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RegionDashboardProps,
  ) {
    super(scope, id);
    const { environment, application, region, alarms } = props;
    new CloudwatchDashboard(this, 'Dashboard', {
      dashboardName: dashboardName(environment, application, region.key),
      dashboardBody: dashboardBody([
        { heading: `What users notice in ${region.awsRegion}`, charts: this.users(), alarmArns: alarms.compositeArns },
        { heading: 'Fleets and queues', charts: [...this.fleets(), ...this.queues()] },
        { heading: 'Stores', charts: [...this.database(), ...this.tables(), ...this.cache()] },
      ]),
    });
  }

  private chart(title: string, unit: string, lines: readonly Line[], alarmAt?: number): Chart {
    const { awsRegion } = this.props.region;
    return { title, awsRegion, unit, lines, ...(alarmAt === undefined ? {} : { alarmAt }) };
  }

  private users(): Chart[] {
    const { environment, application, balancer } = this.props;
    const { alarms } = applicationOf(environment, application);
    const of = metricsOf('AWS/ApplicationELB', { LoadBalancer: balancer });
    return [
      this.chart('Requests', 'requests/min', [{ label: 'requests', of: of('RequestCount', 'Sum') }]),
      this.chart('Answers 5xx', '%', [{ label: '5xx', of: errorPercent(balancer) }], alarms.errorPercent),
      this.chart(
        'Latency',
        's',
        ['p50', 'p95', 'p99'].map((statistic) => ({ label: statistic, of: of('TargetResponseTime', statistic) })),
        alarms.p95Ms / 1000,
      ),
    ];
  }

  private fleets(): Chart[] {
    const { balancer, fleets } = this.props;
    const units = metricsOf('AWS/ApplicationELB', { LoadBalancer: balancer });
    const lines: Record<'instances' | 'tasks', Line[]> = { instances: [], tasks: [] };
    for (const [colour, dimensions] of Object.entries(fleets)) {
      const instances = 'AutoScalingGroupName' in dimensions;
      const of = metricsOf(instances ? 'AWS/AutoScaling' : 'ECS/ContainerInsights', { ...dimensions });
      const [running, desired] = instances
        ? ['GroupInServiceInstances', 'GroupDesiredCapacity']
        : ['RunningTaskCount', 'DesiredTaskCount'];
      lines[instances ? 'instances' : 'tasks'].push(
        { label: `${colour} in service`, of: of(running!, 'Average') },
        { label: `${colour} desired`, of: of(desired!, 'Average') },
      );
    }
    return [
      // CloudWatch refuses a chart without a line.
      ...(lines.instances.length > 0 ? [this.chart('Instances', 'instances', lines.instances)] : []),
      ...(lines.tasks.length > 0 ? [this.chart('Tasks', 'tasks', lines.tasks)] : []),
      this.chart('Capacity units of the load balancer', 'LCU', [
        { label: 'consumed', of: units('ConsumedLCUs', 'Average') },
      ]),
    ];
  }

  private queues(): Chart[] {
    const { messaging } = this.props;
    if (!messaging) return [];
    const { queue, deadLetterQueue } = messaging;
    const of = (name: string) => metricsOf('AWS/SQS', { QueueName: name });
    return [
      this.chart('Queue', 's', [
        { label: 'age of the oldest message', of: of(queue.name)('ApproximateAgeOfOldestMessage', 'Maximum') },
      ]),
      this.chart('Dead letters', 'messages', [
        { label: 'waiting', of: of(deadLetterQueue.name)('ApproximateNumberOfMessagesVisible', 'Maximum') },
      ]),
    ];
  }

  private database(): Chart[] {
    const { environment, region } = this.props;
    const name = databaseMemberName(environment, region.key);
    const isAurora = environment.dataStores.database.engine === 'aurora-global';
    const member: Record<string, string> = isAurora ? { DBClusterIdentifier: name } : { DBInstanceIdentifier: name };
    const of = metricsOf('AWS/RDS', member);
    return [
      this.chart('Database processors', '%', [{ label: 'busiest', of: of('CPUUtilization', 'Maximum') }], 80),
      this.chart('Database connections', 'connections', [{ label: 'most', of: of('DatabaseConnections', 'Maximum') }]),
    ];
  }

  private tables(): Chart[] {
    const { environment } = this.props;
    const lines = Object.keys(environment.dataStores.tables).flatMap((table) => {
      const of = metricsOf('AWS/DynamoDB', { TableName: tableName(environment, table) });
      return [
        { label: `${table} read`, of: of('ConsumedReadCapacityUnits', 'Sum') },
        { label: `${table} written`, of: of('ConsumedWriteCapacityUnits', 'Sum') },
      ];
    });
    return lines.length === 0 ? [] : [this.chart('Capacity units of tables', 'units/min', lines)];
  }

  private cache(): Chart[] {
    const { environment, region } = this.props;
    const { cache } = environment.dataStores;
    if (!cache) return [];
    const node = (index: number) => `${cacheName(environment, region.key)}-${String(index + 1).padStart(3, '0')}`;
    const lines = Array.from({ length: cache.replicas + 1 }, (_, index) => ({
      label: node(index),
      of: metricsOf('AWS/ElastiCache', { CacheClusterId: node(index) })('DatabaseMemoryUsagePercentage', 'Maximum'),
    }));
    return [this.chart('Cache memory', '%', lines, 80)];
  }
}

/** `prod-us` for the application behind the domain, `prod-shop-us` for a further one. */
function dashboardName({ name }: Pick<Environment, 'name'>, application: string, regionKey: string): string {
  return [name, ...(application === mainApplication ? [] : [application]), regionKey].join('-');
}

/** Share of 5xx of all requests of a load balancer, in percent, its own errors included. */
export function errorPercent(balancer: string): MetricExpression {
  const of = metricsOf('AWS/ApplicationELB', { LoadBalancer: balancer });
  const all = '(FILL(requests, 0) + FILL(refused, 0))';
  return {
    expression: `IF(${all} > 0, 100 * (FILL(targets, 0) + FILL(refused, 0)) / ${all}, 0)`,
    metrics: {
      requests: of('RequestCount', 'Sum'),
      targets: of('HTTPCode_Target_5XX_Count', 'Sum'),
      refused: of('HTTPCode_ELB_5XX_Count', 'Sum'),
    },
  };
}
