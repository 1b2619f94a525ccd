import type { Lb } from '@cdktf/provider-aws/lib/lb';
import { Construct } from 'constructs';
import type { ApplicationSettings } from '@platform/libs/settings/application';
import type { Alarms } from '@platform/libs/observability/alarms';

export interface BalancerAlarmsProps {
  readonly balancer: Lb;
  readonly alarms: Alarms;
  readonly limits: ApplicationSettings['alarms'];
}

/**
 * Alarms on what clients notice: errors and latency, evaluated every minute. An alarm may use up to 10 metrics
 * (CloudWatch user guide, "Limits").
 */
export class BalancerAlarms extends Construct {
  constructor(scope: Construct, id: string, { balancer, alarms, limits }: BalancerAlarmsProps) {
    super(scope, id);
    const metricOf = (metricName: string, statistic: string) => ({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensions: { LoadBalancer: balancer.arnSuffix },
      statistic,
      periodSec: 60,
    });
    const all = '(FILL(requests, 0) + FILL(balancer, 0))';
    alarms.add('Errors', {
      description: `More than ${limits.errorPercent} % of the requests of the region are answered by 5xx, by the instances or by the balancer`,
      metric: {
        // Below 20 requests a minute, a single error would be a high share. The load balancer's own errors count as
        // requests: RequestCount excludes requests that it refuses for lack of a target (Application Load Balancer
        // guide, "CloudWatch metrics").
        expression: `IF(${all} >= 20, 100 * (FILL(targets, 0) + FILL(balancer, 0)) / ${all}, 0)`,
        metrics: {
          requests: metricOf('RequestCount', 'Sum'),
          targets: metricOf('HTTPCode_Target_5XX_Count', 'Sum'),
          balancer: metricOf('HTTPCode_ELB_5XX_Count', 'Sum'),
        },
      },
      above: limits.errorPercent,
      periods: 3,
      tells: 'incident',
    });
    alarms.add('SlowAnswers', {
      description: `One in twenty requests waits for more than ${limits.p95Ms} ms`,
      metric: metricOf('TargetResponseTime', 'p95'),
      above: limits.p95Ms / 1000,
      periods: 5,
      tells: 'incident',
    });
  }
}
