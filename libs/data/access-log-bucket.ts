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
  /** Retention of log files in days. */
  readonly retentionDays: number;
  /** Provider of the bucket's region. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * The bucket for access logs of a region's buckets, a {@link PrivateBucket}. It is not replicated. S3 delivers logs
 * within hours and does not guarantee completeness (S3 user guide, "Logging requests with server access logging").
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
      CKV_AWS_144: 'logs are not replicated: they are about their own region, and nothing is restored from them',
    });
    this.name = bucket.id;
  }
}
