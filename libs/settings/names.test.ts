import { exampleOnPremises, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkNames } from './names';
import { checkSettings } from './check-settings';
import type { EnvironmentSettings, OrganisationSettings } from './organisation';
import { formatProblem } from './problem';
import type { RegionSettings } from './region';
import type { SettingsInput } from './settings-input';

const folders = ['global', 'libs', 'region-ap', 'region-ap/vpc', 'region-us', 'region-us/vpc', 'shared'];
const prod: EnvironmentSettings = exampleOrganisation.environments.prod;

function input(
  environment: Partial<EnvironmentSettings> = {},
  organisation: Partial<OrganisationSettings> = {},
  us: Partial<RegionSettings> = {},
): SettingsInput {
  const settings = { ...exampleOrganisation, environments: { prod: { ...prod, ...environment } }, ...organisation };
  return { settings, regions: [{ ...exampleRegions[0], ...us }, exampleRegions[1]], folders };
}
const problems = (...given: Parameters<typeof input>) => checkNames(input(...given)).map(formatProblem);

const external = (name: string, cidr: string) => ({
  name,
  account: '999999999999',
  region: 'us',
  segment: 'partner',
  cidr,
  attachmentId: 'tgw-attach-0123456789abcdef0',
});
const externals = (...names: string[]) => ({
  externalAttachments: names.map((name, index) => external(name, `172.${20 + index}.0.0/16`)),
});
const gateway = (host: number) => ({ address: `203.0.113.${host}`, asn: 65000 });
const hybrid = (connectivity: NonNullable<OrganisationSettings['onPremises']>['connectivity']) => ({
  onPremises: { ...exampleOnPremises, connectivity: connectivity! },
});
const partner = {
  serviceNames: { us: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' },
  ports: [443],
  privateDns: 'off' as const,
};
const domain = (name: string) => ({ name, targets: ['192.168.0.10', '192.168.1.10'] });
const vpc = exampleRegions[0].vpcs['vpc']!;
const env = 'infra.config.ts: environments.prod';

test('accepts the example, with everything that has a name', () => {
  const all = input(
    { ...externals('bank', 'site-1'), privateLink: { services: [], partners: { acme: partner } } },
    { onPremises: exampleOnPremises },
  );
  expect(checkNames(all)).toEqual([]);
  expect(checkSettings(input())).toEqual([]);
});

test.each<[string, string[], string]>([
  [
    'external attachments',
    problems(externals('site-1', 'site1')),
    `${env}.externalAttachments.1.name: "site1" and "site-1" (${env}.externalAttachments.0.name) give one resource address, AcceptedSite1`,
  ],
  [
    'an external attachment and a part of the share',
    problems(externals('gateway')),
    `${env}.externalAttachments.0.name: "gateway" gives the resource address Gateway, which the estate uses itself`,
  ],
  [
    'an external attachment and a VPC',
    problems(externals('bank'), {}, { vpcs: { vpc, 'external-bank': vpc } }),
    'region-us/region.ts: vpcs.external-bank: "external-bank" and "bank" ',
  ],
  [
    'customer gateways',
    problems(
      {},
      hybrid({
        prod: { vpn: { logRetentionDays: 365, customerGateways: { 'site-1': gateway(10), site1: gateway(11) } } },
      }),
    ),
    'connectivity.prod.vpn.customerGateways.site1: "site1" and "site-1" ',
  ],
  [
    'connections',
    problems(
      {},
      hybrid({
        prod: {
          directConnect: {
            ...exampleOnPremises.connectivity.prod.directConnect,
            connections: exampleOnPremises.connectivity.prod.directConnect.connections.map((each, index) => ({
              ...each,
              name: index === 0 ? 'line-1' : 'line1',
            })),
          },
        },
      }),
    ),
    'directConnect.connections.1.name: "line1" and "line-1" ',
  ],
  [
    'partners',
    problems({ privateLink: { services: [], partners: { 'acme-1': partner, acme1: partner } } }),
    `${env}.privateLink.partners.acme1: "acme1" and "acme-1" `,
  ],
  [
    'segments',
    problems({}, { segments: { ...exampleOrganisation.segments, 'team-1': { reaches: [] }, team1: { reaches: [] } } }),
    'infra.config.ts: segments.team1: "team1" and "team-1" (infra.config.ts: segments.team-1)',
  ],
  [
    'domains',
    problems(
      {},
      { onPremises: { ...exampleOnPremises, domains: [domain('ad-corp.example.com'), domain('ad.corp.example.com')] } },
    ),
    'infra.config.ts: onPremises.domains.1.name: "ad.corp.example.com" and "ad-corp.example.com" ',
  ],
  [
    'VPCs',
    problems({}, {}, { vpcs: { 'vpc-2': vpc, vpc2: vpc } }),
    'region-us/region.ts: vpcs.vpc2: "vpc2" and "vpc-2" (region-us/region.ts: vpcs.vpc-2)',
  ],
  ['a VPC and that of another region', problems({}, {}, { vpcs: { vpc, 'ap-vpc': vpc } }), 'vpcs.ap-vpc'],
  [
    'a VPC and the internet',
    problems({}, {}, { vpcs: { vpc, internet: vpc } }),
    'region-us/region.ts: vpcs.internet: "internet" gives the resource address Internet, which the estate uses itself',
  ],
  [
    'domain lists',
    problems({}, {}, { managedDomainLists: { 'bot-1': 'rslvr-fdl-1', bot1: 'rslvr-fdl-2' } }),
    'region-us/region.ts: managedDomainLists.bot1: "bot1" and "bot-1" ',
  ],
  [
    'a domain list and that of blocked domains',
    problems({}, {}, { managedDomainLists: { blocked: 'rslvr-fdl-1' } }),
    '"blocked" gives the resource address BlockBlocked',
  ],
  [
    'environments whose ranges are routed',
    problems({}, { environments: { 'eu-1': prod, eu1: prod, prod } }),
    'infra.config.ts: environments.eu1: "eu1" and "eu-1" (infra.config.ts: environments.eu-1)',
  ],
])('names with the same address: %s', (_, found, expected) => {
  expect(found.find((problem) => problem.includes(expected))).toBeDefined();
});

test.each<[string, string[], string]>([
  [
    'environment',
    problems({}, { environments: { 'a--b': prod } }),
    'environments.a--b: "a--b" has two hyphens in a row; use single hyphens between words, as in "a-b"',
  ],
  [
    'segment',
    problems({}, { segments: { ...exampleOrganisation.segments, 'x-': { reaches: [] } } }),
    'segments.x-: "x-" ends with a hyphen',
  ],
  ['team', problems({}, { owners: { global: 'a-' } }), 'owners.global: "a-" ends with a hyphen'],
  ['external attachment', problems(externals('x--y')), 'externalAttachments.0.name: "x--y" has two hyphens'],
  [
    'table',
    problems({ dataStores: { ...prod.dataStores, tables: { 'x-': prod.dataStores.tables['sessions']! } } }),
    'tables.x-: "x-" ends',
  ],
  [
    'partner',
    problems({ privateLink: { services: [], partners: { 'x--y': partner } } }),
    'partners.x--y: "x--y" has two',
  ],
  [
    'customer gateway',
    problems({}, hybrid({ prod: { vpn: { logRetentionDays: 365, customerGateways: { 'x-': gateway(10) } } } })),
    'customerGateways.x-: "x-" ends',
  ],
  [
    'empty word of a domain list',
    problems({}, {}, { managedDomainLists: { '': 'rslvr-fdl-1' } }),
    '"" cannot be part of resource names',
  ],
  [
    'a domain list that begins with a digit',
    problems({}, {}, { managedDomainLists: { '1st': 'rslvr-fdl-1' } }),
    '"1st" cannot be part of resource names',
  ],
])('spelling: %s', (_, found, expected) => {
  expect(found.find((problem) => problem.includes(expected))).toBeDefined();
});

test('the check of all settings includes names, global names and limits', () => {
  const all = input(
    { ...externals('site-1', 'site1'), domain: `${'a'.repeat(53)}.example.com` },
    { organisation: 'sthree' },
  );
  const found = checkSettings(all).map(formatProblem);
  for (const expected of ['AcceptedSite1', 'ACM takes 64', 'begins with sthree-']) {
    expect(found.find((problem) => problem.includes(expected))).toBeDefined();
  }
});
