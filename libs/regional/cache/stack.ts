import type { Construct } from 'constructs';
import type { CacheContract } from '@platform/libs/cache/contract';
import { cachePort, SessionCache } from '@platform/libs/cache/session-cache';
import { ClientAccess } from '@platform/libs/data/client-access';
import { alarmStatement, EncryptionKey } from '@platform/libs/data/encryption-key';
import { cacheName } from '@platform/libs/data/names';
import { Alarms } from '@platform/libs/observability/alarms';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';
import type { VpcContract } from '@platform/libs/vpc/contract';

export interface RegionalCacheProps extends RegionalStackProps<CacheContract> {
  /** Contracts of the region: the cache does not depend on another one. */
  readonly upstream: { readonly vpc: VpcContract };
}

/**
 * The region's cache. If the settings have none, the stack is empty: it reads and publishes nothing, and the next
 * deploy destroys an existing cache.
 */
export class RegionalCache extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalCacheProps) {
    super(scope, { environment, account: 'workload', ...props });
    const settings = environment.dataStores.cache;
    if (!settings) return;

    const { contract, region } = props;
    const network = this.read(upstream.vpc);
    const name = cacheName(environment, region.key);
    const key = new EncryptionKey(this, 'Key', {
      name,
      description: `Cache ${name}`,
      accountId: this.accountId,
      statements: [alarmStatement(this.accountId)],
    });
    const alarms = new Alarms(this, 'Alarms', { name, accountId: this.accountId, kmsKeyArn: key.arn });
    const access = new ClientAccess(this, 'Access', { name, vpcId: network.vpcId, port: cachePort });
    const cache = new SessionCache(this, 'Sessions', {
      name,
      settings,
      subnetIds: network.dataSubnetIds,
      securityGroupId: access.storeSecurityGroupId,
      kmsKeyArn: key.arn,
      maintenanceWindow: region.maintenanceWindow,
      applyChanges: environment.dataStores.applyChanges,
      alarms,
    });
    this.publish(contract, {
      clientSecurityGroupId: access.clientSecurityGroupId,
      primaryEndpoint: cache.primaryEndpoint,
      readerEndpoint: cache.readerEndpoint,
      port: String(cachePort),
      username: cache.username,
      userArn: cache.userArn,
      replicationGroupArn: cache.arn,
      alarmTopicArn: alarms.topicArn,
      alarmArns: alarms.arns,
    });
  }
}
