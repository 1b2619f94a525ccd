import type { AdoptionLevel, Mode } from '@platform/libs/settings/adoption';
import { choiceFromProcess, type Choice } from '@platform/libs/settings/environment';

/** Options of every command over the estate, as the command line gives them. */
export interface EstateOptions {
  readonly configuration?: string;
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
  readonly json?: boolean;
}

/**
 * Which environment a command is for, and what it supposes of it: what the command line says, else the process's variables.
 * @throws WrongUse when a variable holds an unknown level or mode
 */
export function chosenEnvironment({ configuration, level, mode }: EstateOptions): Choice {
  const { environment, whatIf } = choiceFromProcess(process.env);
  const name = configuration ?? environment;
  return {
    ...(name ? { environment: name } : {}),
    whatIf: { ...whatIf, ...(level ? { level } : {}), ...(mode ? { mode } : {}) },
  };
}
