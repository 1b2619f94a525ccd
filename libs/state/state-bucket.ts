import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import type { StateSettings } from '@platform/libs/settings/state';
import { waive } from '@platform/libs/stack/waive';

export interface StateBucketProps {
  /** Name of the bucket: see `stateBucketName`. */
  readonly bucketName: string;
  /** Provider of the bucket's region. */
  readonly provider: AwsProvider;
  readonly settings: StateSettings;
  /** Account that owns bucket and key; its IAM policies decide who uses them. */
  readonly accountId: string;
}

/**
 * The bucket for the states of one region: versioned, encrypted with its own key, closed to the public, to plain HTTP,
 * and to writes that request other encryption. Terraform locks by a file in it. Only its own account may use it:
 * Terraform assumes the deploy role there for the state, and another role in the account of the resources.
 *
 * The key is single-region: Terraform's S3 backend refuses the ARN of a multi-region key. An account may have up to
 * 10,000 buckets (S3 user guide, "Bucket quotas").
 *
 * The bucket and its key have `prevent_destroy`, because deleting them loses the states of all stacks.
 */
export class StateBucket extends Construct {
  readonly bucket: S3Bucket;
  readonly key: KmsKey;
  /** Versioning is on before anything that needs it, such as replication. */
  readonly versioning: S3BucketVersioningA;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const { provider, settings } = props;
    const kept = { provider, lifecycle: { preventDestroy: true } };

    this.key = new KmsKey(this, 'Key', {
      ...kept,
      description: `Terraform state in ${props.bucketName}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Owner',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${props.accountId}:root` },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      }),
    });
    new KmsAlias(this, 'KeyAlias', { provider, name: `alias/${props.bucketName}`, targetKeyId: this.key.keyId });

    this.bucket = new S3Bucket(this, 'Bucket', { ...kept, bucket: props.bucketName });
    waive(this.bucket, {
      CKV2_AWS_62: 'no consumer needs notifications of new states',
      CKV_AWS_18: 'a bucket for its log would have to exist before the first state; CloudTrail logs readers of states',
    });
    const bucket = this.bucket.id;
    this.versioning = new S3BucketVersioningA(this, 'Versioning', {
      provider,
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
      provider,
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: this.key.arn },
          bucketKeyEnabled: true,
        },
      ],
    });
    new S3BucketOwnershipControls(this, 'Ownership', {
      provider,
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    const closed = new S3BucketPublicAccessBlock(this, 'PublicAccess', {
      provider,
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketPolicy(this, 'Policy', {
      provider,
      bucket,
      dependsOn: [closed],
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [onlyEncryptedTransport(props.bucketName), onlyKeysOfKms(props.bucketName)],
      }),
    });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      provider,
      bucket,
      dependsOn: [this.versioning],
      rule: [
        {
          id: 'old-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [
            { noncurrentDays: settings.oldVersionDays, newerNoncurrentVersions: settings.oldVersionsKept },
          ],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
    });
    if (settings.locking === 's3-and-dynamodb') {
      // No deletion protection: its content matters only while a run is active, and removing it is one deploy of this
      // stack.
      new DynamodbTable(this, 'LockTable', {
        provider,
        name: props.bucketName,
        billingMode: 'PAY_PER_REQUEST',
        hashKey: 'LockID',
        attribute: [{ name: 'LockID', type: 'S' }],
        serverSideEncryption: { enabled: true, kmsKeyArn: this.key.arn },
        pointInTimeRecovery: { enabled: true },
      });
    }
  }
}

function onlyEncryptedTransport(bucketName: string): object {
  return {
    Sid: 'OnlyEncryptedTransport',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${bucketName}`, `arn:aws:s3:::${bucketName}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/**
 * Denies writes that request S3's own keys, as Terraform's backend does with `encrypt` and no key: they would bypass
 * the bucket's key. Writes without a request, like all of ours, get that key.
 */
function onlyKeysOfKms(bucketName: string): object {
  const header = 's3:x-amz-server-side-encryption';
  return {
    Sid: 'OnlyKeysOfKms',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${bucketName}/*`,
    Condition: { Null: { [header]: 'false' }, StringNotEquals: { [header]: 'aws:kms' } },
  };
}
