import { adoptionLevels, reachedLevelField, type AdoptionLevel } from '@platform/libs/settings/adoption';
import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import type { LiveSession } from './live-session';
import { outputValues } from './state-store';

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

/** @throws WrongUse when the level of the settings is more than one away from the one that is reached */
export async function assertLevelStep(session: LiveSession): Promise<void> {
  const { name, level } = session.options.environment;
  const leads = session.stacks.find(({ contract }) => Object.hasOwn(contract.fields, reachedLevelField));
  const state = leads && (await session.state(leads.stack));
  const problem = state && levelStepProblem(name, outputValues(state)[reachedLevelField], level);
  if (problem) throw new WrongUse(formatProblem(problem));
}
