import { CloudwatchEventArchive } from '@cdktf/provider-aws/lib/cloudwatch-event-archive';
import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy';
import { Construct } from 'constructs';
import type { MessagingSettings } from '@platform/libs/settings/application';
import type { DataStoreAccess } from './data-access';
import type { Alarms } from '@platform/libs/observability/alarms';

export interface MessagingProps {
  /** Names of queue and bus begin with it. */
  readonly name: string;
  readonly settings: MessagingSettings;
  readonly kmsKeyArn: string;
  readonly alarms: Alarms;
}

const dayInSec = 86_400;

/**
 * What decouples the application inside its region: a bus that it sends events to, a rule that brings them into a queue,
 * a dead-letter queue for what cannot be handled, an archive for replays. Nothing of it leaves the region: what is in
 * the queue of a lost region waits there until the region is back.
 *
 * Costs by use: $0.40 per million queue requests, $1.00 per million events; ten million events, each sent, received and
 * deleted once, about $22 a month (list prices, US East, check).
 * Limits: a message of 256 KiB, the provider's default, of the 1 MiB that SQS takes, kept for 14 days at most (SQS developer
 * guide, "Amazon SQS message quotas").
 */
export class Messaging extends Construct {
  readonly queue: SqsQueue;
  readonly deadLetterQueue: SqsQueue;
  readonly bus: CloudwatchEventBus;
  private readonly kmsKeyArn: string;

  constructor(scope: Construct, id: string, { name, settings, kmsKeyArn, alarms }: MessagingProps) {
    super(scope, id);
    this.kmsKeyArn = kmsKeyArn;
    const encryption = { kmsMasterKeyId: kmsKeyArn, kmsDataKeyReusePeriodSeconds: 300 };
    this.deadLetterQueue = new SqsQueue(this, 'DeadLetterQueue', {
      ...encryption,
      name: `${name}-dead-letters`,
      messageRetentionSeconds: 14 * dayInSec,
    });
    this.queue = new SqsQueue(this, 'Queue', {
      ...encryption,
      name,
      visibilityTimeoutSeconds: settings.visibilityTimeoutSec,
      receiveWaitTimeSeconds: 20,
      // Shorter than the dead-letter queue's: a message keeps its age when it moves there.
      messageRetentionSeconds: 4 * dayInSec,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: this.deadLetterQueue.arn,
        maxReceiveCount: settings.attempts,
      }),
    });
    new SqsQueueRedriveAllowPolicy(this, 'RedriveAllow', {
      queueUrl: this.deadLetterQueue.url,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [this.queue.arn] }),
    });

    this.bus = new CloudwatchEventBus(this, 'Bus', { name, kmsKeyIdentifier: kmsKeyArn });
    // The bus has a key of ours, its archive one of AWS's: EventBridge takes ours for archives too, and advises it for such a bus
    // (EventBridge API, CreateArchive, KmsKeyIdentifier), but the provider's 5.100.0 has no argument for it.
    new CloudwatchEventArchive(this, 'Archive', {
      name,
      eventSourceArn: this.bus.arn,
      retentionDays: settings.archiveDays,
    });
    const rule = new CloudwatchEventRule(this, 'Rule', {
      name: `${name}-to-queue`,
      description: 'Events of the application to its queue',
      eventBusName: this.bus.name,
      eventPattern: JSON.stringify({ source: ['app'] }),
    });
    new CloudwatchEventTarget(this, 'Target', {
      rule: rule.name,
      eventBusName: this.bus.name,
      arn: this.queue.arn,
      deadLetterConfig: { arn: this.deadLetterQueue.arn },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
    });
    this.allowEvents('QueuePolicy', this.queue, rule.arn);
    this.allowEvents('DeadLetterQueuePolicy', this.deadLetterQueue, rule.arn);

    const depthOf = (queue: SqsQueue, metricName: string) => ({
      namespace: 'AWS/SQS',
      metricName,
      dimensions: { QueueName: queue.name },
      statistic: 'Maximum',
      periodSec: 60,
    });
    alarms.add('DeadLetters', {
      description:
        'Messages that could not be handled wait in the dead-letter queue; look at them, then start a redrive',
      metric: depthOf(this.deadLetterQueue, 'ApproximateNumberOfMessagesVisible'),
      above: 0,
    });
    alarms.add('OldestMessage', {
      description: 'The queue is not worked off: its oldest message has waited for ten minutes',
      metric: depthOf(this.queue, 'ApproximateAgeOfOldestMessage'),
      above: 600,
      periods: 5,
    });
  }

  /** What instances need in order to send events and to work the queue off. */
  get access(): DataStoreAccess {
    return {
      variables: { QUEUE_URL: this.queue.url, BUS_NAME: this.bus.name },
      permissions: [
        {
          sid: 'Queue',
          actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
          resources: [this.queue.arn],
        },
        { sid: 'Bus', actions: ['events:PutEvents'], resources: [this.bus.arn] },
        { sid: 'Key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.kmsKeyArn] },
      ],
    };
  }

  private allowEvents(id: string, queue: SqsQueue, ruleArn: string): void {
    new SqsQueuePolicy(this, id, {
      queueUrl: queue.url,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Events',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: queue.arn,
            Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
          },
          // SQS still answers on plain HTTP.
          {
            Sid: 'NoPlainHttp',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:*',
            Resource: queue.arn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
    });
  }
}
