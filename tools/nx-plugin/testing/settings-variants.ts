import type { CacheSettings } from '@platform/libs/settings/data-stores';
import type { EnvironmentSettings, OrganisationSettings } from '@platform/libs/settings/organisation';

const cache: CacheSettings = {
  engine: 'valkey',
  engineVersion: '8.0',
  nodeType: 'cache.r7g.large',
  replicas: 1,
  snapshotRetentionDays: 1,
  snapshotWindow: '16:00-17:00',
  maintenanceWindow: 'sun:18:00-sun:19:00',
};

/**
 * The settings as they are, and with everything that a setting beside level and mode may leave out: what reads state
 * only then has its edge in the project graph all the time.
 */
export function settingsVariants(settings: OrganisationSettings): OrganisationSettings[] {
  return [settings, withEnvironments(settings, (each) => ({ ...each, dataStores: { ...each.dataStores, cache } }))];
}

function withEnvironments(
  settings: OrganisationSettings,
  change: (environment: EnvironmentSettings) => EnvironmentSettings,
): OrganisationSettings {
  const environments = Object.entries(settings.environments).map(([name, each]) => [name, change(each)] as const);
  return { ...settings, environments: Object.fromEntries(environments) };
}
