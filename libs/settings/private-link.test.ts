import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import { formatProblem } from './problem';
import type { SettingsInput } from './settings-input';

const input = (privateLink: object, application: object = {}): SettingsInput => {
  const settings = structuredClone(exampleOrganisation);
  Object.assign(settings.environments.prod, { privateLink: { services: ['ssm'], ...privateLink } });
  Object.assign(settings.environments.prod.application, application);
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
  ['a service twice', { services: ['ssm', 'ssm'] }, `${at}.services: "ssm" is listed twice`],
  ['an ARN of a bucket', { readableBuckets: ['arn:aws:s3:::x'] }, '"arn:aws:s3:::x" is not a name of a bucket'],
  ['everybody', offer('*'), `${at}.offer.allowedPrincipals.0: "*" is not an account, role or user`],
  ['a partner name', partner({}, 'Acme'), '"Acme" cannot be part of resource names'],
  ['a port twice', partner({ ports: [8443, 8443] }), `${at}.partners.acme.ports: 8443 is listed twice; list it once`],
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
    `${at}.offer: there is no internal network load balancer to offer; add application.networkBalancer, or remove offer`,
  ]);
});

test('the shape reports a service without an endpoint', () => {
  const [problem] = checkSettings(input({ services: ['s3'] })).map(formatProblem);
  expect(problem).toContain(`${at}.services.0: there is no "s3"; use one of ssm`);
});
