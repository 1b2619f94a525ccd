import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Protection } from '@platform/libs/settings/protection';
import { waive } from '@platform/libs/stack/waive';
import { accessLogStatement } from './bucket-policy';
import { PrivateBucket } from './private-bucket';

export interface AccessLogBucketProps {
  /** Name of the bucket. */
  readonly name: string;
  /** Account whose buckets log here. */
  readonly accountId: string;
  readonly protection: Protection;
  /** Days that log files are kept. */
  readonly retentionDays: number;
  /** Provider of the bucket's region. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * The bucket that takes the access logs of a region's buckets. Not copied: a log tells of its own region. S3 delivers them
 * within hours and promises no completeness (S3 user guide, "Logging requests with server access logging"). A
 * {@link PrivateBucket}: costs $0.023 per GB, about $2.30 a month for 100 GB (list price, US East, check); delivery is free.
 */
export class AccessLogBucket extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    const { bucket } = new PrivateBucket(this, 'Logs', {
      name: props.name,
      retentionDays: props.retentionDays,
      noncurrentRetentionDays: 7,
      protection: props.protection,
      statements: [accessLogStatement(props.name, props.accountId)],
      ...(props.provider ? { provider: props.provider } : {}),
    });
    waive(bucket, {
      CKV_AWS_144: 'logs are not copied: they tell of their own region, and nothing is restored from them',
    });
    this.name = bucket.id;
  }
}
