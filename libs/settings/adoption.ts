/** How much of the architecture is on, from the smallest level to the whole. Each level includes the ones before it. */
export const adoptionLevels = ['standby', 'origin-failover', 'local-reads', 'accelerated', 'inspected'] as const;
export type AdoptionLevel = (typeof adoptionLevels)[number];

/** `active-passive`: one region takes traffic; `active-active`: all regions do. */
export const modes = ['active-passive', 'active-active'] as const;
export type Mode = (typeof modes)[number];

/** True when `level` includes everything that `wanted` switches on. */
export function includesLevel(level: AdoptionLevel, wanted: AdoptionLevel): boolean {
  return adoptionLevels.indexOf(level) >= adoptionLevels.indexOf(wanted);
}

/**
 * Name of the contract field with the level of the DNS records. One stack of the estate has it, the one with the
 * records; plans with a target go at most one level further.
 */
export const reachedLevelField = 'reachedLevel';
