import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { stateBucketName } from '@platform/libs/stack/state-location';
import type { Configuration } from '@platform/tools/preview/configuration';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { hidesState, isUnreachable, readable } from './callers-failure';
import { inDeployOrder } from './deploy-order';
import { chooseStacks, deployedStacks, knownState, workersFor, type LiveProgress } from './estate-run';
import { isOfLock, withFolder } from './folder-lock';
import { plannedAddresses } from './planned-addresses';
import { liveOverrideFile } from './live-override';
import { initialise } from './initialise';
import type { LiveSession } from './live-session';
import { commandLine } from './plan-command-for';
import { isDeployed, planArguments, prepareFolder } from './plan-stack';
import {
  ifDamaged,
  outputValues,
  stateLocation,
  type KeptConfiguration,
  type StateLocation,
  type TerraformState,
} from './state-store';
import { statefulResources, stateProject } from './stateful-types';

/** A stack that is to be destroyed, with what that loses. */
export interface DoomedStack {
  readonly description: StackDescription;
  readonly location: StateLocation;
  /** An error where nobody can say what it has: it is left, and so is what it reads. */
  readonly state: TerraformState | Error;
  /** True where its project is no longer in the tree: it is destroyed from the configuration that was applied last. */
  readonly removed: boolean;
}

export interface DestroyedStack {
  readonly stack: string;
  readonly result: 'destroyed' | 'failed' | 'skipped' | 'not reached';
  readonly message?: string;
}

const destroyPlanFile = 'destroy.tfplan';

/**
 * The deployed stacks among those chosen, in deploy order.
 * @param removed stacks whose projects are gone; one of them may still read something
 * @throws WrongUse when another deployed stack reads one of them: it could not be planned any more
 */
export async function doomedStacks(
  session: LiveSession,
  projects: readonly string[],
  removed: readonly DoomedStack[] = [],
): Promise<DoomedStack[]> {
  const { stacks, deployed } = await chooseStacks(session, projects);
  // Its buckets outlive a destroy.
  const chosen = stacks.filter(({ stack, project }) => deployed.has(stack) && project !== stateProject);
  if (stacks.some(({ stack, project }) => deployed.has(stack) && project === stateProject)) {
    session.options.note?.(
      `${stateProject} is left: it holds the states; when nothing else is left, empty and delete its buckets by hand`,
    );
  }
  const names = new Set(chosen.map(({ stack }) => stack));
  const others = session.stacks.filter(
    ({ stack, reads }) => !names.has(stack) && reads.some((read) => names.has(read)),
  );
  const reading = await deployedStacks(
    session,
    others.map(({ stack }) => stack),
  );
  assertUnread(names, [
    ...others
      .filter(({ stack }) => reading.has(stack))
      .map((reader) => ({ reader, remedy: `destroy ${reader.project} too, or let it stop reading` })),
    ...removed.map(({ description }) => ({
      reader: description,
      remedy: `its project is gone; destroy it first, by ${commandLine(session, 'destroy', '--removed')}`,
    })),
  ]);
  return Promise.all(
    chosen.map(async (description) => ({
      description,
      location: stateLocation(session.configuration(description.stack)),
      state: (await session.state(description.stack).catch(ifHidden))!,
      removed: false,
    })),
  );
}

/**
 * Those of the removed stacks that are named, by project or stack; all when none is named.
 * @throws WrongUse when one that is not named reads one that is
 */
export function chosenRemoved(removed: readonly DoomedStack[], names: readonly string[]): readonly DoomedStack[] {
  const isNamed = ({ description: { project, stack } }: DoomedStack) =>
    names.length === 0 || names.includes(project) || names.includes(stack);
  const chosen = removed.filter(isNamed);
  assertUnread(
    new Set(chosen.map(({ description }) => description.stack)),
    removed.map(({ description }) => ({ reader: description, remedy: `destroy ${description.project} too` })),
  );
  return chosen;
}

/** @throws WrongUse when a stack outside of `doomed` reads one of them: without it, it could be planned no more */
function assertUnread(
  doomed: ReadonlySet<string>,
  readers: readonly { readonly reader: StackDescription; readonly remedy: string }[],
): void {
  const problems = readers.flatMap(({ reader: { stack, reads }, remedy }) => {
    const read = doomed.has(stack) ? [] : reads.filter((name) => doomed.has(name));
    return read.length === 0 ? [] : [`${stack}: it is deployed and reads ${read.join(', ')}; ${remedy}`];
  });
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
}

/** What is left of projects that are no longer in the tree. */
export interface RemovedStacks {
  /** In deploy order. */
  readonly doomed: readonly DoomedStack[];
  /** Stacks of which no configuration was kept. */
  readonly unknown: readonly string[];
  /** Buckets that nobody could look into, because their region does not answer. */
  readonly unseen: readonly string[];
  /** Stacks of which only a copy of their state can be seen, with what a person can do about each. */
  readonly copies: readonly string[];
}

/**
 * Stacks that have something in a state bucket of this environment and whose project is no longer in the tree. A state in
 * another bucket than the one that its own configuration names is a copy, and follows the original. Buckets that do not
 * answer are noted, and the others looked into.
 */
export async function removedStacks(session: LiveSession): Promise<RemovedStacks> {
  const known = new Set(session.stacks.map(({ stack }) => stack));
  const doomed: DoomedStack[] = [];
  const unknown = new Set<string>();
  const copied = new Map<string, CopiedStack>();
  const seen = new Set<string>();
  const unseen: string[] = [];
  for (const [bucket, region] of await stateBuckets(session)) {
    try {
      const found = await session.calling(bucket, () => session.store.stacksIn({ bucket, region }), bucket);
      for (const stack of found.filter((name) => !known.has(name))) {
        const location = { bucket, region, key: `${stack}/terraform.tfstate` };
        seen.add(pathOf(location));
        const state = await session.stateAt(location, stack).catch(ifDamaged);
        if (!(state instanceof Error) && !isDeployed(state)) continue;
        const version = state instanceof Error ? undefined : state;
        const kept = await session.calling(
          stack,
          () => session.store.readConfigurationOf(location, version),
          location.bucket,
        );
        const original = kept && stateLocation(configurationOf(kept));
        if (!original) unknown.add(stack);
        else if (original.bucket === bucket) {
          doomed.push({ description: kept.description, location, state, removed: true });
        } else copied.set(stack, { description: kept.description, copy: location, original });
      }
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      unseen.push(bucket);
      session.options.note?.(
        `${bucket}: it cannot be reached; what is left there of projects that are gone is not in this list`,
      );
    }
  }
  const descriptions = doomed.map(({ description }) => description);
  const names = new Set(descriptions.map(({ stack }) => stack));
  const before = new Map(descriptions.map(({ stack, reads }) => [stack, reads.filter((read) => names.has(read))]));
  const ordered = inDeployOrder(descriptions, before);
  return {
    doomed: ordered.map((each) => doomed.find(({ description }) => description === each)!),
    // What is kept beside a state can be copied later than the state.
    unknown: [...unknown].filter((stack) => !names.has(stack) && !copied.has(stack)),
    unseen,
    copies: [...copied.values()]
      .filter(({ original }) => !seen.has(pathOf(original)))
      .map((each) => whatToDoByHand(session, each)),
  };
}

interface CopiedStack {
  readonly description: StackDescription;
  readonly copy: StateLocation;
  /** Where the configuration that was applied last keeps the state. */
  readonly original: StateLocation;
}

/** Nothing is destroyed from a copy, which can be late. Where home has moved to it, it is the state as soon as the project is back. */
function whatToDoByHand(session: LiveSession, { description, copy, original }: CopiedStack): string {
  const { stack, project } = description;
  const found = `${stack}: its project is gone, and so is its state, or it cannot be reached: ${pathOf(original)}; there is a copy: ${pathOf(copy)}`;
  if (!project.startsWith('global/')) return `${found}; look again when its region answers`;
  const { environment } = session.options;
  if (copy.bucket !== stateBucketName(environment, environment.home)) {
    return `${found}; look again when its region answers, or where that is lost, move the home region as docs/runbooks/move-home-region.md says`;
  }
  return [
    `${found}. Where the original is lost for good, go on from the copy: bring the project back by undoing the commit that took it away, see how old the copy is, destroy the stack, and take the project away again:`,
    `git revert --no-edit "$(git rev-list -1 HEAD -- ${project})"`,
    commandLine(session, 'state', 'list', stack),
    commandLine(session, 'destroy', project),
    'git revert --no-edit HEAD',
  ].join('\n  ');
}

const pathOf = ({ bucket, key }: StateLocation) => `s3://${bucket}/${key}`;

function configurationOf({ files }: KeptConfiguration): Configuration {
  return JSON.parse(Buffer.from(files['cdk.tf.json']!, 'base64').toString('utf8')) as Configuration;
}

/** Takes an error for a value where it says that nobody knows what a stack has: a destroy goes on beside it. */
function ifHidden(error: unknown): Error {
  if (!hidesState(error)) throw error;
  return error as Error;
}

/** AWS regions by bucket: those that stacks of the tree name, and those that were made for regions it no longer has. */
async function stateBuckets(session: LiveSession): Promise<ReadonlyMap<string, string>> {
  const buckets = new Map(
    session.stacks.map(({ stack }) => {
      const { bucket, region } = stateLocation(session.configuration(stack));
      return [bucket, region] as const;
    }),
  );
  const maker = session.stacks.find(({ project }) => project === stateProject);
  const made = maker && (await knownState(session, maker.stack));
  if (made === undefined || made === 'unknown') return buckets;
  for (const { type, instances = [] } of made.resources ?? []) {
    if (type !== 'aws_s3_bucket') continue;
    for (const { attributes } of instances) {
      const { bucket, region } = (attributes ?? {}) as Readonly<Record<string, unknown>>;
      if (typeof bucket === 'string' && typeof region === 'string') buckets.set(bucket, region);
    }
  }
  return buckets;
}

/** What a destroy would lose for ever, a line each; empty when everything can be made again. */
export function lossesOf(stacks: readonly DoomedStack[]): string[] {
  return stacks.flatMap(({ description: { stack }, state }) =>
    (state instanceof Error ? [] : statefulResources(state)).map(
      ({ address, loses, emptied }) => `${stack}: ${address} holds ${loses}${emptied ? ', and would be emptied' : ''}`,
    ),
  );
}

/** What people read before a destroy begins: how much goes, and what is lost for ever. */
export function announcement(stacks: readonly DoomedStack[]): string[] {
  const sizes = stacks.map(({ description: { stack }, state }) => {
    if (state instanceof Error) return `${stack}: nobody can say what it has; it is left, and what it reads with it`;
    const count = (state.resources ?? []).filter(({ mode }) => mode === 'managed').length;
    return `${stack}: ${count} resource${count === 1 ? '' : 's'}`;
  });
  return [...sizes, ...lossesOf(stacks)];
}

/**
 * Why stacks may not be destroyed yet: what is lost for ever needs a word of its own, and whoever asks has to name the
 * environment. Nothing when they may.
 */
export function destroyRefusal(
  stacks: readonly DoomedStack[],
  given: { readonly environment: string; readonly confirm: string; readonly includeStateful: boolean },
): string | undefined {
  const { environment, confirm, includeStateful } = given;
  if (!includeStateful && lossesOf(stacks).length > 0) {
    return 'nothing was destroyed: some of it is lost for ever; add --include-stateful if that is meant';
  }
  return confirm === environment
    ? undefined
    : `nothing was destroyed: "${confirm}" is not ${environment}; type the name, or give --confirm <name> in CI`;
}

/** What the destroy of one stack would remove. */
export interface DestroyPlan {
  readonly stack: string;
  readonly addresses: readonly string[];
  /** Why nobody knows. */
  readonly error?: string;
}

/** Lets Terraform plan the destruction of stacks, in the order in which it would happen. Nothing is changed or locked. */
export async function planDestroy(session: LiveSession, stacks: readonly DoomedStack[]): Promise<DestroyPlan[]> {
  const { signal } = session.options;
  const plans = new Map<string, DestroyPlan>();
  await runInOrder(stacks, {
    name: ({ description }) => description.stack,
    upstreams: () => [],
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (doomed) => {
      const { stack } = doomed.description;
      const folder = session.folderOf(stack, 'destroy');
      const planned = await withFolder(folder, session.folderWait, async () => {
        const said = await planInFolder(session, doomed, folder, ['-lock=false']);
        rmSync(join(folder, destroyPlanFile));
        return { stack, addresses: plannedAddresses(said) };
      }).catch((error: unknown) => ({ stack, addresses: [], error: readable(error, stack).message }));
      plans.set(stack, planned);
    },
  });
  signal?.throwIfAborted();
  return [...stacks].reverse().map(({ description }) => plans.get(description.stack)!);
}

/** Destroys stacks in reverse order. Whatever a stack that could not be destroyed reads is left. */
export async function destroyEstate(
  session: LiveSession,
  stacks: readonly DoomedStack[],
  progress: LiveProgress = {},
): Promise<DestroyedStack[]> {
  const { signal } = session.options;
  const done = new Map<string, DestroyedStack>();
  const readersOf = (name: string) =>
    stacks.filter(({ description }) => description.reads.includes(name)).map(({ description }) => description.stack);
  progress.planned?.(stacks.map(({ description }) => description.stack));
  await runInOrder([...stacks].reverse(), {
    name: ({ description }) => description.stack,
    upstreams: ({ description }) => readersOf(description.stack),
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (doomed) => {
      const { stack } = doomed.description;
      const finish = (result: DestroyedStack['result'], message?: string) => {
        done.set(stack, { stack, result, ...(message ? { message } : {}) });
        progress.finished?.(stack, result);
      };
      const left = readersOf(stack).filter((name) => done.get(name)?.result !== 'destroyed');
      if (left.length > 0) return finish('skipped', `${stack}: is still read by ${left.join(', ')}`);
      progress.started?.(stack);
      try {
        await destroyStack(session, doomed);
        finish('destroyed');
      } catch (error) {
        finish('failed', readable(error, stack).message);
      }
    },
  });
  return [...stacks].reverse().map(({ description: { stack } }) => done.get(stack) ?? { stack, result: 'not reached' });
}

async function destroyStack(session: LiveSession, doomed: DoomedStack): Promise<void> {
  const { description, location, state } = doomed;
  if (state instanceof Error) throw state;
  const { stack } = description;
  const folder = session.folderOf(stack, 'destroy');
  await withFolder(folder, session.folderWait, async () => {
    await planInFolder(session, doomed, folder);
    const lock = `-lock-timeout=${session.lockTimeoutSec}s`;
    await session.terraform(folder, stack, ['apply', '-input=false', '-json', lock, destroyPlanFile]);
    rmSync(join(folder, destroyPlanFile), { force: true });
  });
  await session.calling(stack, () => session.store.removeConfigurations(location));
}

async function planInFolder(
  session: LiveSession,
  doomed: DoomedStack,
  folder: string,
  args: readonly string[] = [],
): Promise<string> {
  const { description, removed, state } = doomed;
  if (state instanceof Error) throw state;
  const { stack } = description;
  const configuration = removed
    ? await prepareRemoved(session, doomed, folder)
    : prepareFolder(session, description, folder);
  await initialise(session, stack, folder);
  const plan = ['plan', '-destroy', `-out=${destroyPlanFile}`, ...planArguments(session), ...args];
  const absent = await absentReads(session, configuration);
  if (absent.length > 0) {
    session.options.note?.(
      `${stack}: what it reads is not there: ${absent.join('; ')}; planning by what its own state remembers, without a look at what is there`,
    );
    // A refresh reads all that the configuration reads; to destroy, nothing of it is needed.
    plan.push('-refresh=false');
  }
  return (await session.terraform(folder, stack, plan, { reads: true })).stdout;
}

/** What a configuration reads and nobody has: states that are lost, damaged or gone, and outputs that were never made. */
async function absentReads(session: LiveSession, configuration: Configuration): Promise<string[]> {
  const reads = Object.entries(configuration.data?.['terraform_remote_state'] ?? {});
  const states = reads.map(async ([stack, { config }]) => {
    const state = await session.stateAt(config as StateLocation, stack).catch(ifHidden);
    if (state === undefined || state instanceof Error) return `the state of ${stack}`;
    const fields = absentFields(configuration, stack, outputValues(state));
    return fields.length > 0 ? `${fields.join(', ')} of ${stack}` : [];
  });
  return (await Promise.all(states)).flat();
}

/** Outputs of a stack that a configuration names and its state has not: its deploy ended half-way, or left their makers out. */
export function absentFields(
  configuration: Configuration,
  stack: string,
  outputs: Readonly<Record<string, unknown>>,
): string[] {
  const named = JSON.stringify(configuration).matchAll(/\bdata\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g);
  const fields = [...named].flatMap(([, of, field]) => (of === stack ? field! : []));
  return [...new Set(fields)].filter((field) => !Object.hasOwn(outputs, field));
}

/** The configuration as it was applied last, with the override of today: credentials and addresses change. */
async function prepareRemoved(
  session: LiveSession,
  { description, location, state }: DoomedStack,
  folder: string,
): Promise<Configuration> {
  const version = state as TerraformState;
  const applied = await session.calling(description.stack, () => session.store.readConfigurationOf(location, version));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(folder)) {
    if (!isOfLock(entry) && entry !== 'terraform.log') rmSync(join(folder, entry), { recursive: true });
  }
  for (const [path, content] of Object.entries(applied!.files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
  const override = session.options.target.override(description, configurationOf(applied!));
  writeFileSync(join(folder, liveOverrideFile), JSON.stringify(override, null, 2), { mode: 0o600 });
  if (!existsSync(join(folder, 'cdk.tf.json')))
    throw new Error(`${description.stack}: its kept configuration is empty`);
  return configurationOf(applied!);
}
