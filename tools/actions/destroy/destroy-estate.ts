import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Configuration } from '@platform/tools/model/configuration';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from '@platform/tools/aws/callers-failure';
import { ifHidden, type DoomedStack } from './stacks-to-destroy';
import { workersFor, type LiveProgress } from '@platform/tools/session/estate-run';
import { isOfLock, withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import { liveOverrideFile } from '@platform/tools/aws/live-override';
import type { LiveSession } from '@platform/tools/session/live-session';
import { planArguments, prepareFolder } from '@platform/tools/session/plan-stack';
import { plannedAddresses } from '@platform/tools/model/plan';
import { configurationOf } from './removed-stacks';
import { outputValues, type TerraformState } from '@platform/tools/model/state';
import { type StateLocation } from '@platform/tools/model/configuration';

export interface DestroyedStack {
  readonly stack: string;
  readonly result: 'destroyed' | 'failed' | 'skipped' | 'not reached';
  readonly message?: string;
}

const destroyPlanFile = 'destroy.tfplan';

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
  return [...new Set(fields)].filter((field) => !Object.hasOwn(outputs, field) || outputs[field] === null);
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
