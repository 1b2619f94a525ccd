import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { DataStoresSettings } from './data-stores';
import type { Mode } from './adoption';
import { formatProblem } from './problem';
import { reservedBuckets } from './reserved-buckets';

const stores: DataStoresSettings = exampleOrganisation.environments.prod.dataStores;
const aurora = exampleOrganisation.environments.prod.dataStores.database;
const rds = {
  ...(({ instances: _i, writeForwarding: _w, enforcedRpoSec: _e, ...shared }) => shared)(aurora),
  engine: 'rds-postgresql',
  storageGib: 100,
  storageLimitGib: 500,
} as const;
const cache = {
  writers: 'per-region',
  objective: { rpo: 'everything', rtoSec: 0 },
  engine: 'valkey',
  engineVersion: '8.0',
  nodeType: 'cache.r7g.large',
  replicas: 1,
  snapshotRetentionDays: 1,
  snapshotWindow: '03:00-04:00',
} as const;

const problemsOf = (dataStores: object, mode: Mode = 'active-passive') =>
  checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: {
        prod: {
          ...exampleOrganisation.environments.prod,
          mode,
          dataStores: { ...stores, ...dataStores } as DataStoresSettings,
        },
      },
    },
    regions: exampleRegions,
    folders: exampleFolders,
  }).map(formatProblem);
const withAurora = (changes: object) => ({ database: { ...aurora, ...changes } });
const withRds = (changes: object) => ({ database: { ...rds, ...changes } });
const withTable = (changes: object) => ({ tables: { sessions: { ...stores.tables['sessions'], ...changes } } });
const withBucket = (changes: object) => ({ buckets: { documents: { ...stores.buckets['documents'], ...changes } } });
const withBucketNamed = (name: string) => ({ buckets: { [name]: stores.buckets['documents'] } });
const withCache = (changes: object) => ({ cache: { ...cache, ...changes } });

test('the example has no problem, with either engine and with a cache', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ database: rds, cache })).toEqual([]);
});

describe('one problem', () => {
  test.each<[string, object, string]>([
    ['two writers on Aurora', withAurora({ writers: 'multi-writer' }), 'an Aurora global database has one writer'],
    ['two writers on RDS', withRds({ writers: 'multi-writer' }), 'a read replica takes no writes until it is promoted'],
    [
      'burstable class',
      withAurora({ instanceClass: 'db.t4g.medium' }),
      '"db.t4g.medium" cannot be in an Aurora global',
    ],
    ['serverless', withAurora({ instanceClass: 'db.serverless' }), '"db.serverless" cannot be in an Aurora global'],
    ['version without a minor', withAurora({ engineVersion: '16' }), '"16" is not a version with a minor'],
    [
      'RPO 0',
      withAurora({ objective: { rpoSec: 0, rtoSec: 900 }, enforcedRpoSec: undefined }),
      'objective.rpoSec: 0 is out of bounds; use 1–',
    ],
    [
      'RTO of seconds',
      withAurora({ objective: { rpoSec: 60, rtoSec: 30 } }),
      'objective.rtoSec: 30 is out of bounds; use 60–',
    ],
    [
      'a protected database that would leave nothing',
      withAurora({ afterDestroy: 'gone' }),
      `"gone" leaves no snapshot of a database that is protected from deletion; use 'recoverable', or protection: 'disposable'`,
    ],
    ['RPO below the bounds', withAurora({ enforcedRpoSec: 19 }), '19 is out of bounds; use 20–2147483647 s'],
    [
      'RPO above the bounds',
      withAurora({ enforcedRpoSec: 2147483648 }),
      '2147483648 is out of bounds; use 20–2147483647 s',
    ],
    [
      'bound looser than the RPO',
      withAurora({ enforcedRpoSec: 61 }),
      'a lag of up to 61 s is allowed, and the RPO is 60 s',
    ],
    [
      'no instance, short RTO',
      withAurora({ instances: { active: 2, standby: 0 } }),
      'creates one first, and the RTO is 900 s',
    ],
    [
      'more instances in standby than in active regions',
      withAurora({ instances: { active: 1, standby: 2 } }),
      '2 is more than the 1 instances',
    ],
    [
      'nobody serves',
      withAurora({ instances: { active: 0, standby: 0 }, objective: { rpoSec: 60, rtoSec: 3600 } }),
      '0 is out of bounds; use 1–15 instances',
    ],
    [
      'forwarding on an old version',
      withAurora({ writeForwarding: 'on', engineVersion: '15.3' }),
      '15.3 cannot forward writes',
    ],
    ['reserved name', withAurora({ masterUsername: 'admin' }), '"admin" is reserved by RDS'],
    ['database name', withAurora({ databaseName: 'my-app' }), '"my-app" is not a name of a database'],
    ['backups', withAurora({ backupRetentionDays: 36 }), '36 is out of bounds; use 1–35 days'],
    ['log retention', withAurora({ logRetentionDays: 31 }), '31 is not possible; use one of 1, 3, 5, 7'],
    ['backup window', withAurora({ backupWindow: '16:00-16:20' }), '"16:00-16:20" is not a daily window of 30 minutes'],
    ['storage', withRds({ storageGib: 10 }), '10 is out of bounds; use 20–65536 GiB'],
    ['storage limit', withRds({ storageLimitGib: 105 }), '105 GiB is not a limit for 100 GiB'],
    ['unsaid conflicts', withTable({ conflicts: undefined }), 'what becomes of two writes to one item is not said'],
    ['conflicts of nobody', withTable({ writers: 'single-writer' }), 'one region writes, so there are none'],
    ['one attribute twice', withTable({ sortKey: 'id' }), 'one attribute is used twice (id, id, expiresAt)'],
    [
      'capacity',
      withTable({ capacity: { minUnits: 5, maxUnits: 4, targetPercent: 70 } }),
      '5 to 4 units is not a range',
    ],
    [
      'utilisation',
      withTable({ capacity: { minUnits: 1, maxUnits: 4, targetPercent: 95 } }),
      '95 is out of bounds; use 20–90 %',
    ],
    ['table name', { tables: { My_Table: stores.tables['sessions'] } }, '"My_Table" cannot be part of resource names'],
    ['table RPO', withTable({ objective: { rpoSec: 0, rtoSec: 0 } }), '0 is out of bounds; use 1–'],
    ['no time control, short RPO', withBucket({ replicationTimeControl: 'off' }), 'S3 promises no time for a copy'],
    ['RPO below time control', withBucket({ objective: { rpoSec: 60, rtoSec: 0 } }), 'within 15 minutes, not 60 s'],
    [
      'long bucket name',
      withBucketNamed('a'.repeat(50)),
      'has 66 characters, which is too long for a bucket and its role; use 52',
    ],
    ['short bucket name', withBucketNamed('a'), '"a" cannot be a bucket name; use 2 or more lower-case'],
    ['bucket name', withBucketNamed('Documents'), '"Documents" cannot be a bucket name'],
    ...Object.entries(reservedBuckets).map(([name, holds]): [string, object, string] => [
      `bucket called ${name}`,
      withBucketNamed(name),
      `that name is taken by the bucket of ${holds}`,
    ]),
    ['bucket called like flow logs', withBucketNamed('spoke-flow-logs'), 'names that end with -flow-logs are those of'],
    [
      'two websites',
      { buckets: { ...stores.buckets, shop: stores.buckets['website'] } },
      'buckets.shop.serves: "website" is set at website too, and distributions serve one bucket',
    ],
    ['versions kept', withBucket({ noncurrentRetentionDays: 0 }), '0 is out of bounds; use 1–36500 days'],
    ['access logs', { accessLogRetentionDays: 0.5 }, '0.5 is not a whole number'],
    ['cache RTO', withCache({ objective: { rpo: 'everything', rtoSec: -1 } }), '-1 is out of bounds'],
    ['cache version', withCache({ engineVersion: '6.2' }), 'there is no valkey 6.2 with sign-in by IAM'],
    ['node type', withCache({ nodeType: 'db.r6g.large' }), '"db.r6g.large" is not a node type'],
    ['no replica', withCache({ replicas: 0 }), '0 is out of bounds; use 1–5 nodes'],
    ['snapshots', withCache({ snapshotRetentionDays: 36 }), '36 is out of bounds; use 0–35 days'],
    ['snapshot window', withCache({ snapshotWindow: '3-4' }), '"3-4" is not a daily window'],
  ])('%s', (_, changes, text) => {
    const problems = problemsOf(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(text);
    expect(problems[0]).toMatch(/^infra\.config\.ts: environments\.prod\.dataStores\.\S+: .+; .+$/);
  });
});

test('refuses multi-writer on Aurora and names the alternatives', () => {
  const [problem] = problemsOf(withAurora({ writers: 'multi-writer' }));
  for (const alternative of ["'single-writer'", 'writeForwarding', 'global table', 'Aurora DSQL'])
    expect(problem).toContain(alternative);
});

test('active-active needs a database that accepts writes from every region', () => {
  const problemsIn = (mode: Mode, changes: Partial<DataStoresSettings>) => problemsOf(changes, mode);
  expect(problemsIn('active-passive', withAurora({ writeForwarding: 'off' }))).toEqual([]);
  expect(problemsIn('active-active', withAurora({ writeForwarding: 'on' }))).toEqual([]);
  expect(problemsIn('active-active', withAurora({ writeForwarding: 'off' }))).toEqual([
    expect.stringContaining('database.writeForwarding: "off" leaves a region without the writer no way to write'),
  ]);
  expect(problemsIn('active-active', withRds({}))).toEqual([
    expect.stringContaining('database.engine: "rds-postgresql" takes no writes outside the primary region'),
  ]);
});

test('refuses snapshots of a cache while its region is maintained', () => {
  expect(problemsOf(withCache({ snapshotWindow: '08:00-09:00' }))).toEqual([
    'region-us/region.ts: maintenanceWindow: "sun:07:00-sun:10:00" touches dataStores.cache.snapshotWindow of prod, 08:00-09:00; keep clear of it',
  ]);
});

test('reports all problems at once', () => {
  expect(
    problemsOf({
      ...withAurora({ writers: 'multi-writer', engineVersion: '16' }),
      ...withTable({ conflicts: undefined }),
    }),
  ).toHaveLength(3);
});
