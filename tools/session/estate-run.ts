import { availableParallelism } from 'node:os';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { selectStacks } from '@platform/tools/workspace/select-stacks';
import { hidesState } from '@platform/tools/aws/callers-failure';
import { regionsOf } from './regions-of';
import { deployOrder, inDeployOrder } from './deploy-order';
import { isEmptied, losesSomething } from './emptied-stacks';
import type { LiveSession } from './live-session';
import { isDeployed } from '@platform/tools/model/state';
import type { TerraformState } from '@platform/tools/model/state';

/** Told of each stack as it goes. */
export interface LiveProgress {
  planned?(stacks: readonly string[]): void;
  started?(stack: string): void;
  finished?(stack: string, outcome: string): void;
}

/** Stacks of the named projects, or of all, in deploy order, with what goes before each. */
export interface ChosenStacks {
  readonly stacks: readonly StackDescription[];
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** Those of them that have something in their state. */
  readonly deployed: ReadonlySet<string>;
  /** Those that only take away what they have made. */
  readonly emptied: ReadonlySet<string>;
}

/** Stacks at once, unless the session says otherwise: each Terraform starts a provider of its own, which takes 560 MB. */
export function workersFor({ options: { workers } }: Pick<LiveSession, 'options'>, stacks: readonly unknown[]): number {
  return Math.max(1, Math.min(workers ?? Math.min(availableParallelism(), 4), stacks.length));
}

/**
 * Asks for the states of the chosen stacks only: work on one region needs nothing of another, which may be lost.
 * @param first done for each of them before their states are read
 * @param projects names of projects or stacks, or patterns of these; default: all
 * @throws WrongUse when there is no such project or stack
 */
export async function chooseStacks(
  session: Pick<LiveSession, 'options' | 'stacks' | 'states'>,
  projects: readonly string[],
  first?: (description: StackDescription) => Promise<void>,
): Promise<ChosenStacks> {
  const { root, region } = session.options;
  const chosen = selectStacks(root, { names: projects, ...(region ? { region } : {}) }).of(session.stacks.all);
  if (first) for (const each of chosen) await first(each);
  const deployed = await deployedStacks(
    session,
    chosen.map(({ stack }) => stack),
  );
  const { primary } = regionsOf(session.options.estate);
  const emptied = await emptiedStacks(session, deployed);
  const before = deployOrder(chosen, {
    primary,
    exists: (stack) => deployed.has(stack),
    isEmptied: (stack) => emptied.has(stack),
  });
  return { stacks: inDeployOrder(chosen, before), before, deployed, emptied };
}

/**
 * Those of the named stacks, or of all, that have something in their state. A stack whose state is unknown counts as
 * deployed: its region may be lost or its state damaged, and it fails when its turn comes. The others go on.
 */
export async function deployedStacks(
  session: Pick<LiveSession, 'stacks' | 'states'>,
  names: readonly string[] = session.stacks.all.map(({ stack }) => stack),
): Promise<ReadonlySet<string>> {
  const states = await Promise.all(names.map(async (stack) => [stack, await knownState(session, stack)] as const));
  return new Set(states.filter(([, state]) => state === 'unknown' || isDeployed(state)).map(([stack]) => stack));
}

/** Those of `deployed` that have something for readers and are to have nothing. */
async function emptiedStacks(
  session: Pick<LiveSession, 'stacks' | 'states'>,
  deployed: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const empty = [...deployed].filter((stack) => isEmptied(session.stacks.configuration(stack)));
  const states = await Promise.all(empty.map(async (stack) => [stack, await knownState(session, stack)] as const));
  const loses = ([stack, state]: (typeof states)[number]) =>
    state !== 'unknown' && losesSomething(session.stacks.configuration(stack), state);
  return new Set(states.filter(loses).map(([stack]) => stack));
}

/** The state of a stack, where its bucket answers and holds one. */
export function knownState(
  session: Pick<LiveSession, 'states'>,
  stack: string,
): Promise<TerraformState | 'unknown' | undefined> {
  return session.states.of(stack).catch((error: unknown) => {
    if (hidesState(error)) return 'unknown';
    throw error;
  });
}
