import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import type { Protection } from '@platform/libs/settings/protection';
import { waive } from '@platform/libs/stack/waive';
import { tlsOnlyStatements, type BucketStatement } from './bucket-policy';

export interface PrivateBucketProps {
  /** Name of the bucket, unique across all AWS accounts. */
  readonly name: string;
  /** KMS key for objects without their own. Absent: S3's own keys, the only ones that log delivery supports. */
  readonly kmsKeyArn?: string;
  /** Days until an object expires. Default: never. */
  readonly retentionDays?: number;
  /** Days that overwritten and deleted objects are kept. */
  readonly noncurrentRetentionDays: number;
  readonly protection: Protection;
  /** Bucket of the same region for the access log. Absent only for that bucket itself. */
  readonly accessLogBucket?: string;
  /** Policy statements beside the account's IAM policies. Default: none. */
  readonly statements?: readonly BucketStatement[];
  /** Tags beside the stack's. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Provider of the bucket's region. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * A bucket that is never public: all four public access blocks, owner enforced (no ACLs), versioning, encryption, TLS
 * 1.2 or newer, incomplete uploads removed after a week. An account may have up to 10,000 buckets (S3 user guide,
 * "Bucket quotas").
 */
export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;
  /** S3 refuses replication until both ends are versioned. */
  readonly versioning: S3BucketVersioningA;
  /** Resources that must exist before a service may deliver to the bucket: some services test a write at once. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const provider = props.provider ? { provider: props.provider } : {};
    this.bucket = new S3Bucket(this, 'Bucket', {
      ...provider,
      bucket: props.name,
      forceDestroy: props.protection === 'disposable',
      ...(props.tags ? { tags: props.tags } : {}),
    });
    waive(this.bucket, { CKV2_AWS_62: 'no consumer needs notifications of new objects' });
    if (!props.kmsKeyArn) {
      waive(this.bucket, { CKV_AWS_145: "encrypted with S3's own keys: not every log delivery supports KMS keys" });
    }
    const bucket = this.bucket.id;
    this.versioning = new S3BucketVersioningA(this, 'Versioning', {
      ...provider,
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketOwnershipControls(this, 'Ownership', {
      ...provider,
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    const block = new S3BucketPublicAccessBlock(this, 'PublicAccessBlock', {
      ...provider,
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
      ...provider,
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: props.kmsKeyArn
            ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: props.kmsKeyArn }
            : { sseAlgorithm: 'AES256' },
          // One data key per bucket and time instead of one per object: up to 99 % fewer KMS requests (S3 user guide).
          bucketKeyEnabled: props.kmsKeyArn !== undefined,
        },
      ],
    });
    this.policy = new S3BucketPolicy(this, 'Policy', {
      ...provider,
      bucket,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [...tlsOnlyStatements(props.name), ...(props.statements ?? [])],
      }),
      // Two concurrent writes to the access settings of one bucket conflict.
      dependsOn: [block],
    });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      ...provider,
      bucket,
      rule: [
        {
          id: 'expire',
          status: 'Enabled',
          filter: [{}],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentRetentionDays }],
          expiration: [props.retentionDays ? { days: props.retentionDays } : { expiredObjectDeleteMarker: true }],
        },
      ],
      dependsOn: [this.versioning],
    });
    if (props.accessLogBucket) {
      new S3BucketLoggingA(this, 'AccessLog', {
        ...provider,
        bucket,
        targetBucket: props.accessLogBucket,
        targetPrefix: `${props.name}/`,
      });
    }
  }
}
