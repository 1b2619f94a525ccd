import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { Construct } from 'constructs';

/** One metric of CloudWatch. */
export interface MetricOf {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, `p95` and the like. */
  readonly statistic: string;
  readonly periodSec: number;
}

/** A number made of several metrics: `100 * errors / requests`. */
export interface MetricExpression {
  readonly expression: string;
  /** By the name that the expression uses. */
  readonly metrics: Readonly<Record<string, MetricOf>>;
}

export interface AlarmProps {
  /** What it means and what to do, for the person who is woken up. */
  readonly description: string;
  readonly metric: MetricOf | MetricExpression;
  /** The alarm is on while the metric is above this, in the metric's unit. Absent where there is `below`: exactly one of the two. */
  readonly above?: number;
  /** The alarm is on while the metric is below this, in the metric's unit. Absent where there is `above`. */
  readonly below?: number;
  /** Periods in a row; default 1. */
  readonly periods?: number;
  /** What no data means; default `notBreaching`. */
  readonly missing?: 'breaching' | 'notBreaching';
}

export interface AlarmsProps {
  /** Names of topic and alarms begin with it. */
  readonly name: string;
  readonly accountId: string;
  readonly kmsKeyArn: string;
  /** Provider of the region that the alarms are in. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * A region's alarms and the topic that they go to. Constructs add their own alarms, so that an alarm stands beside what it
 * watches. Nobody is subscribed here: who is told is decided where all regions are looked at.
 *
 * Costs $0.10 a month per alarm and metric (list price, US East, check). An alarm on several metrics has 10 of them at most
 * (CloudWatch user guide, "Limits").
 */
export class Alarms extends Construct {
  readonly topicArn: string;
  private readonly props: AlarmsProps;
  private readonly all: [id: string, arn: string][] = [];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.props = props;
    const topic = new SnsTopic(this, 'Topic', {
      ...this.provider,
      name: `${props.name}-alarms`,
      kmsMasterKeyId: props.kmsKeyArn,
    });
    new SnsTopicPolicy(this, 'TopicPolicy', {
      ...this.provider,
      arn: topic.arn,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Alarms',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topic.arn,
            Condition: { StringEquals: { 'aws:SourceAccount': props.accountId } },
          },
          {
            Sid: 'NoPlainHttp',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: topic.arn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
    });
    this.topicArn = topic.arn;
  }

  private get provider(): { provider?: AwsProvider } {
    return this.props.provider ? { provider: this.props.provider } : {};
  }

  /** ARNs of the alarms added so far, by the id they were added under. */
  get arns(): Record<string, string> {
    return Object.fromEntries(this.all);
  }

  /** Adds an alarm; `id` is a PascalCase noun and becomes the end of its name. */
  add(id: string, props: AlarmProps): CloudwatchMetricAlarm {
    const alarm = new CloudwatchMetricAlarm(this, id, {
      ...this.provider,
      alarmName: `${this.props.name}-${id.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}`,
      alarmDescription: props.description,
      ...measure(props.metric),
      comparisonOperator: props.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: (props.below ?? props.above)!,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: props.missing ?? 'notBreaching',
      alarmActions: [this.topicArn],
      okActions: [this.topicArn],
    });
    this.all.push([id, alarm.arn]);
    return alarm;
  }
}

function measure(metric: MetricOf | MetricExpression) {
  if ('expression' in metric) {
    return {
      metricQuery: [
        { id: 'result', expression: metric.expression, label: 'result', returnData: true },
        ...Object.entries(metric.metrics).map(([id, { namespace, metricName, dimensions, statistic, periodSec }]) => ({
          id,
          returnData: false,
          metric: { namespace, metricName, dimensions, stat: statistic, period: periodSec },
        })),
      ],
    };
  }
  const { namespace, metricName, dimensions, statistic, periodSec } = metric;
  return {
    namespace,
    metricName,
    dimensions,
    period: periodSec,
    // A percentile of a few samples is their maximum and says nothing.
    ...(/^p\d/.test(statistic)
      ? { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: 'ignore' }
      : { statistic }),
  };
}
