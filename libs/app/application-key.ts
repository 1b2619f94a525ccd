import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';

export interface ApplicationKeyProps {
  /** Name without `alias/`. */
  readonly name: string;
  readonly accountId: string;
}

/**
 * The region's key for the application's queues, bus and alarms. Who may use it is said by IAM policies of the
 * account and, for AWS services that act by themselves, here.
 *
 * Costs $1 a month and $0.03 per 10,000 requests (list price, US East, check).
 */
export class ApplicationKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, accountId }: ApplicationKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, 'Key', {
      description: `Queues, bus and alarms of ${name}`,
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
            // Events to the encrypted queue, alarms to the encrypted topic.
            Sid: 'Senders',
            Effect: 'Allow',
            Principal: { Service: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] },
            Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
            Resource: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
          },
        ],
      }),
    });
    new KmsAlias(this, 'Alias', { name: `alias/${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
