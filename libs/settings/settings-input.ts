import type { OrganisationSettings } from './organisation';
import type { Problem } from './problem';
import type { RegionSettings } from './region';

/** Everything that people wrote, as the checks see it. */
export interface SettingsInput {
  readonly settings: OrganisationSettings;
  readonly regions: readonly RegionSettings[];
  /** Keys of the regions in `shared/regions.ts`, which says what shared and global projects know of. */
  readonly listedRegions?: readonly string[];
  /** Every folder of the workspace that people work in, with `/` between segments: `region-us`, `region-us/vpc`. */
  readonly folders: readonly string[];
  /** Files that the settings and each region come from. Default: `infra.config.ts`, `region-<key>/region.ts`. */
  readonly sources?: { readonly settings: string; readonly regions: readonly string[] };
}

/** One topic's check: pure, finds everything that is wrong and stops at nothing. */
export type SettingsCheck = (input: SettingsInput) => Problem[];

/** `infra.config.ts: environments.prod.domain` */
export function inSettings({ sources }: SettingsInput, path: string): string {
  return `${sources?.settings ?? 'infra.config.ts'}: ${path}`;
}

/** `region-us/region.ts: cidrs.prod` */
export function inRegion({ sources, regions }: SettingsInput, region: RegionSettings, path: string): string {
  return `${sources?.regions[regions.indexOf(region)] ?? `region-${region.key}/region.ts`}: ${path}`;
}

/** Names and settings of all environments. */
export function environmentsOf({ settings }: SettingsInput) {
  return Object.entries(settings.environments);
}

/** Items whose `key` another one had before, each with that first one. */
export function repeated<T>(items: readonly T[], key: (item: T) => unknown): [item: T, first: T][] {
  const firsts = new Map<unknown, T>();
  return items.flatMap((item) => {
    const first = firsts.get(key(item));
    if (first !== undefined) return [[item, first] as [T, T]];
    firsts.set(key(item), item);
    return [];
  });
}
