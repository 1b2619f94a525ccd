import type { BucketCopy } from './replicated-bucket';

type Copy = Pick<BucketCopy, 'name' | 'key' | 'region'>;

/**
 * KMS actions of S3 on the key of a destination bucket: it encrypts the copy (`kms:Encrypt`, S3 user guide,
 * "Replicating encrypted objects"), and with S3 Bucket Keys creates and decrypts the bucket's key (S3 user guide,
 * "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys"). If one is missing, S3 accepts the rule and replicates
 * nothing, without an error.
 */
export const replicaKeyActions = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'] as const;

/** Permissions of S3 to replicate one bucket's objects: read here, write there. */
export function replicationPolicy(source: Copy, destinations: readonly Copy[]) {
  const viaS3 = ({ region }: Copy) => ({ StringEquals: { 'kms:ViaService': `s3.${region.awsRegion}.amazonaws.com` } });
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Source',
        Effect: 'Allow',
        Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
        Resource: `arn:aws:s3:::${source.name}`,
      },
      {
        Sid: 'Read',
        Effect: 'Allow',
        Action: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
        Resource: `arn:aws:s3:::${source.name}/*`,
      },
      {
        Sid: 'Decrypt',
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: source.key.arn,
        Condition: viaS3(source),
      },
      ...destinations.flatMap((destination) => [
        {
          Sid: `Write${capitalised(destination.region.key)}`,
          Effect: 'Allow',
          Action: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
          Resource: `arn:aws:s3:::${destination.name}/*`,
        },
        {
          Sid: `Encrypt${capitalised(destination.region.key)}`,
          Effect: 'Allow',
          Action: [...replicaKeyActions],
          Resource: destination.key.arn,
          Condition: viaS3(destination),
        },
      ]),
    ],
  };
}

function capitalised(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}
