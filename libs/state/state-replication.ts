import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration';
import { Construct } from 'constructs';
import { replicaKeyActions } from '@platform/libs/data/replication-policy';
import type { StateBucket } from './state-bucket';

export interface StateReplicationProps {
  /** Name of the role that S3 assumes; unique in the account. */
  readonly roleName: string;
  readonly source: StateBucket;
  /** Region of the source, by whose provider the rule is made, and by which its address is told from another's. */
  readonly sourceRegionKey: string;
  readonly target: StateBucket;
}

/**
 * Copies every state of one bucket into another region's, under the same keys, so that global stacks can go on from there
 * when the home region is lost. S3 copies most objects within seconds and commits to 15 minutes only with replication time
 * control (S3 user guide, "Replication"); compare serials before you trust a copy. Deletions are copied as delete markers: a
 * lock that was released stays released, and the state's versions stay.
 *
 * Costs less than $1 a month: files of some hundred kB, $0.02 per GB between regions and $0.023 to keep (list prices, US East,
 * check). A bucket has 1,000 rules at most (S3 user guide, "Replication configuration file elements").
 */
export class StateReplication extends Construct {
  constructor(scope: Construct, id: string, { roleName, source, sourceRegionKey, target }: StateReplicationProps) {
    super(scope, id);
    const role = new IamRole(this, 'Role', {
      name: roleName,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    new IamRolePolicy(this, 'RolePolicy', {
      role: role.id,
      name: 'replicate-state',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
            Resource: source.bucket.arn,
          },
          {
            Effect: 'Allow',
            Action: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
            Resource: `${source.bucket.arn}/*`,
          },
          {
            Effect: 'Allow',
            Action: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
            Resource: `${target.bucket.arn}/*`,
          },
          { Effect: 'Allow', Action: 'kms:Decrypt', Resource: source.key.arn },
          { Effect: 'Allow', Action: [...replicaKeyActions], Resource: target.key.arn },
        ],
      }),
    });
    // The rule belongs to a bucket, and so to a region, which the id names: turned around, it is another resource, and S3
    // is asked for the old one where the old bucket is.
    new S3BucketReplicationConfigurationA(this, `Replication-${sourceRegionKey}`, {
      ...(source.bucket.provider ? { provider: source.bucket.provider } : {}),
      bucket: source.bucket.id,
      role: role.arn,
      dependsOn: [source.versioning, target.versioning],
      rule: [
        {
          id: 'all-states',
          status: 'Enabled',
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Enabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: target.bucket.arn,
            encryptionConfiguration: { replicaKmsKeyId: target.key.arn },
          },
        },
      ],
    });
  }
}
