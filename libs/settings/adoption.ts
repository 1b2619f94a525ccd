/** How much of the architecture is switched on, from the smallest to the whole. Each level includes those before it. */
export const adoptionLevels = ['standby', 'origin-failover', 'local-reads', 'accelerated', 'inspected'] as const;
export type AdoptionLevel = (typeof adoptionLevels)[number];

/** `active-passive`: one region takes traffic; `active-active`: all of them do. */
export const modes = ['active-passive', 'active-active'] as const;
export type Mode = (typeof modes)[number];

/** True when `level` includes everything that `wanted` switches on. */
export function includesLevel(level: AdoptionLevel, wanted: AdoptionLevel): boolean {
  return adoptionLevels.indexOf(level) >= adoptionLevels.indexOf(wanted);
}

/**
 * Name of the contract field by which a stack says which level clients have been led to. One stack of an estate has it, the
 * one that moves them; live plans go no further than one level from there.
 */
export const reachedLevelField = 'reachedLevel';
