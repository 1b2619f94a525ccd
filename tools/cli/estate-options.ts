import type { AdoptionLevel, Mode } from '@platform/libs/settings/adoption';
import { choiceFromProcess, type Choice } from '@platform/libs/settings/environment';
import { WrongUse } from '@platform/libs/settings/problem';

/** Options of every command over the estate, as the command line gives them. */
export interface EstateOptions {
  readonly configuration?: string;
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
  readonly json?: boolean;
  /** Key of a region. */
  readonly region?: string;
  /** Stacks at once, as the command line gives them. */
  readonly parallelism?: string;
}

/**
 * Stacks at once, as a person wrote it; nothing where nothing was written.
 * @throws WrongUse if it is not a number from 1 to 64
 */
export function parallelismOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 64) return Number(text);
  throw new WrongUse(`--parallelism: "${text}" is not a number of stacks; use 1–64`);
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
