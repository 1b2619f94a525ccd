import type { Environment } from '@platform/libs/settings/environment';
import type { HybridSettings } from '@platform/libs/settings/hybrid';

/** How an environment is joined with the networks outside AWS; nothing where there are none, or where it is not joined with them. */
export function hybridOf({ name, onPremises }: Pick<Environment, 'name' | 'onPremises'>): HybridSettings {
  const connectivity = onPremises?.connectivity ?? {};
  return Object.hasOwn(connectivity, name) ? connectivity[name]! : {};
}
