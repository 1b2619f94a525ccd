import { adoptionLevels, reachedLevelField, type AdoptionLevel } from '@platform/libs/settings/adoption';
import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { hidesState, isUnreachable } from '@platform/tools/aws/callers-failure';
import type { LiveSession } from './live-session';
import { outputValues } from '@platform/tools/model/state';

/**
 * Going two levels at once would refuse clients: a level may take away what the one below it has led them from, and not
 * more. See `docs/decisions/changing-levels.md`.
 * @param reached level that clients are led to; anything else, such as nothing, says that nobody is led anywhere yet
 */
export function levelStepProblem(environment: string, reached: unknown, wanted: AdoptionLevel): Problem | undefined {
  const from = adoptionLevels.indexOf(reached as AdoptionLevel);
  const to = adoptionLevels.indexOf(wanted);
  if (from < 0 || Math.abs(from - to) <= 1) return undefined;
  return {
    where: `infra.config.ts: environments.${environment}.level`,
    what: `"${wanted}" is more than one level away from "${adoptionLevels[from]}", to which clients are led now`,
    remedy: `write "${adoptionLevels[from + Math.sign(to - from)]}" and deploy it first`,
  };
}

/**
 * Asks only where one of `stacks` is what leads clients, or what they are led to: nothing else can refuse them, and work
 * on another region needs nothing of the home region, which may be lost. While it does not answer, or is damaged, nobody can say
 * which level is reached: that is noted, and the work goes on.
 * @throws WrongUse when the level of the settings is more than one away from the one that is reached
 */
export async function assertLevelStep(session: LiveSession, stacks: readonly StackDescription[]): Promise<void> {
  const { environment, note } = session.options;
  const leads = session.stacks.find(({ contract }) => Object.hasOwn(contract.fields, reachedLevelField));
  if (!leads || !stacks.some(({ stack }) => stack === leads.stack || leads.reads.includes(stack))) return;
  const state = await session.state(leads.stack).catch((error: unknown) => {
    if (!hidesState(error)) throw error;
    note?.(
      `${leads.stack}: its state cannot be ${isUnreachable(error) ? 'reached' : 'read'}, so nobody can say which level clients are led to; going on. Make sure that "${environment.level}" is at most one level away from what was deployed last`,
    );
  });
  const problem =
    state && levelStepProblem(environment.name, outputValues(state)[reachedLevelField], environment.level);
  if (problem) throw new WrongUse(formatProblem(problem));
}
