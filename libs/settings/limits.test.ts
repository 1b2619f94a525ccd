import { exampleOnPremises, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import type { ApplicationSettings } from './application';
import { checkDataStores } from './data-stores';
import { checkLimits } from './limits';
import type { TableSettings } from './data-stores';
import type { DatabaseSettings } from './database';
import type { EnvironmentSettings, OrganisationSettings } from './organisation';
import { formatProblem } from './problem';
import type { SettingsInput } from './settings-input';

const prod: EnvironmentSettings = exampleOrganisation.environments.prod;
const sessions = prod.dataStores.tables['sessions']!;

function input(
  environment: Partial<EnvironmentSettings> = {},
  organisation: Partial<OrganisationSettings> = {},
  awsRegion = 'us-east-1',
): SettingsInput {
  const settings = { ...exampleOrganisation, environments: { prod: { ...prod, ...environment } }, ...organisation };
  return { settings, regions: [{ ...exampleRegions[0], awsRegion }, exampleRegions[1]], folders: [] };
}
const problems = (...given: Parameters<typeof input>) =>
  [checkLimits, checkDataStores].flatMap((check) => check(input(...given))).map(formatProblem);
const database = (changes: Partial<DatabaseSettings>) => ({
  dataStores: { ...prod.dataStores, database: { ...prod.dataStores.database, ...changes } as DatabaseSettings },
});
const table = (changes: Partial<TableSettings>) => ({
  dataStores: { ...prod.dataStores, tables: { sessions: { ...sessions, ...changes } } },
});
const application = (changes: Partial<ApplicationSettings>) => ({
  applications: { app: { ...prod.applications['app']!, ...changes } },
});
const gateway = (changes: object) => ({
  onPremises: {
    ...exampleOnPremises,
    connectivity: {
      prod: {
        vpn: {
          logRetentionDays: 365,
          customerGateways: { office: { address: '203.0.113.10', asn: 65000, ...changes } },
        },
      },
    },
  },
});
const segments = (count: number) => ({
  segments: Object.fromEntries(Array.from({ length: count }, (_, index) => [`team-${index}`, { reaches: [] }])),
});
const listeners = (count: number) =>
  application({
    networkBalancer: {
      listeners: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `port${index}`,
          { protocol: 'TCP' as const, port: 1000 + index, targetPort: 1000 + index },
        ]),
      ),
    },
  });
const env = 'infra.config.ts: environments.prod';

test('accepts the example, and what is just within the limits', () => {
  expect(problems({}, { onPremises: exampleOnPremises })).toEqual([]);
  expect(problems({ domain: `${'a'.repeat(52)}.example.com` })).toEqual([]);
  expect(problems({}, { onPremises: exampleOnPremises, ...segments(18) })).toEqual([]);
  expect(problems(listeners(48))).toEqual([]);
  expect(problems(database({ databaseName: 'orders', masterUsername: 'postgres' }))).toEqual([]);
  expect(problems({}, gateway({ asn: 9059 }))).toEqual([]);
  expect(problems({}, {}, 'ap-southeast-6')).toEqual([]);
});

test.each<[string, string[], string]>([
  [
    'cost centre',
    problems({}, { costCentre: 'AWS:platform' }),
    'infra.config.ts: costCentre: "AWS:platform" begins with aws:',
  ],
  [
    'spaces around the cost centre',
    problems({}, { costCentre: ' platform' }),
    'costCentre: " platform" begins or ends with a space',
  ],
  ['team', problems({}, { owners: { global: 'a'.repeat(257) } }), 'owners.global: a tag has 256 characters at most'],
  [
    'segments',
    problems({}, { onPremises: exampleOnPremises, ...segments(29) }),
    'infra.config.ts: segments: 29 segments need 31 route tables',
  ],
  [
    'environment called internal',
    problems({}, { environments: { internal: prod } }),
    'environments.internal: "internal" begins names of load balancers',
  ],
  [
    'environment that begins with internal-',
    problems({}, { environments: { 'internal-x': prod } }),
    'must not begin with internal-',
  ],
  ['environment called sg', problems({}, { environments: { sg: prod } }), 'must not begin with sg-'],
  [
    'domain',
    problems({ domain: `${'a'.repeat(53)}.example.com` }),
    `${env}.domain: "${'a'.repeat(53)}.example.com" has 65 characters, and ACM takes 64`,
  ],
  [
    'name of the database',
    problems(database({ databaseName: 'User' })),
    `${env}.dataStores.database.databaseName: "User" is a key word of PostgreSQL`,
  ],
  ['a database that is there', problems(database({ databaseName: 'template1' })), '"template1" is reserved by RDS'],
  ['administrator called user', problems(database({ masterUsername: 'user' })), 'masterUsername: "user" is a key word'],
  [
    'administrator called admin',
    problems(database({ masterUsername: 'admin' })),
    'masterUsername: "admin" is reserved by RDS',
  ],
  ['administrator called rdsadmin', problems(database({ masterUsername: 'rdsadmin' })), '"rdsadmin" begins with rds'],
  ['administrator of PostgreSQL', problems(database({ masterUsername: 'pg_owner' })), '"pg_owner" begins with pg_'],
  [
    'partition key',
    problems(table({ partitionKey: '' })),
    `${env}.dataStores.tables.sessions.partitionKey: "" is not a name of an attribute`,
  ],
  ['sort key', problems(table({ sortKey: ' ' })), 'sessions.sortKey: " " is not a name of an attribute'],
  ['expiry attribute', problems(table({ expiryAttribute: '' })), 'sessions.expiryAttribute: "" is not a name'],
  ['long attribute', problems(table({ partitionKey: 'é'.repeat(128) })), 'has 256 bytes, and DynamoDB takes 255'],
  [
    'image',
    problems(
      application({
        releases: { ...prod.applications['app']!.releases, blue: { runs: 'sample', name: '1', image: '/a b' } },
      }),
    ),
    'releases.blue.image: "/a b" is not a full name',
  ],
  [
    'appliance image',
    problems({ inspection: { ...prod.inspection, image: '/' } }),
    'inspection.image: "/" is not a full name',
  ],
  [
    'size',
    problems(application({ instanceType: 'm7g.enormous' })),
    'instanceType: "m7g.enormous" has a size that AWS does not have',
  ],
  ['listeners', problems(listeners(49)), 'networkBalancer.listeners: 49 listeners need more target groups'],
  ['ASN', problems({}, gateway({ asn: 7224 })), 'customerGateways.office.asn: 7224 is an ASN that AWS reserves'],
  [
    'ASN of a region',
    problems({}, gateway({ asn: 9059 }), 'eu-west-1'),
    '9059 is an ASN that AWS reserves in eu-west-1',
  ],
  [
    'multicast address',
    problems({}, gateway({ address: '224.0.0.5' })),
    'office.address: "224.0.0.5" is in 224.0.0.0/3',
  ],
  [
    'a region without latency records in active-active',
    problems({ mode: 'active-active' }, {}, 'ap-southeast-6'),
    `region-us/region.ts: awsRegion: the AWS provider knows no latency records for ap-southeast-6, which active-active needs (${env}.mode)`,
  ],
])('refuses %s', (_, found, expected) => {
  expect(found.find((problem) => problem.includes(expected))).toBeDefined();
});
