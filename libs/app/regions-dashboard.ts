import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { databaseMemberName, tableName } from '@platform/libs/data/names';
import { dashboardBody, metricsOf, spendChart, type Chart, type Line } from '@platform/libs/observability/dashboard';
import { bucketName } from '@platform/libs/settings/physical-names';
import { applicationOf } from '@platform/libs/settings/application';
import { mainApplication } from '@platform/libs/settings/physical-names';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { errorPercent } from './region-dashboard';

type Region = Pick<RegionSettings, 'key' | 'awsRegion'>;

export interface RegionsDashboardProps {
  readonly environment: Environment;
  readonly regions: readonly Region[];
  /** Dimension `LoadBalancer` of the balancers' metrics, by region key. */
  readonly balancers: Readonly<Record<string, string>>;
  /** Auto Scaling groups by region key: a map of each colour's name. */
  readonly groups: Readonly<Record<string, Record<string, string>>>;
}

/** The application in all regions: what users notice, the fleets, how far each region's data is behind the others, and cost. */
export class RegionsDashboard extends Construct {
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RegionsDashboardProps,
  ) {
    super(scope, id);
    const { environment, regions } = props;
    this.name = new CloudwatchDashboard(this, 'Dashboard', {
      dashboardName: `${environment.name}-regions`,
      dashboardBody: dashboardBody([
        ...regions.map((region) => ({ heading: `Application in ${region.awsRegion}`, charts: this.users(region) })),
        { heading: 'Replication', charts: regions.flatMap((region) => this.replication(region)) },
        { heading: 'Cost', charts: [spendChart] },
      ]),
    }).dashboardName;
  }

  private users({ key, awsRegion }: Region): Chart[] {
    const { balancers, groups, environment } = this.props;
    const balancer = balancers[key]!;
    const of = metricsOf('AWS/ApplicationELB', { LoadBalancer: balancer });
    const { alarms } = applicationOf(environment, mainApplication);
    return [
      {
        title: 'Requests',
        awsRegion,
        unit: 'requests/min',
        lines: [{ label: 'requests', of: of('RequestCount', 'Sum') }],
      },
      {
        title: 'Answers 5xx',
        awsRegion,
        unit: '%',
        lines: [{ label: '5xx', of: errorPercent(balancer) }],
        alarmAt: alarms.errorPercent,
      },
      {
        title: 'Latency',
        awsRegion,
        unit: 's',
        lines: ['p50', 'p95', 'p99'].map((statistic) => ({
          label: statistic,
          of: of('TargetResponseTime', statistic),
        })),
        alarmAt: alarms.p95Ms / 1000,
      },
      {
        title: 'Instances in service',
        awsRegion,
        unit: 'instances',
        lines: ['blue', 'green'].map((colour) => ({
          label: colour,
          of: metricsOf('AWS/AutoScaling', { AutoScalingGroupName: Fn.lookup(groups[key]!, colour) as string })(
            'GroupInServiceInstances',
            'Average',
          ),
        })),
      },
      {
        title: 'Capacity units of the load balancer',
        awsRegion,
        unit: 'LCU',
        lines: [{ label: 'consumed', of: of('ConsumedLCUs', 'Average') }],
      },
    ];
  }

  /** Each metric is where AWS publishes it: see `libs/data`. */
  private replication(region: Region): Chart[] {
    const { environment, regions } = this.props;
    const { awsRegion } = region;
    const { database, tables, buckets } = environment.dataStores;
    const others = regions.filter(({ key }) => key !== region.key);
    const member = databaseMemberName(environment, region.key);
    const chart = (title: string, unit: string, lines: readonly Line[]): Chart[] =>
      lines.length === 0 ? [] : [{ title: `${title}, ${awsRegion}`, awsRegion, unit, lines }];
    return [
      ...(database.engine === 'aurora-global'
        ? chart(
            'Database behind',
            'ms',
            others.map((other) => ({
              label: other.awsRegion,
              of: metricsOf('AWS/RDS', { DBClusterIdentifier: member, SourceRegion: other.awsRegion })(
                'AuroraGlobalDBReplicationLag',
                'Maximum',
              ),
            })),
          )
        : chart('Database behind its source', 's', [
            { label: member, of: metricsOf('AWS/RDS', { DBInstanceIdentifier: member })('ReplicaLag', 'Maximum') },
          ])),
      ...chart(
        'Tables reach other regions after',
        'ms',
        Object.keys(tables).flatMap((table) =>
          others.map((other) => ({
            label: `${table} to ${other.key}`,
            of: metricsOf('AWS/DynamoDB', {
              TableName: tableName(environment, table),
              ReceivingRegion: other.awsRegion,
            })('ReplicationLatency', 'Maximum'),
          })),
        ),
      ),
      ...chart(
        'Buckets behind',
        's',
        Object.keys(buckets).flatMap((bucket) =>
          others.map((from) => ({
            label: `${bucket} from ${from.key}`,
            of: metricsOf('AWS/S3', {
              SourceBucket: bucketName(environment, bucket, from.key),
              DestinationBucket: bucketName(environment, bucket, region.key),
              RuleId: `to-${region.key}`,
            })('ReplicationLatency', 'Maximum'),
          })),
        ),
      ),
    ];
  }
}
