/**
 * What is lost for ever where a resource of a type is destroyed. Not here: KMS keys, whose deletion waits for at least
 * seven days and can be called back, and log groups, which nearly every stack has.
 */
export const statefulTypes: Readonly<Record<string, string>> = {
  aws_backup_vault: 'backups',
  aws_cloudwatch_event_archive: 'archived events',
  aws_db_instance: 'a database',
  aws_dx_connection: 'a port, which would be ordered and cabled anew',
  aws_dynamodb_table: 'a table',
  aws_dynamodb_table_replica: 'a copy of a table',
  aws_ebs_volume: 'a disk',
  aws_efs_file_system: 'files',
  aws_elasticache_replication_group: 'a cache with its sessions',
  aws_elasticache_serverless_cache: 'a cache with its sessions',
  aws_kinesis_stream: 'a stream',
  aws_memorydb_cluster: 'a cache with its sessions',
  aws_rds_cluster: 'a database',
  aws_rds_cluster_instance: 'a member of a database',
  aws_rds_global_cluster: 'the bond between the databases of all regions',
  aws_route53_zone: 'a zone: its name servers are never given out again',
  aws_s3_bucket: 'the objects of a bucket',
  aws_secretsmanager_secret: 'a secret',
  aws_sqs_queue: 'messages',
};

/** The project whose stack holds the states of all others. */
export const stateProject = 'global/state';

/** The project whose stack makes the roles that deploy and destroy all others. */
export const accessProject = 'global/access';
