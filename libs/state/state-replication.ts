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
  /** Region of the source: its provider makes the rule, and the rule's address contains its key. */
  readonly sourceRegionKey: string;
  readonly target: StateBucket;
}

/**
 * Replicates every state of one bucket to another region's, under the same keys, so that global stacks can continue
 * from there when the home region is lost. S3 replicates most objects within seconds, and guarantees 15 minutes only
 * with replication time control (S3 user guide, "Replication"); compare serials before you use a copy. Deletions are
 * replicated as delete markers: a released lock stays released, and the state's versions stay.
 *
 * A bucket has at most 1,000 rules (S3 user guide, "Replication configuration file elements").
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
    // The rule belongs to a bucket and so to a region, which is in the id. In the reverse direction it is another
    // resource, and Terraform deletes the old one from the old bucket.
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
