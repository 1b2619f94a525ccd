import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { exampleValues, openBalancers } from './example-values';

const accounts = {
  network: '210987654321',
  workload: '310987654321',
  edge: '410987654321',
  management: '510987654321',
};
const real = exampleEnvironment({ organisation: 'acme', domain: 'acme.io', accounts });
const lists = (malware: string) => exampleRegions.map((region) => ({ ...region, managedDomainLists: { malware } }));
const realRegions = lists('rslvr-fdl-2c46f2ecbfec4dcc');
const wheresOf = (...given: Parameters<typeof exampleValues>) => exampleValues(...given).map(({ where }) => where);

test('values of an organisation are no examples', () => {
  expect(exampleValues(real, realRegions)).toEqual([]);
});

test('names all values that the repository came with at once', () => {
  const connectivity = {
    prod: {
      vpn: { logRetentionDays: 365, customerGateways: { headquarters: { address: '203.0.113.10', asn: 65000 } } },
      directConnect: {
        awsAsn: 64600,
        onPremisesAsn: 65000,
        connections: [{ bgpKeySecretArn: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:x' }] as never,
      },
    },
  };
  const onPremises = {
    cidrs: ['192.168.0.0/16'],
    domains: [{ name: 'corp.example.com', targets: ['192.168.0.10'] }],
    connectivity,
  };
  const alarmRecipients = { platform: { email: ['oncall@example.com'], https: ['https://pager.example.com/x'] } };
  const environment = exampleEnvironment({ onPremises, alarmRecipients });
  expect(wheresOf(environment, lists('rslvr-fdl-00000000000000a1'))).toEqual([
    'infra.config.ts: organisation',
    'infra.config.ts: environments.prod.domain',
    'infra.config.ts: environments.prod.accounts.network',
    'infra.config.ts: environments.prod.accounts.workload',
    'infra.config.ts: environments.prod.accounts.edge',
    'infra.config.ts: environments.prod.accounts.management',
    'region-us/region.ts: managedDomainLists.malware',
    'region-ap/region.ts: managedDomainLists.malware',
    'infra.config.ts: environments.prod.alarmRecipients.platform.email.0',
    'infra.config.ts: environments.prod.alarmRecipients.platform.https.0',
    'infra.config.ts: onPremises.domains.0.name',
    'infra.config.ts: onPremises.connectivity.prod.vpn.customerGateways.headquarters.address',
    'infra.config.ts: onPremises.connectivity.prod.directConnect.connections.0.bgpKeySecretArn',
  ]);
});

test('accepts domains that only end like an example', () => {
  expect(wheresOf({ ...real, domain: 'myexample.com' }, realRegions)).toEqual([]);
  expect(wheresOf({ ...real, domain: 'staging.example.com' }, realRegions)).toHaveLength(1);
});

/** Regions with an accelerator's group, for `prod`. */
const withGroup = (group: string, healthCheckers = 'pl-0123456789abcdef0') =>
  realRegions.map((region) => ({
    ...region,
    edgeSources: { distributions: 'pl-3b927c52', healthCheckers, accelerator: { prod: group } },
  }));

test('refuses example ids of the edge from the level that uses them', () => {
  const examples = withGroup('sg-00000000000000a1', 'pl-00000000000000a1');
  expect(wheresOf({ ...real, level: 'local-reads' }, examples)).toEqual([]);
  expect(wheresOf({ ...real, level: 'accelerated' }, examples)).toEqual([
    'region-us/region.ts: edgeSources.healthCheckers',
    'region-us/region.ts: edgeSources.accelerator.prod',
    'region-ap/region.ts: edgeSources.healthCheckers',
    'region-ap/region.ts: edgeSources.accelerator.prod',
  ]);
  for (const group of ['not-yet', 'sg-0123456789abcdef0']) {
    expect(wheresOf({ ...real, level: 'inspected' }, withGroup(group))).toEqual([]);
  }
});

test('from accelerated, names a load balancer that the internet still reaches', () => {
  expect(openBalancers({ ...real, level: 'local-reads' }, withGroup('not-yet'))).toEqual([]);
  expect(openBalancers({ ...real, level: 'accelerated' }, withGroup('not-yet'))).toEqual([
    expect.stringContaining("region-us/region.ts: edgeSources.accelerator.prod is 'not-yet'"),
    expect.stringContaining("region-ap/region.ts: edgeSources.accelerator.prod is 'not-yet'"),
  ]);
  expect(openBalancers({ ...real, level: 'accelerated' }, withGroup('sg-0123456789abcdef0'))).toEqual([]);
});
