import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { waiveRetention } from './log-retention';

export interface EncryptedLogGroupProps {
  /** Name of the log group: `/prod/hub/flow`. */
  readonly name: string;
  /** A retention period of CloudWatch Logs. */
  readonly retentionDays: number;
  readonly awsRegion: string;
  readonly accountId: string;
  /** Provider of `awsRegion`. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * A CloudWatch log group with its own key, which CloudWatch Logs may use for this group only. A group may have up to 2
 * subscription filters (CloudWatch Logs user guide, "CloudWatch Logs quotas").
 */
export class EncryptedLogGroup extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptedLogGroupProps) {
    super(scope, id);
    const { name, awsRegion, accountId } = props;
    const provider = props.provider ? { provider: props.provider } : {};
    const key = new KmsKey(this, 'Key', {
      ...provider,
      description: `Encrypts the log group ${name}`,
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
            Sid: 'Logs',
            Effect: 'Allow',
            Principal: { Service: `logs.${awsRegion}.amazonaws.com` },
            Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
            Resource: '*',
            Condition: {
              ArnEquals: {
                'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${awsRegion}:${accountId}:log-group:${name}`,
              },
            },
          },
        ],
      }),
    });
    const group = new CloudwatchLogGroup(this, 'Group', {
      ...provider,
      name,
      retentionInDays: props.retentionDays,
      kmsKeyId: key.arn,
    });
    waiveRetention(group, props.retentionDays);
    this.name = name;
    this.arn = group.arn;
  }
}
