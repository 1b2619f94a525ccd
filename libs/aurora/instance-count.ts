import { includesLevel, type AdoptionLevel } from '@platform/libs/settings/adoption';
import type { AuroraGlobalSettings } from '@platform/libs/settings/data-stores';
import type { RegionSettings } from '@platform/libs/settings/region';

/**
 * How many instances a region's Aurora member has. A standby region serves from level `local-reads` on; before, it only
 * has to be ready to take over. Going up a level, or swapping the standings, never takes an instance away from a region
 * that serves.
 */
export function instanceCount(
  standing: RegionSettings['standing'],
  level: AdoptionLevel,
  { serving, waiting }: AuroraGlobalSettings['instances'],
): number {
  return standing === 'primary' || includesLevel(level, 'local-reads') ? serving : Math.min(waiting, serving);
}
