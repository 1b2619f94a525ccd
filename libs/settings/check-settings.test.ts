import fc from 'fast-check';
import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { assertSettings, checkSettings } from './check-settings';
import { formatProblem, SettingsError } from './problem';
import type { SettingsInput } from './settings-input';
import { formatWeeklyWindow } from './window';

const folders = ['global', 'libs', 'region-ap', 'region-ap/vpc', 'region-us', 'region-us/vpc', 'shared', 'shared/tgw'];

/** The example settings with other values at some paths; `undefined` removes a key. */
function example(changes: Record<string, unknown> = {}): SettingsInput {
  const input = structuredClone({
    settings: exampleOrganisation,
    us: exampleRegions[0],
    ap: exampleRegions[1],
    folders,
  });
  for (const [path, value] of Object.entries(changes)) set(input, path.split('/'), value);
  return { settings: input.settings, regions: [input.us, input.ap], folders: input.folders };
}

function set(target: object, [key, ...rest]: string[], value: unknown): void {
  const record = target as Record<string, object>;
  if (rest.length > 0) set((record[key!] ??= {}), rest, value);
  else if (value === undefined) delete record[key!];
  else Object.defineProperty(record, key!, { value, enumerable: true, writable: true, configurable: true });
}

const problemsWith = (changes: Record<string, unknown>) => checkSettings(example(changes)).map(formatProblem);

const external = {
  name: 'bank',
  account: '999999999999',
  region: 'us',
  segment: 'partner',
  cidr: '172.20.0.0/16',
  attachmentId: 'tgw-attach-0123456789abcdef0',
};
const withExternal = (changes: object) => ({
  'settings/environments/prod/externalAttachments': [{ ...external, ...changes }],
});

const env = 'infra.config.ts: environments.prod';
const us = 'region-us/region.ts: ';
const ap = 'region-ap/region.ts: ';

describe('one problem', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'organisation',
      { 'settings/organisation': 'My_Org' },
      'infra.config.ts: organisation: "My_Org" cannot be part of bucket names',
    ],
    ['organisation too long', { 'settings/organisation': 'a'.repeat(21) }, 'cannot be part of bucket names'],
    ['cost centre', { 'settings/costCentre': 'a;b' }, 'infra.config.ts: costCentre: "a;b" is not a tag value'],
    [
      'role',
      { 'settings/deployRole': 'arn:aws:iam::1:role/x' },
      'infra.config.ts: deployRole: "arn:aws:iam::1:role/x" is not a name of an IAM role',
    ],
    ['home', { 'settings/home': 'eu' }, 'infra.config.ts: home: there is no region "eu"; use one of us, ap'],
    [
      'domain',
      { 'settings/environments/prod/domain': 'Example.com.' },
      `${env}.domain: "Example.com." is not a domain name`,
    ],
    [
      'domain of a private top level',
      { 'settings/environments/prod/domain': 'prod.acme.local' },
      `${env}.domain: "prod.acme.local" cannot be delegated: its top level is not in the public DNS`,
    ],
    [
      'on-premises without networks',
      { 'settings/onPremises': { cidrs: [] } },
      'infra.config.ts: onPremises.cidrs: there is none, so nothing on premises is reached; add its ranges',
    ],
    ['domain without a dot', { 'settings/environments/prod/domain': 'localhost' }, '"localhost" is not a domain name'],
    [
      'account',
      { 'settings/environments/prod/accounts/edge': '1234' },
      `${env}.accounts.edge: "1234" is not an AWS account id`,
    ],
    [
      'segment of an environment',
      { 'settings/environments/prod/segment': 'dev' },
      `${env}.segment: there is no segment "dev"; use one of prod, nonprod`,
    ],
    [
      'level',
      { 'settings/environments/prod/level': 'turbo' },
      `${env}.level: there is no "turbo"; use one of standby, origin-failover`,
    ],
    [
      'mode',
      { 'settings/environments/prod/mode': 'active' },
      `${env}.mode: there is no "active"; use one of active-passive, active-active`,
    ],
    [
      'NAT layout',
      { 'settings/environments/prod/natGateways': 'two' },
      `${env}.natGateways: there is no "two"; use one of per-zone, single, none`,
    ],
    [
      'retention',
      { 'settings/environments/prod/flowLogs/retentionDays': 31 },
      `${env}.flowLogs.retentionDays: 31 is not possible; use one of 1, 3, 5, 7`,
    ],
    [
      'segment name',
      { 'settings/segments/A': { reaches: [] } },
      'infra.config.ts: segments.A: "A" is not a name of a segment',
    ],
    [
      'reserved segment name',
      { 'settings/segments/on-premises': { reaches: [] } },
      'segments.on-premises: "on-premises" is the word for networks outside AWS',
    ],
    [
      'reached segment',
      { 'settings/segments/prod': { reaches: ['dev'] } },
      'infra.config.ts: segments.prod.reaches.0: there is no segment "dev"',
    ],
    [
      'segment reached twice',
      { 'settings/segments/prod': { reaches: ['prod', 'prod'] } },
      'segments.prod.reaches.1: "prod" is listed twice',
    ],
    [
      'external name',
      withExternal({ name: 'Bank' }),
      `${env}.externalAttachments.0.name: "Bank" cannot be part of resource names`,
    ],
    [
      'external account',
      withExternal({ account: '9' }),
      `${env}.externalAttachments.0.account: "9" is not an AWS account id`,
    ],
    [
      'external id of another one',
      {
        'settings/environments/prod/externalAttachments': [
          external,
          { ...external, name: 'shop', cidr: '172.21.0.0/16' },
        ],
      },
      `${env}.externalAttachments.1.attachmentId: "${external.attachmentId}" is that of externalAttachments.0 of prod`,
    ],
    ['external region', withExternal({ region: 'eu' }), `${env}.externalAttachments.0.region: there is no region "eu"`],
    [
      'external segment',
      withExternal({ segment: 'bank' }),
      `${env}.externalAttachments.0.segment: there is no segment "bank"`,
    ],
    [
      'external id',
      withExternal({ attachmentId: 'tgw-1' }),
      `${env}.externalAttachments.0.attachmentId: "tgw-1" is not an id of an attachment`,
    ],
    [
      'external network',
      withExternal({ cidr: '10.1.0.0/16' }),
      `${env}.externalAttachments.0.cidr: 10.1.0.0/16 overlaps the range of us in prod, 10.0.0.0/14`,
    ],
    ['two primaries', { 'ap/role': 'primary' }, `${ap}role: region us is "primary" too`],
    ['no primary', { 'us/role': 'standby' }, 'region-us/region.ts: role: no region is "primary"'],
    ['role', { 'ap/role': 'cold' }, `${ap}role: there is no "cold"; use one of primary, standby`],
    [
      'region key',
      { 'us/key': 'US-1', 'settings/home': 'US-1', 'ap/failsOverTo': 'US-1' },
      'key: "US-1" cannot be part of folder and bucket names',
    ],
    [
      'failover to itself',
      { 'us/failsOverTo': 'us' },
      `${us}failsOverTo: there is no other region "us"; use one of ap`,
    ],
    [
      'AWS region',
      { 'ap/awsRegion': 'ap-northeast-9' },
      `${ap}awsRegion: AWS has no region "ap-northeast-9"; use one of ap-northeast-1`,
    ],
    [
      'AWS region twice',
      { 'ap/awsRegion': 'us-east-1', 'ap/zones': ['use1-az1', 'use1-az2'] },
      `${ap}awsRegion: "us-east-1" is used by region us already`,
    ],
    [
      'zone of another region',
      { 'us/zones': ['use1-az1', 'use2-az2'] },
      `${us}zones.1: "use2-az2" is not the id of a zone of us-east-1; write an id such as use1-az1; in the network account, this lists them: aws ec2 describe-availability-zones --region us-east-1`,
    ],
    [
      'name of a zone',
      { 'us/zones': ['use1-az1', 'us-east-1b'] },
      `${us}zones.1: "us-east-1b" is the name of a zone, which can be another zone in another account; write an id such as use1-az1; in the network account, this lists them: aws ec2 describe-availability-zones --region us-east-1`,
    ],
    [
      'number of a zone',
      { 'us/zones': ['use1-az1', 'use1-az10'] },
      `${us}zones.1: "use1-az10" is not the id of a zone of us-east-1`,
    ],
    [
      'local zone',
      { 'us/zones': ['use1-az1', 'use1-bos1-az1'] },
      `${us}zones.1: "use1-bos1-az1" is not the id of a zone of us-east-1`,
    ],
    ['zone twice', { 'us/zones': ['use1-az1', 'use1-az1'] }, `${us}zones.1: "use1-az1" is listed twice`],
    [
      'one zone',
      { 'us/zones': ['use1-az1'] },
      `${us}zones: "use1-az1" alone cannot survive the loss of a zone; name at least 2`,
    ],
    ['ASN', { 'us/asn': 65535 }, `${us}asn: 65535 is not a private ASN`],
    ['ASN is not a whole number', { 'us/asn': 64512.5 }, `${us}asn: 64512.5 is not a whole number`],
    [
      'equal maintenance windows',
      { 'ap/maintenanceWindow': 'sun:09:30-sun:12:00' },
      `${ap}maintenanceWindow: "sun:09:30-sun:12:00" touches the window of region us, sun:07:00-sun:10:00; use another day: both regions would be changed at once`,
    ],
    [
      'maintenance window',
      { 'us/maintenanceWindow': 'sun:7-10' },
      `${us}maintenanceWindow: "sun:7-10" is not a weekly window of 1 to 24 hours`,
    ],
    [
      'maintenance during backups',
      { 'us/maintenanceWindow': 'sun:15:00-sun:18:00' },
      `touches dataStores.database.backupWindow of prod, 16:00-17:00`,
    ],
    [
      'maintenance window without time for each instance',
      { 'us/maintenanceWindow': 'sun:07:00-sun:08:00' },
      `"sun:07:00-sun:08:00" has 60 minutes, and prod needs 3 times 30`,
    ],
    ['equal ASN', { 'ap/asn': 64512 }, `${ap}asn: 64512 is the ASN of region us already`],
    [
      'environment without a region range',
      { 'ap/cidrs/prod': undefined },
      `${ap}cidrs.prod: there is no network for environment prod`,
    ],
    [
      'environment without a VPC network',
      { 'ap/vpcs/vpc/cidrs/prod': undefined },
      `${ap}vpcs.vpc.cidrs.prod: there is no network for environment prod`,
    ],
    [
      'network of no environment',
      { 'ap/cidrs/test': '10.8.0.0/14' },
      `${ap}cidrs.test: there is no environment "test"`,
    ],
    [
      'VPC without a folder',
      { 'us/vpcs/lab': { cidrs: { prod: '10.1.0.0/16' } } },
      `${us}vpcs.lab: there is no folder region-us/lab that makes this VPC`,
    ],
    ['VPC segment', { 'us/vpcs/vpc/segment': 'lab' }, `${us}vpcs.vpc.segment: there is no segment "lab"`],
    [
      'no network',
      { 'us/vpcs/vpc/cidrs/prod': '10.0.0.0' },
      `${us}vpcs.vpc.cidrs.prod: "10.0.0.0" is not an IPv4 network`,
    ],
    [
      'host bits',
      { 'us/vpcs/vpc/cidrs/prod': '10.0.1.0/16' },
      '"10.0.1.0/16" is not an IPv4 network; write address and length without host bits',
    ],
    [
      'small VPC',
      { 'us/vpcs/vpc/cidrs/prod': '10.0.0.0/22' },
      `${us}vpcs.vpc.cidrs.prod: 10.0.0.0/22 is too small to be divided into subnets; use a network of /21 or larger`,
    ],
    [
      'large VPC',
      { 'us/vpcs/vpc/cidrs/prod': '10.0.0.0/15' },
      `${us}vpcs.vpc.cidrs.prod: 10.0.0.0/15 is larger than AWS lets a VPC be`,
    ],
    [
      'VPC outside',
      { 'us/vpcs/vpc/cidrs/prod': '10.9.0.0/16' },
      `${us}vpcs.vpc.cidrs.prod: 10.9.0.0/16 is outside the range of us in prod, 10.0.0.0/14`,
    ],
    [
      'inspection in the range of a VPC',
      { 'us/inspectionCidrs/prod': '10.0.8.0/21' },
      `${us}inspectionCidrs.prod: 10.0.8.0/21 overlaps the VPC vpc, 10.0.0.0/16`,
    ],
    [
      'public range',
      {
        'us/cidrs/prod': '11.0.0.0/14',
        'us/inspectionCidrs/prod': '11.3.248.0/21',
        'us/vpcs/vpc/cidrs/prod': '11.0.0.0/16',
      },
      `${us}cidrs.prod: 11.0.0.0/14 has public addresses`,
    ],
    [
      'regions overlap',
      { 'ap/cidrs/prod': '10.0.0.0/13' },
      `${ap}cidrs.prod: 10.0.0.0/13 overlaps the range of us in prod, 10.0.0.0/14`,
    ],
    [
      'on-premises overlaps a region',
      { 'settings/onPremises/cidrs': ['10.2.0.0/16'] },
      'infra.config.ts: onPremises.cidrs.0: 10.2.0.0/16 overlaps the range of us in prod',
    ],
    [
      'many public networks on premises',
      { 'settings/onPremises/cidrs': Array.from({ length: 13 }, (_, index) => `203.0.113.${index * 16}/28`) },
      'infra.config.ts: onPremises.cidrs: 13 networks with public addresses are more than network ACLs can name; use at most 12',
    ],
    [
      'more networks on premises than a group names',
      { 'settings/onPremises/cidrs': Array.from({ length: 31 }, (_, index) => `192.168.${index}.0/24`) },
      'infra.config.ts: onPremises.cidrs: 31 networks are more than the security group of the endpoint that answers their questions can name; use at most 30',
    ],
    [
      'listeners for more networks than a group names',
      {
        'settings/onPremises/cidrs': Array.from({ length: 30 }, (_, index) => `192.168.${index}.0/24`),
        'settings/environments/prod/applications/app/networkBalancer': {
          listeners: {
            one: { protocol: 'TCP', port: 443, targetPort: 8443 },
            two: { protocol: 'TCP', port: 444, targetPort: 8444 },
          },
        },
      },
      'infra.config.ts: environments.prod.applications.app.networkBalancer.listeners: 2 listeners for the VPC and 30 networks on premises make 62 rules, more than a security group has',
    ],
    [
      'on-premises overlaps itself',
      { 'settings/onPremises/cidrs': ['192.168.0.0/16', '192.168.9.0/24'] },
      'onPremises.cidrs.1: 192.168.9.0/24 overlaps the on-premises network 192.168.0.0/16',
    ],
    [
      'link-local network',
      { 'settings/onPremises/cidrs': ['169.254.0.0/16'] },
      'onPremises.cidrs.0: 169.254.0.0/16 contains addresses of 169.254.0.0/16, which cannot be routed',
    ],
    [
      'folder without an owner',
      { folders: [...folders, 'data', 'data/lake'] },
      "infra.config.ts: owners: the folder data has no owner; add 'data': '<team>'",
    ],
    [
      'owner of nothing',
      { 'settings/owners/globl': 'platform' },
      'infra.config.ts: owners.globl: there is no folder globl',
    ],
    [
      'team',
      { 'settings/owners/libs': 'The Team' },
      'infra.config.ts: owners.libs: "The Team" is not a name of a team',
    ],
    ['unknown key', { 'settings/environments/prod/levle': 'standby' }, `${env}.levle: there is no such setting`],
    [
      'missing key',
      { 'settings/environments/prod/mode': undefined },
      `${env}.mode: is missing; use one of active-passive`,
    ],
    [
      'missing text',
      { 'settings/costCentre': undefined },
      'infra.config.ts: costCentre: is missing; add it: a text in quotes',
    ],
    [
      'number for a text',
      { 'settings/environments/prod/accounts/edge': 111111111111 },
      `${env}.accounts.edge: 111111111111 is not a text in quotes; write a text in quotes`,
    ],
    ['text for a number', { 'us/asn': '64512' }, `${us}asn: "64512" is not a number; write a number`],
    ['text for a list', { 'us/zones': 'use1-az1' }, `${us}zones: "use1-az1" is not a list; write a list`],
    [
      'values from a prototype',
      { 'settings/onPremises': Object.create({ cidrs: ['192.168.0.0/16'] }) },
      'infra.config.ts: onPremises: takes values from a prototype',
    ],
  ])('%s', (_title, changes, expected) => {
    const problems = problemsWith(changes);
    expect(problems.join('\n')).toContain(expected);
    expect(problems).toHaveLength(1);
  });

  test('an environment named like a property of every object does not get inherited networks', () => {
    const { prod } = exampleOrganisation.environments;
    const problems = problemsWith({ 'settings/environments/constructor': { ...prod, domain: 'other.example.com' } });
    expect(problems).toEqual([
      expect.stringContaining(
        'region-us/region.ts: cidrs.constructor: there is no network for environment constructor',
      ),
      expect.stringContaining('region-us/region.ts: inspectionCidrs.constructor: there is no network'),
      expect.stringContaining('region-us/region.ts: vpcs.vpc.cidrs.constructor: there is no network'),
      expect.stringContaining('region-ap/region.ts: cidrs.constructor: there is no network'),
      expect.stringContaining('region-ap/region.ts: inspectionCidrs.constructor: there is no network'),
      expect.stringContaining('region-ap/region.ts: vpcs.vpc.cidrs.constructor: there is no network'),
      expect.stringContaining('region-us/region.ts: edgeSources.accelerator.constructor: there is no group'),
      expect.stringContaining('region-ap/region.ts: edgeSources.accelerator.constructor: there is no group'),
    ]);
  });

  test('refuses a key __proto__', () => {
    const { prod } = exampleOrganisation.environments;
    const problems = problemsWith({ 'settings/environments/__proto__': { ...prod, domain: 'other.example.com' } });
    expect(problems.join('\n')).toContain('environments.__proto__: "__proto__" cannot be part of resource names');
  });

  test('two environments with the same domain', () => {
    const { prod } = exampleOrganisation.environments;
    expect(problemsWith({ 'settings/environments/test': prod }).join('\n')).toContain(
      'infra.config.ts: environments.test.domain: "example.com" is the domain of prod already; give each environment its own, such as test.example.com',
    );
  });

  test('a region whose key is not that of its folder', () => {
    const sources = { settings: 'infra.config.ts', regions: ['region-us/region.ts', 'region-tokyo/region.ts'] };
    expect(checkSettings({ ...example(), sources }).map(formatProblem)).toEqual([
      'region-tokyo/region.ts: key: "ap" does not fit the folder region-tokyo; write "tokyo", or rename the folder',
    ]);
  });
});

test('a region that is missing in shared/regions.ts', () => {
  const problems = (listedRegions: string[]) => checkSettings({ ...example(), listedRegions }).map(formatProblem);
  expect(problems(['us', 'ap'])).toEqual([]);
  expect(problems(['us'])).toEqual([
    'shared/regions.ts: regions: region ap is not among them; import it from region-ap/region and add it at the end',
  ]);
});

test('a region that is twice in shared/regions.ts', () => {
  expect(checkSettings({ ...example(), listedRegions: ['us', 'ap', 'us'] }).map(formatProblem)).toEqual([
    'shared/regions.ts: regions: region us is listed twice; list it once',
  ]);
});

test('a home that is not that of the global stacks', () => {
  const problems = (homeOfStacks: string | undefined) =>
    checkSettings({ ...example(), homeOfStacks }).map(formatProblem);
  expect(problems('us')).toEqual([]);
  expect(problems('ap')).toEqual([
    'infra.config.ts: home: "us" is not the region of global/home.ts, ap; change both with npx platform state switch-home, which moves the states of global stacks',
  ]);
  expect(problems(undefined)).toHaveLength(1);
});

test('the example has no problem', () => {
  expect(checkSettings(example())).toEqual([]);
  expect(() => assertSettings(example())).not.toThrow();
});

test('a well-formed external attachment, with or without its id, is not a problem', () => {
  expect(problemsWith(withExternal({}))).toEqual([]);
  expect(problemsWith(withExternal({ attachmentId: undefined }))).toEqual([]);
});

test('finds all problems at once, also beside values of a wrong type', () => {
  const changes = {
    'settings/home': 'eu',
    'settings/deployRole': 7,
    'settings/environments/prod/accounts/edge': '1234',
    'settings/environments/prod/level': 'turbo',
    'settings/segments/prod': { reaches: ['dev'] },
    'ap/asn': 64512,
    'ap/cidrs/prod': '10.0.0.0/14',
    'us/zones': ['use1-az1'],
    folders: [...folders, 'data'],
  };
  const problems = problemsWith(changes);
  expect(problems.map((problem) => problem.split(': ').slice(0, 2).join(': '))).toEqual([
    'infra.config.ts: deployRole',
    'infra.config.ts: environments.prod.level',
    'infra.config.ts: home',
    'infra.config.ts: environments.prod.accounts.edge',
    'region-us/region.ts: zones',
    'region-ap/region.ts: asn',
    'region-ap/region.ts: vpcs.vpc.cidrs.prod',
    'region-ap/region.ts: inspectionCidrs.prod',
    'region-ap/region.ts: cidrs.prod',
    'infra.config.ts: segments.prod.reaches.0',
    'infra.config.ts: owners',
  ]);
  expect(() => assertSettings(example(changes))).toThrow(SettingsError);
  expect(() => assertSettings(example(changes))).toThrow(
    /^11 problems in the settings\n {2}infra\.config\.ts: deployRole: 7 is not/,
  );
});

test('settings of any wrong type give problems, never another error', () => {
  const paths = [
    'settings/environments',
    'settings/environments/prod',
    'settings/segments',
    'settings/owners',
    'us/zones',
    'us/cidrs',
    'us/vpcs',
    'us/asn',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.constantFrom<unknown>(null, 1, 'x', true, [], [1]), (path, value) => {
      fc.pre(!(path === 'us/asn' && value === 1));
      expect(checkSettings(example({ [path]: value })).length).toBeGreaterThan(0);
    }),
  );
});

/** Values that people, scripts and merges have written in the place of a setting. */
const oddValues: readonly unknown[] = [
  ...['', ' a', 'é', 'a\nb', 'a\u200b', '${x}', '%{if}', '../x', '*', '1', '10.0.0.1/16', '::/0', 'x'.repeat(300)],
  ...['constructor', 'toString', '__proto__', 'hasOwnProperty', 'then', 'length', 'Example.com.'],
  ...[NaN, Infinity, -1, 1.5, 1e21, 1n, null, true, () => 1, new Date(0)],
  ...[[], {}, [[]], [{}], [null], ['', '']],
];

describe('what no check can read', () => {
  test('a value that contains itself, or has no end', () => {
    const input = example();
    const prod = (input.settings.environments as Record<string, Record<string, unknown>>)['prod']!;
    prod['again'] = input.settings;
    const endless = Array.from({ length: 10_000 }).reduce<object>((inside) => ({ inside }), {});
    Object.assign(input.regions[0]!.vpcs, { endless });
    const deep = `vpcs.endless${'.inside'.repeat(29)}`;
    expect(checkSettings(input).map(formatProblem)).toEqual([
      `${env}.again: contains itself; write the value itself, or remove it`,
      `${us}${deep}: lies 31 levels deep; write the value itself, or remove it`,
    ]);
  });

  test.each([undefined, null, 'prod', [], new Date(0)])('files that export %p', (value) => {
    const sources = { settings: 'infra.config.ts', regions: ['region-us/region.ts', 'region-ap/region.ts'] };
    const given = { ...example(), settings: value, regions: [exampleRegions[0], value], sources };
    expect(checkSettings(given as unknown as SettingsInput).map(formatProblem)).toEqual([
      expect.stringMatching(
        /^infra\.config\.ts: default export: .* is not an object; export default defineOrganisation/,
      ),
      expect.stringMatching(/^region-ap\/region\.ts: region: .* is not an object; export const region = /),
    ]);
  });
});

test('a list of any length is read in a moment', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => `b${index}.example`);
  const began = performance.now();
  problemsWith({ 'settings/environments/prod/dns/blockedDomains': [...many, many[0]] });
  expect(performance.now() - began).toBeLessThan(5_000);
});

describe('a value of any setting', () => {
  const settings = Object.entries({ settings: exampleOrganisation, us: exampleRegions[0] }).flatMap(([top, value]) =>
    pathsIn(value).map((path) => [top, ...path].join('/')),
  );

  test('gives problems without words of its type, never another error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settings), fc.constantFrom(...oddValues), (path, value) => {
        const problems = checkSettings(example({ [path]: value }));
        expect(problems.map(({ what, remedy }) => `${what}; ${remedy}`).join('\n')).not.toMatch(/undefined|\[object/);
      }),
      { numRuns: 500 },
    );
  });
});

/** Paths of all values in settings, whose keys have no slash. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => !key.includes('/'))
    .flatMap(([key, inside]) => [[key], ...pathsIn(inside).map((path) => [key, ...path])]);
}

test.each([
  ['a template of Terraform', 'settings/costCentre', '${var.x}', 'costCentre: "${var.x}" is a template of Terraform'],
  [
    'an attribute that Terraform would evaluate',
    'settings/environments/prod/dataStores/tables/sessions/partitionKey',
    '%{if true}',
    'partitionKey: "%{if true}" is a template of Terraform',
  ],
  [
    'a character that nobody sees',
    'settings/environments/prod/rollout/alarms',
    ['prod-app\u200b'],
    'rollout.alarms.0: "prod-app\u200b" has the invisible character U+200B; remove it',
  ],
  [
    'an address that gets each mail twice',
    'settings/environments/prod/alarmRecipients/platform/email',
    ['a@example.com', 'a@example.com'],
    'alarmRecipients.platform.email.1: "a@example.com" is listed twice',
  ],
  [
    'a segment that every object has',
    'settings/environments/prod/segment',
    'constructor',
    'prod.segment: there is no segment "constructor"',
  ],
  ['a space', 'settings/home', 'us ', 'home: "us " begins or ends with a space'],
  [
    'roles that differ in case',
    'settings/planRole',
    'Platform-Deploy',
    'planRole: "Platform-Deploy" is the deployRole too',
  ],
  [
    'settings that defineOrganisation has not completed',
    'settings/environments/prod/inspection',
    {},
    'environments.prod.inspection.perZone.min: is missing, and has a default',
  ],
])('%s is a problem', (_, path, value, expected) => {
  expect(problemsWith({ [path]: value }).join('\n')).toContain(expected);
});

test('valid settings of any size pass', () => {
  const regionNames = ['us-east-1', 'ap-northeast-2', 'eu-west-1', 'eu-central-1', 'sa-east-1'];
  const zoneStarts = ['use1-az', 'apne2-az', 'euw1-az', 'euc1-az', 'sae1-az'];
  const shapes = fc.record({
    regions: fc.integer({ min: 2, max: 5 }),
    environments: fc.uniqueArray(fc.constantFrom('prod', 'staging', 'test', 'dev', 'load'), { minLength: 1 }),
    zones: fc.integer({ min: 2, max: 6 }),
    vpcPrefix: fc.integer({ min: 16, max: 21 }),
    firstAsn: fc.oneof(fc.integer({ min: 64512, max: 65530 }), fc.integer({ min: 4200000000, max: 4294967290 })),
  });
  fc.assert(
    fc.property(shapes, ({ regions: count, environments, zones, vpcPrefix, firstAsn }) => {
      const keys = ['us', 'ap', 'eu', 'de', 'br'].slice(0, count);
      const networks = (region: number, prefix: number) =>
        Object.fromEntries(environments.map((name, index) => [name, `10.${(region * 5 + index) * 4}.0.0/${prefix}`]));
      const input: SettingsInput = {
        settings: {
          ...exampleOrganisation,
          home: keys.at(-1)!,
          environments: Object.fromEntries(
            environments.map((name) => [
              name,
              { ...exampleOrganisation.environments.prod, domain: `${name}.example.com` },
            ]),
          ),
          owners: {
            shared: 'network',
            libs: 'platform',
            ...Object.fromEntries(keys.map((key) => [`region-${key}`, 'network'])),
          },
        },
        regions: keys.map((key, index) => ({
          key,
          awsRegion: regionNames[index]!,
          role: index === 0 ? 'primary' : 'standby',
          failsOverTo: keys[index === 0 ? 1 : 0]!,
          zones: Array.from({ length: zones }, (_, zone) => `${zoneStarts[index]}${zone + 1}`),
          asn: firstAsn + index,
          maintenanceWindow: formatWeeklyWindow({ start: index * 180, length: 150 }),
          cidrs: networks(index, 14),
          inspectionCidrs: Object.fromEntries(
            environments.map((name, place) => [name, `10.${(index * 5 + place) * 4 + 3}.248.0/21`]),
          ),
          edgeSources: {
            ...exampleRegions[0].edgeSources,
            accelerator: Object.fromEntries(environments.map((name) => [name, 'not-yet'])),
          },
          vpcs: { vpc: { cidrs: networks(index, vpcPrefix) } },
        })),
        folders: ['shared', ...keys.flatMap((key) => [`region-${key}`, `region-${key}/vpc`])],
      };
      expect(checkSettings(input).map(formatProblem)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
