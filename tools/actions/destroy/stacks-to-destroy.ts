import { WrongUse } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { hidesState } from '@platform/tools/aws/callers-failure';
import { chooseStacks, deployedStacks } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { regionsOf } from '@platform/tools/session/regions-of';
import { refuseUnsavedStates, saveUnsavedStates, UnsavedState } from '@platform/tools/session/unsaved-state';
import { stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import { dataLossOf, objectsOf } from '@platform/tools/model/destroyed-objects';
import { type TerraformState } from '@platform/tools/model/state';
import { accessProject, stateProject } from '@platform/tools/model/stateful-types';
import { findWriter } from './database-writer';
import { hasOpenApply } from './unanswered-applies';
import { databaseFamilies, writersWithoutMembers, type DestroyOrderOptions } from './destroy-order';

/** Of a stack that has only an apply whose end was not recorded. */
export const noState: TerraformState = { lineage: '', serial: 0 };

/** A stack that is to be destroyed, with the state that was announced: nothing beyond it is destroyed. */
export interface StackToDestroy {
  readonly description: StackDescription;
  readonly location: StateLocation;
  /** An error where its content is unknown: the stack is left, and so is what it reads. */
  readonly state: TerraformState | Error;
  /** True where its project is no longer in the tree: it is destroyed from the configuration that was applied last. */
  readonly removed: boolean;
}

export interface StacksToDestroyOptions {
  /** Stacks whose projects are gone; one of them may still read something. */
  readonly removed?: readonly StackToDestroy[];
  /** What to do with a state that an earlier apply could not write. `refuse`: for commands that change nothing. */
  readonly unsaved?: 'save' | 'refuse';
}

/**
 * The deployed stacks among those chosen, in deploy order. One of which an apply has left an unsaved state counts as
 * deployed: it is saved first.
 * @throws WrongUse when another deployed stack reads one of them, or is a member of a database whose writer is one of them
 */
export async function stacksToDestroy(
  session: LiveSession,
  projects: readonly string[],
  { removed = [], unsaved = 'save' }: StacksToDestroyOptions = {},
): Promise<StackToDestroy[]> {
  const unsavedErrors = new Map<string, Error>();
  const { stacks, deployed } = await chooseStacks(session, projects, async ({ stack }) => {
    const error = await settleUnsavedStates(session, stack, unsaved);
    if (error) unsavedErrors.set(stack, error);
  });
  const open = new Set<string>();
  for (const { stack } of stacks) {
    if (deployed.has(stack) || unsavedErrors.has(stack)) continue;
    const location = stateLocation(session.stacks.configuration(stack));
    if (await hasOpenApply(session, stack, location).catch(isHidden)) open.add(stack);
  }
  const exists = (stack: string) => deployed.has(stack) || unsavedErrors.has(stack) || open.has(stack);
  // The buckets outlive a destroy, and the roles are those that destroy. Somebody who names them brings another role.
  const left = projects.length === 0 ? [stateProject, accessProject] : [stateProject];
  const chosen = stacks.filter(({ stack, project }) => exists(stack) && !left.includes(project));
  if (stacks.some(({ stack, project }) => exists(stack) && project === accessProject && left.includes(project))) {
    session.options.note?.(
      `${accessProject} is left: its roles destroy the rest; to destroy it too: ${commandLine(session, 'destroy', accessProject)} --role platform-bootstrap`,
    );
  }
  if (stacks.some(({ stack, project }) => exists(stack) && project === stateProject)) {
    session.options.note?.(
      `${stateProject} is left: it holds the states; when nothing else is left, empty and delete its buckets by hand`,
    );
  }
  const toDestroy = await Promise.all(
    chosen.map(
      async (description): Promise<StackToDestroy> => ({
        description,
        location: stateLocation(session.stacks.configuration(description.stack)),
        state:
          unsavedErrors.get(description.stack) ??
          (await session.states.of(description.stack).catch(ifHidden)) ??
          noState,
        removed: false,
      }),
    ),
  );
  const names = new Set(chosen.map(({ stack }) => stack));
  const others = session.stacks.all.filter(({ stack }) => !names.has(stack));
  const staying = await deployedStacks(
    session,
    others
      .filter((other) => other.reads.some((read) => names.has(read)) || isMemberBeside(other, chosen))
      .map(({ stack }) => stack),
  );
  const remaining = others.filter(({ stack }) => staying.has(stack));
  const problems = [
    ...readProblems(names, [
      ...remaining.map((reader) => ({ reader, remedy: `destroy ${reader.project} too, or let it stop reading` })),
      ...removed.map(({ description }) => ({
        reader: description,
        remedy: `its project was removed; destroy it first: ${commandLine(session, 'destroy', '--removed')}`,
      })),
    ]),
    ...writersWithoutMembers(chosen, remaining, await destroyOrderOptions(session, toDestroy)),
  ];
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
  return toDestroy;
}

/** Saves, or refuses, what earlier applies of a stack could not write; gives the error that keeps it from being destroyed. */
export async function settleUnsavedStates(
  session: LiveSession,
  stack: string,
  unsaved: NonNullable<StacksToDestroyOptions['unsaved']>,
): Promise<Error | undefined> {
  try {
    if (unsaved === 'save') await saveUnsavedStates(session, stack);
    else refuseUnsavedStates(session, stack);
    return undefined;
  } catch (error) {
    if (error instanceof UnsavedState) return error;
    return ifHidden(error);
  }
}

/** The primary region, and the stacks that have the writers of databases now. */
export async function destroyOrderOptions(
  session: LiveSession,
  toDestroy: readonly StackToDestroy[],
): Promise<DestroyOrderOptions> {
  const { estate, target, note } = session.options;
  const writers = new Map<string, string>();
  for (const [family, members] of databaseFamilies(toDestroy.map(({ description }) => description))) {
    const recorded = toDestroy.flatMap(({ description: { stack }, location, state }) =>
      state instanceof Error || !members.some((each) => each.stack === stack)
        ? []
        : [{ stack, awsRegion: location.region, state }],
    );
    try {
      const writer = await session.calls.make(recorded[0]?.stack ?? family, () => findWriter(target, recorded));
      if (writer !== undefined) writers.set(family, writer);
    } catch (error) {
      note?.(
        `${family}: RDS does not report which region has the writer (${(error as Error).message.split('\n')[0]}); taking the primary region for it`,
      );
    }
  }
  return { primary: regionsOf(estate).primary, writers };
}

const isMemberBeside = (other: StackDescription, chosen: readonly StackDescription[]) =>
  [...databaseFamilies([...chosen, other]).values()].some((members) => members.includes(other));

/** A line for each stack outside of those to destroy that reads one of them: without it, it could not be planned any more. */
export function readProblems(
  toDestroy: ReadonlySet<string>,
  readers: readonly { readonly reader: StackDescription; readonly remedy: string }[],
): string[] {
  return readers.flatMap(({ reader: { stack, reads }, remedy }) => {
    const read = toDestroy.has(stack) ? [] : reads.filter((name) => toDestroy.has(name));
    return read.length === 0 ? [] : [`${stack}: it is deployed and reads ${read.join(', ')}; ${remedy}`];
  });
}

/** What a destroy would lose for ever, a line each; empty when everything can be made again. */
export function lossesOf(stacks: readonly StackToDestroy[]): string[] {
  return stacks.flatMap(({ description: { stack }, state }) =>
    state instanceof Error ? [] : dataLossOf(objectsOf(state)).map((loss) => `${stack}: ${loss}`),
  );
}

/** What people read before a destroy begins: how much goes, and what is lost for ever. */
export function announcement(stacks: readonly StackToDestroy[]): string[] {
  const sizes = stacks.map(({ description: { stack }, state }) => {
    if (state instanceof Error) return `${stack}: what it has is unknown; it is left, and what it reads with it`;
    const { length } = objectsOf(state);
    return `${stack}: ${length} resource${length === 1 ? '' : 's'}`;
  });
  return [...sizes, ...lossesOf(stacks)];
}

/** What whoever destroys has said, and has to answer for. */
export interface DestroyAnswer {
  readonly environment: string;
  readonly confirm: string;
  readonly includeStateful: boolean;
  /** Of applies that were killed, unless they are accepted. */
  readonly unanswered: readonly string[];
}

/**
 * Why stacks may not be destroyed yet: data loss needs an option of its own, and the environment has to be named. Nothing
 * when they may.
 */
export function destroyRefusal(stacks: readonly StackToDestroy[], given: DestroyAnswer): string | undefined {
  const { environment, confirm, includeStateful, unanswered } = given;
  if (unanswered.length > 0) return [...unanswered, 'nothing was destroyed'].join('\n');
  if (!includeStateful && lossesOf(stacks).length > 0) {
    return 'nothing was destroyed: some of it is lost for ever; add --include-stateful if that is meant';
  }
  return confirm === environment
    ? undefined
    : `nothing was destroyed: "${confirm}" is not ${environment}; type the name, or give --confirm <name> in CI`;
}

function isHidden(error: unknown): false {
  ifHidden(error);
  return false;
}

/** Takes an error for a value where it says that the content of a stack is unknown: a destroy goes on beside it. */
export function ifHidden(error: unknown): Error {
  if (!hidesState(error)) throw error;
  return error as Error;
}
