import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { planTraffic, type BalancerSource, type TrafficPlan } from '@platform/libs/edge/plan-traffic';
import { adoptionLevels, includesLevel, type AdoptionLevel, modes, type Mode } from '@platform/libs/settings/adoption';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { deployOrder } from '@platform/tools/session/deploy-order';
import { isEmptied } from '@platform/tools/session/emptied-stacks';

/*
 * What clients meet while a level changes: every deploy order that the edges allow, step by step, with resolvers that
 * still give the answers of before. `docs/decisions/changing-levels.md` has the same as a table.
 */

const root = useExampleWorkspace();
const estate = loadEstate(root);
const outdir = mkdtempSync(join(tmpdir(), 'changing levels-'));
afterAll(() => rmSync(outdir, { recursive: true }));
const keys = estate.regions.map(({ key }) => key);

/** What has been deployed of a stack: the level, and whether `edgeSources` has every id, so that balancers shut their doors. */
interface Stage {
  readonly level: AdoptionLevel;
  readonly doors: 'open' | 'shut';
}
const stageName = ({ level, doors }: Stage) => `${level}${doors === 'shut' ? ', doors shut' : ''}`;

/** Every stage that an estate goes through on its way up. Ids of the accelerator are known after its deploy. */
const stages: Stage[] = [
  ...adoptionLevels.slice(0, 4).map((level) => ({ level, doors: 'open' as const })),
  { level: 'accelerated', doors: 'shut' },
  { level: 'inspected', doors: 'shut' },
];
const steps = stages.slice(1).flatMap((upper, index) => [
  [stages[index]!, upper],
  [upper, stages[index]!],
]) as [Stage, Stage][];

/** Stacks that stand between clients and balancers, by what they are. */
const kinds = { app: /^region-(\w+)-alb-asg-app$/, distribution: /^region-(\w+)-cloudfront$/ };
const concerned = ({ stack }: StackDescription) =>
  Object.values(kinds).some((kind) => kind.test(stack)) || ['global-ga', 'global-route53'].includes(stack);

const synthesised = new Map(
  adoptionLevels.map((level) => {
    const { stacks } = synthesise({ root, estate, outdir: join(outdir, level), whatIf: { level } });
    const configuration = (stack: string) =>
      JSON.parse(readFileSync(join(outdir, level, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as Configuration;
    const mine = stacks.filter(concerned);
    return [level, { stacks: mine, empty: mine.filter(({ stack }) => isEmptied(configuration(stack))) }] as const;
  }),
);

/** The plan of traffic as one stack was deployed with it. */
const planAt = (mode: Mode, { level }: Stage): TrafficPlan =>
  planTraffic({ mode, level, primary: keys[0]!, regions: estate.regions });

/** Where an estate stands: the stage of each stack, and those of the records that resolvers may answer with. */
interface Estate {
  readonly deployed: ReadonlyMap<string, Stage>;
  readonly records: readonly Stage[];
}

/** Who is refused, of all that follow any of the records; empty when everybody is answered, whichever region it is by. */
function refused(mode: Mode, { deployed, records }: Estate): string[] {
  const at = (stack: string) => deployed.get(stack)!;
  const made = (stack: string, level: AdoptionLevel) => includesLevel(at(stack).level, level);
  /** A load balancer that a resolver looks up for a client. */
  const balancer = (key: string, source: BalancerSource, known: boolean) => {
    const stage = at(`region-${key}-alb-asg-app`);
    const { balancerSources, balancerAdmission } = planAt(mode, stage);
    const connects = stage.doors === 'open' || balancerSources.some((each) => each === source || each === 'internet');
    return connects && (known || balancerAdmission === 'all');
  };
  /** Every balancer that the API's name may lead to; `known`: by its host or by the header. */
  const api = (plan: TrafficPlan, caller: BalancerSource, known: boolean) => {
    if (plan.apiTarget === 'balancers') return keys.every((key) => balancer(key, caller, known));
    return made('global-ga', 'accelerated') && keys.every((key) => balancer(key, 'accelerator', known));
  };
  const site = (plan: TrafficPlan, key: string) => {
    if (plan.siteTarget === 'api') return api(plan, 'internet', false);
    if (!made(`region-${key}-cloudfront`, 'origin-failover')) return false;
    return keys.every((origin) => balancer(origin, 'cloudfront', true)) && api(plan, 'cloudfront', true);
  };
  return records.flatMap((stage) => {
    const plan = planAt(mode, stage);
    return [
      ...(api(plan, 'internet', true) ? [] : [`the API by the records of ${stageName(stage)}`]),
      ...keys
        .filter((key) => !site(plan, key))
        .map((key) => `the site of ${key} by the records of ${stageName(stage)}`),
    ];
  });
}

/** Every order in which stacks may be deployed. */
function* orders(stacks: readonly string[], before: ReadonlyMap<string, readonly string[]>): Generator<string[]> {
  if (stacks.length === 0) yield [];
  for (const first of stacks) {
    if (before.get(first)!.some((name) => stacks.includes(name))) continue;
    for (const rest of orders(
      stacks.filter((name) => name !== first),
      before,
    )) {
      yield [first, ...rest];
    }
  }
}

/** What goes wrong on the way from one stage to the other, in any order that `before` allows. */
function faults(mode: Mode, from: Stage, to: Stage, before: ReadonlyMap<string, readonly string[]>): string[] {
  const { stacks, empty } = synthesised.get(to.level)!;
  const names = stacks.map(({ stack }) => stack);
  const goes = empty.map(({ stack }) => stack);
  const found = [...orders(names, before)].flatMap((order) => {
    const deployed = new Map(names.map((name) => [name, from]));
    let records = [from];
    return order.flatMap((stack) => {
      // A deploy waits here until resolvers have forgotten.
      if (goes.includes(stack) && records.length > 1 && before.get(stack)!.includes('global-route53')) records = [to];
      deployed.set(stack, to);
      if (stack === 'global-route53') records = [from, to];
      return refused(mode, { deployed, records }).map((who) => `${who}, after ${stack}`);
    });
  });
  return [...new Set(found)];
}

function orderTo({ level }: Stage, withEmptied = true): ReadonlyMap<string, readonly string[]> {
  const { stacks, empty } = synthesised.get(level)!;
  return deployOrder(stacks, {
    primary: estate.regions.find(({ role }) => role === 'primary')!.key,
    exists: () => true,
    isEmptied: (stack) => withEmptied && empty.some((each) => each.stack === stack),
  });
}

describe.each(modes)('in %s', (mode) => {
  test.each(stages.map((stage) => [stageName(stage), stage] as const))('nobody is refused at %s', (_, stage) => {
    const deployed = new Map(synthesised.get(stage.level)!.stacks.map(({ stack }) => [stack, stage]));
    expect(refused(mode, { deployed, records: [stage] })).toEqual([]);
  });

  test.each(steps.map(([from, to]) => [stageName(from), stageName(to), from, to] as const))(
    'nobody is refused on the way from %s to %s, whichever stack is first',
    (_from, _to, from, to) => {
      expect(faults(mode, from, to, orderTo(to))).toEqual([]);
    },
  );
});

test('without the order of emptied stacks, going down a level is refused while old records are in use', () => {
  const [standby, failover, reads, accelerated] = stages as [Stage, Stage, Stage, Stage];
  expect(faults('active-passive', failover, standby, orderTo(standby, false))).not.toEqual([]);
  expect(faults('active-passive', accelerated, reads, orderTo(reads, false))).not.toEqual([]);
});

test('two levels at once would refuse readers while their names move to the distributions', () => {
  const [standby, , reads] = stages as [Stage, Stage, Stage];
  expect(faults('active-passive', standby, reads, orderTo(reads))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^the site of \w+ by the records of standby, after region-\w+-alb-asg-app$/),
    ]),
  );
});

test('ids of the accelerator before its records would refuse clients of the API', () => {
  const reads = stages[2]!;
  const shut = stages[4]!;
  expect(faults('active-passive', reads, shut, orderTo(shut))).toEqual(
    expect.arrayContaining([expect.stringContaining('the API by the records of local-reads')]),
  );
});
