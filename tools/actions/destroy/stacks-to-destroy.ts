import { WrongUse } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { hidesState } from '@platform/tools/aws/callers-failure';
import { chooseStacks, deployedStacks } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import { type TerraformState } from '@platform/tools/model/state';
import { statefulResources, stateProject } from '@platform/tools/model/stateful-types';

/** A stack that is to be destroyed, with what that loses. */
export interface DoomedStack {
  readonly description: StackDescription;
  readonly location: StateLocation;
  /** An error where nobody can say what it has: it is left, and so is what it reads. */
  readonly state: TerraformState | Error;
  /** True where its project is no longer in the tree: it is destroyed from the configuration that was applied last. */
  readonly removed: boolean;
}

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

/** @throws WrongUse when a stack outside of `doomed` reads one of them: without it, it could be planned no more */
export function assertUnread(
  doomed: ReadonlySet<string>,
  readers: readonly { readonly reader: StackDescription; readonly remedy: string }[],
): void {
  const problems = readers.flatMap(({ reader: { stack, reads }, remedy }) => {
    const read = doomed.has(stack) ? [] : reads.filter((name) => doomed.has(name));
    return read.length === 0 ? [] : [`${stack}: it is deployed and reads ${read.join(', ')}; ${remedy}`];
  });
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
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

/** Takes an error for a value where it says that nobody knows what a stack has: a destroy goes on beside it. */
export function ifHidden(error: unknown): Error {
  if (!hidesState(error)) throw error;
  return error as Error;
}
