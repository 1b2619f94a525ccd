import type { OrganisationSettings } from './organisation';
import type { Problem } from './problem';
import type { RegionSettings } from './region';

/** Everything that people wrote, for the checks. */
export interface SettingsInput {
  readonly settings: OrganisationSettings;
  readonly regions: readonly RegionSettings[];
  /** Keys of the regions in `shared/regions.ts`, which shared and global projects use. */
  readonly listedRegions?: readonly string[];
  /** Key of the region that `global/home.ts` exports, which global stacks use; undefined if it exports none. */
  readonly homeOfStacks?: string | undefined;
  /** Every folder of the workspace that people work in, with `/` between segments: `region-us`, `region-us/vpc`. */
  readonly folders: readonly string[];
  /** Files of the settings and of each region. Default: `infra.config.ts`, `region-<key>/region.ts`. */
  readonly sources?: { readonly settings: string; readonly regions: readonly string[] };
}

/** One topic's check: pure, finds every problem. */
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

/** Items with a duplicate `key`, each with the first item of that key. */
export function repeated<T>(items: readonly T[], key: (item: T) => unknown): [item: T, first: T][] {
  const firsts = new Map<unknown, T>();
  return items.flatMap((item) => {
    const first = firsts.get(key(item));
    if (first !== undefined) return [[item, first] as [T, T]];
    firsts.set(key(item), item);
    return [];
  });
}
