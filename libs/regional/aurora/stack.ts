import type { Construct } from 'constructs';
import { AuroraMember } from '@platform/libs/aurora/aurora-member';
import type { DatabaseContract } from '@platform/libs/aurora/contract';
import { databasePort } from '@platform/libs/aurora/database-member';
import { instanceCount } from '@platform/libs/aurora/instance-count';
import { PostgresInstance } from '@platform/libs/aurora/postgres-instance';
import { ClientAccess } from '@platform/libs/data/client-access';
import { alarmStatement, EncryptionKey, logGroupStatement } from '@platform/libs/data/encryption-key';
import { databaseMemberName } from '@platform/libs/data/names';
import type { RegionalDataContract } from '@platform/libs/data/regional-contract';
import { Alarms } from '@platform/libs/observability/alarms';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';
import type { VpcContract } from '@platform/libs/vpc/contract';

export interface RegionalDatabaseProps extends RegionalStackProps<DatabaseContract> {
  /** Contracts of the region only: the database does not depend on another one. */
  readonly upstream: { readonly vpc: VpcContract; readonly data: RegionalDataContract };
}

/** The region's member of the database, in the data subnets: an Aurora cluster or an RDS instance, as the settings say. */
export class RegionalDatabase extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalDatabaseProps) {
    super(scope, { environment, account: 'workload', ...props });
    const { contract, region } = props;
    const settings = environment.dataStores.database;
    const network = this.read(upstream.vpc);
    const stores = this.read(upstream.data);
    const name = databaseMemberName(environment, region.key);

    const key = new EncryptionKey(this, 'Key', {
      name,
      description: `Database ${name}`,
      accountId: this.accountId,
      statements: [logGroupStatement(this.accountId, region.awsRegion, '/aws/rds/'), alarmStatement(this.accountId)],
    });
    const alarms = new Alarms(this, 'Alarms', { name, accountId: this.accountId, kmsKeyArn: key.arn });
    const access = new ClientAccess(this, 'Access', { name, vpcId: network.vpcId, port: databasePort });
    const placed = {
      name,
      subnetIds: network.dataSubnetIds,
      securityGroupId: access.storeSecurityGroupId,
      kmsKeyArn: key.arn,
      role: region.role,
      maintenanceWindow: region.maintenanceWindow,
      applyChanges: environment.dataStores.applyChanges,
      secretArn: stores.databaseSecretArn,
      alarms,
    };
    const member =
      settings.engine === 'aurora-global'
        ? new AuroraMember(this, 'Database', {
            ...placed,
            settings,
            globalClusterId: stores.globalClusterId,
            sourceAwsRegion: stores.databaseSourceRegion,
            instances: instanceCount(region.role, environment, settings.instances),
          })
        : new PostgresInstance(this, 'Database', {
            ...placed,
            settings,
            replicationSourceArn: stores.replicationSourceArn,
          });

    this.publish(contract, {
      clientSecurityGroupId: access.clientSecurityGroupId,
      clusterEndpoint: member.clusterEndpoint,
      readerEndpoint: member.readerEndpoint,
      port: String(databasePort),
      databaseName: settings.databaseName,
      memberArn: member.memberArn,
      memberIdentifier: member.memberIdentifier,
      resourceId: member.resourceId,
      secretArn: stores.databaseSecretArn,
      alarmTopicArn: alarms.topicArn,
      alarmArns: alarms.arns,
    });
  }
}
