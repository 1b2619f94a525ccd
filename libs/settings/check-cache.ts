import { cacheVersions, type CacheSettings } from './data-stores';
import type { Problem } from './problem';
import { parseDailyWindow, parseWeeklyWindow, windowsTouch } from './window';

/** The cache of one environment. */
export function checkCache(cache: CacheSettings, at: (path: string) => string): Problem[] {
  const problems: Problem[] = [];
  const here = (path: string, what: string, remedy: string) => problems.push({ where: at(path), what, remedy });
  if (!(cache.objective.rtoSec >= 0)) {
    here('.objective.rtoSec', `${cache.objective.rtoSec} s is no time`, 'use 0 or more');
  }
  const versions: readonly string[] = cacheVersions[cache.engine];
  if (!versions.includes(cache.engineVersion)) {
    here(
      '.engineVersion',
      `there is no ${cache.engine} ${cache.engineVersion} with sign-in by IAM`,
      `use one of ${versions.join(', ')}`,
    );
  }
  if (!/^cache\.[a-z]\w*\.\w+$/.test(cache.nodeType)) {
    here('.nodeType', `"${cache.nodeType}" is no node type`, 'write it as cache.r7g.large');
  }
  if (!Number.isInteger(cache.replicas) || cache.replicas < 1 || cache.replicas > 5) {
    here('.replicas', `${cache.replicas} nodes cannot take over from the first`, 'use 1 to 5');
  }
  if (
    !Number.isInteger(cache.snapshotRetentionDays) ||
    cache.snapshotRetentionDays < 0 ||
    cache.snapshotRetentionDays > 35
  ) {
    here(
      '.snapshotRetentionDays',
      `ElastiCache cannot keep snapshots for ${cache.snapshotRetentionDays} days`,
      'use 0 to 35',
    );
  }
  const daily = parseDailyWindow(cache.snapshotWindow);
  const weekly = parseWeeklyWindow(cache.maintenanceWindow);
  if (!daily || daily.length < 60) {
    here(
      '.snapshotWindow',
      `"${cache.snapshotWindow}" is no daily window of an hour or more`,
      'write it as 03:00-04:00, UTC',
    );
  }
  if (!weekly || weekly.length < 60 || weekly.length > 24 * 60) {
    here(
      '.maintenanceWindow',
      `"${cache.maintenanceWindow}" is no weekly window of 1 to 24 hours`,
      'write it as sun:05:00-sun:06:00, UTC',
    );
  }
  if (daily && weekly && windowsTouch(daily, weekly)) {
    here(
      '.maintenanceWindow',
      `"${cache.maintenanceWindow}" touches the snapshot window`,
      `keep clear of ${cache.snapshotWindow}`,
    );
  }
  return problems;
}
