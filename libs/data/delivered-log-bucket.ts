import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { PrivateBucket } from './private-bucket';
import type { Protection } from '@platform/libs/settings/protection';
import { waive } from '@platform/libs/stack/waive';

export interface DeliveredLogBucketProps {
  /** Name of the bucket. */
  readonly name: string;
  /** Account that owns the bucket and the resources that log here. */
  readonly accountId: string;
  readonly retentionDays: number;
  /** `disposable`: destroying the stack also deletes the logs. */
  readonly protection: Protection;
}

/**
 * A bucket for AWS log delivery: access logs of distributions, flow logs of the accelerator. Encrypted with S3's own
 * keys. A {@link PrivateBucket}.
 */
export class DeliveredLogBucket extends Construct {
  readonly bucketName: string;
  readonly arn: string;
  /** Resources that must exist before a service may log here: AWS tests a write at once. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, { name, accountId, retentionDays, protection }: DeliveredLogBucketProps) {
    super(scope, id);
    const delivery = {
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
    } as const;
    const { bucket, policy } = new PrivateBucket(this, 'Logs', {
      name,
      retentionDays,
      noncurrentRetentionDays: 7,
      protection,
      statements: [
        {
          Sid: 'LogDelivery',
          ...delivery,
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${name}/*`,
          Condition: { StringEquals: { 'aws:SourceAccount': accountId, 's3:x-amz-acl': 'bucket-owner-full-control' } },
        },
        {
          Sid: 'LogDeliveryLooks',
          ...delivery,
          Action: ['s3:GetBucketAcl', 's3:ListBucket'],
          Resource: `arn:aws:s3:::${name}`,
          Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ],
    });
    waive(bucket, {
      CKV_AWS_18: 'it holds access logs itself; CloudTrail can log its readers without another bucket',
      CKV_AWS_144:
        'logs are not replicated: nothing is restored from them, and delivery waits while their region is lost',
    });
    this.bucketName = bucket.id;
    this.arn = bucket.arn;
    this.ready = policy;
  }
}
