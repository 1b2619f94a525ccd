import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { PrivateBucket } from '@platform/libs/data/private-bucket';
import { waive } from '@platform/libs/stack/waive';

export interface ConfigHistoryBucketProps {
  /** Name of the bucket. */
  readonly name: string;
  /** Accounts whose recorders deliver here. */
  readonly accountIds: readonly string[];
  readonly retentionDays: number;
  /** Provider of the bucket's region and account. */
  readonly provider: AwsProvider;
}

/**
 * The bucket for the history and the snapshots that AWS Config delivers, for all accounts and regions, a
 * {@link PrivateBucket}. A recorder of another account that may not write as its role delivers as the service
 * (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html).
 */
export class ConfigHistoryBucket extends Construct {
  readonly bucketName: string;
  /** Must exist before a channel: Config tests a write at once. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, { name, accountIds, retentionDays, provider }: ConfigHistoryBucketProps) {
    super(scope, id);
    const service = { Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' } } as const;
    const { bucket, policy } = new PrivateBucket(this, 'History', {
      provider,
      name,
      retentionDays,
      noncurrentRetentionDays: 7,
      protection: 'protected',
      statements: accountIds.flatMap((accountId) => [
        {
          Sid: `Look${accountId}`,
          ...service,
          Action: ['s3:GetBucketAcl', 's3:ListBucket'],
          Resource: `arn:aws:s3:::${name}`,
          Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
        {
          Sid: `Deliver${accountId}`,
          ...service,
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${name}/AWSLogs/${accountId}/Config/*`,
          Condition: {
            StringEquals: { 'aws:SourceAccount': accountId, 's3:x-amz-acl': 'bucket-owner-full-control' },
          },
        },
      ]),
    });
    waive(bucket, {
      CKV_AWS_18: 'it holds the history of changes; CloudTrail can log its readers without another bucket',
      CKV_AWS_144: 'nothing is restored from the history, and delivery waits while its region is lost',
    });
    this.bucketName = bucket.id;
    this.ready = policy;
  }
}
