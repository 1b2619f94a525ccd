import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkHybrid, type HybridSettings } from './hybrid';
import { checkSettings } from './check-settings';
import { formatProblem } from './problem';
import type { SettingsInput } from './settings-input';

const line = (name: string, location: string, changes: object = {}) => ({
  name,
  region: 'us',
  location,
  bandwidth: '1Gbps',
  vlan: 101,
  bgpKeySecretArn: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:key-AbCdEf',
  mtu: 1500,
  stage: 'in-service',
  ...changes,
});
const lines = (changes: object = {}, first: object = {}) => ({
  directConnect: {
    awsAsn: 64600,
    onPremisesAsn: 65000,
    connections: [line('first', 'EqDC2', first), line('second', 'CSVA1')],
    ...changes,
  },
});
const vpn = (changes: object = {}, name = 'headquarters') => ({
  vpn: { logRetentionDays: 365, customerGateways: { [name]: { address: '203.0.113.10', asn: 65000, ...changes } } },
});
const input = (hybrid: object, environment = 'prod'): SettingsInput => ({
  settings: {
    ...exampleOrganisation,
    onPremises: { cidrs: ['192.168.0.0/16'], connectivity: { [environment]: hybrid as HybridSettings } },
  },
  regions: exampleRegions,
  folders: ['global', 'libs', 'region-ap', 'region-ap/vpc', 'region-us', 'region-us/vpc', 'shared'],
});
const at = 'infra.config.ts: onPremises.connectivity.prod';

test('accepts Direct Connect and VPN as in the example', () => {
  expect(checkSettings(input({ ...lines(), ...vpn() }))).toEqual([]);
});

test.each<[string, object, string]>([
  ['nothing', {}, `${at}: there is no connection to the networks`],
  ['one location', lines({ connections: [line('a', 'EqDC2'), line('b', 'EqDC2')] }), 'all of them end at one location'],
  ['one line', lines({ connections: [line('a', 'EqDC2')] }), 'all of them end at one location'],
  ['a name twice', lines({}, { name: 'second' }), '"second" is listed twice'],
  [
    'a name',
    lines({}, { name: 'First' }),
    `${at}.directConnect.connections.0.name: "First" cannot be part of resource names`,
  ],
  ['a region', lines({}, { region: 'eu' }), 'there is no region "eu"; use one of us, ap'],
  ['a location', lines({}, { location: 'Equinix DC2' }), '"Equinix DC2" is not a code of a location'],
  ['a VLAN', lines({}, { vlan: 4095 }), '4095 is out of bounds; use 1–4094'],
  ['the key itself', lines({}, { bgpKeySecretArn: 'hunter2!' }), '"hunter2!" is not an ARN of a secret in us-east-1'],
  ['a secret elsewhere', lines({}, { region: 'ap' }), 'is not an ARN of a secret in ap-northeast-2'],
  ['an ASN of a hub', lines({ awsAsn: 64513 }), '64513 is the ASN of the Transit Gateway of ap'],
  ['a public ASN', lines({ awsAsn: 7224 }), '7224 is not a private ASN'],
  ['one ASN for both', lines({ onPremisesAsn: 64600 }), '64600 is the ASN of the gateway'],
  ['a private address', vpn({ address: '10.0.0.1' }), '"10.0.0.1" is not a public IPv4 address'],
  ['a device name', vpn({}, 'HQ'), '"HQ" cannot be part of resource names'],
  [
    'the ASN of a hub for a device',
    vpn({ asn: 64513 }),
    `${at}.vpn.customerGateways.headquarters.asn: 64513 is the ASN of`,
  ],
  ['an ASN of a device', vpn({ asn: 0 }), '0 is out of bounds'],
  [
    'static routes to two attachments',
    { ...lines(), ...vpn(), routes: 'static' },
    `${at}.routes: static routes lead to one attachment, and there are 2`,
  ],
  ['no device', { vpn: { logRetentionDays: 365, customerGateways: {} } }, `${at}.vpn.customerGateways: there is none`],
  [
    'a device twice',
    {
      vpn: {
        logRetentionDays: 365,
        customerGateways: { a: { address: '203.0.113.1', asn: 1 }, b: { address: '203.0.113.1', asn: 1 } },
      },
    },
    `${at}.vpn.customerGateways.b.address: 203.0.113.1 is that of another one`,
  ],
])('%s', (_, hybrid, message) => {
  const problems = checkSettings(input(hybrid)).map(formatProblem);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test('a device belongs to one environment of a network account', () => {
  const both = (network: string) => {
    const { prod } = exampleOrganisation.environments;
    const test = { ...prod, domain: 'test.example.com', accounts: { ...prod.accounts, network } };
    const given = input(vpn());
    const connectivity = { prod: vpn() as HybridSettings, test: vpn({}, 'office') as HybridSettings };
    const onPremises = { ...given.settings.onPremises!, connectivity };
    const settings = { ...given.settings, environments: { prod, test }, onPremises };
    return checkHybrid({ ...given, settings }).map(formatProblem);
  };
  expect(both('999999999999')).toEqual([]);
  expect(both('111111111111')).toEqual([
    'infra.config.ts: onPremises.connectivity.test.vpn.customerGateways.office: 203.0.113.10 is headquarters of prod too, in the same network account and with the same ASN; use another address or ASN of the device, or another network account',
  ]);
});

test('refuses an environment that does not exist', () => {
  expect(checkSettings(input(vpn(), 'test')).map(formatProblem)).toEqual([
    'infra.config.ts: onPremises.connectivity.test: there is no environment "test"; use one of prod',
  ]);
});

test('the shape reports a value of another type', () => {
  const [problem] = checkSettings(input(lines({}, { vlan: '101' }))).map(formatProblem);
  expect(problem).toContain(`${at}.directConnect.connections.0.vlan: "101" is not a number`);
});
