import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { Construct } from 'constructs';
import { storeTags } from '@platform/libs/data/store-tags';
import { passwordOf } from '@platform/libs/data/write-only-password';
import { waiveRetention } from '@platform/libs/observability/log-retention';
import type { RdsPostgresqlSettings } from '@platform/libs/settings/database';
import { waive } from '@platform/libs/stack/waive';
import { databasePort, type DatabaseMember, type DatabaseMemberProps } from './database-member';
import { clusterParameters, instanceParameters, majorVersion, parameterFamily } from './engine-parameters';
import { MemberAlarms } from './member-alarms';
import { MonitoringRole } from './monitoring-role';
import { namedAtCreation, remainsOf } from './remains';

export interface PostgresInstanceProps extends DatabaseMemberProps<RdsPostgresqlSettings> {
  /** ARN of the instance to replicate, in a region that is not created first. */
  readonly replicationSourceArn: string;
}

/**
 * Arguments that a promotion changes, and arguments that apply at creation only. A plan that changes one would promote
 * or replace an instance.
 */
const movedByAws = ['replicate_source_db', 'db_name', 'username', 'password_wo', 'password_wo_version'];

/**
 * One region's RDS for PostgreSQL instance over two zones; a cross-region read replica in a region that is not created
 * first. Replication is asynchronous without a bound. A promotion is manual and ends the replication, so going back
 * needs a new replica (RDS user guide, "Working with read replicas"). The reader endpoint is the instance's own.
 *
 * An instance has up to 15 read replicas (RDS user guide, "Quotas and constraints for Amazon RDS").
 */
export class PostgresInstance extends Construct implements DatabaseMember {
  readonly clusterEndpoint: string;
  readonly readerEndpoint: string;
  readonly memberArn: string;
  readonly memberIdentifier: string;
  readonly resourceId: string;

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id);
    const { name, settings, kmsKeyArn } = props;
    const subnetGroup = new DbSubnetGroup(this, 'SubnetGroup', {
      name,
      description: `Data subnets for ${name}`,
      subnetIds: props.subnetIds,
    });
    const parameterGroup = new DbParameterGroup(this, 'Parameters', {
      name: `${name}-${majorVersion(settings.engineVersion)}`,
      description: `Parameters of ${name}`,
      family: parameterFamily(settings),
      parameter: [...clusterParameters({}), ...instanceParameters()],
      lifecycle: { createBeforeDestroy: true },
    });
    const log = new CloudwatchLogGroup(this, 'Log', {
      name: `/aws/rds/instance/${name}/postgresql`,
      retentionInDays: settings.logRetentionDays,
      kmsKeyId: kmsKeyArn,
    });
    waiveRetention(log, settings.logRetentionDays);
    const protectedFromDeletion = settings.protection === 'protected';
    const instance = new DbInstance(this, 'Instance', {
      identifier: name,
      ...(props.role === 'primary'
        ? {
            engine: 'postgres',
            dbName: settings.databaseName,
            username: settings.masterUsername,
            passwordWo: passwordOf(this, 'DatabaseAdministrator', props.secretArn),
            passwordWoVersion: 1,
            allocatedStorage: settings.storageGib,
          }
        : { replicateSourceDb: props.replicationSourceArn }),
      engineVersion: settings.engineVersion,
      instanceClass: settings.instanceClass,
      storageType: 'gp3',
      maxAllocatedStorage: settings.storageLimitGib,
      storageEncrypted: true,
      kmsKeyId: kmsKeyArn,
      multiAz: true,
      port: databasePort,
      publiclyAccessible: false,
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [props.securityGroupId],
      parameterGroupName: parameterGroup.name,
      caCertIdentifier: 'rds-ca-rsa2048-g1',
      iamDatabaseAuthenticationEnabled: true,
      backupRetentionPeriod: settings.backupRetentionDays,
      backupWindow: settings.backupWindow,
      maintenanceWindow: props.maintenanceWindow,
      applyImmediately: props.applyChanges === 'now',
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: false,
      deletionProtection: protectedFromDeletion,
      ...remainsOf(name, settings),
      // RDS makes none of a read replica, and refuses a name
      // (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html). A replica that was promoted leaves one once the settings say `primary`.
      ...(props.role === 'primary' ? {} : { skipFinalSnapshot: true }),
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: kmsKeyArn,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 60,
      monitoringRoleArn: new MonitoringRole(this, 'Monitoring', { name: `${name}-monitoring` }).arn,
      enabledCloudwatchLogsExports: ['postgresql'],
      tags: storeTags(settings),
      lifecycle: { ignoreChanges: [...movedByAws, namedAtCreation] },
      // Otherwise RDS creates the log group, without a key or a retention.
      dependsOn: [log],
    });
    waive(instance, {
      CKV_AWS_226: 'the settings pin its version: the replica must be upgraded first',
    });
    if (!protectedFromDeletion) {
      waive(instance, { CKV_AWS_293: 'its environment is disposable: a destroy needs no second apply' });
    }
    props.alarms.add('Storage', {
      description:
        'The instance has little storage left and did not grow: it is at storageLimitGib, or grew less than six hours ago',
      metric: {
        namespace: 'AWS/RDS',
        metricName: 'FreeStorageSpace',
        dimensions: { DBInstanceIdentifier: instance.identifier },
        statistic: 'Minimum',
        periodSec: 300,
      },
      // Bytes: half of what RDS lets go before it grows
      // (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html).
      below: settings.storageGib * 2 ** 30 * 0.05,
      periods: 3,
    });
    new MemberAlarms(this, 'Alarms', {
      dimensions: { DBInstanceIdentifier: instance.identifier },
      settings,
      alarms: props.alarms,
    });

    this.clusterEndpoint = instance.address;
    this.readerEndpoint = instance.address;
    this.memberArn = instance.arn;
    this.memberIdentifier = instance.identifier;
    this.resourceId = instance.resourceId;
  }
}
