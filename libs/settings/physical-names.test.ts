import { exampleOrganisation, exampleRegions, exampleRegionsOfBoth } from '@platform/libs/testing/example-settings';
import { checkPhysicalNames } from './physical-names';
import type { EnvironmentSettings } from './organisation';
import { globalNames } from './physical-names';
import { formatProblem } from './problem';
import type { RegionSettings } from './region';
import type { SettingsInput } from './settings-input';

const prod: EnvironmentSettings = exampleOrganisation.environments.prod;
const documents = prod.dataStores.buckets['documents']!;
const withBuckets = (...names: string[]): EnvironmentSettings => ({
  ...prod,
  dataStores: { ...prod.dataStores, buckets: Object.fromEntries(names.map((name) => [name, documents])) },
});

function input(
  environments: Record<string, EnvironmentSettings>,
  organisation = 'example',
  regions: readonly RegionSettings[] = exampleRegions,
): SettingsInput {
  return { settings: { ...exampleOrganisation, organisation, environments }, regions, folders: [] };
}
const problems = (...given: Parameters<typeof input>) => checkPhysicalNames(input(...given)).map(formatProblem);

test('accepts two environments, and lists all their global names', () => {
  const both = input({ prod, staging: { ...prod, domain: 'staging.example.com' } }, 'example', exampleRegionsOfBoth);
  expect(checkPhysicalNames(both)).toEqual([]);
  const names = globalNames(both).map(({ name }) => name);
  for (const name of [
    'example-staging-website-ap',
    'example-prod-terraform-state-us',
    'latency.origin-api.example.com',
  ]) {
    expect(names).toContain(name);
  }
});

test('two environments with the same bucket name: names both settings', () => {
  const at = 'infra.config.ts: environments';
  expect(
    problems({ prod: withBuckets('eu-documents'), 'prod-eu': { ...withBuckets('documents'), domain: 'eu.test' } }),
  ).toEqual([
    `${at}.prod-eu.dataStores.buckets.documents: the bucket documents in us gets the bucket "example-prod-eu-documents-us", which is that of the bucket eu-documents in us (${at}.prod.dataStores.buckets.eu-documents); give one of the two another name`,
  ]);
});

test('a data bucket with the name of another environment’s own bucket', () => {
  const found = problems({ prod: withBuckets('eu-edge-logs'), 'prod-eu': { ...withBuckets(), domain: 'eu.test' } });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain("environments.prod-eu: the bucket of the distributions' access logs in us gets");
});

test.each([
  'us',
  'ap',
  'api',
  'origin-us',
  'origin-ap',
  'origin-api',
  'latency.api',
  'failover.api',
  'latency.origin-api',
  'link-us',
])('an environment whose domain is %s. of that of another', (label) => {
  const found = problems({ prod, staging: { ...withBuckets(), domain: `${label}.example.com` } });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`environments.staging.domain: the domain gets the DNS name "${label}.example.com"`);
  expect(found[0]).toContain('(infra.config.ts: environments.prod.domain)');
});

test.each([
  ['us', 'us.example.com'],
  ['api', 'api.example.com'],
  ['origin-us', 'origin-us.example.com'],
  ['link-ap', 'link-ap.example.com'],
  ['internal', 'internal.example.com'],
])('an application whose name %s is a name of the estate', (application, name) => {
  const found = problems({
    prod: { ...prod, applications: { ...prod.applications, [application]: prod.applications['app']! } },
  });
  expect(found).toContainEqual(
    expect.stringContaining(
      `environments.prod.applications.${application}: the application ${application} gets the DNS name "${name}"`,
    ),
  );
});

test.each<[string, string[], string]>([
  ['sthree-', problems({ prod }, 'sthree'), 'begins with sthree-'],
  ['amzn-s3-demo-', problems({ prod }, 'amzn-s3-demo-x'), 'begins with amzn-s3-demo-'],
  ['-s3alias', problems({ prod }, 'example', [{ ...exampleRegions[0], key: 's3alias' }]), 'ends with -s3alias'],
  [
    '--ol-s3',
    problems({ prod: withBuckets('x--ol') }, 'example', [{ ...exampleRegions[0], key: 's3' }]),
    'ends with --ol-s3',
  ],
])('names that S3 reserves: %s', (_, found, expected) => {
  expect(found[0]).toContain(expected);
});
