import { adoptionLevels, reachedLevelField, type AdoptionLevel } from '@platform/libs/settings/adoption';
import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { hidesState, isUnreachable } from '@platform/tools/aws/callers-failure';
import type { LiveSession } from './live-session';
import { outputValues } from '@platform/tools/model/state';

/**
 * Going two levels at once would refuse clients: a level may only remove what clients no longer use at the level below.
 * See `docs/decisions/changing-levels.md`.
 * @param reached level that DNS leads clients to; anything else, such as nothing, means that nothing is deployed yet
 */
export function levelStepProblem(environment: string, reached: unknown, wanted: AdoptionLevel): Problem | undefined {
  const from = adoptionLevels.indexOf(reached as AdoptionLevel);
  const to = adoptionLevels.indexOf(wanted);
  if (from < 0 || Math.abs(from - to) <= 1) return undefined;
  return {
    where: `infra.config.ts: environments.${environment}.level`,
    what: `"${wanted}" is more than one level away from "${adoptionLevels[from]}", the deployed level`,
    remedy: `write "${adoptionLevels[from + Math.sign(to - from)]}" and deploy it first`,
  };
}

/**
 * Reads the deployed level only for stacks that lead clients, or that clients are led to: work on another region needs
 * nothing of the home region, which may be lost. If its state cannot be read, the deployed level is unknown: that is noted,
 * and the work goes on.
 * @throws WrongUse when the level of the settings is more than one away from the deployed one
 */
export async function assertLevelStep(
  session: Pick<LiveSession, 'options' | 'stacks' | 'states'>,
  stacks: readonly StackDescription[],
): Promise<void> {
  const { environment, note } = session.options;
  const leads = session.stacks.all.find(({ contract }) => Object.hasOwn(contract.fields, reachedLevelField));
  if (!leads || !stacks.some(({ stack }) => stack === leads.stack || leads.reads.includes(stack))) return;
  const state = await session.states.of(leads.stack).catch((error: unknown) => {
    if (!hidesState(error)) throw error;
    note?.(
      `${leads.stack}: its state cannot be ${isUnreachable(error) ? 'reached' : 'read'}, so the deployed level is unknown; going on. Check that "${environment.level}" is at most one level away from it`,
    );
  });
  const problem =
    state && levelStepProblem(environment.name, outputValues(state)[reachedLevelField], environment.level);
  if (problem) throw new WrongUse(formatProblem(problem));
}
