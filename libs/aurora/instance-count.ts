import { includesLevel } from '@platform/libs/settings/adoption';
import type { AuroraGlobalSettings } from '@platform/libs/settings/database';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';

/**
 * How many instances a region's Aurora member has. In `active-active` every region serves. Else a standby region serves from
 * level `local-reads` on; before, it only has to be ready to take over. Going up a level, or swapping the standings, never
 * takes an instance away from a region that serves.
 */
export function instanceCount(
  standing: RegionSettings['standing'],
  { level, mode }: Pick<Environment, 'level' | 'mode'>,
  { serving, waiting }: AuroraGlobalSettings['instances'],
): number {
  const serves = standing === 'primary' || mode === 'active-active' || includesLevel(level, 'local-reads');
  return serves ? serving : Math.min(waiting, serving);
}
