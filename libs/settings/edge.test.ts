import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { EdgeSettings } from './edge';
import type { Mode } from './adoption';
import { formatProblem } from './problem';
import type { RegionSettings } from './region';

const { prod } = exampleOrganisation.environments;

interface Changes {
  readonly edge?: (edge: EdgeSettings) => unknown;
  readonly mode?: Mode;
  readonly regions?: readonly RegionSettings[];
}

const problemsWith = ({ edge = () => ({}), mode = 'active-passive', regions = exampleRegions }: Changes = {}) =>
  checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: { prod: { ...prod, mode, edge: { ...prod.edge, ...(edge(prod.edge) as Partial<EdgeSettings>) } } },
    },
    regions,
    folders: exampleFolders,
  }).map(formatProblem);

const at = 'infra.config.ts: environments.prod.edge.';

test('names below the domain that on-premises networks answer for are not locked to HTTPS', () => {
  const onPremises = {
    cidrs: ['192.168.0.0/16'],
    domains: [
      { name: 'corp.example.com', targets: ['192.168.0.10', '192.168.1.10'] },
      { name: 'corp.example', targets: ['192.168.0.10', '192.168.1.10'] },
    ],
  };
  const problems = (subdomains: 'on' | 'off') =>
    checkSettings({
      settings: {
        ...exampleOrganisation,
        onPremises,
        environments: {
          prod: { ...prod, edge: { ...prod.edge, strictTransport: { maxAgeDays: 365, subdomains, preload: 'off' } } },
        },
      },
      regions: exampleRegions,
      folders: exampleFolders,
    }).map(formatProblem);
  expect(problems('off')).toEqual([]);
  expect(problems('on')).toEqual([
    `${at}strictTransport.subdomains: "on" locks corp.example.com of onPremises.domains to HTTPS in every browser that has visited example.com; use 'off', or give the internal names another domain`,
  ]);
});

test('the example has no problem', () => {
  expect(problemsWith()).toEqual([]);
});

test.each<[string, Changes['edge'], string]>([
  [
    'interval of Route 53',
    ({ healthCheck }) => ({ healthCheck: { ...healthCheck, intervalSec: 20 } }),
    `${at}healthCheck.intervalSec: 20 is not possible; use one of 10, 30`,
  ],
  [
    'threshold',
    ({ healthCheck }) => ({ healthCheck: { ...healthCheck, failureThreshold: 11 } }),
    `${at}healthCheck.failureThreshold: 11 is out of bounds; use 1–10 checks`,
  ],
  [
    'path',
    ({ healthCheck }) => ({ healthCheck: { ...healthCheck, path: 'healthz' } }),
    `${at}healthCheck.path: "healthz" is not a path; start with a slash, then letters, digits and _.$/~@:+-, 128 characters at most: /healthz`,
  ],
  [
    'path with a query, which no request would match',
    ({ healthCheck }) => ({ healthCheck: { ...healthCheck, path: '/healthz?deep' } }),
    `${at}healthCheck.path: "/healthz?deep" is not a path; start with a slash, then letters, digits and _.$/~@:+-, 128 characters at most: /healthz`,
  ],
  [
    'path that is longer than a rule of a balancer takes',
    ({ healthCheck }) => ({ healthCheck: { ...healthCheck, path: `/${'h'.repeat(128)}` } }),
    `${at}healthCheck.path: "/${'h'.repeat(128)}" is not a path; start with a slash, then letters, digits and _.$/~@:+-, 128 characters at most: /healthz`,
  ],
  [
    'preload without what the list demands',
    () => ({ strictTransport: { maxAgeDays: 30, subdomains: 'off', preload: 'on' } }),
    `${at}strictTransport.preload: "on" is refused by the preload list with subdomains: "off" and 30 days; use subdomains: 'on' and maxAgeDays: 365 or more, or preload: 'off'`,
  ],
  [
    'failover code',
    ({ originFailover }) => ({ originFailover: { ...originFailover, statusCodes: [500, 429] } }),
    `${at}originFailover.statusCodes.1: 429 is not possible; use one of 400, 403, 404, 416, 500, 502, 503, 504`,
  ],
  [
    'code twice',
    ({ originFailover }) => ({ originFailover: { ...originFailover, statusCodes: [502, 502] } }),
    `${at}originFailover.statusCodes.1: 502 is listed twice; list it once`,
  ],
  [
    'no code',
    ({ originFailover }) => ({ originFailover: { ...originFailover, statusCodes: [] } }),
    `${at}originFailover.statusCodes: no answer would ever fail over; use 500, 502, 503, 504`,
  ],
  [
    'connection timeout',
    ({ originFailover }) => ({ originFailover: { ...originFailover, connectionTimeoutSec: 11 } }),
    `${at}originFailover.connectionTimeoutSec: 11 is out of bounds; use 1–10 s`,
  ],
  [
    'attempts',
    ({ originFailover }) => ({ originFailover: { ...originFailover, connectionAttempts: 0 } }),
    `${at}originFailover.connectionAttempts: 0 is out of bounds; use 1–3 attempts`,
  ],
  [
    'read timeout',
    ({ originFailover }) => ({ originFailover: { ...originFailover, readTimeoutSec: 61 } }),
    `${at}originFailover.readTimeoutSec: 61 is out of bounds; use 1–60 s`,
  ],
  [
    'interval of the accelerator',
    ({ accelerator }) => ({ accelerator: { ...accelerator, healthCheckIntervalSec: 15 } }),
    `${at}accelerator.healthCheckIntervalSec: 15 is not possible; use one of 10, 30`,
  ],
  [
    'threshold of the accelerator',
    ({ accelerator }) => ({ accelerator: { ...accelerator, healthCheckThreshold: 2.5 } }),
    `${at}accelerator.healthCheckThreshold: 2.5 is not a whole number; use 1–10 checks`,
  ],
  [
    'dial of no region',
    ({ accelerator }) => ({ accelerator: { ...accelerator, dialLimitPercent: { eu: 50 } } }),
    `${at}accelerator.dialLimitPercent.eu: there is no region "eu"; use one of us, ap`,
  ],
  [
    'dial above 100',
    ({ accelerator }) => ({ accelerator: { ...accelerator, dialLimitPercent: { ap: 101 } } }),
    `${at}accelerator.dialLimitPercent.ap: 101 is out of bounds; use 0–100 %`,
  ],
  [
    'no active region',
    ({ accelerator }) => ({ accelerator: { ...accelerator, dialLimitPercent: { us: 0 } } }),
    `${at}accelerator.dialLimitPercent: 0 for us leaves no region that takes traffic; leave one active region above 0`,
  ],
  [
    'authority',
    ({ zone }) => ({ zone: { ...zone, certificateAuthorities: ['amazon.com', 'https://x'] } }),
    `${at}zone.certificateAuthorities.1: "https://x" is not a CAA name; write the name alone: amazon.com`,
  ],
  [
    'no authority of ACM',
    ({ zone }) => ({ zone: { ...zone, certificateAuthorities: ['letsencrypt.org'] } }),
    `${at}zone.certificateAuthorities: [letsencrypt.org] has no authority of ACM, so no certificate could be issued; add one of amazon.com, amazontrust.com, awstrust.com, amazonaws.com`,
  ],
  ['ttl', ({ zone }) => ({ zone: { ...zone, ttlSec: 0 } }), `${at}zone.ttlSec: 0 is out of bounds; use 1–172800 s`],
  [
    'query log',
    ({ zone }) => ({ zone: { ...zone, queryLogRetentionDays: 31 } }),
    `${at}zone.queryLogRetentionDays: 31 is not possible; use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653`,
  ],
  ['limit', () => ({ requestLimit: 9 }), `${at}requestLimit: 9 is out of bounds; use 10–2000000000 requests per 5 min`],
  [
    'firewall log',
    () => ({ firewallLogRetentionDays: 0 }),
    `${at}firewallLogRetentionDays: 0 is not possible; use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653`,
  ],
  ['logs', () => ({ logRetentionDays: 0 }), `${at}logRetentionDays: 0 is out of bounds; use 1–3653 days`],
])('%s', (_, edge, expected) => {
  expect(problemsWith({ edge: edge! })).toEqual([expected]);
});

const [us, ap] = exampleRegions;

test('a region cannot use the API’s name for its site', () => {
  const regions = [
    { ...us, failsOverTo: 'api' },
    { ...ap, key: 'api' },
  ];
  expect(problemsWith({ regions })).toEqual([
    'region-api/region.ts: key: "api" would give its site a name that has another meaning, api.<domain>; use another key',
  ]);
});

test('in active-passive a standby fails over to the active region', () => {
  const regions = [us, ap, { ...ap, key: 'eu', failsOverTo: 'ap' }];
  const problems = (mode: Mode) => problemsWith({ regions, mode }).filter((each) => each.includes('failsOverTo'));
  expect(problems('active-passive')).toEqual([
    'region-eu/region.ts: failsOverTo: "ap" is a standby as well, and in active-passive only us serves; write "us", or make every environment active-active',
  ]);
  expect(problems('active-active')).toEqual([]);
});
