import { entryOf } from '../plan';
import { stateProject, statefulTypes } from '../stateful-types';
import { byField, type ResourceRule, type ReviewedChange, type Sighting } from './rule';

/** Arguments by resource type. */
type Table = Readonly<Record<string, readonly string[]>>;

const each = (table: Table, change: ReviewedChange, look: (path: string) => readonly Sighting[]) =>
  [...(entryOf(table, change.type) ?? []), ...(table['*'] ?? [])].flatMap(look);

/** Types that make copies: without one, the other region has no data. */
const copying: Readonly<Record<string, string>> = {
  aws_s3_bucket_replication_configuration: 'the bucket is not replicated any more',
  aws_dynamodb_table_replica: 'a copy of the table is destroyed',
  aws_rds_cluster_instance: 'an instance that the cluster can fail over to is destroyed',
  aws_elasticache_global_replication_group: 'the caches of the regions are separated',
  aws_db_instance_automated_backups_replication: 'backups are not copied to the other region any more',
};

const replicaCounts: Table = {
  aws_elasticache_replication_group: ['num_cache_clusters', 'replicas_per_node_group', 'num_node_groups'],
  aws_memorydb_cluster: ['num_replicas_per_shard'],
};

const replicaSources: Table = {
  aws_rds_cluster: ['global_cluster_identifier'],
  aws_db_instance: ['replicate_source_db'],
};

const retention: Table = {
  aws_rds_cluster: ['backup_retention_period'],
  aws_db_instance: ['backup_retention_period'],
  aws_docdb_cluster: ['backup_retention_period'],
  aws_neptune_cluster: ['backup_retention_period'],
  aws_elasticache_replication_group: ['snapshot_retention_limit'],
  aws_memorydb_cluster: ['snapshot_retention_limit'],
  aws_redshift_cluster: ['automated_snapshot_retention_period'],
  aws_kinesis_stream: ['retention_period'],
  aws_backup_plan: ['rule.0.lifecycle.0.delete_after'],
  aws_sqs_queue: ['message_retention_seconds'],
  aws_cloudwatch_event_archive: ['retention_days'],
};

const backups: Readonly<Record<string, string>> = {
  aws_backup_plan: 'its backups are not made any more',
  aws_backup_selection: 'what it selects is not backed up any more',
  aws_backup_vault_lock_configuration: 'the backups can be deleted before they expire',
};

const protection: Table = {
  '*': ['deletion_protection', 'deletion_protection_enabled', 'enable_deletion_protection'],
};
const destruction: Table = { '*': ['force_destroy', 'skip_final_snapshot'] };

const encryption: Table = {
  '*': [
    'storage_encrypted',
    'encrypted',
    'at_rest_encryption_enabled',
    'transit_encryption_enabled',
    'server_side_encryption.0.enabled',
    'point_in_time_recovery.0.encrypted',
    'enable_key_rotation',
    'tls_enabled',
    'sqs_managed_sse_enabled',
  ],
};
const keys: Table = {
  '*': ['kms_key_id', 'kms_key_arn', 'kms_master_key_id', 'server_side_encryption.0.kms_key_arn', 'kms_key_identifier'],
};

/** Rules on what may be lost: data, its copies and its backups. */
export const dataRules: readonly ResourceRule[] = [
  {
    id: 'stateful-destroy',
    level: 'block',
    finds: 'a resource that holds data and is destroyed or replaced',
    why: 'What it holds is lost for ever; a replacement starts empty.',
    remedy: 'Keep the resource, move it with a `moved` block, or back it up and waive this rule for its address.',
    source: 'https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle',
    look: (change) => {
      const loses = entryOf(statefulTypes, change.type);
      if (loses === undefined || !change.isDestroyed) return [];
      return [{ what: `is ${change.action === 'replace' ? 'replaced' : 'destroyed'}, which loses ${loses}` }];
    },
  },
  {
    id: 'key-removed',
    level: 'block',
    finds: 'an encryption key that is destroyed, replaced or disabled',
    why: 'Nothing that it encrypts can be read after the waiting period; a disabled key stops every reader at once.',
    remedy: 'Keep the key until all data that it encrypts is encrypted by another or deleted.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
    look: (change) => {
      if (!/^aws_kms_(external_|replica_|replica_external_)?key$/.test(change.type)) return [];
      if (change.isDestroyed) {
        const states = change.project === stateProject ? ' that encrypts the states' : '';
        return [{ what: `is a key${states} and is ${change.action === 'replace' ? 'replaced' : 'destroyed'}` }];
      }
      return [...change.switchedOff('is_enabled'), ...change.switchedOff('enabled')];
    },
  },
  {
    id: 'replica-removed',
    level: 'block',
    finds: 'a replica or its replication that is removed or paused',
    why: 'The other region falls behind from then on, and losing this one loses what was written since.',
    remedy: 'Add the replacement first and let it catch up, then remove this one in a change of its own.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html',
    look: (change) => {
      const gone = entryOf(copying, change.type);
      if (gone !== undefined && change.action === 'delete') return [{ what: `is destroyed: ${gone}` }];
      const regions =
        change.type === 'aws_dynamodb_table' ? change.elementsGone('replica', byField('region_name')) : [];
      const rules =
        change.type === 'aws_s3_bucket_replication_configuration'
          ? change.elementsGone('rule', (rule) =>
              byField('status')(rule) === 'Enabled' ? byField('id')(rule) : undefined,
            )
          : [];
      return [
        ...regions.map((region) => ({ what: `loses its replica in ${region}`, argument: 'replica' })),
        ...rules.map((rule) => ({ what: `does not replicate by its rule "${rule}" any more`, argument: 'rule' })),
        ...each(replicaCounts, change, (path) => change.lowered(path)),
        ...each(replicaSources, change, (path) => change.emptied(path)),
      ];
    },
  },
  {
    id: 'backups-weakened',
    level: 'block',
    finds: 'backups that are kept for less time, or not made any more',
    why: 'An error that is found late can only be repaired from a backup that still exists.',
    remedy: 'Keep the retention, or state in the waiver which other backup covers the same time.',
    source:
      'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html',
    look: (change) => {
      const gone = entryOf(backups, change.type);
      if (gone !== undefined && change.action === 'delete') return [{ what: `is destroyed: ${gone}` }];
      return [
        ...each(retention, change, (path) => change.lowered(path)),
        ...change.switchedOff('point_in_time_recovery.0.enabled'),
      ];
    },
  },
  {
    id: 'versioning-suspended',
    level: 'block',
    finds: "a bucket's versioning that is suspended or not managed any more",
    why: 'Objects that are overwritten or deleted from then on cannot be restored, and replication stops.',
    remedy: 'Keep versioning on; limit its cost by a lifecycle rule for old versions.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
    look: (change) => {
      if (change.type !== 'aws_s3_bucket_versioning') return change.switchedOff('versioning.0.enabled');
      const was = change.before('versioning_configuration.0.status') === 'Enabled';
      if (!was || change.isUnknown('versioning_configuration')) return [];
      if (change.action === 'delete') return [{ what: 'is destroyed, which suspends versioning' }];
      const status = 'versioning_configuration.0.status';
      if (!change.isChanged || change.after(status) === 'Enabled') return [];
      return [{ what: `suspends versioning: status goes ${change.fromTo(status)}`, argument: status }];
    },
  },
  {
    id: 'deletion-protection-removed',
    level: 'warn',
    finds: 'protection against deletion that is switched off',
    why: 'The next mistake in a change or a console deletes the resource without another question.',
    remedy: 'Switch it off only in the change before the one that deletes the resource.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html',
    look: (change) => [
      ...each(protection, change, (path) => change.switchedOff(path)),
      ...each(destruction, change, (path) => change.switchedOn(path)),
    ],
  },
  {
    id: 'encryption-weakened',
    level: 'block',
    finds: 'encryption at rest or in transit that is removed, or a key that is exchanged for one of AWS',
    why: "Data is readable without the organisation's key, and most services cannot encrypt in place afterwards.",
    remedy: 'Keep the encryption and the key.',
    source: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_protect_data_rest_encrypt.html',
    look: (change) => {
      if (change.type === 'aws_s3_bucket_server_side_encryption_configuration') {
        const path = 'rule.0.apply_server_side_encryption_by_default.0.sse_algorithm';
        if (change.action === 'delete') return [{ what: "is destroyed: new objects are encrypted by S3's own key" }];
        const [one, other] = [change.before(path), change.after(path)];
        return change.isChanged && String(one).startsWith('aws:kms') && other === 'AES256'
          ? [{ what: `encrypts by S3's own key: sse_algorithm goes ${change.fromTo(path)}`, argument: path }]
          : [];
      }
      const lowersTls = /listener$/.test(change.type) && ['HTTPS', 'TLS'].includes(String(change.before('protocol')));
      return [
        ...each(encryption, change, (path) => change.switchedOff(path)),
        ...each(keys, change, (path) => change.emptied(path)),
        ...(lowersTls && change.isChanged && ['HTTP', 'TCP'].includes(String(change.after('protocol')))
          ? [{ what: `accepts unencrypted traffic: protocol goes ${change.fromTo('protocol')}`, argument: 'protocol' }]
          : []),
      ];
    },
  },
];
