import { adoptionLevels, type AdoptionLevel, modes, type Mode } from '@platform/libs/settings/adoption';
import type { WhatIf } from '@platform/libs/settings/environment';
import { oneOf } from '@platform/libs/settings/problem';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { byOptions, executor, type TaskOutcome } from './batch';

/** Options of every target that works on one environment. Variables of the process choose none of them: Nx hashes options. */
export interface EnvironmentOptions {
  readonly environment: string;
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
}

/** Synthesises the estate once for all projects of the batch that are of one environment. */
export const { one, batch } = executor<EnvironmentOptions>(async ({ root }, tasks) => {
  const outcomes = new Map<string, TaskOutcome>();
  for (const { options, tasks: group } of byOptions(tasks)) {
    try {
      const { stacks } = synthesise({ root, environment: options.environment, whatIf: whatIf(options) });
      for (const { id, folder } of group) {
        const own = stacks.filter(({ project }) => project === folder).map(({ stack }) => stack);
        outcomes.set(id, { success: true, output: `${options.environment}: ${own.join(', ')}` });
      }
    } catch (error) {
      for (const { id } of group) outcomes.set(id, { success: false, output: (error as Error).message });
    }
  }
  return outcomes;
});

/**
 * The options that a person gave beside the environment, as synth wants them.
 * @throws WrongUse when there is no such level or mode. (Not in the schema: Nx ends a batch with a stack trace for it.)
 */
export function whatIf({ level, mode }: EnvironmentOptions): WhatIf {
  return {
    ...(level === undefined ? {} : { level: oneOf('level', adoptionLevels, level) }),
    ...(mode === undefined ? {} : { mode: oneOf('mode', modes, mode) }),
  };
}
