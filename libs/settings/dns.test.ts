import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { DnsSettings, ForwardedDomain } from './dns';
import type { RegionSettings } from './region';
import { formatProblem } from './problem';

interface Given {
  readonly dns?: Partial<DnsSettings>;
  readonly domains?: readonly ForwardedDomain[];
  readonly lists?: RegionSettings['managedDomainLists'];
}

function problemsOf({ dns, domains = [], lists }: Given): string[] {
  const { prod } = exampleOrganisation.environments;
  const settings = {
    ...exampleOrganisation,
    onPremises: { cidrs: ['192.168.0.0/16'], domains },
    environments: { prod: { ...prod, dns: { ...prod.dns, ...dns } } },
  };
  const [us, ap] = exampleRegions;
  const regions = lists ? [{ ...us, managedDomainLists: lists }, ap] : exampleRegions;
  return checkSettings({ settings, regions, folders: exampleFolders }).map(formatProblem);
}

const servers = (count: number, first = 0) => Array.from({ length: count }, (_, n) => `192.168.0.${1 + first + n}`);
const corp = { name: 'corp.example.com', targets: ['192.168.0.10', '192.168.1.10'] };

const fiveDomains = [0, 1, 2, 3, 4].map((n) => ({ name: `d${n}.example.com`, targets: servers(6, n * 6) }));

test('accepts as many servers as AWS does', () => {
  expect(problemsOf({ domains: fiveDomains })).toEqual([]);
});

test('accepts two servers inside an on-premises range', () => {
  expect(problemsOf({ domains: [corp], lists: { malware: 'rslvr-fdl-00000000000000a1' } })).toEqual([]);
});

test.each<[string, Given, string]>([
  [
    'an account that is none',
    { dns: { sharedWith: ['99999'] } },
    'infra.config.ts: environments.prod.dns.sharedWith.0: "99999" is not an AWS account id',
  ],
  [
    'the account that owns the rules',
    { dns: { sharedWith: ['111111111111'] } },
    'infra.config.ts: environments.prod.dns.sharedWith.0: 111111111111 is the network account, which owns the rules',
  ],
  [
    'an account twice',
    { dns: { sharedWith: ['999999999999', '999999999999'] } },
    'infra.config.ts: environments.prod.dns.sharedWith.1: "999999999999" is listed twice',
  ],
  [
    'a name with a dot at the end',
    { domains: [{ ...corp, name: 'corp.example.com.' }] },
    '"corp.example.com." is not a domain name',
  ],
  [
    'a single server',
    { domains: [{ ...corp, targets: ['192.168.0.10'] }] },
    '1 server cannot answer while one is away',
  ],
  [
    'a server elsewhere',
    { domains: [{ ...corp, targets: ['192.168.0.10', '8.8.8.8'] }] },
    '8.8.8.8 is in none of onPremises.cidrs',
  ],
  ['no address', { domains: [{ ...corp, targets: ['192.168.0.10', 'dns1'] }] }, '"dns1" is not an IPv4 address'],
  [
    'more servers than a rule takes',
    { domains: [{ ...corp, targets: servers(7) }] },
    'onPremises.domains.0.targets: 7 servers are more than AWS takes for one domain; give at most 6 addresses',
  ],
  [
    'a server twice',
    { domains: [{ ...corp, targets: ['192.168.0.10', '192.168.0.10'] }] },
    'targets.1: "192.168.0.10" is listed twice',
  ],
  [
    'more servers than a group names',
    {
      domains: [...fiveDomains, { name: 'last.example.com', targets: ['192.168.0.1', '192.168.0.31'] }],
    },
    'onPremises.domains: 31 servers in all are more than the security group of the endpoint that asks them can name; use at most 30',
  ],
  ['a domain twice', { domains: [corp, corp] }, '"corp.example.com" is listed twice'],
  ['a retention that CloudWatch does not know', { dns: { queryLogRetentionDays: 8 } }, '8 is not possible'],
  ['a blocked URL', { dns: { blockedDomains: ['https://bad.example'] } }, '"https://bad.example" is not a domain name'],
  [
    'the private zone in the place of a domain',
    { domains: [{ ...corp, name: 'internal.example.com' }] },
    'onPremises.domains.0.name: "internal.example.com" takes names from internal.example.com, the private zone of prod',
  ],
  [
    'a part of the private zone',
    { domains: [{ ...corp, name: 'db.internal.example.com' }] },
    'onPremises.domains.0.name: "db.internal.example.com" takes names from internal.example.com',
  ],
  ...['internal.example.com', 'db.internal.example.com', '*.internal.example.com', '*.example.com'].map(
    (blocked): [string, Given, string] => [
      `${blocked} as a blocked domain`,
      { dns: { blockedDomains: [blocked] } },
      `dns.blockedDomains.0: "${blocked}" blocks names of the private zone internal.example.com, which the VPCs need`,
    ],
  ),
  ...['*.amazonaws.com', '*.ap-northeast-2.amazonaws.com'].map((blocked): [string, Given, string] => [
    `${blocked} as a blocked domain`,
    { dns: { blockedDomains: [blocked] } },
    `dns.blockedDomains.0: "${blocked}" blocks names of the services of AWS, which the VPCs need`,
  ]),
  ['a list by its name', { lists: { malware: 'AWSManagedDomainsMalwareDomainList' } }, 'is not an id of a domain list'],
])('%s is refused', (_, given, message) => {
  const problems = problemsOf(given);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test('accepts a wildcard in blocked domains, and single names of AWS', () => {
  const blockedDomains = ['*.bad.example', 'worse.example', '*.eu-west-1.amazonaws.com', 'amazonaws.com'];
  expect(problemsOf({ dns: { blockedDomains } })).toEqual([]);
});

test('accepts the parent of the private zone as a domain of on-premises', () => {
  expect(problemsOf({ domains: [{ ...corp, name: 'example.com' }] })).toEqual([]);
});
