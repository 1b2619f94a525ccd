import { region as ap } from '@platform/region-ap/region';
import { region as us } from '@platform/region-us/region';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Every region of the estate, in the order in which they were added. A new region is one more line here. */
export const regions: readonly RegionSettings[] = [us, ap];
