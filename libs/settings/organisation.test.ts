import fc from 'fast-check';
import { exampleFolders, exampleOrganisation, exampleRegionsOfBoth } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import { defineOrganisation, type EnvironmentInput, type OrganisationInput } from './organisation';
import { formatProblem } from './problem';

/** The minimum of an environment. */
const least: EnvironmentInput = {
  domain: 'example.com',
  segment: 'prod',
  accounts: { network: '111111111111', workload: '222222222222', edge: '333333333333', management: '444444444444' },
  level: 'origin-failover',
  mode: 'active-passive',
  alarmRecipients: { platform: { email: ['platform@acme.io'] } },
  dataStores: { database: { objective: { rpoSec: 60, rtoSec: 900 } } },
  applications: { app: { releases: { blue: { name: '1.0.0' }, green: { name: '1.0.0' } } } },
};
const { environments: _, deployRole: __, planRole: ___, ...organisation } = exampleOrganisation;
const define = (prod: Partial<EnvironmentInput>, staging: Partial<EnvironmentInput> = {}) =>
  defineOrganisation({
    ...organisation,
    environments: {
      prod: { ...least, ...prod },
      staging: { ...least, profile: 'development', domain: 'staging.example.com', ...staging },
    },
  });
const problemsOf = (settings: ReturnType<typeof define>) =>
  checkSettings({ settings, regions: exampleRegionsOfBoth, folders: exampleFolders }).map(formatProblem);

describe('defaults', () => {
  test('are accepted, in every profile', () => {
    expect(problemsOf(define({}))).toEqual([]);
  });

  test('are those of the profile, and of production if none is named', () => {
    const { prod, staging } = define({}).environments;
    expect([prod.natGateways, prod.applications['app']!.instanceType, prod.edge.protection]).toEqual([
      'per-zone',
      'm7g.large',
      'protected',
    ]);
    expect([staging.natGateways, staging.applications['app']!.instanceType, staging.edge.protection]).toEqual([
      'single',
      't4g.small',
      'disposable',
    ]);
    expect(define({}).deployRole).toBe('platform-deploy');
  });

  test('of named things are those of the profile, too', () => {
    const dataStores = {
      ...least.dataStores,
      buckets: { documents: { objective: { rpoSec: 900, rtoSec: 0 } } },
    };
    const { prod, staging } = define({ dataStores }, { dataStores }).environments;
    expect(prod.dataStores.buckets['documents']).toMatchObject({ serves: 'application', noncurrentRetentionDays: 90 });
    expect(staging.dataStores.buckets['documents']).toMatchObject({ noncurrentRetentionDays: 7 });
  });

  test('apply to values written as undefined, for example by a spread of another object', () => {
    expect(define({ natGateways: undefined } as never).environments.prod.natGateways).toBe('per-zone');
  });
});

describe('written settings', () => {
  test('are merged into objects, and replace lists', () => {
    const { prod } = define({
      edge: { healthCheck: { path: '/ready' }, originFailover: { statusCodes: [503] } },
      privateLink: { services: [] },
    }).environments;
    expect(prod.edge.healthCheck).toEqual({ intervalSec: 10, failureThreshold: 3, path: '/ready' });
    expect(prod.edge.originFailover.statusCodes).toEqual([503]);
    expect(prod.privateLink.services).toEqual([]);
  });

  test('complete a default that is an object', () => {
    const { capacity } = define({
      applications: { app: { ...least.applications['app']!, capacity: { standby: { standby: { min: 4 } } } } },
    }).environments.prod.applications['app']!;
    expect(capacity.standby).toEqual({
      standby: { min: 4, max: 24 },
      'origin-failover': { min: 2, max: 24 },
    });
  });

  test('that may be absent get their defaults if they are written, and do not exist otherwise', () => {
    const with_ = define({ applications: { app: { ...least.applications['app']!, messaging: {} } } }).environments.prod
      .applications['app']!;
    expect(with_.messaging).toEqual({ visibilityTimeoutSec: 120, attempts: 5, archiveDays: 30 });
    const { applications, dataStores } = define({}).environments.prod;
    const application = applications['app']!;
    expect([application.messaging, application.networkBalancer, dataStores.cache]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('choose the engine of the database, and with it its settings', () => {
    const { database } = define({
      dataStores: {
        database: {
          engine: 'rds-postgresql',
          objective: { rpoSec: 60, rtoSec: 900 },
          storageGib: 100,
          storageLimitGib: 500,
        },
      },
    }).environments.prod.dataStores;
    expect(database).toMatchObject({ engine: 'rds-postgresql', backupRetentionDays: 35 });
    expect(database).not.toHaveProperty('instances');
  });

  test('in full are not changed', () => {
    expect(defineOrganisation(exampleOrganisation)).toEqual(exampleOrganisation);
  });
});

describe('a problem', () => {
  test.each<[string, object, string]>([
    [
      'of a mistyped key names the one that was meant',
      { natGateway: 'single' },
      'infra.config.ts: environments.prod.natGateway: there is no such setting; did you mean natGateways? If not, remove it',
    ],
    [
      'of a mistyped key inside is found, too',
      { edge: { healthCheck: { intervallSec: 10 } } },
      'infra.config.ts: environments.prod.edge.healthCheck.intervallSec: there is no such setting; did you mean intervalSec?',
    ],
    [
      'of a key that is like none lists those that there are',
      { edge: { healthCheck: { colour: 10 } } },
      'there is no such setting; remove it; there are intervalSec, failureThreshold, path',
    ],
    [
      'of an unknown engine lists the engines',
      { dataStores: { database: { engine: 'mysql', objective: { rpoSec: 60, rtoSec: 900 } } } },
      'environments.prod.dataStores.database.engine: there is no "mysql"; use one of aurora-global, rds-postgresql',
    ],
    ['of a profile lists the profiles', { profile: 'test' }, 'use one of production, development'],
    [
      'of what has no default says that it is missing',
      { dataStores: { database: {} } },
      'environments.prod.dataStores.database.objective: is missing; add it: an object',
    ],
    [
      'of a default says which profile it is of, where the other value is written',
      { applications: { app: { ...least.applications['app']!, capacity: { active: { min: 30 } } } } },
      'infra.config.ts: environments.prod.applications.app.capacity.active.max (default of profile production): 24 is less than the least number, 30',
    ],
    [
      'of a default that profiles share says so',
      { dataStores: { ...least.dataStores, cache: { engine: 'redis', objective: { rtoSec: 0 } } } },
      'environments.prod.dataStores.cache.engineVersion (default): there is no redis 8.0',
    ],
  ])('%s', (_title, changes, expected) => {
    expect(problemsOf(define(changes)).join('\n')).toContain(expected);
  });

  test('of a written value is named as it is written', () => {
    const problems = problemsOf(define({ edge: { zone: { ttlSec: 0 } } }, { flowLogs: { retentionDays: 31 } }));
    expect(problems).toEqual([
      'infra.config.ts: environments.prod.edge.zone.ttlSec: 0 is out of bounds; use 1–172800 s',
      expect.stringMatching(/^infra\.config\.ts: environments\.staging\.flowLogs\.retentionDays: 31 is not possible; /),
    ]);
  });
});

test('of any type in any place is left for the check to report', () => {
  const paths = [
    'environments',
    'environments.prod',
    'environments.prod.edge',
    'environments.prod.dataStores',
    'owners',
  ];
  const values = fc.constantFrom<unknown>(null, 1, 'x', true, [], [1], [null], { edge: 1 }, Object.create({ a: 1 }));
  fc.assert(
    fc.property(fc.constantFrom(...paths), values, (path, value) => {
      const written = structuredClone({ ...organisation, environments: { prod: least } });
      const keys = path.split('.');
      const last = keys.pop()!;
      const parent = keys.reduce<Record<string, unknown>>(
        (inside, key) => inside[key] as Record<string, unknown>,
        written,
      );
      parent[last] = value;
      const settings = defineOrganisation(written as unknown as OrganisationInput);
      const problems = checkSettings({ settings, regions: exampleRegionsOfBoth, folders: exampleFolders });
      expect(problems.length).toBeGreaterThan(0);
    }),
  );
});
