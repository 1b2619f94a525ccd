import type { Lb } from '@cdktf/provider-aws/lib/lb';
import { Construct } from 'constructs';
import { inAlarm, type Alarms, type MetricExpression } from '@platform/libs/observability/alarms';
import { planBurnAlarms, type BurnAlarm } from '@platform/libs/observability/burn-rate';
import type { ObservabilitySettings } from '@platform/libs/settings/observability';

export interface ObjectiveAlarmsProps {
  readonly balancer: Lb;
  readonly alarms: Alarms;
  readonly objectives: ObservabilitySettings['objectives'];
}

/** Requests in a window below which it says nothing: one error of ten would be 10 %. */
const leastRequests = 100;

/**
 * Alarms on the objectives of a region's application: availability, and latency as the share of requests within a limit.
 * Each pair of windows of {@link planBurnAlarms} is two alarms without recipients. Pages of one objective become part of the
 * incident, its ticket notifies by itself.
 *
 * Windows over a day are evaluated once an hour (CloudWatch user guide, "Alarm evaluation":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html).
 */
export class ObjectiveAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ObjectiveAlarmsProps,
  ) {
    super(scope, id);
    const { availabilityPercent, latencyPercent, latencyMs, windowDays } = props.objectives;
    this.burn('Availability', planBurnAlarms({ percent: availabilityPercent, windowDays }), (periodSec) =>
      this.errorPercent(periodSec),
    );
    this.burn('Latency', planBurnAlarms({ percent: latencyPercent, windowDays }), (periodSec) =>
      this.slowPercent(periodSec, latencyMs),
    );
  }

  private burn(word: string, pairs: readonly BurnAlarm[], measure: (periodSec: number) => MetricExpression): void {
    const { alarms } = this.props;
    const states = pairs.map(({ severity, longSec, shortSec, burnRate, abovePercent }) => {
      const window = (periodSec: number) =>
        alarms.add(`${word}Burn${burnRate}x${periodSec / 60}min`, {
          description: `${word}: the error budget was used ${burnRate} times too fast for ${periodSec / 60} min`,
          metric: measure(periodSec),
          above: abovePercent,
          tells: 'composite',
        });
      return { severity, state: `(${inAlarm(window(longSec))} AND ${inAlarm(window(shortSec))})` };
    });
    const add = (wanted: BurnAlarm['severity'], id: string, tells: 'incident' | 'recipients', description: string) =>
      alarms.addComposite(id, {
        description,
        rule: states.flatMap(({ severity, state }) => (severity === wanted ? [state] : [])).join(' OR '),
        tells,
      });
    add('page', `${word}BurnsFast`, 'incident', `${word}: the error budget is gone within days at this rate`);
    add(
      'ticket',
      `${word}BurnsSlowly`,
      'recipients',
      `${word}: the error budget will be gone before the window ends. It can wait until the next working day`,
    );
  }

  private metricOf(metricName: string, statistic: string, periodSec: number) {
    return {
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensions: { LoadBalancer: this.props.balancer.arnSuffix },
      statistic,
      periodSec,
    };
  }

  /** As the alarm on errors, over the whole window. */
  private errorPercent(periodSec: number): MetricExpression {
    const all = '(FILL(requests, 0) + FILL(balancer, 0))';
    return {
      expression: `IF(${all} >= ${leastRequests}, 100 * (FILL(targets, 0) + FILL(balancer, 0)) / ${all}, 0)`,
      metrics: {
        requests: this.metricOf('RequestCount', 'Sum', periodSec),
        targets: this.metricOf('HTTPCode_Target_5XX_Count', 'Sum', periodSec),
        balancer: this.metricOf('HTTPCode_ELB_5XX_Count', 'Sum', periodSec),
      },
    };
  }

  /** The percentile rank of the limit is the share of answers within it (CloudWatch user guide, "Statistics definitions"). */
  private slowPercent(periodSec: number, latencyMs: number): MetricExpression {
    return {
      expression: `IF(FILL(requests, 0) >= ${leastRequests}, 100 - FILL(fast, 100), 0)`,
      metrics: {
        requests: this.metricOf('RequestCount', 'Sum', periodSec),
        fast: this.metricOf('TargetResponseTime', `PR(:${latencyMs / 1000})`, periodSec),
      },
    };
  }
}
