import type { Environment } from '@platform/libs/settings/environment';
import type { HybridSettings } from '@platform/libs/settings/hybrid';

/** An environment's connections to outside networks; undefined if there are none. */
export function hybridOf({ name, onPremises }: Pick<Environment, 'name' | 'onPremises'>): HybridSettings {
  const connectivity = onPremises?.connectivity ?? {};
  return Object.hasOwn(connectivity, name) ? connectivity[name]! : {};
}
