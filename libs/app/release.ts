import { includesLevel } from '@platform/libs/settings/adoption';
import {
  colours,
  type ApplicationSettings,
  type CapacitySettings,
  type Colour,
} from '@platform/libs/settings/application';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Weight and sizes of one colour in a region. */
export interface FleetPlan {
  readonly colour: Colour;
  /** Share of the requests, 0–100; both colours add up to 100. */
  readonly weight: number;
  readonly min: number;
  readonly max: number;
}

type InRole = Pick<RegionSettings, 'role'>;
type InEnvironment = Pick<Environment, 'mode' | 'level'>;

/** Sizes of a fleet with requests in this region. */
export function capacityOf(
  environment: InEnvironment,
  { capacity }: Pick<ApplicationSettings, 'capacity'>,
  { role }: InRole,
): CapacitySettings {
  const { active, standby, standbyPercent } = capacity;
  if (environment.mode === 'active-active' || role === 'primary') return active;
  if (includesLevel(environment.level, 'local-reads')) {
    return { min: Math.ceil((active.min * standbyPercent) / 100), max: active.max };
  }
  return (environment.level === 'standby' ? undefined : standby['origin-failover']) ?? standby.standby;
}

/** Weight and sizes of both colours, blue first. */
export function planFleets(environment: InEnvironment, settings: ApplicationSettings, region: InRole): FleetPlan[] {
  const { greenPercent, idleColour } = settings;
  const capacity = capacityOf(environment, settings, region);
  return colours.map((colour) => {
    const weight = colour === 'green' ? greenPercent : 100 - greenPercent;
    const size = weight > 0 || idleColour === 'running' ? capacity : { min: 0, max: 0 };
    return { colour, weight, min: size.min, max: size.max };
  });
}
