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
  /** Prefix of the names of queue and event bus. */
  readonly name: string;
  readonly settings: MessagingSettings;
  readonly kmsKeyArn: string;
  readonly alarms: Alarms;
}

const dayInSec = 86_400;

/**
 * Asynchronous processing inside the region: an event bus with a queue for events that it cannot encrypt, a rule that
 * sends events to a queue, a dead-letter queue for messages that cannot be handled, and an archive for replays. Nothing leaves the region: the queue of a lost region
 * keeps its messages until the region is back.
 *
 * Quotas: a message may have up to 1 MiB, here 256 KiB, the provider's default, and is kept for at most 14 days (SQS
 * developer guide, "Amazon SQS message quotas").
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
      // Shorter than in the dead-letter queue: a message keeps its age when it moves there.
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

    // An event that the bus cannot encrypt or decrypt would be lost. Its queue uses SQS's own key, because the bus's key
    // is what failed (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-dlq.html).
    const undelivered = new SqsQueue(this, 'UndeliveredEvents', {
      name: `${name}-undelivered-events`,
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: 14 * dayInSec,
    });
    this.bus = new CloudwatchEventBus(this, 'Bus', {
      name,
      kmsKeyIdentifier: kmsKeyArn,
      deadLetterConfig: { arn: undelivered.arn },
    });
    this.allowEvents('UndeliveredEventsPolicy', undelivered, this.bus.arn);
    // The event bus has a customer managed key, its archive an AWS owned key: EventBridge accepts a customer managed
    // key for archives and recommends it for such a bus (EventBridge API, CreateArchive, KmsKeyIdentifier), but
    // provider 5.100.0 has no argument for it.
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
    alarms.add('UndeliveredEvents', {
      description:
        'The bus could not encrypt or decrypt events: see that its key is enabled and its policy complete, then send the events in the queue again',
      metric: depthOf(undelivered, 'ApproximateNumberOfMessagesVisible'),
      above: 0,
    });
    // Only while there are some (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html).
    alarms.add('LostEvents', {
      description:
        'Events reached neither the queue nor the dead-letter queue: see the policies of both, then replay the archive',
      metric: {
        namespace: 'AWS/Events',
        metricName: 'InvocationsFailedToBeSentToDlq',
        dimensions: { EventBusName: this.bus.name, RuleName: rule.name },
        statistic: 'Sum',
        periodSec: 60,
      },
      above: 0,
    });
    alarms.add('OldestMessage', {
      description: 'The queue is not worked off: its oldest message has waited for ten minutes',
      metric: depthOf(this.queue, 'ApproximateAgeOfOldestMessage'),
      above: 600,
      periods: 5,
    });
  }

  /** Permissions of instances to send events and to process the queue. */
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

  private allowEvents(id: string, queue: SqsQueue, senderArn: string): void {
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
            Condition: { ArnEquals: { 'aws:SourceArn': senderArn } },
          },
          // SQS also accepts plain HTTP.
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
