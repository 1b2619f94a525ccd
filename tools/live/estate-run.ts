import { availableParallelism } from 'node:os';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { namedStackFolders } from '@platform/tools/workspace/named-stack-folders';
import { regionsOf } from './regions-of';
import { deployOrder, inDeployOrder } from './deploy-order';
import type { LiveSession } from './live-session';
import { isDeployed } from './plan-stack';

/** Told of each stack as it goes; all of it is talk. */
export interface LiveProgress {
  planned?(stacks: readonly string[]): void;
  started?(stack: string): void;
  finished?(stack: string, outcome: string): void;
}

/** Stacks of the named projects, or of all, in deploy order, with what goes before each. */
export interface ChosenStacks {
  readonly stacks: readonly StackDescription[];
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly deployed: ReadonlySet<string>;
}

/** Works at once: each Terraform starts a provider of its own, which takes 560 MB. */
export function workersFor(stacks: readonly unknown[]): number {
  return Math.max(1, Math.min(availableParallelism(), stacks.length, 4));
}

/** @throws WrongUse when there is no such project */
export async function chooseStacks(session: LiveSession, projects: readonly string[]): Promise<ChosenStacks> {
  const folders = namedStackFolders(session.options.root, projects);
  const chosen = session.stacks.filter(({ project }) => folders.has(project));
  const deployed = await deployedStacks(session);
  const { primary } = regionsOf(session.options.estate);
  const before = deployOrder(chosen, { primary, exists: (stack) => deployed.has(stack) });
  return { stacks: inDeployOrder(chosen, before), before, deployed };
}

/** Names of the estate's stacks that have something in their state. */
export async function deployedStacks(session: LiveSession): Promise<ReadonlySet<string>> {
  const states = await Promise.all(
    session.stacks.map(async ({ stack }) => [stack, await session.state(stack)] as const),
  );
  return new Set(states.filter(([, state]) => isDeployed(state)).map(([stack]) => stack));
}
