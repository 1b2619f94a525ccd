import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { EstateStack } from '@platform/libs/stack/estate-stack';

/** One CloudWatch metric. */
export interface MetricOf {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** For example `Sum`, `Average`, `Maximum`, `p95`. */
  readonly statistic: string;
  readonly periodSec: number;
}

/** A metric math expression: `100 * errors / requests`. */
export interface MetricExpression {
  readonly expression: string;
  /** By the name in the expression. */
  readonly metrics: Readonly<Record<string, MetricOf>>;
}

export interface AlarmProps {
  /** What the alarm means and what to do, for the person on call. */
  readonly description: string;
  readonly metric: MetricOf | MetricExpression;
  /**
   * Threshold: the alarm fires above this value, in the metric's unit. Absent if there is `below`: exactly one of the
   * two.
   */
  readonly above?: number;
  /** Threshold: the alarm fires below this value, in the metric's unit. Absent if there is `above`. */
  readonly below?: number;
  /** Number of consecutive periods; default 1. */
  readonly periods?: number;
  /** Treatment of missing data; default `notBreaching`. */
  readonly missing?: 'breaching' | 'notBreaching';
}

export interface AlarmsProps {
  /** Prefix of the names of topic and alarms. */
  readonly name: string;
  readonly accountId: string;
  readonly kmsKeyArn: string;
  /** Provider of the alarms' region. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * A region's alarms and their topic, to which the recipients of the stack's owner are subscribed. Constructs add their
 * own alarms.
 *
 * An alarm may use up to 10 metrics (CloudWatch user guide, "Limits").
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
    this.subscribe();
  }

  /**
   * Subscribes the owner's recipients, named by their place in the settings. The provider waits for the confirmation of an
   * HTTPS address, and for none of a mail
   * (https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/sns_topic_subscription).
   */
  private subscribe(): void {
    const { environment, owner } = TerraformStack.of(this) as EstateStack;
    const { email = [], https = [] } = environment.alarmRecipients?.[owner] ?? {};
    const to = (protocol: string, endpoint: string) => ({
      ...this.provider,
      topicArn: this.topicArn,
      protocol,
      endpoint,
    });
    email.forEach((address, index) => new SnsTopicSubscription(this, `Email${index}`, to('email', address)));
    https.forEach(
      (address, index) =>
        new SnsTopicSubscription(this, `Https${index}`, { ...to('https', address), endpointAutoConfirms: true }),
    );
  }

  private get provider(): { provider?: AwsProvider } {
    return this.props.provider ? { provider: this.props.provider } : {};
  }

  /** ARNs of the alarms added so far, by id. */
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
    // A percentile of a few samples is their maximum.
    ...(/^p\d/.test(statistic)
      ? { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: 'ignore' }
      : { statistic }),
  };
}
