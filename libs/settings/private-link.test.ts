import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import { neededEndpoints } from './private-link';
import { formatProblem } from './problem';
import type { SettingsInput } from './settings-input';

const input = (privateLink: object, application: object = {}): SettingsInput => {
  const settings = structuredClone(exampleOrganisation);
  Object.assign(settings.environments.prod, { privateLink: { services: ['ssm'], ...privateLink } });
  Object.assign(settings.environments.prod.applications.app, application);
  const folders = ['global', 'libs', 'region-ap', 'region-ap/vpc', 'region-us', 'region-us/vpc', 'shared'];
  return { settings, regions: exampleRegions, folders };
};
const networkBalancer = { listeners: { tls: { protocol: 'TCP', port: 443, targetPort: 8443 } } };
const partner = (changes: object = {}, name = 'acme') => ({
  partners: {
    [name]: {
      serviceNames: { us: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' },
      ports: [443],
      privateDns: 'off',
      ...changes,
    },
  },
});
const offer = (principal: string) => ({ offer: { allowedPrincipals: [principal] } });
const at = 'infra.config.ts: environments.prod.privateLink';

test('accepts an offer and a partner as in the example', () => {
  const all = { ...offer('arn:aws:iam::999999999999:root'), ...partner() };
  expect(checkSettings(input(all, { networkBalancer }))).toEqual([]);
});

test.each<[string, object, string]>([
  ['a service twice', { services: ['ssm', 'ssm'] }, `${at}.services.1: "ssm" is listed twice`],
  ['an ARN of a bucket', { readableBuckets: ['arn:aws:s3:::x'] }, '"arn:aws:s3:::x" is not a name of a bucket'],
  ['everybody', offer('*'), `${at}.offer.allowedPrincipals.0: "*" is not an account, role or user`],
  ['nobody', { offer: { allowedPrincipals: [] } }, `${at}.offer.allowedPrincipals: there is none`],
  ['no service', partner({ serviceNames: {} }), `${at}.partners.acme.serviceNames: there is none`],
  ['a partner name', partner({}, 'Acme'), '"Acme" cannot be part of resource names'],
  ['a port twice', partner({ ports: [8443, 8443] }), `${at}.partners.acme.ports.1: 8443 is listed twice; list it once`],
  [
    'more ports than a group names',
    partner({ ports: Array.from({ length: 60 }, (_, n) => 9000 + n) }),
    `${at}.partners: 61 ports in us, with 443 for AWS, are more than the security group of the application's instances can name; use at most 60`,
  ],
  ['a region', partner({ serviceNames: { eu: 'x' } }), 'there is no region "eu"'],
  [
    'a service of another region',
    partner({ serviceNames: { ap: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' } }),
    'is not an endpoint service of ap-northeast-2',
  ],
  [
    'a zone',
    partner({ zones: { us: ['use1-az1', 'use1-az6'] } }),
    `${at}.partners.acme.zones.us.1: "use1-az6" is not among the zones of us`,
  ],
  ['no zone', partner({ zones: { us: [] } }), `${at}.partners.acme.zones.us: there is none`],
  [
    'a zone twice',
    partner({ zones: { us: ['use1-az1', 'use1-az1'] } }),
    `${at}.partners.acme.zones.us.1: "use1-az1" is listed twice`,
  ],
  [
    'zones where it is not',
    partner({ zones: { ap: ['apne2-az1'] } }),
    `${at}.partners.acme.zones.ap: there is no service name for ap`,
  ],
  ['no port', partner({ ports: [] }), `${at}.partners.acme.ports: there is none`],
  ['a port', partner({ ports: [70000] }), `${at}.partners.acme.ports.0: 70000 is out of bounds; use 1–65535`],
])('%s', (_, privateLink, message) => {
  const problems = checkSettings(input(privateLink, { networkBalancer })).map(formatProblem);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test('accepts as many partner ports as a security group', () => {
  const ports = [443, ...Array.from({ length: 59 }, (_, n) => 9000 + n)];
  expect(checkSettings(input(partner({ ports })))).toEqual([]);
});

test('refuses an offer without a load balancer', () => {
  expect(checkSettings(input(offer('arn:aws:iam::999999999999:root'))).map(formatProblem)).toEqual([
    `${at}.offer: there is no internal network load balancer to offer; add applications.app.networkBalancer, or remove offer`,
  ]);
});

test('the shape reports a service without an endpoint', () => {
  const [problem] = checkSettings(input({ services: ['s3'] })).map(formatProblem);
  expect(problem).toContain(`${at}.services.0: there is no "s3"; use one of ssm`);
});

test('refuses zones of a service of AWS that are not those of the region, or of no service', () => {
  const [us, ap] = exampleRegions;
  const regions = [{ ...us, endpointZones: { ssm: ['use1-az6'], s3: ['use1-az1'] } }, ap];
  expect(checkSettings({ ...input({}), regions }).map(formatProblem)).toEqual([
    'region-us/region.ts: endpointZones.ssm.0: "use1-az6" is not among the zones of us; use use1-az1, use1-az2 or use1-az4',
    expect.stringContaining('region-us/region.ts: endpointZones.s3: there is no endpoint for "s3"; use one of ssm'),
  ]);
});

test('lists the services, regions and zones to ask AWS for', () => {
  const [us, ap] = exampleRegions;
  const { prod } = exampleOrganisation.environments;
  const serviceNames = { us: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' };
  const acme = { serviceNames, zones: { us: ['use1-az2'] }, ports: [443], privateDns: 'off' } as const;
  const environment = { privateLink: { ...prod.privateLink, services: ['kms'] as const, partners: { acme } } };
  expect(neededEndpoints(environment, [{ ...us, endpointZones: { kms: ['use1-az1'] } }, ap])).toEqual([
    { region: 'us', awsRegion: 'us-east-1', serviceName: 'com.amazonaws.us-east-1.kms', zones: ['use1-az1'] },
    { region: 'us', awsRegion: 'us-east-1', serviceName: serviceNames.us, zones: ['use1-az2'] },
    { region: 'ap', awsRegion: 'ap-northeast-2', serviceName: 'com.amazonaws.ap-northeast-2.kms', zones: ap.zones },
  ]);
});
