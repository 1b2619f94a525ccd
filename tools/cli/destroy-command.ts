import { destroyEstate, planDestroy } from '@platform/tools/actions/destroy/destroy-estate';
import {
  announcement,
  destroyRefusal,
  stacksToDestroy,
  lossesOf,
  type StackToDestroy,
} from '@platform/tools/actions/destroy/stacks-to-destroy';
import { chosenRemoved, removedStacks, type RemovedStacks } from '@platform/tools/actions/destroy/removed-stacks';
import { unansweredApplies } from '@platform/tools/actions/destroy/unanswered-applies';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { ask } from './ask';
import { inSession, liveProgress, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface DestroyOptions extends LiveOptions {
  /** Environment name, for non-interactive use. */
  readonly confirm?: string;
  readonly includeStateful?: boolean;
  readonly acceptUnrecorded?: boolean;
  /** Stacks whose project is gone, instead of those in the tree. */
  readonly removed?: boolean;
  /** Only plans, and prints what would be destroyed. */
  readonly dryRun?: boolean;
}

/** Destroys stacks in reverse order, after the name of the environment was typed. */
export async function destroyCommand(projects: string[], options: DestroyOptions): Promise<number> {
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const { environment, target, signal } = session.options;
    const { stacks, unseen, copies, unsaved } = await chosenStacks(session, projects, options);
    // What could not be read may still be there.
    const whole = unsaved.length === 0 && (options.removed !== true || unseen.length + copies.length === 0);
    if (stacks.length === 0) {
      const without = unseen.length > 0 ? `; these could not be read: ${unseen.join(', ')}` : ' by this command';
      talk(`nothing to destroy${whole ? '' : without}`);
      return whole ? 0 : 1;
    }
    if (options.dryRun) return Math.max(await dryRun(session, stacks, options), whole ? 0 : 1);
    for (const text of announcement(stacks)) talk(text);
    const unrecorded = options.acceptUnrecorded ?? false;
    const given = {
      environment: environment.name,
      confirm: options.confirm ?? environment.name,
      includeStateful: options.includeStateful ?? false,
      unanswered: unrecorded ? [] : await unansweredApplies(session, stacks),
    };
    // No question about what is refused anyway.
    let refusal = destroyRefusal(stacks, given);
    if (!refusal && options.confirm === undefined) {
      const confirm = await ask(`Type ${environment.name} to destroy this on ${target.name}: `, signal);
      refusal = signal?.aborted ? 'nothing was destroyed' : destroyRefusal(stacks, { ...given, confirm });
    }
    if (refusal) {
      talk(refusal);
      return 1;
    }
    const results = await destroyEstate(session, stacks, liveProgress(), { unrecorded });
    for (const { message } of results) if (message) talk(message);
    print(
      options.json
        ? JSON.stringify(results, null, 2)
        : results.map(({ stack, result }) => `${stack}  ${result}`).join('\n'),
    );
    return whole && results.every(({ result }) => result === 'destroyed') ? 0 : 1;
  });
}

/** The stacks of the named projects, or of all; of the tree, or those that are no longer in it. */
async function chosenStacks(
  session: LiveSession,
  projects: string[],
  options: DestroyOptions,
): Promise<Pick<RemovedStacks, 'stacks' | 'unseen' | 'copies' | 'unsaved'>> {
  const unsaved = options.dryRun ? 'refuse' : 'save';
  const removed = await removedStacks(session, { unsaved });
  for (const stack of removed.unknown) {
    talk(
      `${stack}: its project was removed, and no applied configuration was kept; restore the project to destroy the stack`,
    );
  }
  for (const text of [...removed.copies, ...removed.unsaved]) talk(text);
  if (options.removed) return { ...removed, stacks: chosenRemoved(removed.stacks, projects) };
  if (removed.stacks.length > 0) {
    const names = removed.stacks.map(({ description }) => description.stack).join(', ');
    const command = commandLine(session, 'destroy', '--removed');
    talk(`deployed stacks whose project was removed: ${names}; to destroy them: ${command}`);
  }
  return { ...removed, stacks: await stacksToDestroy(session, projects, { removed: removed.stacks, unsaved }) };
}

async function dryRun(
  session: LiveSession,
  stacks: readonly StackToDestroy[],
  options: DestroyOptions,
): Promise<number> {
  const plans = await planDestroy(session, stacks);
  for (const { error } of plans) if (error) talk(error);
  print(
    options.json
      ? JSON.stringify(plans, null, 2)
      : plans.flatMap(({ stack, addresses }) => addresses.map((address) => `${stack}  ${address}`)).join('\n'),
  );
  const unanswered = options.acceptUnrecorded ? [] : await unansweredApplies(session, stacks);
  for (const text of [...lossesOf(stacks), ...unanswered]) talk(text);
  return unanswered.length === 0 && plans.every(({ error }) => error === undefined) ? 0 : 1;
}
