import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  exampleFolders,
  exampleEnvironment,
  exampleOrganisation,
  exampleRegions,
} from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { AdoptionLevel } from './adoption';
import { checkApplication, foldersOfRegions, type ApplicationSettings } from './application';
import { formatProblem } from './problem';
import type { EdgeSources, RegionSettings } from './region';

const application = exampleEnvironment().applications['app']!;

function problemsOf(
  changes: Partial<ApplicationSettings>,
  edgeSources: EdgeSources = exampleRegions[0].edgeSources,
  level: AdoptionLevel = 'accelerated',
) {
  const { prod } = exampleOrganisation.environments;
  return checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: { prod: { ...prod, level, applications: { app: { ...application, ...changes } } } },
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
    problemOf({ releases: { ...application.releases, blue: { runs: 'sample', name: '1', image } } });
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
    'capacity.standbyPercent: 50 leaves the standby region 2 instances for the load of 3, and capacity.degradedMode does not say what a failover degrades; use 100, or write there what clients notice',
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
  expect(problemOf(change)).toContain(`infra.config.ts: environments.prod.applications.app.${path}`);
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
      environments: { prod: { ...prod, applications: { app: { ...application, networkBalancer } } } },
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

describe('several applications', () => {
  const { prod } = exampleOrganisation.environments;
  const shop = { ...application };
  const problems = (applications: object, more: object = {}, folders: readonly string[] = []) =>
    checkApplication({
      settings: {
        ...exampleOrganisation,
        environments: { prod: { ...prod, applications: applications as typeof prod.applications }, ...more },
      },
      regions: exampleRegions,
      folders: [...exampleFolders, ...folders],
    }).map(formatProblem);
  const at = 'infra.config.ts: environments.prod.applications';
  const folders = ['region-us/shop', 'region-ap/shop'];

  test('each has a folder in every region', () => {
    expect(problems({ app: application, shop }, {}, folders)).toEqual([]);
    expect(problems({ app: application, shop }, {}, ['region-us/shop'])).toEqual([
      `${at}.shop: there is no folder region-ap/shop; run npx platform new service shop, or remove the application`,
    ]);
  });

  test('all environments have the same, and the one behind the domain', () => {
    const staging = { ...prod, domain: 'staging.example.com' };
    const apart = problems({ app: application, shop }, { staging }, folders);
    expect(apart.filter((problem) => problem.includes('.applications'))).toEqual([
      'infra.config.ts: environments.staging.applications: there is no application "shop"; add shop, as in the other environments, or remove it there',
    ]);
    expect(problems({ shop }, {}, folders)).toEqual([
      `${at}: there is no application "app"; add app: region-*/alb-asg-app runs it`,
    ]);
  });

  test.each(['Shop', 'shop-', '1shop', 'a-name-that-is-longer', 'two--hyphens'])('refuses the name %s', (name) => {
    const given = { app: application, [name]: shop };
    expect(problems(given, {}, [`region-us/${name}`, `region-ap/${name}`])).toEqual([
      `${at}.${name}: "${name}" cannot be part of resource names; use up to 16 lower-case letters, digits or single hyphens, a letter first`,
    ]);
  });

  test('none has the folder of another regional stack or of a VPC', () => {
    const taken = readdirSync(join(__dirname, '../regional'));
    expect([...foldersOfRegions].sort()).toEqual(taken.sort());
    const problem = (name: string) =>
      `${at}.${name}: "${name}" is the folder of another stack in every region; use another name`;
    expect(problems({ app: application, aurora: shop, vpc: shop })).toEqual([problem('aurora'), problem('vpc')]);
  });

  test('what one uses exists', () => {
    const uses = { database: 'all', cache: 'none', tables: ['sessions', 'orders'], buckets: ['website'] };
    expect(problems({ app: application, shop: { ...shop, uses } }, {}, folders)).toEqual([
      `${at}.shop.uses.tables.1: there is no "orders"; use some of sessions`,
      `${at}.shop.uses.buckets.0: there is no "website"; use some of documents`,
    ]);
  });

  test('settings of a further one are checked as those of the first', () => {
    expect(problems({ app: application, shop: { ...shop, instanceType: 'm7i.large' } }, {}, folders)).toEqual([
      expect.stringContaining(`${at}.shop.instanceType: "m7i.large"`),
    ]);
  });
});

describe('what runs', () => {
  const release = application.releases.blue;
  const container = { digest: `sha256:${'0'.repeat(64)}`, cpuUnits: 512, memoryMib: 1024 } as const;
  const artifact = {
    buckets: { us: 'a', ap: 'b' },
    key: 'shop/1.tar.gz',
    sha256: '0'.repeat(64),
    start: '/opt/app/run',
  };
  const both = (blue: object, more: Partial<ApplicationSettings> = {}): Partial<ApplicationSettings> => ({
    releases: { blue: { ...release, ...blue }, green: { ...release, ...blue } },
    idleColour: 'running',
    ...more,
  });

  test.each([
    ['an archive', both({ runs: 'artifact', artifact })],
    ['a container', both({ runs: 'container', container })],
    ['an image', both({ runs: 'image', image: { us: 'ami-00000001', ap: 'ami-00000002' } })],
    [
      'an x86 image',
      both({ runs: 'image', image: '/acme/x86_64/shop' }, { processor: 'x86_64', instanceType: 'm7i.large' }),
    ],
  ])('%s is accepted', (_, changes) => {
    expect(problemsOf(changes)).toEqual([]);
  });

  test.each([
    ['releases.blue: runs container without container', both({ runs: 'container' })],
    ['releases.blue.artifact: the release runs sample', both({ artifact })],
    ['releases.blue.image: Amazon Linux starts no service', both({ runs: 'image' })],
    [
      'releases.blue.container.digest: "latest"',
      both({ runs: 'container', container: { ...container, digest: 'latest' } }),
    ],
    [
      'releases.blue.container.memoryMib: Fargate has no 512 MiB',
      both({ runs: 'container', container: { ...container, memoryMib: 512 } }),
    ],
    ['releases.blue.artifact.sha256: "1"', both({ runs: 'artifact', artifact: { ...artifact, sha256: '1' } })],
    ['releases.blue.artifact.start: "run"', both({ runs: 'artifact', artifact: { ...artifact, start: 'run' } })],
    [
      'releases.blue.artifact.buckets: there is no bucket for region ap',
      both({ runs: 'artifact', artifact: { ...artifact, buckets: { us: 'a' } } }),
    ],
    [
      'releases.blue.image: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" is for arm64',
      { processor: 'x86_64', instanceType: 'm7i.large' },
    ],
    [
      'instanceType: "m7g.large" is not of the x86_64 kind',
      both({ runs: 'container', container }, { processor: 'x86_64' }),
    ],
    ['variables.port: "port" is not a name', { variables: { port: '1' } }],
    ['variables.PORT: "PORT" is a variable of the platform', { variables: { PORT: '1' } }],
    ['variables.TEXT: "${x}" is a template of Terraform', { variables: { TEXT: '${x}' } }],
    ['variables.TEXT: "a\\nb" has the invisible character U+000A', { variables: { TEXT: 'a\nb' } }],
    [
      'secrets.KEY: there is no secret for region ap',
      { secrets: { KEY: { us: 'arn:aws:secretsmanager:us-east-1:222222222222:secret:a' } } },
    ],
    [
      'secrets.KEY.us: "arn:aws:secretsmanager:eu-west-1:',
      {
        secrets: {
          KEY: {
            us: 'arn:aws:secretsmanager:eu-west-1:222222222222:secret:a',
            ap: 'arn:aws:secretsmanager:ap-northeast-2:222222222222:secret:a',
          },
        },
      },
    ],
    ['uploadPaths.0: "uploads"', { uploadPaths: ['uploads'] }],
    ['healthPath: "healthz"', { healthPath: 'healthz' }],
    ['idleColour: "scaled-to-zero" leaves the release', { weights: 'by-command', idleColour: 'scaled-to-zero' }],
  ] as [string, Partial<ApplicationSettings>][])('refuses %s', (problem, changes) => {
    expect(problemsOf(changes)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  test('containers and instances do not answer for each other', () => {
    const mixed = { releases: { blue: release, green: { ...release, runs: 'container', container } } } as const;
    expect(problemOf({ ...mixed, idleColour: 'scaled-to-zero' })).toContain('idleColour: one release is a container');
    expect(problemsOf({ ...mixed, idleColour: 'running' })).toEqual([]);
  });

  test('containers of two environments need two registries', () => {
    const { prod } = exampleOrganisation.environments;
    const applications = { app: { ...application, ...both({ runs: 'container', container }) } };
    const registryProblems = (workload: string, regions: readonly RegionSettings[] = exampleRegions) =>
      checkApplication({
        settings: {
          ...exampleOrganisation,
          environments: {
            prod: { ...prod, applications },
            staging: { ...prod, applications, accounts: { ...prod.accounts, workload } },
          },
        },
        regions,
        folders: exampleFolders,
      })
        .map(formatProblem)
        .filter((problem) => problem.includes('accounts.workload'));
    expect(registryProblems(prod.accounts.workload)).toEqual([
      'infra.config.ts: environments.staging.accounts.workload: is also that of prod, both run containers, and an account has one replication of images in a region; use an account of its own, or releases that are not containers',
    ]);
    expect(registryProblems('999999999999')).toEqual([]);
    expect(registryProblems(prod.accounts.workload, [exampleRegions[0]])).toEqual([]);
  });

  test('weights by command end at level accelerated, where both target groups must be healthy', () => {
    const changes = { weights: 'by-command', idleColour: 'running' } as const;
    expect(problemsOf(changes, undefined, 'local-reads')).toEqual([]);
    expect(problemOf(changes, undefined, 'accelerated')).toContain('weights: from level accelerated');
  });
});
