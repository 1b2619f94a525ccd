import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Configuration } from '@platform/tools/model/configuration';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from '@platform/tools/aws/callers-failure';
import { destroyOrder } from './destroy-order';
import { destroyOrderOptions, ifHidden, type StackToDestroy } from './stacks-to-destroy';
import { UnansweredApply, unansweredApplies } from './unanswered-applies';
import { readBegun } from '@platform/tools/session/begun-apply';
import { workersFor, type LiveProgress } from '@platform/tools/session/estate-run';
import { isOfLock, withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import { liveOverrideFile } from '@platform/tools/aws/live-override';
import type { LiveSession } from '@platform/tools/session/live-session';
import { planAndShow, prepareFolder } from '@platform/tools/session/plan-stack';
import {
  recordStateBefore,
  saveUnsavedStates,
  stateBeforeFile,
  unsavedStateFile,
} from '@platform/tools/session/unsaved-state';
import { describeObject, destroyedBy, objectsBeyond, objectsOf } from '@platform/tools/model/destroyed-objects';
import type { PlanJson } from '@platform/tools/model/plan';
import { configurationOf } from './removed-stacks';
import { outputValues, type TerraformState } from '@platform/tools/model/state';
import { type StateLocation } from '@platform/tools/model/configuration';

export interface DestroyedStack {
  readonly stack: string;
  readonly result: 'destroyed' | 'failed' | 'skipped' | 'not reached';
  readonly message?: string;
}

/** What whoever destroys has said. */
export interface DestroyAcceptance {
  /** Objects that killed applies left out of the states were imported or deleted. Default false. */
  readonly unrecorded?: boolean;
}

const destroyPlanFile = 'destroy.tfplan';

/** What the destroy of one stack would remove. */
export interface DestroyPlan {
  readonly stack: string;
  readonly addresses: readonly string[];
  /** Why it is unknown. */
  readonly error?: string;
}

/** The fresh plan of a destroy would destroy more than was announced and confirmed. */
export class MoreThanAnnounced extends Error {
  override readonly name = 'MoreThanAnnounced';
  readonly exitCode = 1;

  constructor(stack: string, more: readonly string[]) {
    super(
      [
        `${stack}: it has more now than was announced; nothing of it was destroyed. Repeat the command to see and confirm all of it:`,
        ...more.map((line) => `  ${line}`),
      ].join('\n'),
    );
  }
}

/** Lets Terraform plan the destruction of stacks, in the order in which it would happen. Nothing is changed or locked. */
export async function planDestroy(session: LiveSession, stacks: readonly StackToDestroy[]): Promise<DestroyPlan[]> {
  const { signal } = session.options;
  const plans = new Map<string, DestroyPlan>();
  await runInOrder(stacks, {
    name: ({ description }) => description.stack,
    upstreams: () => [],
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (toDestroy) => {
      const { stack } = toDestroy.description;
      const folder = session.folders.of(stack, 'destroy');
      const planned = await withFolder(folder, session.folders.wait, async () => {
        const plan = await planInFolder(session, toDestroy, folder, ['-lock=false']);
        rmSync(join(folder, destroyPlanFile));
        return { stack, addresses: destroyedBy(plan).map(({ address }) => address) };
      }).catch((error: unknown) => ({ stack, addresses: [], error: readable(error, stack).message }));
      plans.set(stack, planned);
    },
  });
  signal?.throwIfAborted();
  return [...stacks].reverse().map(({ description }) => plans.get(description.stack)!);
}

/**
 * Destroys stacks in reverse order, each only where its fresh plan destroys nothing beyond the state that was announced.
 * What comes after one that could not be destroyed is left.
 */
export async function destroyEstate(
  session: LiveSession,
  stacks: readonly StackToDestroy[],
  progress: LiveProgress = {},
  accepted: DestroyAcceptance = {},
): Promise<DestroyedStack[]> {
  const { signal } = session.options;
  const done = new Map<string, DestroyedStack>();
  const descriptions = stacks.map(({ description }) => description);
  const before = destroyOrder(descriptions, await destroyOrderOptions(session, stacks));
  progress.planned?.(descriptions.map(({ stack }) => stack));
  await runInOrder([...stacks].reverse(), {
    name: ({ description }) => description.stack,
    upstreams: ({ description }) => before.get(description.stack)!,
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (toDestroy) => {
      const { stack } = toDestroy.description;
      const finish = (result: DestroyedStack['result'], message?: string) => {
        done.set(stack, { stack, result, ...(message ? { message } : {}) });
        progress.finished?.(stack, result);
      };
      const left = before.get(stack)!.filter((name) => done.get(name)?.result !== 'destroyed');
      if (left.length > 0) {
        const readers = left.filter((name) => descriptions.find((each) => each.stack === name)!.reads.includes(stack));
        const reason = readers.length > 0 ? `is still read by ${readers.join(', ')}` : `waits for ${left.join(', ')}`;
        return finish('skipped', `${stack}: ${reason}`);
      }
      progress.started?.(stack);
      try {
        await destroyStack(session, toDestroy, accepted);
        finish('destroyed');
      } catch (error) {
        finish('failed', readable(error, stack).message);
      }
    },
  });
  return [...stacks].reverse().map(({ description: { stack } }) => done.get(stack) ?? { stack, result: 'not reached' });
}

async function destroyStack(
  session: LiveSession,
  toDestroy: StackToDestroy,
  { unrecorded = false }: DestroyAcceptance,
): Promise<void> {
  const { description, location, state } = toDestroy;
  if (state instanceof Error) throw state;
  const { stack } = description;
  const folder = session.folders.of(stack, 'destroy');
  const calling = <T>(call: () => Promise<T>) => session.calls.make(stack, call, location.bucket);
  await withFolder(folder, session.folders.wait, async () => {
    // One that was left since the announcement changes the state, which the comparison below sees.
    await saveUnsavedStates(session, stack);
    const begun = await calling(() => session.store.readBegun(location));
    // Of an apply of this folder, the check below knows all that it created.
    const isOwn = begun !== undefined && readBegun(session.folders.of(stack))?.id === begun.id;
    const plan = await planInFolder(session, toDestroy, folder);
    const unanswered = unrecorded ? [] : await unansweredApplies(session, [toDestroy]);
    if (unanswered.length > 0) throw new UnansweredApply(unanswered.join('\n'));
    const more = objectsBeyond(objectsOf(state), destroyedBy(plan));
    if (more.length > 0) throw new MoreThanAnnounced(stack, more.map(describeObject));
    recordStateBefore(folder, await session.states.at(location, stack));
    const lock = `-lock-timeout=${session.folders.lockTimeoutSec}s`;
    await session.terraform.run(folder, stack, ['apply', '-input=false', '-json', lock, destroyPlanFile]);
    rmSync(join(folder, destroyPlanFile), { force: true });
    if (begun && (unrecorded || isOwn)) await calling(() => session.store.endBegun(location, begun.id));
  });
  await calling(() => session.store.removeConfigurations(location));
}

async function planInFolder(
  session: LiveSession,
  toDestroy: StackToDestroy,
  folder: string,
  args: readonly string[] = [],
): Promise<PlanJson> {
  const { description, removed, state } = toDestroy;
  if (state instanceof Error) throw state;
  const { stack } = description;
  const configuration = removed
    ? await prepareRemoved(session, toDestroy, folder)
    : prepareFolder(session, description, folder);
  await initialise(session, stack, folder);
  const plan = ['-destroy', ...args];
  const absent = await absentReads(session, configuration);
  if (absent.length > 0) {
    session.options.note?.(
      `${stack}: what it reads is missing: ${absent.join('; ')}; planning from its own state, without a refresh`,
    );
    // A refresh reads all that the configuration reads; a destroy needs none of it.
    plan.push('-refresh=false');
  }
  return JSON.parse(await planAndShow(session, stack, folder, destroyPlanFile, plan)) as PlanJson;
}

/** What a configuration reads and is missing: states that are lost, damaged or gone, and outputs that were never made. */
async function absentReads(session: LiveSession, configuration: Configuration): Promise<string[]> {
  const reads = Object.entries(configuration.data?.['terraform_remote_state'] ?? {});
  const states = reads.map(async ([stack, { config }]) => {
    const state = await session.states.at(config as StateLocation, stack).catch(ifHidden);
    if (state === undefined || state instanceof Error) return `the state of ${stack}`;
    const fields = absentFields(configuration, stack, outputValues(state));
    return fields.length > 0 ? `${fields.join(', ')} of ${stack}` : [];
  });
  return (await Promise.all(states)).flat();
}

/** Outputs of a stack that a configuration names and its state lacks: its deploy failed half-way, or left their makers out. */
export function absentFields(
  configuration: Configuration,
  stack: string,
  outputs: Readonly<Record<string, unknown>>,
): string[] {
  const named = JSON.stringify(configuration).matchAll(/\bdata\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g);
  const fields = [...named].flatMap(([, of, field]) => (of === stack ? field! : []));
  return [...new Set(fields)].filter((field) => !Object.hasOwn(outputs, field) || outputs[field] === null);
}

/** The configuration as it was applied last, with the override of today: credentials and addresses change. */
async function prepareRemoved(
  session: LiveSession,
  { description, location, state }: StackToDestroy,
  folder: string,
): Promise<Configuration> {
  const version = state as TerraformState;
  const applied = await session.calls.make(description.stack, () =>
    session.store.readConfigurationOf(location, version),
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(folder)) {
    const isKept = isOfLock(entry) || ['terraform.log', unsavedStateFile, stateBeforeFile].includes(entry);
    if (!isKept) rmSync(join(folder, entry), { recursive: true });
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
