import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import type { Block } from '@platform/libs/resilience/contribution';
import { checkSettings } from '@platform/libs/settings/check-settings';
import type { Loss, UserPath } from '@platform/libs/settings/objectives';
import type { PathResilience, Resilience } from '@platform/tools/model/resilience';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { assessJson, readAssessedEstate, type AssessedEstate } from './assess-estate';
import { compareResilience } from './compare';
import { sectionsOf } from './report';

const workspace = useExampleWorkspace();
let estates: Record<'origin-failover' | 'accelerated', AssessedEstate>;
beforeAll(() => {
  const at = (level: 'origin-failover' | 'accelerated') =>
    readAssessedEstate({ root: workspace, environment: 'prod', whatIf: { level } });
  estates = { 'origin-failover': at('origin-failover'), accelerated: at('accelerated') };
});

/** The JSON of the estate, to be changed. */
class Change {
  readonly stacks: AssessedEstate['estate'];
  settings: AssessedEstate['settings'];

  constructor(private readonly assessed: AssessedEstate) {
    this.stacks = structuredClone(assessed.estate);
    this.settings = structuredClone(assessed.settings);
  }

  all(type: string, stack = ''): [stack: string, name: string, block: Block][] {
    const found = [...this.stacks].flatMap(([name, { json }]) =>
      name.startsWith(stack)
        ? Object.entries(json.resource?.[type] ?? {}).map(([id, block]): [string, string, Block] => [
            name,
            id,
            block as Block,
          ])
        : [],
    );
    // A mutation that touches nothing would prove nothing.
    expect(found.length).toBeGreaterThan(0);
    return found;
  }

  set(type: string, stack: string, values: (block: Block) => Block): void {
    for (const [, , block] of this.all(type, stack)) Object.assign(block, values(block));
  }

  remove(type: string, stack: string, isGone: (name: string, index: number, block: Block) => boolean): void {
    this.all(type, stack).forEach(([of, name, block], index) => {
      if (isGone(name, index, block)) delete this.stacks.get(of)!.json.resource![type]![name];
    });
  }

  assess(): Resilience {
    return assessJson({ ...this.assessed, estate: this.stacks, settings: this.settings });
  }
}

const pathOf = ({ paths }: Resilience, path: UserPath): PathResilience => paths.find((each) => each.path === path)!;
const high = (time: { readonly highSec: number | null }) => time.highSec ?? Infinity;
const rto = (loss: Loss) => (path: PathResilience) => high(path.losses.find((each) => each.loss === loss)!.rto);
const rpo = (loss: Loss) => (path: PathResilience) => high(path.losses.find((each) => each.loss === loss)!.rpo);
const down = (path: PathResilience) => 1 - path.availability.floor.low;
const modelDown = (path: PathResilience) => 1 - path.availability.model.high;
const lost = (loss: Loss) => (path: PathResilience) =>
  1 - path.losses.find((each) => each.loss === loss)!.capacityLeft!;

const grouped = (block: Block): Block[] => [block].flat() as Block[];
const usApp = 'region-us-alb-asg-app';
const apApp = 'region-ap-alb-asg-app';

type Mutation = (change: Change) => void;

/** What gets worse in which path, and the setting that its report names. */
const figures: readonly (readonly [
  string,
  UserPath,
  (path: PathResilience) => number,
  RegExp,
  Mutation,
  'accelerated'?,
])[] = [
  [
    'a health check with threshold 10',
    'apiReads',
    rto('region'),
    /edge\.healthCheck\.failureThreshold/,
    (change) =>
      change.set('aws_route53_health_check', 'global-route53', ({ type }) =>
        type === 'HTTPS' ? { failure_threshold: 10 } : {},
      ),
  ],
  [
    'a health check every 30 s',
    'orders',
    rto('region'),
    /edge\.healthCheck\.intervalSec/,
    (change) =>
      change.set('aws_route53_health_check', 'global-route53', ({ type }) =>
        type === 'HTTPS' ? { request_interval: 30 } : {},
      ),
  ],
  [
    'a record with a TTL of 300 s',
    'hybrid',
    rto('region'),
    /dns/,
    (change) => change.set('aws_route53_record', 'global-internal', () => ({ ttl: 300 })),
  ],
  [
    'a name of the database with a TTL of 3600 s',
    'apiWrites',
    rto('region'),
    /dns/,
    (change) => change.set('aws_route53_record', 'global-internal', () => ({ ttl: 3600 })),
  ],
  [
    'records of the API without a health check',
    'apiReads',
    rto('region'),
    /edge\.healthCheck/,
    (change) => {
      for (const [, , block] of change.all('aws_route53_record', 'global-route53'))
        delete (block as Record<string, unknown>)['health_check_id'];
    },
  ],
  [
    'a health check that looks from the region itself',
    'apiReads',
    rto('region'),
    /edge\.healthCheck/,
    (change) =>
      change.set('aws_route53_health_check', 'global-route53', ({ fqdn }) =>
        String(fqdn).startsWith('origin-us') ? { regions: ['us-east-1'] } : {},
      ),
  ],
  [
    'origins with AWS’s default timeouts',
    'site',
    rto('region'),
    /edge\.originFailover/,
    (change) =>
      change.set('aws_cloudfront_distribution', 'region-us', ({ origin }) => ({
        origin: ([origin].flat() as Block[]).map((each) => ({
          ...each,
          connection_timeout: 10,
          connection_attempts: 3,
        })),
      })),
  ],
  [
    'an origin group without a second origin',
    'site',
    rto('region'),
    /level/,
    (change) =>
      change.set('aws_cloudfront_distribution', 'region-us', ({ origin_group }) => ({
        origin_group: ([origin_group].flat() as Block[]).map((each) => ({
          ...each,
          member: grouped(each['member'] as Block).slice(0, 1),
        })),
      })),
  ],
  [
    'one reader less',
    'apiWrites',
    rto('instance'),
    /dataStores\.database\.instances/,
    (change) => change.remove('aws_rds_cluster_instance', 'region-us', (_, index) => index > 0),
  ],
  [
    'one instance of the database',
    'apiReads',
    down,
    /dataStores\.database\.instances/,
    (change) => change.remove('aws_rds_cluster_instance', 'region-us', (_, index) => index > 0),
  ],
  [
    'a single NAT gateway',
    'apiReads',
    rto('zone'),
    /natGateways/,
    (change) => change.remove('aws_nat_gateway', 'region-us-vpc', (_, index) => index > 0),
  ],
  [
    'no VPN, and one connection',
    'hybrid',
    rto('instance'),
    /onPremises\.connectivity/,
    (change) => {
      change.remove('aws_vpn_connection', 'shared-hybrid', () => true);
      change.remove('aws_dx_connection', 'shared-hybrid', (_, index) => index > 0);
    },
  ],
  [
    'no VPN',
    'hybrid',
    down,
    /onPremises\.connectivity|Direct Connect|connections/,
    (change) => change.remove('aws_vpn_connection', 'shared-hybrid', () => true),
  ],
  [
    'one instance of the application',
    'site',
    down,
    /applications\.app\.capacity/,
    (change) => change.set('aws_autoscaling_group', usApp, () => ({ min_size: 1 })),
  ],
  [
    'two instances in place of three',
    'apiReads',
    lost('instance'),
    /./,
    (change) => change.set('aws_autoscaling_group', usApp, () => ({ min_size: 2 })),
  ],
  [
    'a smaller standby',
    'apiReads',
    lost('region'),
    /applications\.app\.capacity\.standby/,
    (change) => change.set('aws_autoscaling_group', apApp, () => ({ min_size: 1 })),
  ],
  [
    'a load balancer in one zone',
    'apiReads',
    down,
    /zones/,
    (change) => change.set('aws_lb', usApp, () => ({ subnets: ['subnet-1'] })),
  ],
  [
    'a slower check of the targets',
    'apiReads',
    rto('instance'),
    /./,
    (change) =>
      change.set('aws_lb_target_group', usApp, ({ health_check }) => ({
        health_check: { ...grouped(health_check as Block)[0], interval: 60 },
      })),
  ],
  [
    'a slower check of the targets behind the accelerator',
    'apiReads',
    rto('region'),
    /./,
    (change) =>
      change.set('aws_lb_target_group', usApp, ({ health_check }) => ({
        health_check: { ...grouped(health_check as Block)[0], interval: 60 },
      })),
    'accelerated',
  ],
  [
    'an accelerator with one endpoint group',
    'apiReads',
    rto('region'),
    /level/,
    (change) =>
      change.remove(
        'aws_globalaccelerator_endpoint_group',
        'global-ga',
        (_, __, { endpoint_group_region: region }) => region !== 'us-east-1',
      ),
    'accelerated',
  ],
  [
    'a region without a copy behind the API',
    'apiReads',
    modelDown,
    /level/,
    (change) => change.remove('aws_route53_record', 'global-route53', (name) => name.includes('Secondary')),
  ],
  [
    'no replication time control',
    'site',
    rpo('region'),
    /replicationTimeControl/,
    (change) => {
      for (const [, , block] of change.all('aws_s3_bucket_replication_configuration', 'global-data')) {
        for (const rule of grouped(block['rule'] as Block))
          delete (rule['destination'] as Record<string, unknown>)['replication_time'];
      }
    },
  ],
  [
    'no alarm on the lag of the database',
    'apiWrites',
    rpo('region'),
    /dataStores\.database/,
    (change) =>
      change.remove(
        'aws_cloudwatch_metric_alarm',
        'global-data',
        (_, __, { metric_name: metric }) => metric === 'AuroraGlobalDBReplicationLag',
      ),
  ],
  [
    'no alarm on the age of messages',
    'orders',
    rpo('region'),
    /applications\.app\.messaging/,
    (change) =>
      change.remove(
        'aws_cloudwatch_metric_alarm',
        usApp,
        (_, __, { metric_name: metric }) => metric === 'ApproximateAgeOfOldestMessage',
      ),
  ],
  [
    'people who decide after two hours',
    'apiWrites',
    rto('region'),
    /objectives\.decisionMinutes/,
    (change) => {
      change.settings = { ...change.settings, objectives: { ...change.settings.objectives, decisionMinutes: 120 } };
    },
  ],
];

test.each(figures.map(([name, path, ...rest]) => [name, path, rest] as const))(
  '%s makes %s worse, and the report names the setting',
  (_, path, [figure, setting, mutate, level]) => {
    const estate = estates[level === 'accelerated' ? level : 'origin-failover'];
    const before = pathOf(assessJson(estate), path);
    const change = new Change(estate);
    mutate(change);
    const after = pathOf(change.assess(), path);
    expect(figure(after)).toBeGreaterThan(figure(before));
    const named = JSON.stringify([after.gain, after.losses, after.availability.parts]);
    expect(named).toMatch(setting);
  },
);

/** What the check of recoveries finds. */
const found: readonly (readonly [string, string, RegExp, Mutation])[] = [
  [
    'the state of a regional stack in the home region',
    'state-in-lost-region',
    /region-ap-vpc.*settings: home, state/,
    (change) => {
      Object.assign(change.stacks.get('region-ap-vpc')!.json.terraform!['backend'].s3, { region: 'us-east-1' });
    },
  ],
  [
    'a read of the state of the other region',
    'reads-state-of-lost-region',
    /region-ap-vpc.*region-us-vpc/,
    (change) => {
      const { json } = change.stacks.get('region-ap-vpc')!;
      Object.assign(json, {
        data: { terraform_remote_state: { 'region-us-vpc': { config: { region: 'us-east-1' } } } },
      });
    },
  ],
  [
    'a key in one region',
    'key-in-lost-region',
    /region-ap-aurora.*kms_key_id/,
    (change) =>
      change.set('aws_rds_cluster', 'region-ap', () => ({ kms_key_id: 'arn:aws:kms:us-east-1:222222222222:key/0' })),
  ],
  [
    'an image in one region',
    'key-in-lost-region',
    /region-ap-alb-asg-app.*image_id/,
    (change) =>
      change.set('aws_launch_template', apApp, () => ({ image_id: 'arn:aws:ssm:us-east-1::parameter/image' })),
  ],
  [
    'a bucket of a region in the other one',
    'made-in-lost-region',
    /region-ap-vpc.*aws_s3_bucket/,
    (change) => {
      const { json } = change.stacks.get('region-ap-vpc')!;
      json.provider!['aws']!.push({ alias: 'home', region: 'us-east-1' });
      change.set('aws_s3_bucket', 'region-ap-vpc', () => ({ provider: 'aws.home' }));
    },
  ],
  [
    'a health check that looks from one region',
    'health-check-in-lost-region',
    /edge\.healthCheck/,
    (change) =>
      change.set('aws_route53_health_check', 'global-route53', ({ type }) =>
        type === 'HTTPS' ? { regions: ['us-east-1'] } : {},
      ),
  ],
];

test.each(found)('finds %s', (_, rule, message, mutate) => {
  const open = ({ findings }: Resilience) => findings.filter(({ declared }) => declared === null);
  const estate = estates['origin-failover'];
  expect(open(assessJson(estate))).toEqual([]);
  const change = new Change(estate);
  mutate(change);
  expect(
    open(change.assess()).map((each) => `${each.rule} ${each.where}: ${each.what}; ${each.remedy}`),
  ).toContainEqual(expect.stringMatching(new RegExp(`^${rule} .*${message.source}`)));
});

test('a longer TTL never shortens the recovery', () => {
  const times = [0, 10, 60, 300, 3600].map((ttl) => {
    const change = new Change(estates['origin-failover']);
    change.set('aws_route53_record', 'global-internal', () => ({ ttl }));
    return rto('region')(pathOf(change.assess(), 'hybrid'));
  });
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('takes less than 3 seconds without plans', () => {
  const start = performance.now();
  assessJson(estates.accelerated);
  expect(performance.now() - start).toBeLessThan(3000);
});

test('a review blocks a change that breaks an objective, with the terms before and after', () => {
  const estate = estates['origin-failover'];
  const before = assessJson(estate);
  expect(compareResilience(before, before).broken).toEqual([]);
  const change = new Change(estate);
  change.set('aws_route53_health_check', 'global-route53', ({ type }) =>
    type === 'HTTPS' ? { request_interval: 30, failure_threshold: 10 } : {},
  );
  const { broken, resilience } = compareResilience(before, change.assess());
  expect(broken).toContainEqual({
    what: 'apiReads: RTO for the loss of a region is 4 min 30 s to 14 min 30 s, and the objective is 10 min',
    why: expect.stringMatching(
      /^Before: 20 s to 10 min, of the health check fails 3 times, every 10 s .* After: .*the health check fails 10 times, every 30 s .*edge\.healthCheck\.failureThreshold/,
    ) as string,
    stack: 'region-ap-alb-asg-app',
    address: expect.stringMatching(/^aws_autoscaling_group\./) as string,
  });
  expect(resilience.objectives).toContainEqual({
    path: 'apiReads',
    objective: 'RTO for the loss of a region',
    wanted: '10 min',
    before: '20 s to 10 min',
    after: '4 min 30 s to 14 min 30 s',
    status: 'broken',
  });
});

test('a path that vanishes is told with the reason, and blocks a review', () => {
  const estate = estates['origin-failover'];
  const before = assessJson(estate);
  expect(before.missing).toEqual([]);
  const change = new Change(estate);
  for (const type of ['aws_vpn_connection', 'aws_dx_connection']) change.remove(type, 'shared-hybrid', () => true);
  const after = change.assess();
  expect(after.paths.map(({ path }) => path)).not.toContain('hybrid');
  expect(after.missing).toEqual([
    { path: 'hybrid', why: 'there is no connection to on-premises networks', hasObjective: true },
  ]);
  expect(sectionsOf(after)[0]!.lines).toEqual([expect.stringMatching(/^hybrid: not compared with its objective: /)]);
  expect(compareResilience(before, after).broken.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^hybrid: after the change the estate does not have this path/),
  ]);
  // A path that was never there breaks nothing.
  expect(compareResilience(after, after).broken).toEqual([]);
});

test('orders need the event bus and the queue of their own application', () => {
  const { parts } = pathOf(assessJson(estates.accelerated), 'orders').availability;
  expect(parts.filter(({ region }) => region === 'us').map(({ name, commitment }) => [name, commitment])).toEqual(
    expect.arrayContaining([
      ['event bus of us', expect.stringMatching(/^EventBridge, /)],
      ['queue of us', expect.stringMatching(/^SQS, /)],
    ]),
  );
  expect(parts.filter(({ name }) => /event bus|queue/.test(name)).map(({ where }) => where.split(':')[0])).toEqual([
    usApp,
    usApp,
    apApp,
    apApp,
  ]);
});

test('what no source confirms is marked in the report, and only that', () => {
  const resilience = assessJson(estates.accelerated);
  const sections = sectionsOf(resilience);
  const titled = (title: string) => sections.find((section) => section.title === title);
  const objectives = titled('Objectives');
  const times = titled('Recovery times');
  const parts = titled('Availability of the parts');
  const column = (section: typeof times, name: string) => section!.head!.indexOf(name);
  const statuses = (section: typeof times) =>
    new Map(section!.rows!.map((row) => [row[column(section, 'part')]!, row[column(section, 'status')]!]));
  const status = (section: typeof times, name: RegExp) => [...statuses(section)].find(([part]) => name.test(part))![1];
  expect(status(times, /the accelerator routes/)).toMatch(/^unconfirmed: AWS tells about 30 s/);
  expect(status(times, /the load balancer's health check fails/)).toBe('confirmed');
  expect(status(parts, /connections to on-premises networks/)).toBe('unconfirmed');
  expect(status(parts, /^Route 53 DNS$/)).toBe('confirmed');
  const model = (path: string, what: RegExp) =>
    objectives!.rows!.find((row) => row[0] === path && what.test(row[1]!))![column(objectives, 'model')]!;
  expect(model('apiReads', /^RTO, loss of a region/)).toMatch(/ \*$/);
  expect(model('apiReads', /^RTO, loss of an instance/)).not.toMatch(/\*/);
  expect(model('hybrid', /^availability/)).toMatch(/ \*$/);
  expect(model('orders', /^availability/)).not.toMatch(/\*/);
});

test('a measurement that misses an objective breaks it, and one that holds it does not stand for the model', () => {
  const estate = estates['origin-failover'];
  const evidence = (rtoSec: number) => [
    { format: 1, path: 'site', loss: 'region', rtoSec, measuredAt: '2026-11-01', how: 'game day' } as const,
  ];
  const regionOf = (rtoSec: number) =>
    pathOf(assessJson({ ...estate, evidence: evidence(rtoSec) }), 'site').losses.find(({ loss }) => loss === 'region')!
      .rto;
  expect(regionOf(30)).toMatchObject({ status: 'met', measuredSec: 30, measuredAt: '2026-11-01' });
  expect(regionOf(3000)).toMatchObject({ status: 'broken', measuredSec: 3000 });
});

test('several writers of Aurora are refused by the settings, which name the setting', () => {
  const { settings: organisation, regions } = loadSettings(workspace);
  const environments = structuredClone(organisation.environments);
  Object.assign(environments['prod']!.dataStores.database, { writers: 'multi-writer' });
  const problems = checkSettings({ settings: { ...organisation, environments }, regions, folders: [] });
  expect(problems.map(({ where }) => where)).toContainEqual(
    expect.stringContaining('environments.prod.dataStores.database.writers'),
  );
});
