import { includesLevel } from '@platform/libs/settings/adoption';
import type { AuroraGlobalSettings } from '@platform/libs/settings/database';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';

/**
 * Number of instances of a region's Aurora member. In `active-active` every region is active. In `active-passive` a
 * standby takes reads from level `local-reads`, and counts as active. Going up a level, or swapping
 * the roles, never removes an instance from an active region.
 */
export function instanceCount(
  role: RegionSettings['role'],
  { level, mode }: Pick<Environment, 'level' | 'mode'>,
  { active, standby }: AuroraGlobalSettings['instances'],
): number {
  const isActive = role === 'primary' || mode === 'active-active' || includesLevel(level, 'local-reads');
  return isActive ? active : Math.min(standby, active);
}
