import type { Colour } from '@platform/libs/settings/application';
import { applicationOf } from '@platform/libs/settings/application';
import { applicationFolder, applicationName } from '@platform/libs/settings/physical-names';
import { formatProblem, oneOf, WrongUse, type Problem } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';
import { gateLooks } from '@platform/tools/actions/rollout/gate-looks';
import { passGate } from '@platform/tools/actions/rollout/pass-gate';
import { shownOutputs } from '@platform/tools/actions/state/show-state';
import type { LiveSession } from '@platform/tools/session/live-session';
import {
  balancerIn,
  readRules,
  readTargets,
  writeRule,
  type DeployedBalancer,
  type TargetCounts,
  type WeightedRule,
} from './listener-weights';
import type { ReleaseVerb } from './release-verbs';
import { greenPercentOf, nextShare, standingOf, type Standing } from './release-steps';

/** An application in one region, as it is. */
export interface RegionRelease {
  readonly region: string;
  /** Percent that green gets by each rule. More than one value: a command was stopped between two rules. */
  readonly greenPercents: readonly number[];
  readonly standing: Standing;
  readonly targets: Readonly<Record<Colour, TargetCounts>>;
}

export interface ReleaseOptions {
  /** Name of the application in the settings. */
  readonly application: string;
  /** How long alarms must stay quiet after a move, in seconds. Default: that of the environment's rollout. */
  readonly waitSec?: number;
  /** Time between two looks, in seconds. Default 10. */
  readonly everySec?: number;
  /** Prints the calls instead of making them. */
  readonly dryRun?: boolean;
}

export interface ReleaseResult {
  /** As it is afterwards. */
  readonly regions: readonly RegionRelease[];
  /** Weights that were moved, or would be: `us: green 0 → 5`. */
  readonly moves: readonly string[];
  /** Why it went back. */
  readonly rang?: string;
}

interface Place {
  readonly region: RegionSettings;
  readonly balancer: DeployedBalancer;
  readonly client: Awaited<ReturnType<typeof clientIn>>;
}

/**
 * Moves an application from one colour to the other by the weights of its load balancers: 5, 25, 100 percent. One region
 * at a time, the standby first, as a rollout. Before a weight is raised the colour must have healthy targets only; after
 * it the alarms on errors, latency and the colour's health must stay quiet for the time of the gate. Otherwise the
 * requests go back to the other colour in every region, without a person.
 *
 * Nothing is kept beside the load balancers: their weights are where a release stands, also after this process was killed.
 * @throws ReleaseChanged if another command moves requests meanwhile; nothing more is moved then
 * @throws WrongUse if the release is not where the verb can begin, or targets are not healthy; nothing was moved then
 */
export async function releaseApplication(
  session: LiveSession,
  verb: ReleaseVerb,
  options: ReleaseOptions,
): Promise<ReleaseResult> {
  const { environment, note } = session.options;
  const { application, dryRun = false } = options;
  oneOf('application', Object.keys(environment.applications), application);
  if (verb !== 'status') assertByCommand(session, application);
  const places = await placesOf(session, application);
  const now = await Promise.all(places.map((place) => look(session, place)));
  if (verb === 'status') return { regions: now, moves: [] };

  const { to, share } = furthest(application, now);
  const moves: string[] = [];
  const expected = new Map(places.map((place, index) => [place, now[index]!.greenPercents]));
  const move = async (place: Place, target: number) => {
    const percent = greenPercentOf(to, target);
    moves.push(...(await moveTo(session, place, percent, dryRun)));
    expected.set(place, [percent]);
  };
  const result = async (rang?: string): Promise<ReleaseResult> => ({
    regions: dryRun ? now : await Promise.all(places.map((place) => look(session, place))),
    moves,
    ...(rang === undefined ? {} : { rang }),
  });

  if (verb === 'back') {
    for (const place of [...places].reverse()) await move(place, 0);
    return result();
  }
  if (verb === 'start' && share > 0)
    refuse(application, `a release has begun: ${to} gets ${share} %`, 'use step, finish or back');
  if (verb !== 'start' && share === 0) refuse(application, 'no release has begun', 'use start');
  const isUneven = sharesOf(now, to).some((each) => each < share);
  const targets = sharesFor(verb, share, isUneven);
  for (const target of targets) {
    for (const place of places) {
      if (!dryRun) await assertUnchanged(session, application, expected);
      const before = await look(session, place);
      if (before.greenPercents.every((percent) => percent === greenPercentOf(to, target))) continue;
      const unfit = unfitTargets(before, to);
      if (unfit) {
        // Nothing has a share yet: refused as wrong use. Otherwise it is as if an alarm rang.
        if (moves.length === 0 && share === 0)
          refuse(`${application} in ${place.region.key}`, unfit, 'deploy or repair it first');
        return goBack(unfit);
      }
      await move(place, target);
      if (dryRun) continue;
      note?.(`${place.region.key}: ${to} gets ${target} %`);
      const rang = await watch(session, options, place, to);
      if (rang) return goBack(rang);
    }
  }
  return result();

  async function goBack(rang: string): Promise<ReleaseResult> {
    note?.(`going back to ${to === 'green' ? 'blue' : 'green'}: ${rang}`);
    for (const place of [...places].reverse()) await move(place, 0);
    return result(rang);
  }
}

/** Another command has moved requests since this one did: it may have taken the release back. */
export class ReleaseChanged extends Error {
  override readonly name = 'ReleaseChanged';
  readonly exitCode = 1;
}

/** @throws ReleaseChanged with each region whose weights are not what this command saw or set last */
async function assertUnchanged(
  session: LiveSession,
  application: string,
  expected: ReadonlyMap<Place, readonly number[]>,
): Promise<void> {
  const problems: Problem[] = [];
  for (const [place, percents] of expected) {
    const { greenPercents } = await look(session, place);
    if (JSON.stringify(greenPercents) === JSON.stringify(percents)) continue;
    problems.push({
      where: `${application} in ${place.region.key}`,
      what: `green gets ${greenPercents.join(' and ')} %, and this command saw ${percents.join(' and ')} %: another one has changed it`,
      remedy: 'nothing more was moved; see where the release is with status',
    });
  }
  if (problems.length > 0) throw new ReleaseChanged(problems.map(formatProblem).join('\n'));
}

function refuse(where: string, what: string, remedy: string): never {
  throw new WrongUse(formatProblem({ where, what, remedy }));
}

/** A deploy would take back the weights of an application whose settings hold them. */
function assertByCommand({ options: { environment } }: LiveSession, application: string): void {
  if (applicationOf(environment, application).weights === 'by-command') return;
  refuse(
    `infra.config.ts: environments.${environment.name}.applications.${application}.weights`,
    '"by-settings" lets every deploy set the weights',
    "use 'by-command' and deploy it, or change greenPercent",
  );
}

/** Standbys first: they take no requests of most users, and the primary has to last. */
async function placesOf(session: LiveSession, application: string): Promise<Place[]> {
  const { estate, environment, region: only } = session.options;
  const regions = [...estate.regions]
    .filter(({ key }) => only === undefined || key === only)
    .sort((a, b) => Number(a.role === 'primary') - Number(b.role === 'primary'));
  const found = await Promise.all(
    regions.map(async (region): Promise<Place | Problem> => {
      const stack = `region-${region.key}-${applicationFolder(application)}`;
      const state = await session.states.of(stack);
      const balancer = balancerIn(shownOutputs({ outputs: state?.outputs ?? {} }));
      if (!balancer)
        return {
          where: stack,
          what: 'is not deployed, or has no load balancer',
          remedy: `deploy region-${region.key}/${applicationFolder(application)} -c ${environment.name} first`,
        };
      return { region, balancer, client: await clientIn(session, region) };
    }),
  );
  const missing = found.flatMap((each) => ('what' in each ? [each] : []));
  if (missing.length > 0) throw new WrongUse(missing.map(formatProblem).join('\n'));
  return found.flatMap((each) => ('region' in each ? [each] : []));
}

async function clientIn({ options: { target } }: LiveSession, { awsRegion }: RegionSettings) {
  const { ElasticLoadBalancingV2Client } = await import('@aws-sdk/client-elastic-load-balancing-v2');
  return new ElasticLoadBalancingV2Client(await target.clientOptions('workload', awsRegion));
}

async function rulesOf(session: LiveSession, { client, balancer, region }: Place): Promise<WeightedRule[]> {
  const rules = await session.calls.make(`load balancer in ${region.key}`, () => readRules(client, balancer));
  if (rules.length === 0)
    refuse(
      `load balancer in ${region.key}`,
      'no rule of its listener on 443 has both target groups',
      'deploy the application',
    );
  return rules;
}

async function look(session: LiveSession, place: Place): Promise<RegionRelease> {
  const { client, balancer, region } = place;
  const rules = await rulesOf(session, place);
  const countsOf = (colour: Colour) =>
    session.calls.make(`targets in ${region.key}`, () => readTargets(client, balancer.targetGroupArns[colour]));
  const greenPercents = [...new Set(rules.map(({ greenPercent }) => greenPercent))].sort((a, b) => a - b);
  return {
    region: region.key,
    greenPercents,
    standing: standingOf(greenPercents[0]!),
    targets: { blue: await countsOf('blue'), green: await countsOf('green') },
  };
}

/**
 * The release as the furthest rule shows it: after a stop, regions and rules differ.
 * @throws WrongUse where regions have finished with different colours
 */
function furthest(
  application: string,
  regions: readonly RegionRelease[],
): { readonly to: Colour; readonly share: number } {
  const all = regions.flatMap(({ greenPercents }) => greenPercents.map(standingOf));
  const moving = all.find(({ share }) => share > 0);
  const ends = new Set(all.map(({ from }) => from));
  if (!moving && ends.size > 1) {
    refuse(application, 'regions have all requests at different colours', 'name one of them with --region');
  }
  const { to } = moving ?? all[0]!;
  return { to, share: Math.max(...sharesOf(regions, to)) };
}

function sharesOf(regions: readonly RegionRelease[], to: Colour): number[] {
  return regions.flatMap(({ greenPercents }) =>
    greenPercents.map((percent) => (to === 'green' ? percent : 100 - percent)),
  );
}

/** Shares that a verb goes through. A step that was stopped is completed first. */
function sharesFor(verb: ReleaseVerb, share: number, isUneven: boolean): number[] {
  const ahead = stepsAfter(share);
  const all = isUneven ? [share, ...ahead.filter((each) => each > share)] : ahead;
  return verb === 'finish' ? all : all.slice(0, 1);
}

function stepsAfter(share: number): number[] {
  const steps: number[] = [];
  for (let next = nextShare(share); ; next = nextShare(next)) {
    steps.push(next);
    if (next === 100) return steps;
  }
}

/** Why a colour cannot take more requests in a region. Targets that scaling has just added or takes away do not count. */
function unfitTargets({ targets, region }: RegionRelease, colour: Colour): string | undefined {
  const { healthy = 0, draining: _, initial: __, ...others } = targets[colour];
  const sick = Object.entries(others).filter(([, count]) => count > 0);
  if (healthy > 0 && sick.length === 0) return undefined;
  const seen = [`${healthy} healthy`, ...sick.map(([state, count]) => `${count} ${state}`)].join(', ');
  return `${colour} has ${seen} targets in ${region}`;
}

/** Sets every rule of a region. Gives what was or would be called. */
async function moveTo(session: LiveSession, place: Place, greenPercent: number, dryRun: boolean): Promise<string[]> {
  const { client, balancer, region } = place;
  const rules = await rulesOf(session, place);
  const calls: string[] = [];
  for (const rule of rules.filter((each) => each.greenPercent !== greenPercent)) {
    calls.push(`${region.key}: ModifyRule ${rule.arn}: green ${rule.greenPercent} → ${greenPercent}`);
    if (dryRun) continue;
    await session.calls.make(`weights in ${region.key}`, () =>
      writeRule(client, rule, balancer.targetGroupArns, greenPercent),
    );
  }
  return calls;
}

/** What rang in the time after a move, in the region that was moved. */
async function watch(
  session: LiveSession,
  { application, waitSec, everySec }: ReleaseOptions,
  { region }: Place,
  to: Colour,
): Promise<string | undefined> {
  const { environment, signal } = session.options;
  const name = applicationName(environment, application);
  const alarms = [`${name}-errors`, `${name}-slow-answers`, `${name}-${to}-unhealthy`];
  const seconds = waitSec ?? environment.rollout.waitSec;
  session.options.note?.(`${region.key}: watching ${alarms.join(', ')} for ${seconds} s`);
  return passGate(gateLooks(session, { alarms }, [region]), {
    waitSec: seconds,
    ...(everySec === undefined ? {} : { everySec }),
    ...(signal ? { signal } : {}),
  });
}
