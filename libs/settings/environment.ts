import { adoptionLevels, includesLevel, type AdoptionLevel, modes, type Mode } from './adoption';
import { oneOf } from './problem';
import { type EnvironmentSettings, type OrganisationSettings } from './organisation';

/** Settings that a command may override for its plans. */
export interface WhatIf {
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
}

/** An environment by name (default: the first), and its overrides. */
export interface Choice {
  readonly environment?: string;
  readonly whatIf: WhatIf;
}

/**
 * The choice of a process's variables: `PLATFORM_ENVIRONMENT`, `PLATFORM_LEVEL` and `PLATFORM_MODE`; an empty one
 * counts as missing.
 * @throws WrongUse when there is no such level or mode; only the settings know the environments
 */
export function choiceFromProcess(variables: Readonly<Record<string, string | undefined>>): Choice {
  const {
    PLATFORM_ENVIRONMENT: environment,
    PLATFORM_LEVEL: level,
    PLATFORM_MODE: mode,
  } = variables as Readonly<Record<string, string>>;
  return {
    ...(environment ? { environment } : {}),
    whatIf: {
      ...(level ? { level: oneOf('PLATFORM_LEVEL', adoptionLevels, level) } : {}),
      ...(mode ? { mode: oneOf('PLATFORM_MODE', modes, mode) } : {}),
    },
  };
}

/** One environment with the organisation's settings that stacks need. */
export interface Environment extends EnvironmentSettings, Omit<OrganisationSettings, 'environments'> {
  readonly name: string;
}

/**
 * Selects one environment of the organisation's settings.
 * @throws WrongUse when there is no environment of that name; the message lists the existing ones
 */
export function selectEnvironment(settings: OrganisationSettings, name: string, whatIf: WhatIf = {}): Environment {
  const { environments, ...organisation } = settings;
  const chosen = environments[oneOf('environment', Object.keys(environments), name)]!;
  return { ...organisation, ...chosen, ...whatIf, name };
}

/** True when the environment's adoption level includes `level`. */
export function atLeast(environment: Environment, level: AdoptionLevel): boolean {
  return includesLevel(environment.level, level);
}
