import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance';
import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import { Construct } from 'constructs';
import { storeTags } from '@platform/libs/data/store-tags';
import { passwordOf } from '@platform/libs/data/write-only-password';
import { waiveRetention } from '@platform/libs/observability/log-retention';
import type { AuroraGlobalSettings } from '@platform/libs/settings/database';
import { slotOf } from '@platform/libs/settings/window';
import { waive } from '@platform/libs/stack/waive';
import { databasePort, type DatabaseMember, type DatabaseMemberProps } from './database-member';
import { clusterParameters, instanceParameters, majorVersion, parameterFamily } from './engine-parameters';
import { MemberAlarms } from './member-alarms';
import { MonitoringRole } from './monitoring-role';
import { namedAtCreation, remainsOf } from './remains';

export interface AuroraMemberProps extends DatabaseMemberProps<AuroraGlobalSettings> {
  readonly globalClusterId: string;
  /** AWS region of the `primary` region's member, the source of a standby's data when it is created. */
  readonly sourceAwsRegion: string;
  /** Number of instances in this region: `instanceCount()`. 0 keeps the storage only. */
  readonly instances: number;
}

/**
 * Arguments that AWS changes in a switchover or failover, and arguments that apply at creation only. A plan that
 * changes one would detach, promote or replace the member (provider issues 28187, 34203, 39368, 42919). The version
 * follows the global cluster.
 */
const movedByAws = [
  'global_cluster_identifier',
  'replication_source_identifier',
  'source_region',
  'engine_version',
  'database_name',
  'master_username',
  'master_password_wo',
  'master_password_wo_version',
  'availability_zones',
];

/**
 * One region's Aurora PostgreSQL cluster, a member of the global cluster. Its configuration is the same in every region
 * and role, except that only the region that is created first gets the administrator's password. Nothing names the
 * writer.
 *
 * Encrypted with the region's key, TLS only, IAM sign-in, Performance Insights (7 days), enhanced monitoring every
 * minute, log in CloudWatch, and alarms.
 *
 * A cluster has up to 15 readers beside its writer, in the writer's region one less for each other region (Aurora user
 * guide, "Configuration requirements of an Amazon Aurora global database").
 */
export class AuroraMember extends Construct implements DatabaseMember {
  readonly clusterEndpoint: string;
  readonly readerEndpoint: string;
  readonly memberArn: string;
  readonly memberIdentifier: string;
  readonly resourceId: string;

  constructor(scope: Construct, id: string, props: AuroraMemberProps) {
    super(scope, id);
    const { name, settings, kmsKeyArn } = props;
    const subnetGroup = new DbSubnetGroup(this, 'SubnetGroup', {
      name,
      description: `Data subnets for ${name}`,
      subnetIds: props.subnetIds,
    });
    const family = parameterFamily(settings);
    const groupName = `${name}-${majorVersion(settings.engineVersion)}`;
    const clusterGroup = new RdsClusterParameterGroup(this, 'ClusterParameters', {
      name: groupName,
      description: `Cluster parameters of ${name}`,
      family,
      parameter: clusterParameters(props.role === 'primary' ? settings : {}),
      lifecycle: { createBeforeDestroy: true },
    });
    const instanceGroup = new DbParameterGroup(this, 'InstanceParameters', {
      name: groupName,
      description: `Instance parameters of ${name}`,
      family,
      parameter: instanceParameters(),
      lifecycle: { createBeforeDestroy: true },
    });
    const log = new CloudwatchLogGroup(this, 'Log', {
      name: `/aws/rds/cluster/${name}/postgresql`,
      retentionInDays: settings.logRetentionDays,
      kmsKeyId: kmsKeyArn,
    });
    waiveRetention(log, settings.logRetentionDays);
    const applyImmediately = props.applyChanges === 'now';
    const protectedFromDeletion = settings.protection === 'protected';
    const cluster = new RdsCluster(this, 'Cluster', {
      clusterIdentifier: name,
      globalClusterIdentifier: props.globalClusterId,
      engine: 'aurora-postgresql',
      engineVersion: settings.engineVersion,
      ...(props.role === 'primary'
        ? {
            databaseName: settings.databaseName,
            masterUsername: settings.masterUsername,
            masterPasswordWo: passwordOf(this, 'DatabaseAdministrator', props.secretArn),
            masterPasswordWoVersion: 1,
          }
        : {
            // An encrypted member in another region needs a request that is signed for the source region: "pre-signed
            // URL has to be specified" (RDS API reference, "CreateDBCluster"). The SDK signs it if it knows that
            // region.
            sourceRegion: props.sourceAwsRegion,
          }),
      enableGlobalWriteForwarding: settings.writeForwarding === 'on',
      iamDatabaseAuthenticationEnabled: true,
      port: databasePort,
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [props.securityGroupId],
      dbClusterParameterGroupName: clusterGroup.name,
      storageEncrypted: true,
      kmsKeyId: kmsKeyArn,
      backupRetentionPeriod: settings.backupRetentionDays,
      preferredBackupWindow: settings.backupWindow,
      preferredMaintenanceWindow: slotOf(props.maintenanceWindow, 0),
      applyImmediately,
      copyTagsToSnapshot: true,
      deletionProtection: protectedFromDeletion,
      ...remainsOf(name, settings),
      enabledCloudwatchLogsExports: ['postgresql'],
      tags: storeTags(settings),
      lifecycle: { ignoreChanges: [...movedByAws, namedAtCreation] },
      // Otherwise RDS creates the log group, without a key or a retention.
      dependsOn: [log],
    });

    waive(cluster, {
      CKV2_AWS_8: `the cluster has continuous backups of ${settings.backupRetentionDays} days, and the other region has a copy`,
    });

    if (!protectedFromDeletion)
      waive(cluster, { CKV_AWS_139: 'its environment is disposable: a destroy needs no second apply' });

    const monitoringRole = new MonitoringRole(this, 'Monitoring', { name: `${name}-monitoring` });
    for (let index = 0; index < props.instances; index++) {
      const instance = new RdsClusterInstance(this, `Instance${String.fromCharCode(65 + index)}`, {
        identifier: `${name}-${String.fromCharCode(97 + index)}`,
        clusterIdentifier: cluster.id,
        engine: 'aurora-postgresql',
        engineVersion: settings.engineVersion,
        instanceClass: settings.instanceClass,
        // Without one of its own, AWS picks a random window per instance (RDS API reference, CreateDBInstance,
        // PreferredMaintenanceWindow).
        preferredMaintenanceWindow: slotOf(props.maintenanceWindow, index + 1),
        applyImmediately,
        // Equal tiers: Aurora picks the writer; the configuration does not.
        promotionTier: 1,
        dbSubnetGroupName: subnetGroup.name,
        dbParameterGroupName: instanceGroup.name,
        publiclyAccessible: false,
        caCertIdentifier: 'rds-ca-rsa2048-g1',
        // Members of a global cluster must have one version; the global cluster upgrades them.
        autoMinorVersionUpgrade: false,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: kmsKeyArn,
        performanceInsightsRetentionPeriod: 7,
        monitoringInterval: 60,
        monitoringRoleArn: monitoringRole.arn,
        copyTagsToSnapshot: true,
        tags: storeTags(settings),
        // Aurora places each instance in a zone of the subnets: this account can have other names for the zones than the
        // one that shares the subnets, and RDS takes names only (RDS API reference, CreateDBInstance:
        // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html). Earlier instances keep
        // the zone that they were created with: another one would replace them.
        lifecycle: { ignoreChanges: ['engine_version', 'availability_zone'] },
      });
      waive(instance, {
        CKV_AWS_226: 'members must have one version: the global cluster upgrades all of them',
      });
    }
    new MemberAlarms(this, 'Alarms', {
      dimensions: { DBClusterIdentifier: cluster.clusterIdentifier },
      settings,
      alarms: props.alarms,
    });

    this.clusterEndpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.memberArn = cluster.arn;
    this.memberIdentifier = cluster.clusterIdentifier;
    this.resourceId = cluster.clusterResourceId;
  }
}
