import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { Environment } from '@platform/libs/settings/environment';
import { latchDimensions, latchMetric, latchPeriodSec } from './latch-metric';

type Named = Pick<Environment, 'name'>;

/** Name of the alarm that fires while a region is latched, the same in each region that holds it: `prod-us-latched`. */
export function latchAlarmName({ name }: Named, regionKey: string): string {
  return `${name}-${regionKey}-latched`;
}

export interface FailbackLatchProps {
  readonly environment: Named;
  /** Key of the region that the latch keeps out of service. It is another one than the one this is made in. */
  readonly regionKey: string;
}

/**
 * Keeps a region without traffic after a failover, until a person lets it back. It lives in a region that takes over, so
 * that nothing of the lost region is needed to engage or release it: one call of `PutMetricData` does either, and no
 * control plane of Route 53 takes part.
 *
 * A latch keeps its last value without further data: the alarm ignores missing data, and the health check that follows
 * the alarm's metric keeps its last known status. Route 53 reads the metric, not the alarm's state, so setting that state
 * by hand moves nothing
 * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html, InsufficientDataHealthStatus).
 */
export class FailbackLatch extends Construct {
  constructor(scope: Construct, id: string, { environment, regionKey }: FailbackLatchProps) {
    super(scope, id);
    const { name } = environment;
    const { topicArn } = alarmsOf(this);
    new CloudwatchMetricAlarm(this, 'Latched', {
      alarmName: latchAlarmName(environment, regionKey),
      alarmDescription: `Region ${regionKey} of ${name} stays without traffic after a failover. When it is well again: npx platform failover back`,
      namespace: latchMetric.namespace,
      metricName: latchMetric.name,
      dimensions: latchDimensions(environment, regionKey),
      // Route 53 follows Average, Minimum, Maximum, Sum and SampleCount, of metrics of a minute
      // (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html).
      statistic: 'Maximum',
      period: latchPeriodSec,
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      treatMissingData: 'ignore',
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
}
