import {
  isConfirmed,
  planFailover,
  servingWeight,
  type FailoverRequest,
  type FailoverStep,
  type FailoverView,
  type RegionView,
} from './failover';

const keys = ['us', 'ap'] as const;
type Key = (typeof keys)[number];
const other = { us: 'ap', ap: 'us' } as const;
const accelerators = ['prod', 'prod-shop'] as const;
const awsRegions = { us: 'us-east-1', ap: 'ap-northeast-2' };
const memberArn = (key: string) => `arn:aws:rds:${key}:222222222222:cluster:prod-database-${key}`;

/** What a failover acts on, with what AWS would do. */
interface World {
  writer: Key;
  /** Regions that do not answer. */
  readonly down: Set<Key>;
  readonly latched: Set<Key>;
  readonly weights: Record<string, Record<Key, number>>;
  readonly desired: Record<Key, number>;
}

const newWorld = (): World => ({
  writer: 'us',
  down: new Set(),
  latched: new Set(),
  weights: Object.fromEntries(accelerators.map((name) => [name, { us: servingWeight, ap: servingWeight }])),
  desired: { us: 4, ap: 1 },
});

function viewOf(world: World): FailoverView {
  const seen = <T>(key: Key, value: T) => (world.down.has(key) ? { unknown: 'it does not answer' } : { value });
  const regions = keys.map(
    (key): RegionView => ({
      key,
      awsRegion: awsRegions[key],
      fleets: seen(key, [
        { name: 'prod-app-blue', min: 1, max: 8, desired: world.desired[key], inService: world.desired[key] },
      ]),
      latched: seen(other[key], world.latched.has(key)),
      latchRegion: awsRegions[other[key]],
      endpoints: Object.fromEntries(
        accelerators.map((name) => [
          name,
          {
            value: {
              groupArn: `${name}-${key}`,
              dialPercent: 100,
              weight: world.weights[name]![key],
              health: 'HEALTHY',
            },
          },
        ]),
      ),
    }),
  );
  if (world.down.size === keys.length) return { regions, database: { unknown: 'no region answers' } };
  const members = Object.fromEntries(
    keys.map((key) => [
      key,
      { arn: memberArn(key), writer: world.writer === key, status: 'available', instances: 1, lagMs: 400 },
    ]),
  );
  return { regions, database: { value: { globalClusterId: 'prod-database', status: 'available', members } } };
}

function act(world: World, step: FailoverStep): void {
  const region = step.region as Key;
  if (step.kind === 'raise-fleet') world.desired[region] = step.to;
  else if (step.kind === 'move-writer') world.writer = region;
  else if (step.kind === 'latch') world.latched.add(region);
  else if (step.kind === 'release') world.latched.delete(region);
  else if (step.kind === 'weight') world.weights[step.accelerator]![region] = step.to;
}

const request = (to: Key, changes: Partial<FailoverRequest> = {}): FailoverRequest => ({
  to,
  allowDataLoss: true,
  withoutTraffic: to === 'us' ? [] : ['us'],
  least: {},
  ...changes,
});

const kinds = (view: FailoverView, wanted: FailoverRequest) => planFailover(view, wanted).steps.map(({ kind }) => kind);

test('raises fleets first, then moves the writer, then traffic', () => {
  const plan = planFailover(viewOf(newWorld()), request('ap'));
  expect(plan.blockers).toEqual([]);
  expect(plan.steps).toEqual([
    { kind: 'raise-fleet', region: 'ap', fleet: 'prod-app-blue', to: 4 },
    {
      kind: 'move-writer',
      region: 'ap',
      how: 'switchover',
      globalClusterId: 'prod-database',
      member: memberArn('ap'),
    },
    { kind: 'latch', region: 'us', latchRegion: 'ap-northeast-2' },
    { kind: 'weight', region: 'us', accelerator: 'prod', groupArn: 'prod-us', to: 0 },
    { kind: 'weight', region: 'us', accelerator: 'prod-shop', groupArn: 'prod-shop-us', to: 0 },
  ]);
  expect(plan.lossMs).toBe(0);
});

test('asks nothing of the lost region, and says what may be lost', () => {
  const world = newWorld();
  world.down.add('us');
  const plan = planFailover(viewOf(world), request('ap', { lost: 'us', least: { 'prod-app-blue': 3 } }));
  expect(plan.blockers).toEqual([]);
  expect(plan.steps.slice(0, 2)).toMatchObject([{ kind: 'raise-fleet', to: 3 }, { how: 'failover' }]);
  expect(plan.lossMs).toBe(400);
});

describe('is blocked', () => {
  const blockersOf = (change: (world: World) => void, wanted: FailoverRequest) => {
    const world = newWorld();
    change(world);
    return planFailover(viewOf(world), wanted).blockers;
  };

  test('without leave to lose writes', () => {
    const lost = request('ap', { lost: 'us', allowDataLoss: false });
    expect(blockersOf((world) => world.down.add('us'), lost)).toEqual([
      'ap: a failover loses about the last 1 s of the writes; add --allow-data-loss to accept that',
    ]);
  });

  test('where the region that takes over is the lost one, or does not answer', () => {
    expect(blockersOf(() => undefined, request('ap', { lost: 'ap' }))[0]).toContain('choose another one');
    expect(blockersOf((world) => world.down.add('ap'), request('ap'))[0]).toContain('its fleets are unknown');
  });

  test('while RDS moves the writer elsewhere', () => {
    const view = viewOf(newWorld());
    const database = (view.database as { value: object }).value;
    const moving = { ...database, move: { kind: 'switchover', to: memberArn('us') } };
    expect(planFailover({ ...view, database: { value: moving as never } }, request('ap')).blockers[0]).toContain(
      'wait until it has ended',
    );
  });

  test.each([
    ['no instance', { instances: 0 }, 'has no instance'],
    ['a member in maintenance', { status: 'upgrading' }, 'is upgrading'],
  ])('where the region has %s', (_, change, text) => {
    const view = viewOf(newWorld());
    const database = structuredClone((view.database as { value: { members: Record<string, object> } }).value);
    Object.assign(database.members['ap']!, change);
    expect(planFailover({ ...view, database: { value: database as never } }, request('ap')).blockers[0]).toContain(
      text,
    );
  });
});

test('a move that RDS has begun is waited for, not begun again', () => {
  const view = viewOf(newWorld());
  const database = { ...(view.database as { value: object }).value, move: { kind: 'failover', to: memberArn('ap') } };
  const plan = planFailover(
    { ...view, database: { value: database as never } },
    request('ap', { allowDataLoss: false }),
  );
  expect(plan.blockers).toEqual([]);
  expect(plan.steps).toContainEqual(expect.objectContaining({ kind: 'move-writer', begun: true }));
});

test('a region without a latch is named, for its traffic comes back by itself', () => {
  const view = viewOf(newWorld());
  const regions = view.regions.map(({ latched: _, ...region }) => region);
  expect(planFailover({ ...view, regions }, request('ap')).notes).toContainEqual(
    expect.stringContaining('its traffic returns when it answers'),
  );
});

test('nothing is left to do after the last step', () => {
  const world = newWorld();
  planFailover(viewOf(world), request('ap')).steps.forEach((step) => act(world, step));
  expect(kinds(viewOf(world), request('ap'))).toEqual([]);
  expect(kinds(viewOf(world), request('us'))).toEqual(['move-writer', 'release', 'weight', 'weight']);
});

test('the return to normal lets in every region, and a planned move only the one that takes over', () => {
  const world = newWorld();
  world.latched.add('ap');
  world.weights['prod-shop']!.ap = 0;
  expect(planFailover(viewOf(world), request('us')).steps).toEqual([]);
  expect(planFailover(viewOf(world), request('us', { toNormal: true })).steps).toMatchObject([
    { kind: 'release', region: 'ap' },
    { kind: 'weight', region: 'ap', accelerator: 'prod-shop', to: servingWeight },
  ]);
});

test('a return is blocked while another region does not tell its fleets, and a planned move is not', () => {
  const view = viewOf(newWorld());
  const regions = view.regions.map((region) =>
    region.key === 'ap' ? { ...region, fleets: { unknown: 'AccessDenied' } } : region,
  );
  const blockersOf = (wanted: FailoverRequest) => planFailover({ ...view, regions }, wanted).blockers;
  expect(blockersOf(request('us', { toNormal: true }))).toEqual([
    'ap: its fleets are unknown: AccessDenied; return when all regions are well',
  ]);
  expect(blockersOf(request('us'))).toEqual([]);
});

describe('RDS for PostgreSQL', () => {
  const viewWith = (writers: readonly Key[]): FailoverView => {
    const { database, ...view } = viewOf(newWorld());
    const { members } = (database as { value: { members: Record<string, object> } }).value;
    const changed = Object.fromEntries(
      Object.entries(members).map(([key, member]) => [key, { ...member, writer: writers.includes(key as Key) }]),
    );
    return { ...view, database: { value: { status: 'available', members: changed as never } } };
  };

  test('promotes the replica only where the writer is lost', () => {
    const promote = expect.objectContaining({ kind: 'move-writer', how: 'promote' }) as unknown;
    const lost = planFailover(viewWith(['us']), request('ap', { lost: 'us' }));
    expect(lost).toMatchObject({ blockers: [] });
    expect(lost.steps).toContainEqual(promote);
    expect(planFailover(viewWith(['us']), request('ap')).blockers).toEqual([
      'us: it takes writes, and a promotion would make a second writer; stop what writes to it, then add --lost us',
    ]);
  });

  test('an old writer that is back goes on alone only where the loss of newer writes is accepted', () => {
    const { database, ...view } = viewWith(['us']);
    const { members } = (database as { value: { members: Record<string, object> } }).value;
    const alone = { ...view, database: { value: { status: 'available', members: { us: members['us'] } as never } } };
    const blockersOf = (changes: Partial<FailoverRequest>) => planFailover(alone, request('us', changes)).blockers;
    expect(blockersOf({ lost: 'ap', allowDataLoss: false })).toEqual([
      'us: it takes writes, and only ap tells whether it has newer ones; add --allow-data-loss to accept their loss',
    ]);
    expect(blockersOf({ lost: 'ap' })).toEqual([]);
    expect(blockersOf({ allowDataLoss: false })).toEqual([]);
  });

  test('two writers block every move that would let requests reach both', () => {
    for (const to of keys) {
      expect(planFailover(viewWith(['us', 'ap']), request(to)).blockers).toEqual([
        expect.stringContaining('us and ap both take writes'),
      ]);
    }
  });
});

test('only another way to move the writer, or another member, is not confirmed', () => {
  const confirmed = planFailover(viewOf(newWorld()), {
    to: 'ap',
    allowDataLoss: false,
    withoutTraffic: [],
    least: {},
  });
  const move = confirmed.steps.find((step) => step.kind === 'move-writer')!;
  expect(isConfirmed(move, confirmed)).toBe(true);
  expect(isConfirmed({ ...move, how: 'failover' }, confirmed)).toBe(false);
  expect(isConfirmed({ ...move, member: memberArn('us') }, confirmed)).toBe(false);
  // RDS has begun it.
  expect(isConfirmed({ ...move, how: 'failover', begun: true }, confirmed)).toBe(true);
  expect(isConfirmed({ kind: 'raise-fleet', region: 'ap', fleet: 'x', to: 9 }, confirmed)).toBe(true);
});
