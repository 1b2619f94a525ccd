import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { Construct } from 'constructs';
import type { BucketStatement } from '@platform/libs/data/bucket-policy';
import { PrivateBucket } from '@platform/libs/data/private-bucket';
import type { Protection } from '@platform/libs/settings/protection';
import { waive } from '@platform/libs/stack/waive';

export interface LogBucketProps {
  /** Name of the bucket. */
  readonly name: string;
  readonly accountId: string;
  /** AWS region name. */
  readonly awsRegion: string;
  readonly retentionDays: number;
  /** `disposable`: a destroy also deletes the logs. */
  readonly protection: Protection;
}

/**
 * AWS accounts from which load balancers of older regions deliver logs, for load balancers that do not use the service
 * principal yet (Elastic Load Balancing user guide, "Enable access logs", Regions available before August 2022). A
 * region that is missing here delivers by the service principal.
 */
export const deliveryAccounts: Readonly<Record<string, string>> = {
  'ap-northeast-1': '582318560864',
  'ap-northeast-2': '600734575887',
  'ap-southeast-1': '114774131450',
  'ap-southeast-2': '783225319266',
  'eu-central-1': '054676820928',
  'eu-west-1': '156460612806',
  'us-east-1': '127311923021',
  'us-east-2': '033677994240',
  'us-west-1': '027434742980',
  'us-west-2': '797873946194',
};

/**
 * Bucket for access logs of the region's load balancers, a {@link PrivateBucket}. Encrypted with S3's own key: load
 * balancers cannot deliver to a bucket with a KMS key (same page, "Requirements"). Reads of these logs are not logged
 * here; CloudTrail can log them without another stack.
 */
export class LogBucket extends Construct {
  readonly name: string;
  /** Resources that must exist before a load balancer may log to the bucket: it tests a write at once. */
  readonly ready: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const { bucket, policy } = new PrivateBucket(this, 'Logs', {
      name: props.name,
      retentionDays: props.retentionDays,
      noncurrentRetentionDays: 7,
      protection: props.protection,
      statements: deliveryStatements(props),
    });
    waive(bucket, {
      CKV_AWS_18: 'it holds access logs itself; CloudTrail can log its readers without another bucket',
      CKV_AWS_144: 'logs are not replicated: they are about their own region, and nothing is restored from them',
    });
    this.name = bucket.id;
    this.ready = policy;
  }
}

/**
 * Application load balancers deliver under one principal, network load balancers under another, which also reads the
 * bucket's owner.
 */
function deliveryStatements({ name, accountId, awsRegion }: LogBucketProps): BucketStatement[] {
  const put = {
    Effect: 'Allow',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${name}/*/AWSLogs/${accountId}/*`,
  } as const;
  const fromHere = { 'aws:SourceAccount': accountId };
  const account = deliveryAccounts[awsRegion];
  const networkBalancer = { Service: 'delivery.logs.amazonaws.com' };
  return [
    { ...put, Sid: 'ApplicationBalancer', Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' } },
    ...(account
      ? [{ ...put, Sid: 'ApplicationBalancerByAccount', Principal: { AWS: `arn:aws:iam::${account}:root` } }]
      : []),
    {
      ...put,
      Sid: 'NetworkBalancer',
      Principal: networkBalancer,
      Condition: { StringEquals: { ...fromHere, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
    {
      Sid: 'NetworkBalancerLooks',
      Effect: 'Allow',
      Principal: networkBalancer,
      Action: 's3:GetBucketAcl',
      Resource: `arn:aws:s3:::${name}`,
      Condition: { StringEquals: fromHere },
    },
  ];
}
