import { includesLevel } from '@platform/libs/settings/adoption';
import type { AuroraGlobalSettings } from '@platform/libs/settings/database';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';

/**
 * Number of instances of a region's Aurora member. In `active-active` every region serves. In `active-passive` a
 * standby serves from level `local-reads`; below, it only has to be ready to take over. Going up a level, or swapping
 * the roles, never removes an instance from a region that serves.
 */
export function instanceCount(
  standing: RegionSettings['standing'],
  { level, mode }: Pick<Environment, 'level' | 'mode'>,
  { serving, waiting }: AuroraGlobalSettings['instances'],
): number {
  const serves = standing === 'primary' || mode === 'active-active' || includesLevel(level, 'local-reads');
  return serves ? serving : Math.min(waiting, serving);
}
