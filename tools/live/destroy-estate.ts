import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/preview/configuration';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from './callers-failure';
import { chooseStacks, deployedStacks, workersFor, type LiveProgress } from './estate-run';
import { withFolder } from './folder-lock';
import { liveOverrideFile } from './live-override';
import type { LiveSession } from './live-session';
import { init, isDeployed, planArguments, prepareFolder } from './plan-stack';
import { stateLocation, type StateLocation, type TerraformState } from './state-store';
import { statefulResources } from './stateful-types';

/** A stack that is to be destroyed, with what that loses. */
export interface DoomedStack {
  readonly description: StackDescription;
  readonly location: StateLocation;
  readonly state: TerraformState;
  /** True where its project is no longer in the tree: it is destroyed from the configuration that was applied last. */
  readonly removed: boolean;
}

export interface DestroyedStack {
  readonly stack: string;
  readonly result: 'destroyed' | 'failed' | 'skipped' | 'not reached';
  readonly message?: string;
}

/** The project whose stack holds the states of all others: its buckets outlive a destroy. */
const stateProject = 'global/state';

/**
 * The deployed stacks among those chosen, in deploy order.
 * @throws WrongUse when another deployed stack reads one of them: it could not be planned any more
 */
export async function doomedStacks(session: LiveSession, projects: readonly string[]): Promise<DoomedStack[]> {
  const { stacks, deployed } = await chooseStacks(session, projects);
  const chosen = stacks.filter(({ stack, project }) => deployed.has(stack) && project !== stateProject);
  const names = new Set(chosen.map(({ stack }) => stack));
  const others = session.stacks.filter(
    ({ stack, reads }) => !names.has(stack) && reads.some((read) => names.has(read)),
  );
  const reading = await deployedStacks(
    session,
    others.map(({ stack }) => stack),
  );
  const readers = others.filter(({ stack }) => reading.has(stack));
  if (readers.length > 0) {
    throw new WrongUse(
      readers
        .map(
          ({ stack, project, reads }) =>
            `${stack}: it is deployed and reads ${reads.filter((read) => names.has(read)).join(', ')}; destroy ${project} too, or let it stop reading`,
        )
        .join('\n'),
    );
  }
  return Promise.all(
    chosen.map(async (description) => ({
      description,
      location: stateLocation(session.configuration(description.stack)),
      state: (await session.state(description.stack))!,
      removed: false,
    })),
  );
}

/** Stacks that have something in a state bucket of this environment and whose project is no longer in the tree. */
export async function removedStacks(
  session: LiveSession,
): Promise<{ readonly doomed: readonly DoomedStack[]; readonly unknown: readonly string[] }> {
  const known = new Set(session.stacks.map(({ stack }) => stack));
  const buckets = new Map(
    session.stacks.map(({ stack }) => {
      const location = stateLocation(session.configuration(stack));
      return [location.bucket, location] as const;
    }),
  );
  const doomed: DoomedStack[] = [];
  const unknown: string[] = [];
  for (const { bucket, region } of buckets.values()) {
    const found = await session.calling(bucket, () => session.store.stacksIn({ bucket, region }));
    for (const stack of found.filter((name) => !known.has(name))) {
      const location = { bucket, region, key: `${stack}/terraform.tfstate` };
      const state = await session.stateAt(location, stack);
      if (!isDeployed(state)) continue;
      const applied = await session.calling(stack, () => session.store.readApplied(location));
      if (applied) doomed.push({ description: applied.description, location, state, removed: true });
      else unknown.push(stack);
    }
  }
  return { doomed, unknown };
}

/** What a destroy would lose for ever, a line each; empty when everything can be made again. */
export function lossesOf(stacks: readonly DoomedStack[]): string[] {
  return stacks.flatMap(({ description: { stack }, state }) =>
    statefulResources(state).map(
      ({ address, loses, emptied }) => `${stack}: ${address} holds ${loses}${emptied ? ', and would be emptied' : ''}`,
    ),
  );
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
    workers: workersFor(stacks),
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
  const { description, location, removed } = doomed;
  const { stack } = description;
  const folder = session.folderOf(stack, 'destroy');
  await withFolder(folder, { waitSec: session.lockTimeoutSec }, async () => {
    if (removed) await prepareRemoved(session, doomed, folder);
    else prepareFolder(session, description, folder);
    await init(session, stack, folder);
    await session.terraform(folder, stack, ['plan', '-destroy', '-out=destroy.tfplan', ...planArguments(session)], {
      reads: true,
    });
    const lock = `-lock-timeout=${session.lockTimeoutSec}s`;
    await session.terraform(folder, stack, ['apply', '-input=false', '-json', lock, 'destroy.tfplan']);
    rmSync(join(folder, 'destroy.tfplan'), { force: true });
  });
  await session.calling(stack, () => session.store.removeApplied(location));
}

/** The configuration as it was applied last, with the override of today: credentials and addresses change. */
async function prepareRemoved(session: LiveSession, { description, location }: DoomedStack, folder: string) {
  const applied = await session.calling(description.stack, () => session.store.readApplied(location));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(folder)) {
    if (entry !== 'in-use.json' && entry !== 'terraform.log') rmSync(join(folder, entry), { recursive: true });
  }
  for (const [path, content] of Object.entries(applied!.files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
  const configuration = JSON.parse(
    Buffer.from(applied!.files['cdk.tf.json']!, 'base64').toString('utf8'),
  ) as Configuration;
  const override = session.options.target.override(description, configuration);
  writeFileSync(join(folder, liveOverrideFile), JSON.stringify(override, null, 2), { mode: 0o600 });
  if (!existsSync(join(folder, 'cdk.tf.json')))
    throw new Error(`${description.stack}: its kept configuration is empty`);
}
