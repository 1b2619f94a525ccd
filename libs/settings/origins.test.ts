import { exampleOrganisation, exampleRegionsOfBoth } from '@platform/libs/testing/example-settings';
import { defineOrganisation } from './organisation';
import { effectiveSettings, settingsTable } from './origins';

const { prod } = exampleOrganisation.environments;
const { environments: _, deployRole: __, planRole: ___, ...organisation } = exampleOrganisation;
const settings = defineOrganisation({
  ...organisation,
  onPremises: {
    cidrs: ['192.168.0.0/16'],
    connectivity: {
      prod: { vpn: { customerGateways: { hq: { address: '203.0.113.10', asn: 65000 } } } },
      staging: { vpn: { customerGateways: { hq: { address: '203.0.113.11', asn: 65000 } } } },
    },
  },
  environments: {
    prod,
    staging: {
      profile: 'development',
      domain: 'staging.example.com',
      segment: 'nonprod',
      accounts: prod.accounts,
      level: 'standby',
      mode: 'active-passive',
      flowLogs: { retentionDays: 90 },
      edge: { originFailover: { statusCodes: [503] } },
      dataStores: { database: { objective: { rpoSec: 60, rtoSec: 900 } } },
      applications: {
        app: {
          releases: { blue: { name: '1.0.0' }, green: { name: '1.0.0' } },
          capacity: { standby: { standby: { max: 5 } } },
        },
      },
    },
  },
});
const found = effectiveSettings(settings, exampleRegionsOfBoth, 'staging');
const of = (name: string) => {
  const { value, origin } = found.find(({ setting }) => setting === name) ?? {};
  return [value, origin];
};

test.each<[string, unknown, string]>([
  ['home', 'us', 'organisation'],
  ['deployRole', 'platform-deploy', 'default'],
  ['segments.nonprod.reaches', ['nonprod', 'shared', 'on-premises'], 'organisation'],
  ['flowLogs.retentionDays', 90, 'environment'],
  ['natGateways', 'single', 'profile development'],
  ['edge.zone.ttlSec', 300, 'default'],
  ['edge.originFailover.statusCodes', [503], 'environment'],
  ['privateLink.services', ['ssm', 'ssmmessages', 'ec2messages'], 'profile development'],
  ['dns.blockedDomains', [], 'default'],
  ['applications.app.capacity.standby.standby.max', 5, 'environment'],
  ['applications.app.capacity.standby.origin-failover.max', 4, 'profile development'],
  ['applications.app.capacity.standbyPercent', 50, 'profile development'],
  ['applications.app.capacity.standby.standby.min', 1, 'default'],
  ['applications.app.releases.blue.name', '1.0.0', 'environment'],
  ['regions.ap.cidrs.staging', '10.68.0.0/14', 'region'],
])('%s is %j, from %s', (name, value, origin) => {
  expect(of(name)).toEqual([value, origin]);
});

test('omits the parts for other environments', () => {
  expect(found.filter(({ setting }) => setting.split('.').includes('prod') && !setting.startsWith('segments'))).toEqual(
    [],
  );
  expect(of('onPremises.connectivity.staging.vpn.customerGateways.hq.address')).toEqual([
    '203.0.113.11',
    'organisation',
  ]);
});

test('settings that were written in full have no defaults', () => {
  const origins = effectiveSettings(exampleOrganisation, exampleRegionsOfBoth, 'prod').map(({ origin }) => origin);
  expect(new Set(origins)).toEqual(new Set(['organisation', 'environment', 'region']));
});

test('the table has a line per setting, cut at the width of the terminal', () => {
  const rows = [
    { setting: 'home', value: 'us', origin: 'organisation' },
    { setting: 'edge.originFailover.statusCodes', value: [500, 502], origin: 'default' },
  ] as const;
  expect(settingsTable(rows).split('\n')).toEqual([
    'home                             organisation  us',
    'edge.originFailover.statusCodes  default       [500, 502]',
  ]);
  expect(settingsTable(rows, 50).split('\n')[1]).toBe('edge.originFailover.statusCodes  default       [5…');
});
