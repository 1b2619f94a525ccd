import type { Problem } from './problem';
import { byDefault, byProfile, oneOf, section, text, whole, type Settings } from './schema';
import { parseDailyWindow } from './window';

/**
 * By engine: versions with IAM sign-in, the only sign-in used here (ElastiCache user guide, "Authenticating with IAM").
 */
export const cacheVersions = {
  valkey: ['7.2', '8.0', '8.1'],
  redis: ['7.0', '7.1'],
} as const;

export const cacheSchema = section(
  {
    is: 'A cache per region, for sessions and the like. Never replicated: a failover starts with an empty one. Left out: no cache.',
    applies: 'next deploy of `region-*/cache`',
  },
  {
    writers: byDefault(
      oneOf(['per-region'], {
        is: 'Each region writes to its own cache: of one key, regions may hold two values. A statement and no switch.',
      }),
      'per-region',
    ),
    objective: section('What is lost with a region. The cache carries it as tags.', {
      rpo: byDefault(
        oneOf(['everything'], { is: 'All that the cache of the region held. A statement and no switch.' }),
        'everything',
      ),
      rtoSec: whole({
        is: 'Time until a cache takes writes in another region, counted from the decision to fail over. Its own runs already, so 0 is possible.',
        unit: 's',
        from: 0,
        to: 31_536_000,
      }),
    }),
    engine: byDefault(oneOf(['valkey', 'redis'], { is: 'Engine.' }), 'valkey', 'Costs less than Redis OSS.'),
    engineVersion: byDefault(
      text({ is: 'Version of the engine.', limits: 'valkey: 7.2, 8.0, 8.1; redis: 7.0, 7.1' }),
      '8.0',
    ),
    nodeType: byProfile(
      text({
        is: 'Node type.',
        limits: 'such as `cache.r7g.large`',
        applies: 'next deploy; nodes are replaced one after the other',
      }),
      { production: 'cache.r7g.large', development: 'cache.t4g.small' },
    ),
    replicas: byDefault(
      whole({
        is: 'Nodes that can take over from the primary one, each in a zone of its own while there are zones.',
        unit: 'nodes',
        from: 1,
        to: 5,
      }),
      1,
    ),
    snapshotRetentionDays: byDefault(
      whole({ is: 'How long daily snapshots are kept; 0: none are made.', unit: 'days', from: 0, to: 35 }),
      1,
    ),
    snapshotWindow: byDefault(
      text({ is: 'Daily window of snapshots, UTC.', limits: '`hh:mm-hh:mm`, an hour or more' }),
      '16:00-17:00',
    ),
  },
);
/** A cache per region, never replicated. */
export type CacheSettings = Settings<typeof cacheSchema>;

/** The cache of one environment. */
export function checkCache(cache: CacheSettings, at: (path: string) => string): Problem[] {
  const problems: Problem[] = [];
  const here = (path: string, what: string, remedy: string) => problems.push({ where: at(path), what, remedy });
  const versions: readonly string[] = cacheVersions[cache.engine];
  if (!versions.includes(cache.engineVersion)) {
    here(
      '.engineVersion',
      `there is no ${cache.engine} ${cache.engineVersion} with sign-in by IAM`,
      `use one of ${versions.join(', ')}`,
    );
  }
  if (!/^cache\.[a-z]\w*\.\w+$/.test(cache.nodeType)) {
    here('.nodeType', `"${cache.nodeType}" is not a node type`, 'write it as cache.r7g.large');
  }
  const daily = parseDailyWindow(cache.snapshotWindow);
  if (!daily || daily.length < 60) {
    here(
      '.snapshotWindow',
      `"${cache.snapshotWindow}" is not a daily window of an hour or more`,
      'write it as 03:00-04:00, UTC',
    );
  }
  return problems;
}
