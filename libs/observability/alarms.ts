import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Lazy, TerraformStack } from 'cdktf';
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
  /**
   * Who is told when it fires. `recipients` (default): it notifies by itself. `incident`: it is part of what users notice, and
   * the stack's incident notifies once for all of it. `cause`: it explains an incident; the stack's causes notify once, and
   * not while an incident lasts. `composite`: only an alarm of {@link Alarms.addComposite} reads it.
   */
  readonly tells?: 'recipients' | 'incident' | 'cause' | 'composite';
}

/** The state of an alarm, by its name. */
export const inAlarm = ({ alarmName }: { readonly alarmName: string }) => `ALARM("${alarmName}")`;

/**
 * How long causes wait for an incident before they notify, and how long after it they stay silent, in seconds. Both are for
 * alarms that fire at different speeds: instances count as unhealthy minutes before or after errors do.
 */
const suppression = { waitSec: 300, extensionSec: 600 };

export interface AlarmsProps {
  /** Prefix of the names of topic and alarms. */
  readonly name: string;
  readonly accountId: string;
  readonly kmsKeyArn: string;
  /** Provider of the alarms' region. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/** The alarms of each stack, by their place: see {@link alarmsOf}. */
const alarmsOfStacks = new WeakMap<TerraformStack, Map<string, Alarms>>();

/** The stack's own region and account, or the alias of another provider: a role of an account, or an AWS region. */
const placeOf = (provider?: AwsProvider): string => (provider ? (provider.alias ?? provider.region!) : '');

/**
 * The alarms of the stack that `scope` belongs to, with a topic of their own. The first call creates them, so a
 * construct that is watched needs no prop for it, and a stack without one has no topic.
 *
 * @param provider where the metrics are, if not in the stack's own region and account: CloudFront, Route 53 and web ACLs of
 *   distributions report to us-east-1 only, Global Accelerator to us-west-2 only
 */
export function alarmsOf(scope: Construct, provider?: AwsProvider): Alarms {
  const stack = TerraformStack.of(scope) as EstateStack;
  const place = placeOf(provider);
  const existing = alarmsOfStacks.get(stack)?.get(place);
  if (existing) return existing;
  const suffix = place && `-${place}`;
  const name = `${stack.environment.name}-${stack.node.id}${suffix}`;
  const accountId = provider?.allowedAccountIds?.[0] ?? stack.accountId;
  const other = provider ? { provider } : {};
  const key = new KmsKey(stack, `AlarmKey${suffix}`, {
    ...other,
    description: `Alarms of ${name}`,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Owner',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'Alarms',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ],
    }),
  });
  return new Alarms(stack, `Alarms${suffix}`, { name, accountId, kmsKeyArn: key.arn, ...other });
}

/**
 * A region's alarms and their topic, to which the recipients of the stack's owner are subscribed. Constructs add their
 * own alarms.
 *
 * Alarms on one incident notify once: see `tells` of {@link AlarmProps}. CloudWatch combines alarms of one account and
 * region only, so each region has its own incident, which works while other regions are lost. A composite alarm may have up
 * to 100 alarms (CloudWatch user guide, "Limits").
 *
 * An alarm may use up to 10 metrics (CloudWatch user guide, "Limits").
 */
export class Alarms extends Construct {
  readonly topicArn: string;
  private readonly props: AlarmsProps;
  private readonly all: [id: string, arn: string][] = [];
  private readonly parts = { incident: [] as string[], cause: [] as string[] };
  private readonly composites: CloudwatchCompositeAlarm[] = [];
  private incident?: CloudwatchCompositeAlarm;
  private causes?: CloudwatchCompositeAlarm;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.props = props;
    const stack = TerraformStack.of(this);
    const places = alarmsOfStacks.get(stack) ?? new Map<string, Alarms>();
    alarmsOfStacks.set(stack, places.set(placeOf(props.provider), this));
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

  /** ARNs of the alarms on several others that were added so far: incidents, their causes, objectives. */
  get compositeArns(): string[] {
    return this.composites.map(({ arn }) => arn);
  }

  /** Adds an alarm; `id` is a PascalCase noun and becomes the end of its name. */
  add(id: string, props: AlarmProps): CloudwatchMetricAlarm {
    const { tells = 'recipients' } = props;
    const alarm = new CloudwatchMetricAlarm(this, id, {
      ...this.provider,
      alarmName: this.nameOf(id),
      alarmDescription: props.description,
      ...measure(props.metric),
      comparisonOperator: props.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: (props.below ?? props.above)!,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: props.missing ?? 'notBreaching',
      ...(tells === 'recipients' ? { alarmActions: [this.topicArn], okActions: [this.topicArn] } : {}),
    });
    this.all.push([id, alarm.arn]);
    if (tells === 'incident' || tells === 'cause') this.addPart(tells, inAlarm(alarm));
    return alarm;
  }

  /**
   * Adds an alarm on the states of others: `ALARM("a") AND ALARM("b")`, with {@link inAlarm}.
   * @param tells as in {@link AlarmProps}
   */
  addComposite(
    id: string,
    { description, rule, tells }: { description: string; rule: string; tells: 'recipients' | 'incident' },
  ): void {
    const alarm = this.composite(id, description, rule, tells === 'recipients');
    if (tells === 'incident') this.addPart(tells, inAlarm(alarm));
  }

  /** The first part of an incident or of its causes creates the alarm, whose rule is known once all parts are. */
  private addPart(part: 'incident' | 'cause', state: string): void {
    const states = this.parts[part];
    states.push(state);
    if (states.length > 1) return;
    const rule = Lazy.stringValue({ produce: () => states.join(' OR ') });
    if (part === 'incident') {
      this.incident = this.composite(
        'Incident',
        'Users notice: see which of its alarms fire, then those on causes',
        rule,
      );
    } else {
      this.causes = this.composite('Causes', 'Something is broken that users do not notice yet: see its alarms', rule);
    }
    if (!this.incident || !this.causes) return;
    this.causes.putActionsSuppressor({
      alarm: this.incident.arn,
      waitPeriod: suppression.waitSec,
      extensionPeriod: suppression.extensionSec,
    });
  }

  private composite(
    id: string,
    alarmDescription: string,
    alarmRule: string,
    notifies = true,
  ): CloudwatchCompositeAlarm {
    const alarm = new CloudwatchCompositeAlarm(this, id, {
      ...this.provider,
      alarmName: this.nameOf(id),
      alarmDescription,
      alarmRule,
      ...(notifies ? { alarmActions: [this.topicArn], okActions: [this.topicArn] } : {}),
    });
    this.composites.push(alarm);
    return alarm;
  }

  private nameOf(id: string): string {
    return `${this.props.name}-${id.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}`;
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
