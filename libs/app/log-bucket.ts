import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import type { Protection } from '@platform/libs/settings/data-stores';

export interface LogBucketProps {
  readonly name: string;
  readonly accountId: string;
  /** AWS's word for the region. */
  readonly awsRegion: string;
  readonly retentionDays: number;
  /** `disposable`: a destroy takes the logs along. */
  readonly protection: Protection;
}

/**
 * Accounts from which load balancers of older regions deliver, for balancers that do not use the service's name yet
 * (Elastic Load Balancing user guide, "Enable access logs", Regions available before August 2022). These are
 * AWS's. A region without an account here delivers by the service's name.
 */
const deliveryAccounts: Readonly<Record<string, string>> = {
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
 * Access logs of the region's load balancers. Encrypted by S3's own key: balancers cannot deliver to a bucket with a
 * KMS key (same page, "Requirements"). Costs $0.023 per GB and month (list price, US East, check).
 */
export class LogBucket extends Construct {
  readonly bucket: S3Bucket;
  /** What has to be there before a balancer may be told to log: it tries to write at once. */
  readonly ready: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const { accountId, awsRegion } = props;
    this.bucket = new S3Bucket(this, 'Bucket', {
      bucket: props.name,
      forceDestroy: props.protection === 'disposable',
    });
    const bucket = this.bucket.id;
    new S3BucketOwnershipControls(this, 'Ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    const block = new S3BucketPublicAccessBlock(this, 'PublicAccessBlock', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    new S3BucketVersioningA(this, 'Versioning', { bucket, versioningConfiguration: { status: 'Enabled' } });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket,
      rule: [
        {
          id: 'expire',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          expiration: [{ days: props.retentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: 7 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
    });

    const logs = `${this.bucket.arn}/*/AWSLogs/${accountId}/*`;
    const account = deliveryAccounts[awsRegion];
    const put = (Sid: string, Principal: object, condition: object = {}) => ({
      Sid,
      Effect: 'Allow',
      Principal,
      Action: 's3:PutObject',
      Resource: logs,
      ...condition,
    });
    const fromHere = { 'aws:SourceAccount': accountId };
    this.ready = new S3BucketPolicy(this, 'Policy', {
      bucket,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          put('ApplicationBalancer', { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' }),
          ...(account ? [put('ApplicationBalancerOfAccount', { AWS: `arn:aws:iam::${account}:root` })] : []),
          put(
            'NetworkBalancer',
            { Service: 'delivery.logs.amazonaws.com' },
            { Condition: { StringEquals: { ...fromHere, 's3:x-amz-acl': 'bucket-owner-full-control' } } },
          ),
          {
            Sid: 'NetworkBalancerLooks',
            Effect: 'Allow',
            Principal: { Service: 'delivery.logs.amazonaws.com' },
            Action: 's3:GetBucketAcl',
            Resource: this.bucket.arn,
            Condition: { StringEquals: fromHere },
          },
          {
            Sid: 'TlsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [this.bucket.arn, `${this.bucket.arn}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
      dependsOn: [block],
    });
  }
}
