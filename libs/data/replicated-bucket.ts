import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration';
import { Construct } from 'constructs';
import type { BucketSettings } from '@platform/libs/settings/data-stores';
import { websiteStatement } from './bucket-policy';
import { PrivateBucket } from './private-bucket';
import type { RegionalDataKey } from './regional-data-key';
import { replicationPolicy } from './replication-policy';
import { storeTags } from './store-tags';

export interface BucketCopy extends RegionalDataKey {
  readonly name: string;
  /** Bucket of this region for the access log. */
  readonly accessLogBucket: string;
}

export interface ReplicatedBucketProps {
  readonly settings: BucketSettings;
  /** One bucket per region. */
  readonly copies: readonly BucketCopy[];
  /** Account whose distributions read a `website`. */
  readonly distributionAccountId: string;
}

/**
 * A bucket per region, each replicated to all others: objects, delete markers and tag changes, encrypted with the key
 * of the destination region. Replication is asynchronous: 99.9 % within 15 minutes with replication time control (S3
 * service level agreement), otherwise without a guarantee. Objects that existed before the rule are not replicated (use
 * S3 Batch Replication), and permanently deleted versions stay in the other regions.
 *
 * A bucket has at most 1,000 rules (S3 user guide, "Replication configuration file elements"). Storage and requests are
 * billed once per region, plus transfer between regions and replication time control.
 */
export class ReplicatedBucket extends Construct {
  constructor(scope: Construct, id: string, props: ReplicatedBucketProps) {
    super(scope, id);
    const { settings, copies } = props;
    const buckets = copies.map((copy) => {
      const bucket = new PrivateBucket(this, `Copy-${copy.region.key}`, {
        name: copy.name,
        kmsKeyArn: copy.key.arn,
        noncurrentRetentionDays: settings.noncurrentRetentionDays,
        protection: settings.protection,
        accessLogBucket: copy.accessLogBucket,
        statements: settings.serves === 'website' ? [websiteStatement(copy.name, props.distributionAccountId)] : [],
        tags: storeTags(settings),
        ...(copy.provider ? { provider: copy.provider } : {}),
      });
      return { copy, bucket };
    });
    for (const source of buckets) {
      const others = buckets.filter((other) => other !== source);
      if (others.length > 0) this.replicate(settings, source, others);
    }
  }

  private replicate(settings: BucketSettings, { copy, bucket }: Replica, others: readonly Replica[]): void {
    const provider = copy.provider ? { provider: copy.provider } : {};
    const scope = new Construct(this, `Replication-${copy.region.key}`);
    const role = new IamRole(scope, 'Role', {
      name: `${copy.name}-replication`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    const policy = new IamRolePolicy(scope, 'Policy', {
      name: 'replicate',
      role: role.id,
      policy: JSON.stringify(
        replicationPolicy(
          copy,
          others.map((other) => other.copy),
        ),
      ),
    });
    const minutes = settings.replicationTimeControl === 'on' ? { minutes: 15 } : undefined;
    new S3BucketReplicationConfigurationA(scope, 'Configuration', {
      ...provider,
      bucket: bucket.bucket.id,
      role: role.arn,
      rule: others.map((other, index) => ({
        id: `to-${other.copy.region.key}`,
        priority: index + 1,
        status: 'Enabled',
        filter: { prefix: '' },
        deleteMarkerReplication: { status: 'Enabled' },
        sourceSelectionCriteria: {
          replicaModifications: { status: 'Enabled' },
          sseKmsEncryptedObjects: { status: 'Enabled' },
        },
        destination: {
          bucket: other.bucket.bucket.arn,
          encryptionConfiguration: { replicaKmsKeyId: other.copy.key.arn },
          metrics: { status: 'Enabled', ...(minutes ? { eventThreshold: minutes } : {}) },
          ...(minutes ? { replicationTime: { status: 'Enabled', time: minutes } } : {}),
        },
      })),
      dependsOn: [policy, bucket.versioning, ...others.map((other) => other.bucket.versioning)],
    });
    for (const other of others) addReplicationAlarms(settings, copy, other.copy);
  }
}

/**
 * Each alarm is in the region where S3 publishes its metric: pending objects and lag in the destination's region,
 * failures in the source's (S3 user guide, "Using S3 Replication metrics"). In another region the alarm has no data.
 */
function addReplicationAlarms(settings: BucketSettings, from: BucketCopy, to: BucketCopy): void {
  const id = `${from.name}-${to.region.key}`;
  const metric = {
    namespace: 'AWS/S3',
    dimensions: { SourceBucket: from.name, DestinationBucket: to.name, RuleId: `to-${to.region.key}` },
    periodSec: 300,
  };
  to.alarms.add(`ReplicationLag-${id}`, {
    description: `Objects of ${from.name} reach ${to.name} later than its RPO of ${settings.objective.rpoSec} s allows`,
    metric: { ...metric, metricName: 'ReplicationLatency', statistic: 'Maximum' },
    above: settings.objective.rpoSec,
    periods: 2,
  });
  from.alarms.add(`ReplicationFailed-${id}`, {
    description: `Objects of ${from.name} were not copied to ${to.name} and will not be: look at the rights of the replication role, then copy them with S3 Batch Replication`,
    metric: { ...metric, metricName: 'OperationsFailedReplication', statistic: 'Sum' },
    above: 0,
  });
}

interface Replica {
  readonly copy: BucketCopy;
  readonly bucket: PrivateBucket;
}
