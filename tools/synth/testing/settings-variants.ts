import type { NetworkBalancerSettings } from '@platform/libs/settings/application';
import type { CacheSettings, TableSettings } from '@platform/libs/settings/data-stores';
import type { EnvironmentSettings, OrganisationSettings } from '@platform/libs/settings/organisation';

const cache: CacheSettings = {
  writers: 'per-region',
  objective: { rpo: 'everything', rtoSec: 0 },
  engine: 'valkey',
  engineVersion: '8.0',
  nodeType: 'cache.r7g.large',
  replicas: 1,
  snapshotRetentionDays: 1,
  snapshotWindow: '16:00-17:00',
  maintenanceWindow: 'sun:18:00-sun:19:00',
};

const networkBalancer: NetworkBalancerSettings = {
  listeners: { tls: { protocol: 'TCP', port: 443, targetPort: 8443 } },
};

/**
 * The settings as they are, and with everything that a setting beside level and mode may leave out: what reads state
 * only then has its edge in the project graph all the time.
 */
export function settingsVariants(settings: OrganisationSettings): OrganisationSettings[] {
  const everything = (each: EnvironmentSettings): EnvironmentSettings => ({
    ...each,
    dataStores: { ...each.dataStores, cache },
    application: { ...each.application, networkBalancer },
    privateLink: { ...each.privateLink, offer: { allowedPrincipals: ['arn:aws:iam::999999999999:root'] } },
  });
  return [settings, withEnvironments(settings, everything)];
}

/** With everything that settings may leave out, and with the other choice where they have two. */
export function otherChoices(settings: OrganisationSettings): OrganisationSettings {
  const [, everything] = settingsVariants(settings);
  return withEnvironments(everything!, otherwise);
}

function otherwise(environment: EnvironmentSettings): EnvironmentSettings {
  const {
    instances: _,
    writeForwarding: __,
    enforcedRpoSec: ___,
    ...database
  } = environment.dataStores.database as unknown as Record<string, unknown>;
  const tables = Object.entries(environment.dataStores.tables).map(([name, table]): [string, TableSettings] => [
    name,
    { ...table, capacity: { minUnits: 5, maxUnits: 50, targetPercent: 70 } },
  ]);
  return {
    ...environment,
    state: { ...environment.state, locking: 's3-and-dynamodb' },
    edge: { ...environment.edge, zone: { ...environment.edge.zone, signing: 'signed' } },
    dataStores: {
      ...environment.dataStores,
      tables: Object.fromEntries(tables),
      database: {
        ...database,
        engine: 'rds-postgresql',
        storageGib: 100,
        storageLimitGib: 500,
      } as unknown as EnvironmentSettings['dataStores']['database'],
    },
  };
}

function withEnvironments(
  settings: OrganisationSettings,
  change: (environment: EnvironmentSettings) => EnvironmentSettings,
): OrganisationSettings {
  const environments = Object.entries(settings.environments).map(([name, each]) => [name, change(each)] as const);
  return { ...settings, environments: Object.fromEntries(environments) };
}
