import type { Construct } from 'constructs';
import { cachePort, SessionCache } from '@platform/libs/cache/session-cache';
import { ClientAccess } from '@platform/libs/data/client-access';
import { alarmStatement, EncryptionKey } from '@platform/libs/data/encryption-key';
import { cacheName } from '@platform/libs/data/names';
import { Alarms } from '@platform/libs/observability/alarms';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { region } from '../region';
import { contract as vpc } from '../vpc/contract';
import { contract } from './contract';

/**
 * This region's cache. Without one in the settings the stack stays, empty: it reads nothing and promises nothing, and a
 * cache that was there before is removed by the next deploy.
 */
export class CacheStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'workload' });
    const settings = environment.dataStores.cache;
    if (!settings) return;

    const network = this.read(vpc);
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
      zones: region.zones,
      subnetIds: network.dataSubnetIds,
      securityGroupId: access.storeSecurityGroupId,
      kmsKeyArn: key.arn,
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
