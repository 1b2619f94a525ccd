import { defineContract, map, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's cache. Read them only if the settings have a cache. */
export function cacheContract(region: RegionSettings, name: string) {
  const { key, awsRegion } = region;
  return defineContract({
    stack: `region-${key}-${name}`,
    project: `region-${key}/${name}`,
    stateRegion: region,
    fields: {
      clientSecurityGroupId: text('Security group whose members may connect; join it', 'sg-0eeeeeeeeeeeeeeee'),
      primaryEndpoint: text(
        'DNS name for reads and writes, TLS only',
        `master.example-cache-${key}.0eeeee.${awsRegion}.cache.amazonaws.com`,
      ),
      readerEndpoint: text(
        'DNS name for reads that may be a moment old, TLS only',
        `replica.example-cache-${key}.0eeeee.${awsRegion}.cache.amazonaws.com`,
      ),
      port: text('TCP port', '6379'),
      username: text('User to sign in as, with a token from IAM', `example-cache-app-${key}`),
      userArn: text(
        'ARN that an `elasticache:Connect` policy names for the user',
        `arn:aws:elasticache:${awsRegion}:000000000000:user:example-cache-app-${key}`,
      ),
      replicationGroupArn: text(
        'ARN that an `elasticache:Connect` policy names for the cache',
        `arn:aws:elasticache:${awsRegion}:000000000000:replicationgroup:example-cache-${key}`,
      ),
      alarmTopicArn: text(
        'Topic that the alarms of this stack go to',
        `arn:aws:sns:${awsRegion}:000000000000:example-cache-${key}-alarms`,
      ),
      alarmArns: map('By name: the alarms of this stack', {
        Processor: `arn:aws:cloudwatch:${awsRegion}:000000000000:alarm:example-cache-${key}-processor`,
      }),
    },
  });
}

/** The contract of a region's cache. */
export type CacheContract = ReturnType<typeof cacheContract>;
