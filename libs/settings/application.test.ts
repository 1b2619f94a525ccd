import {
  exampleFolders,
  exampleEnvironment,
  exampleOrganisation,
  exampleRegions,
} from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { AdoptionLevel } from './adoption';
import type { ApplicationSettings } from './application';
import { formatProblem } from './problem';
import type { EdgeSources } from './region';

const { application } = exampleEnvironment();

function problemsOf(
  changes: Partial<ApplicationSettings>,
  edgeSources: EdgeSources = exampleRegions[0].edgeSources,
  level: AdoptionLevel = 'accelerated',
) {
  const { prod } = exampleOrganisation.environments;
  return checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: { prod: { ...prod, level, application: { ...application, ...changes } } },
    },
    regions: [{ ...exampleRegions[0], edgeSources }, exampleRegions[1]],
    folders: exampleFolders,
  }).map(formatProblem);
}

/** The one problem that a change causes. */
function problemOf(...change: Parameters<typeof problemsOf>): string {
  const problems = problemsOf(...change);
  expect(problems).toHaveLength(1);
  return problems[0]!;
}

test('the example has no problem', () => {
  expect(problemsOf({})).toEqual([]);
});

test('an instance type must match the architecture of the images', () => {
  expect(problemOf({ instanceType: 'm7i.large' })).toContain('"m7i.large" is not of the arm64 kind');
  for (const instanceType of ['m7g.large', 't4g.small', 'c8gd.2xlarge', 'x2gd.metal']) {
    expect(problemsOf({ instanceType })).toEqual([]);
  }
});

test('an image is a parameter, or an AMI for every region', () => {
  const blue = (image: string | Record<string, string>) =>
    problemOf({ releases: { ...application.releases, blue: { name: '1', image } } });
  expect(blue('al2023')).toContain('"al2023" is not a full name of an SSM parameter');
  expect(blue({ us: 'ami-0123456789abcdef0' })).toContain('there is no image for region ap');
  expect(blue({ us: 'ami-0123456789abcdef0', ap: 'latest' })).toContain('"latest" is not an AMI id');
});

test('an active region survives the loss of a zone, and a standby can take over', () => {
  const active = (min: number, max: number) => ({ ...application.capacity, active: { min, max } });
  expect(problemOf({ capacity: active(1, 4) })).toContain(
    'capacity.active.min: 1 is out of bounds; use 2–5000 instances',
  );
  expect(problemOf({ capacity: active(3, 2) })).toContain('2 is less than the least number, 3');
  const empty = { ...application.capacity, standby: { ...application.capacity.standby, standby: { min: 0, max: 4 } } };
  expect(problemOf({ capacity: empty })).toContain(
    'capacity.standby.standby.min: 0 is out of bounds; use 1–5000 instances',
  );
  const small = { ...application.capacity, standby: { ...application.capacity.standby, standby: { min: 1, max: 2 } } };
  expect(problemOf({ capacity: small })).toContain(
    'capacity.standby.standby.max: at most 2 instances cannot replace the 3',
  );
});

test('a standby region that is smaller from local-reads on needs a statement of what a failover degrades', () => {
  const half = { ...application.capacity, standbyPercent: 50 };
  expect(problemOf({ capacity: half })).toContain(
    'capacity.standbyPercent: 50 leaves the standby region 2 instances for the load of 3, and nobody has said what a failover degrades; use 100, or say in capacity.degradedMode what clients notice',
  );
});

test.each([
  ['diskGib', { diskGib: 7 }],
  ['scaling.cpuPercent', { scaling: { cpuPercent: 95, requestsPerMinute: 1 } }],
  ['scaling.requestsPerMinute', { scaling: { cpuPercent: 50, requestsPerMinute: 0 } }],
  ['requestLimit', { requestLimit: 9 }],
  ['alarms.errorPercent', { alarms: { errorPercent: 0, p95Ms: 500 } }],
  ['alarms.p95Ms', { alarms: { errorPercent: 1, p95Ms: 0 } }],
  ['originHeaderGeneration', { originHeaderGeneration: 0 }],
  ['logRetentionDays', { logRetentionDays: 31 }],
  ['messaging.visibilityTimeoutSec', { messaging: { visibilityTimeoutSec: 43_201, attempts: 5, archiveDays: 1 } }],
  ['messaging.attempts', { messaging: { visibilityTimeoutSec: 1, attempts: 0, archiveDays: 1 } }],
  ['messaging.archiveDays', { messaging: { visibilityTimeoutSec: 1, attempts: 1, archiveDays: 0 } }],
] as [string, Partial<ApplicationSettings>][])('%s must be within the limits of AWS', (path, change) => {
  expect(problemOf(change)).toContain(`infra.config.ts: environments.prod.application.${path}`);
});

test('listeners of a network load balancer do not share a port', () => {
  const listener = { protocol: 'TCP', port: 8443, targetPort: 8443 } as const;
  expect(problemOf({ networkBalancer: { listeners: {} } })).toContain('accepts no connections');
  expect(problemOf({ networkBalancer: { listeners: { Tls: listener } } })).toContain(
    '"Tls" cannot be part of resource names',
  );
  expect(problemOf({ networkBalancer: { listeners: { a: listener, b: listener } } })).toContain(
    '8443 is taken by a, and protocols cannot share a port',
  );
  expect(problemOf({ networkBalancer: { listeners: { a: { ...listener, port: 0 } } } })).toContain(
    '0 is out of bounds; use 1–65535',
  );
  const twoProtocols = { a: listener, b: { ...listener, protocol: 'UDP' as const } };
  expect(problemOf({ networkBalancer: { listeners: twoProtocols } })).toContain('listeners.b.port: 8443 is taken by a');
  const oneTarget = { a: listener, b: { ...listener, port: 443 } };
  expect(problemsOf({ networkBalancer: { listeners: oneTarget } })).toEqual([]);
  for (const name of ['balancer', 'clients']) {
    expect(problemOf({ networkBalancer: { listeners: { [name]: listener } } })).toContain(
      'a part of the load balancer',
    );
  }
});

test('addresses are one per zone of every region, inside the VPC', () => {
  const listeners = { tls: { protocol: 'TCP', port: 8443, targetPort: 8443 } } as const;
  const us = ['10.0.0.10', '10.0.16.10', '10.0.32.10'];
  const ap = ['10.4.0.10', '10.4.16.10', '10.4.32.10'];
  const withAddresses = (addresses: Record<string, string[]>) =>
    problemsOf({ networkBalancer: { listeners, addresses } });
  expect(withAddresses({ us, ap })).toEqual([]);
  expect(withAddresses({ us })).toEqual([expect.stringContaining('there are 0 addresses for 3 zones')]);
  expect(withAddresses({ us, ap: ['10.0.0.11', ...ap.slice(1)] })).toEqual([
    expect.stringContaining('"10.0.0.11" is not an address of the VPC'),
  ]);
});

test('an invalid network is reported also if load balancer addresses are set', () => {
  const { prod } = exampleOrganisation.environments;
  const listeners = { tls: { protocol: 'TCP', port: 443, targetPort: 8443 } } as const;
  const networkBalancer = { listeners, addresses: { us: ['10.0.0.10'], ap: [] } };
  const [us, ap] = exampleRegions;
  const problems = checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: { prod: { ...prod, application: { ...application, networkBalancer } } },
    },
    regions: [{ ...us, vpcs: { vpc: { cidrs: { prod: 'no network' } } } }, ap],
    folders: exampleFolders,
  });
  expect(problems.map(({ what }) => what)).toEqual([
    '"no network" is not an IPv4 network',
    'there are 1 addresses for 3 zones',
    'there are 0 addresses for 3 zones',
  ]);
});

test('ids of edge traffic have AWS’s format, for existing environments', () => {
  const good: EdgeSources = {
    distributions: 'pl-3b927c52',
    healthCheckers: 'pl-0123456789abcdef0',
    accelerator: { prod: 'not-yet' },
  };
  expect(problemsOf({}, good)).toEqual([]);
  expect(problemsOf({}, good, 'local-reads')).toEqual([]);
  expect(problemsOf({}, { ...good, accelerator: { prod: 'sg-0123456789abcdef0' } })).toEqual([]);
  expect(problemOf({}, { ...good, distributions: 'pl-x' })).toContain(
    'edgeSources.distributions: "pl-x" is not an id of a prefix list',
  );
  expect(problemOf({}, { ...good, healthCheckers: 'sg-1' })).toContain('"sg-1" is not an id of a prefix list');
  expect(problemOf({}, { ...good, accelerator: { prod: 'pl-1' } })).toContain(
    '"pl-1" is not an id of a security group',
  );
  expect(problemOf({}, { ...good, accelerator: { prod: 'sg-01234567' } }, 'local-reads')).toContain(
    'accelerator.prod: there is no accelerator at level local-reads',
  );
  expect(problemsOf({}, { ...good, accelerator: { prod: 'sg-00000000000000a1' } }, 'local-reads')).toEqual([]);
  expect(problemOf({}, { ...good, accelerator: { prod: 'not-yet', qa: 'sg-01234567' } })).toContain(
    'there is no environment "qa"',
  );
  expect(problemOf({}, { ...good, accelerator: {} })).toContain(
    "accelerator.prod: there is no group for this environment; write 'not-yet' until AWS has made it",
  );
});
