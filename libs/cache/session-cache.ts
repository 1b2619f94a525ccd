import { ElasticacheParameterGroup } from '@cdktf/provider-aws/lib/elasticache-parameter-group';
import { ElasticacheReplicationGroup } from '@cdktf/provider-aws/lib/elasticache-replication-group';
import { ElasticacheSubnetGroup } from '@cdktf/provider-aws/lib/elasticache-subnet-group';
import { ElasticacheUser } from '@cdktf/provider-aws/lib/elasticache-user';
import { ElasticacheUserGroup } from '@cdktf/provider-aws/lib/elasticache-user-group';
import { Construct } from 'constructs';
import { storeTags } from '@platform/libs/data/store-tags';
import type { Alarms } from '@platform/libs/observability/alarms';
import type { CacheSettings } from '@platform/libs/settings/cache';
import type { DataStoresSettings } from '@platform/libs/settings/data-stores';

/** TCP port of Valkey and Redis. */
export const cachePort = 6379;

export interface SessionCacheProps {
  /** Identifier of the cache: at most 36 letters, digits and hyphens, so that the names of its users fit. */
  readonly name: string;
  readonly settings: CacheSettings;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly kmsKeyArn: string;
  /** Weekly window of the region. */
  readonly maintenanceWindow: string;
  /** When changes that interrupt the cache take effect. */
  readonly applyChanges: DataStoresSettings['applyChanges'];
  readonly alarms: Alarms;
}

/**
 * A Valkey or Redis cache of one region over several zones, for example for sessions. Nothing is replicated to another
 * region: after a failover users sign in again, unless sessions are in a global table.
 *
 * TLS only, encrypted with the region's key. Clients sign in with a short-lived IAM token; there is no password. Nobody
 * can sign in as `default`: with Redis that user is disabled, with Valkey the group has none.
 *
 * A token is valid for at most 15 minutes, and a connection for 12 hours after sign-in (ElastiCache user guide,
 * "Authenticating with IAM").
 */
export class SessionCache extends Construct {
  readonly primaryEndpoint: string;
  readonly readerEndpoint: string;
  readonly username: string;
  readonly userArn: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: SessionCacheProps) {
    super(scope, id);
    const { name, settings } = props;
    const subnetGroup = new ElasticacheSubnetGroup(this, 'SubnetGroup', {
      name,
      description: `Data subnets for ${name}`,
      subnetIds: props.subnetIds,
    });
    const parameterGroup = new ElasticacheParameterGroup(this, 'Parameters', {
      name: `${name}-${settings.engine}-${settings.engineVersion.split('.')[0]}`,
      description: `Parameters of ${name}`,
      family: `${settings.engine}${settings.engineVersion.split('.')[0]}`,
      // Sessions have an expiry: when memory is full, those that expire first are evicted first.
      parameter: [{ name: 'maxmemory-policy', value: 'volatile-ttl' }],
      lifecycle: { createBeforeDestroy: true },
    });
    const user = new ElasticacheUser(this, 'AppUser', {
      // IAM sign-in requires both to be equal.
      userId: `${name}-app`,
      userName: `${name}-app`,
      engine: settings.engine,
      accessString: 'on ~* +@all -@admin -@dangerous',
      authenticationMode: { type: 'iam' },
    });
    const nobody = settings.engine === 'redis' ? [this.switchedOffUser(name)] : [];
    const users = new ElasticacheUserGroup(this, 'Users', {
      userGroupId: name,
      engine: settings.engine,
      userIds: [...nobody, user].map(({ userId }) => userId),
    });
    const nodes = settings.replicas + 1;
    const cache = new ElasticacheReplicationGroup(this, 'Cache', {
      replicationGroupId: name,
      description: `Sessions, ${name}`,
      engine: settings.engine,
      engineVersion: settings.engineVersion,
      nodeType: settings.nodeType,
      port: cachePort,
      numCacheClusters: nodes,
      automaticFailoverEnabled: true,
      // Without names of zones, which differ between accounts: ElastiCache places the nodes in zones of the subnets.
      multiAzEnabled: true,
      parameterGroupName: parameterGroup.name,
      subnetGroupName: subnetGroup.name,
      securityGroupIds: [props.securityGroupId],
      userGroupIds: [users.userGroupId],
      atRestEncryptionEnabled: 'true',
      kmsKeyId: props.kmsKeyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      snapshotRetentionLimit: settings.snapshotRetentionDays,
      snapshotWindow: settings.snapshotWindow,
      maintenanceWindow: props.maintenanceWindow,
      applyImmediately: props.applyChanges === 'now',
      autoMinorVersionUpgrade: 'true',
      tags: storeTags(settings),
      // Earlier caches were created with names of zones.
      lifecycle: { ignoreChanges: ['preferred_cache_cluster_azs'] },
    });
    this.addAlarms(name, nodes, props.alarms);
    this.primaryEndpoint = cache.primaryEndpointAddress;
    this.readerEndpoint = cache.readerEndpointAddress;
    this.username = user.userName;
    this.userArn = user.arn;
    this.arn = cache.arn;
  }

  /**
   * The user `default`, without permissions. A user group of engine redis requires it. A group of engine valkey does
   * not allow it: every user there needs authentication (ElastiCache user guide, "Role-Based Access Control (RBAC)"),
   * and IAM requires equal name and id, which this user cannot have.
   */
  private switchedOffUser(name: string): ElasticacheUser {
    return new ElasticacheUser(this, 'DefaultUser', {
      userId: `${name}-off`,
      userName: 'default',
      engine: 'redis',
      accessString: 'off -@all',
      // The equivalent block is read back under another name, and would show a change in every plan.
      noPasswordRequired: true,
    });
  }

  /** One alarm per metric over all nodes, whose ids are the cache's with a running number. */
  private addAlarms(name: string, nodes: number, alarms: Alarms): void {
    const ids = Array.from({ length: nodes }, (_, index) => `node${index + 1}`);
    const worstOf = (metricName: string) => ({
      expression: `MAX([${ids.join(', ')}])`,
      metrics: Object.fromEntries(
        ids.map((id, index) => [
          id,
          {
            namespace: 'AWS/ElastiCache',
            metricName,
            dimensions: { CacheClusterId: `${name}-${String(index + 1).padStart(3, '0')}` },
            statistic: 'Maximum',
            periodSec: 60,
          },
        ]),
      ),
    });
    alarms.add('Processor', {
      description:
        "A node uses more than 80 % of its engine's processor: take a larger type, or more replicas for reads",
      metric: worstOf('EngineCPUUtilization'),
      above: 80,
      periods: 5,
    });
    alarms.add('Memory', {
      description: 'A node has used more than 80 % of its memory: shorten the life of sessions, or take a larger type',
      metric: worstOf('DatabaseMemoryUsagePercentage'),
      above: 80,
      periods: 5,
    });
    alarms.add('Evictions', {
      description: 'Keys are thrown away for lack of memory: users lose their sessions',
      metric: worstOf('Evictions'),
      above: 0,
      periods: 3,
    });
  }
}
