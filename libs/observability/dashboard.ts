import type { MetricExpression, MetricOf } from './alarms';

/** A line of a chart. */
export interface Line {
  readonly label: string;
  readonly of: MetricOf | MetricExpression;
}

export interface Chart {
  readonly title: string;
  /** AWS region of its metrics. */
  readonly awsRegion: string;
  readonly lines: readonly Line[];
  /** Label of the vertical axis, with the unit: `ms`, `%`, `requests/min`. */
  readonly unit: string;
  /** Draws a line at the value where the alarm fires. Default: none. */
  readonly alarmAt?: number;
}

/** A heading with its charts, and the state of alarms. */
export interface DashboardSection {
  readonly heading: string;
  readonly charts: readonly Chart[];
  /** ARNs of alarms, at most 100. Default: none. */
  readonly alarmArns?: readonly string[];
}

/** Columns of the grid, and size of a chart. */
const grid = { columns: 24, width: 8, height: 6 };

/**
 * The body of a CloudWatch dashboard: the sections below each other, three charts in a row
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html). A widget may
 * have up to 500 metrics, a dashboard 2,500
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html).
 */
export function dashboardBody(sections: readonly DashboardSection[]): string {
  const widgets: object[] = [];
  let y = 0;
  for (const { heading, charts, alarmArns = [] } of sections) {
    widgets.push({ type: 'text', x: 0, y, width: grid.columns, height: 1, properties: { markdown: `## ${heading}` } });
    y += 1;
    if (alarmArns.length > 0) {
      widgets.push({
        type: 'alarm',
        x: 0,
        y,
        width: grid.columns,
        height: 4,
        properties: { title: 'Alarms', alarms: alarmArns },
      });
      y += 4;
    }
    const perRow = grid.columns / grid.width;
    charts.forEach((chart, index) => {
      const [column, row] = [index % perRow, Math.floor(index / perRow)];
      widgets.push({
        type: 'metric',
        x: column * grid.width,
        y: y + row * grid.height,
        width: grid.width,
        height: grid.height,
        properties: chartProperties(chart),
      });
    });
    y += Math.ceil(charts.length / perRow) * grid.height;
  }
  return JSON.stringify({ widgets });
}

function chartProperties({ title, awsRegion, lines, unit, alarmAt }: Chart): object {
  return {
    title,
    view: 'timeSeries',
    stacked: false,
    region: awsRegion,
    metrics: lines.flatMap((line, index) => lineMetrics(line, index)),
    yAxis: { left: { label: unit, showUnits: false, min: 0 } },
    ...(alarmAt === undefined ? {} : { annotations: { horizontal: [{ label: 'alarm', value: alarmAt }] } }),
  };
}

/** Ids of an expression's metrics begin with a letter that no other line of the chart uses. */
function lineMetrics({ label, of }: Line, index: number): unknown[][] {
  if (!('expression' in of)) return [metricArray(of, { label })];
  const prefix = `line${index}`;
  const names = Object.keys(of.metrics);
  const expression = of.expression.replaceAll(new RegExp(`\\b(${names.join('|')})\\b`, 'g'), `${prefix}$1`);
  return [
    [{ expression, label, id: `${prefix}result` }],
    ...Object.entries(of.metrics).map(([name, metric]) =>
      metricArray(metric, { id: `${prefix}${name}`, visible: false }),
    ),
  ];
}

function metricArray(
  { namespace, metricName, dimensions, statistic, periodSec }: MetricOf,
  options: object,
): unknown[] {
  return [
    namespace,
    metricName,
    ...Object.entries(dimensions).flat(),
    { stat: statistic, period: periodSec, ...options },
  ];
}

/** Metrics of one thing, per minute. */
export function metricsOf(namespace: string, dimensions: Readonly<Record<string, string>>) {
  return (metricName: string, statistic: string): MetricOf => ({
    namespace,
    metricName,
    dimensions,
    statistic,
    periodSec: 60,
  });
}

/**
 * What the account has spent this month. AWS publishes it for accounts that receive billing alerts, in us-east-1
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html).
 */
export const spendChart: Chart = {
  title: 'Estimated charges of this month',
  awsRegion: 'us-east-1',
  unit: 'USD',
  lines: [
    {
      label: 'account',
      of: {
        namespace: 'AWS/Billing',
        metricName: 'EstimatedCharges',
        dimensions: { Currency: 'USD' },
        statistic: 'Maximum',
        periodSec: 21_600,
      },
    },
  ],
};
