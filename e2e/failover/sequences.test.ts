import fc from 'fast-check';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { decideLatch } from '@platform/libs/edge/latch/decide-latch';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { readAssessedEstate } from '@platform/tools/actions/resilience/assess-estate';
import { requestOf } from '@platform/tools/actions/failover/run-failover';
import { planFailover, servingWeight, type FailoverStep, type FailoverView } from '@platform/tools/model/failover';
import { loadEstate } from '@platform/tools/workspace/load-estate';

/*
 * Sequences of everything that happens around a failover: regions that go and come back, minutes, deploys, and people who
 * fail over, return and release, killed on the way. What a deploy resets is read from the synthesised stacks.
 */

const root = useExampleWorkspace();
const { settings, regions } = loadEstate(root);
jest.setTimeout(60_000);

const keys = ['us', 'ap'] as const;
type Key = (typeof keys)[number];
const otherOf = { us: 'ap', ap: 'us' } as const;
const awsRegionOf = (key: Key) => regions.find((region) => region.key === key)!.awsRegion;
const accelerators = ['prod', 'prod-shop'];
const initialFleet: Readonly<Record<Key, number>> = { us: 4, ap: 1 };

/** Arguments that a deploy of the estate sets back to what the code says, and how latches read missing data. */
interface Deployed {
  readonly resets: Readonly<Record<'weight' | 'fleet' | 'member', boolean>>;
  readonly latchHolds: boolean;
}

interface Block {
  readonly lifecycle?: { readonly ignore_changes?: readonly string[] };
  readonly [argument: string]: unknown;
}

function deployedAt(level: 'standby' | 'accelerated'): Deployed {
  const { estate } = readAssessedEstate({ root, environment: 'prod', whatIf: { level } });
  const blocks = (type: string) =>
    [...estate.values()].flatMap(({ json }) => Object.values((json.resource?.[type] ?? {}) as Record<string, Block>));
  const sets = (type: string, ...names: string[]) =>
    blocks(type).some((block) =>
      names.some((name) => block[name] !== undefined && !block.lifecycle?.ignore_changes?.includes(name)),
    );
  const latches = blocks('aws_cloudwatch_metric_alarm').filter(({ alarm_name }) =>
    String(alarm_name).endsWith('-latched'),
  );
  expect([latches.length, blocks('aws_rds_cluster').length]).toEqual([2, 2]);
  return {
    resets: {
      weight: sets('aws_globalaccelerator_endpoint_group', 'endpoint_configuration'),
      fleet: sets('aws_autoscaling_group', 'desired_capacity'),
      member: sets('aws_rds_cluster', 'global_cluster_identifier', 'replication_source_identifier'),
    },
    latchHolds: latches.every(({ treat_missing_data }) => treat_missing_data === 'ignore'),
  };
}

interface World {
  readonly engine: 'aurora-global' | 'rds-postgresql';
  /** Regions whose member takes writes. Of RDS for PostgreSQL, an old writer that returns still does. */
  readonly writers: Set<Key>;
  /** Region that got the writer last. */
  newest: Key;
  /** Regions that do not answer. */
  readonly down: Set<Key>;
  readonly latches: Map<Key, { readonly value: number; readonly minute: number }>;
  readonly weights: Record<string, Record<Key, number>>;
  readonly fleets: Record<Key, number>;
  minute: number;
}

const isLatched = ({ latches }: World, key: Key) => latches.get(key)?.value === 1;

function viewOf(world: World): FailoverView {
  const { engine, down, weights, fleets } = world;
  const seen = <T>(key: Key, value: T) => (down.has(key) ? { unknown: 'it does not answer' } : { value });
  // RDS for PostgreSQL tells of itself only; any member of a global database tells of all.
  const asked = engine === 'aurora-global' ? keys : keys.filter((key) => !down.has(key));
  const members = Object.fromEntries(
    asked.map((key) => [
      key,
      { arn: `member-${key}`, writer: world.writers.has(key), status: 'available', instances: 1, lagMs: 400 },
    ]),
  );
  return {
    regions: keys.map((key) => ({
      key,
      awsRegion: awsRegionOf(key),
      latchRegion: awsRegionOf(otherOf[key]),
      fleets: seen(key, [{ name: 'prod-app-blue', min: 1, max: 8, desired: fleets[key], inService: fleets[key] }]),
      latched: seen(otherOf[key], isLatched(world, key)),
      endpoints: Object.fromEntries(
        accelerators.map((name) => [
          name,
          { value: { groupArn: `${name}-${key}`, dialPercent: 100, weight: weights[name]![key], health: 'HEALTHY' } },
        ]),
      ),
    })),
    database:
      down.size === keys.length
        ? { unknown: 'no region answers' }
        : {
            value: {
              ...(engine === 'aurora-global' ? { globalClusterId: 'prod-database' } : {}),
              status: 'available',
              members,
            },
          },
  };
}

function act(world: World, step: FailoverStep): void {
  const key = step.region as Key;
  if (step.kind === 'raise-fleet') world.fleets[key] = step.to;
  else if (step.kind === 'weight') world.weights[step.accelerator]![key] = step.to;
  else if (step.kind === 'move-writer') {
    // A promotion leaves the old writer as it is: it must not answer.
    if (step.how === 'promote') for (const each of world.writers) expect(world.down).toContain(each);
    else world.writers.clear();
    world.writers.add(key);
    world.newest = key;
  } else world.latches.set(key, { value: step.kind === 'latch' ? 1 : 0, minute: world.minute });
}

/** Where requests go: by the failover records, and by each accelerator, which looks at health and weights only. */
function trafficOf(world: World): Key[] {
  const serves = (key: Key) => !world.down.has(key) && !isLatched(world, key);
  const byRecords: Key = serves('us') || !serves('ap') ? 'us' : 'ap';
  const byAccelerator = Object.values(world.weights).map((weights) => {
    const taking = keys.filter((key) => weights[key] > 0);
    return taking.find((key) => !world.down.has(key)) ?? taking[0]!;
  });
  return [byRecords, ...byAccelerator];
}

/** The function in `ap`, once a minute. */
function keepLatch(world: World): void {
  if (world.down.has('ap')) return;
  const last = world.latches.get('us');
  const [answered] = trafficOf(world);
  const { engage } = decideLatch({
    answered: [`address-${answered!}`],
    watched: ['address-us'],
    here: ['address-ap'],
    ...(last ? { last: { value: last.value, ageSec: (world.minute - last.minute) * 60 } } : {}),
  });
  if (engage) world.latches.set('us', { value: 1, minute: world.minute });
}

function deploy(world: World, { resets }: Deployed): void {
  if (resets.weight) for (const weights of Object.values(world.weights)) Object.assign(weights, newWeights());
  if (resets.fleet) Object.assign(world.fleets, initialFleet);
  // A member that is taken out of its global database is a writer of its own.
  if (resets.member) keys.forEach((key) => world.writers.add(key));
}

const newWeights = (): Record<Key, number> => ({ us: servingWeight, ap: servingWeight });

const key = fc.constantFrom(...keys);
const killedAfter = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined });
const events = fc.array(
  fc.oneof(
    { arbitrary: fc.record({ event: fc.constant('down' as const), key }), weight: 3 },
    { arbitrary: fc.record({ event: fc.constant('up' as const), key }), weight: 3 },
    { arbitrary: fc.record({ event: fc.constant('minute' as const) }), weight: 3 },
    { arbitrary: fc.record({ event: fc.constant('deploy' as const) }), weight: 1 },
    { arbitrary: fc.record({ event: fc.constant('release' as const) }), weight: 1 },
    {
      arbitrary: fc.record({ event: fc.constant('run' as const), key, allowDataLoss: fc.boolean(), killedAfter }),
      weight: 4,
    },
    { arbitrary: fc.record({ event: fc.constant('back' as const), killedAfter }), weight: 2 },
  ),
  { maxLength: 14, size: 'max' },
);

describe.each(['standby', 'accelerated'] as const)('at level %s', (level) => {
  let deployed: Deployed;
  beforeAll(() => (deployed = deployedAt(level)));

  test.each(['aurora-global', 'rds-postgresql'] as const)('%s: whatever happens', (engine) => {
    const environment = selectEnvironment(settings, 'prod', { level });
    const context = { environment, regions, target: { name: 'aws' as const, clientOptions: jest.fn() } };
    let moves = 0;
    fc.assert(
      fc.property(events, (sequence) => {
        const world: World = {
          engine,
          writers: new Set(['us']),
          newest: 'us',
          down: new Set(),
          latches: new Map(),
          weights: Object.fromEntries(accelerators.map((name) => [name, newWeights()])),
          fleets: { ...initialFleet },
          minute: 0,
        };
        /** The region that a person has moved away from, or that its latch keeps out: traffic must not return by itself. */
        let away: Key | undefined;
        /** Regions with old data, after a failover from them that has ended. */
        const fenced = new Set<Key>();

        const command = (to: Key, allowDataLoss: boolean, toNormal: boolean, steps = Infinity) => {
          const from = otherOf[to];
          // A person names a region that is lost, also to end a failover to the newest writer.
          const isLost = !toNormal && (world.down.has(from) || (world.writers.size > 1 && world.newest === to));
          const request = requestOf(context, { to, allowDataLoss, toNormal, ...(isLost ? { lost: from } : {}) });
          const view = viewOf(world);
          const { database } = view;
          if (isLost && engine === 'rds-postgresql' && 'value' in database) {
            delete (database.value.members as Record<string, unknown>)[from];
          }
          const { steps: planned, blockers } = planFailover(view, request);
          if (blockers.length > 0) return;
          const { latched } = view.regions.find((region) => region.key === to)!;
          const count = world.writers.size;
          planned.slice(0, steps).forEach((step) => act(world, step));
          if (!isLost) expect(world.writers.size).toBeLessThanOrEqual(Math.max(1, count));
          if (steps < planned.length) {
            // On its way to a region, a command may have let it in already.
            if (away === to) away = undefined;
            fenced.delete(to);
            return;
          }
          moves += planned.length > 0 ? 1 : 0;
          away = to === 'ap' ? 'us' : undefined;
          fenced.delete(to);
          if (isLost) fenced.add(from);
          // Of RDS for PostgreSQL a person may accept that an old writer goes on.
          if (world.newest !== to) expect([engine, isLost, allowDataLoss]).toEqual(['rds-postgresql', true, true]);
          world.newest = to;
          // A latch in a region that is lost too cannot be released, and then records do not follow.
          const [byRecords, ...byAccelerator] = trafficOf(world);
          if ('value' in latched!) expect(byRecords).toBe(to);
          expect(new Set(byAccelerator)).toEqual(new Set([to]));
        };

        for (const each of sequence) {
          const before = trafficOf(world);
          if (each.event === 'run') command(each.key, each.allowDataLoss, false, each.killedAfter);
          else if (each.event === 'back') command('us', false, true, each.killedAfter);
          else if (each.event === 'release') {
            world.latches.set('us', { value: 0, minute: world.minute });
            away = undefined;
            fenced.delete('us');
          } else {
            if (each.event === 'down') world.down.add(each.key);
            if (each.event === 'up') {
              world.down.delete(each.key);
              // RDS makes the old writer of a global database a reader; the writer is the newest.
              if (engine === 'aurora-global') expect(world.writers.size).toBe(1);
            }
            if (each.event === 'minute') {
              world.minute += 1;
              if (!deployed.latchHolds) world.latches.clear();
              if (level === 'standby') keepLatch(world);
              if (level === 'standby' && isLatched(world, 'us')) away = 'us';
            }
            if (each.event === 'deploy') deploy(world, deployed);
            // No automatic return: only the loss of the region that serves may send requests to the one that was left.
            for (const [index, now] of trafficOf(world).entries()) {
              const byLatchOnly = index === 0 || level === 'accelerated';
              if (byLatchOnly && now === away && before[index] !== away) expect(world.down).toContain(otherOf[away]);
            }
          }
          // Requests reach a fenced region only while no other one answers; by records, also while the latch of the other
          // one is engaged: it could not be released while the fenced region, which holds it, was lost.
          for (const region of fenced) {
            const other = otherOf[region];
            if (world.down.has(other)) continue;
            const [byRecords, ...byAccelerator] = trafficOf(world);
            expect(byAccelerator).not.toContain(region);
            if (!isLatched(world, other)) expect(byRecords).not.toBe(region);
          }
          if (engine === 'aurora-global') expect(world.writers.size).toBe(1);
        }
      }),
      { numRuns: 2_000 },
    );
    // The sequences reach what they are about.
    expect(moves).toBeGreaterThan(30);
  });
});
