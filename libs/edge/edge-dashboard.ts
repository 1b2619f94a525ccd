import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { dashboardBody, metricsOf, spendChart, type Chart } from '@platform/libs/observability/dashboard';
import type { RegionSettings } from '@platform/libs/settings/region';

export interface EdgeDashboardProps {
  /** Prefix of the name: the environment. */
  readonly name: string;
  readonly regions: readonly Pick<RegionSettings, 'key' | 'awsRegion'>[];
  /** Map by region key. */
  readonly healthCheckIds: Record<string, string>;
  readonly everyRegionHealthCheckId: string;
  /** By region key. Absent below level `origin-failover`. */
  readonly distributionIds?: Readonly<Record<string, string>>;
  /** Absent below level `accelerated`. */
  readonly acceleratorArn?: string;
  /** Provider of the edge account. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/** Where traffic goes: health of the regions, distributions and accelerator. */
export class EdgeDashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: EdgeDashboardProps) {
    super(scope, id);
    const { distributionIds, acceleratorArn } = props;
    this.name = new CloudwatchDashboard(this, 'Dashboard', {
      ...(props.provider ? { provider: props.provider } : {}),
      dashboardName: `${props.name}-edge`,
      dashboardBody: dashboardBody([
        { heading: 'Health checks of Route 53: 1 is healthy', charts: [healthChart(props)] },
        ...(distributionIds ? [{ heading: 'Distributions', charts: distributionCharts(distributionIds) }] : []),
        ...(acceleratorArn ? [{ heading: 'Accelerator', charts: acceleratorCharts(acceleratorArn) }] : []),
        { heading: 'Cost', charts: [spendChart] },
      ]),
    }).dashboardName;
  }
}

function healthChart({ regions, healthCheckIds, everyRegionHealthCheckId }: EdgeDashboardProps): Chart {
  const status = (HealthCheckId: string) => metricsOf('AWS/Route53', { HealthCheckId })('HealthCheckStatus', 'Minimum');
  return {
    title: 'Health',
    awsRegion: 'us-east-1',
    unit: 'healthy',
    lines: [
      ...regions.map(({ key }) => ({ label: key, of: status(Fn.lookup(healthCheckIds, key) as string) })),
      { label: 'every region', of: status(everyRegionHealthCheckId) },
    ],
  };
}

function distributionCharts(distributionIds: Readonly<Record<string, string>>): Chart[] {
  const chart = (title: string, unit: string, metricName: string, statistic: string): Chart => ({
    title,
    awsRegion: 'us-east-1',
    unit,
    lines: Object.entries(distributionIds).map(([key, DistributionId]) => ({
      label: key,
      of: metricsOf('AWS/CloudFront', { DistributionId, Region: 'Global' })(metricName, statistic),
    })),
  });
  return [
    chart('Requests', 'requests/min', 'Requests', 'Sum'),
    chart('Answers 5xx', '%', '5xxErrorRate', 'Average'),
    chart('Latency of origins, p95', 'ms', 'OriginLatency', 'p95'),
  ];
}

/** Where new connections go shows how the dials stand. */
function acceleratorCharts(acceleratorArn: string): Chart[] {
  const of = metricsOf('AWS/GlobalAccelerator', {
    Accelerator: Fn.element(Fn.split('/', acceleratorArn), 1) as string,
  });
  const chart = (title: string, unit: string, metricName: string, statistic: string): Chart => ({
    title,
    awsRegion: 'us-west-2',
    unit,
    lines: [{ label: metricName, of: of(metricName, statistic) }],
  });
  return [
    chart('New connections', 'connections/min', 'NewFlowCount', 'Sum'),
    chart('Unhealthy endpoints', 'endpoints', 'UnhealthyEndpointCount', 'Maximum'),
  ];
}
