import { adoptionLevels, includesLevel, type AdoptionLevel, modes, type Mode } from './adoption';
import { oneOf } from './problem';
import { type EnvironmentSettings, type OrganisationSettings } from './organisation';

/** What a command may override to ask "what if": plans then read as if the settings said so. */
export interface WhatIf {
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
}

/** An environment by its name, the first where none is named, and what is supposed of it. */
export interface Choice {
  readonly environment?: string;
  readonly whatIf: WhatIf;
}

/**
 * What a process's variables choose: `PLATFORM_ENVIRONMENT`, `PLATFORM_LEVEL` and `PLATFORM_MODE`; an empty one chooses nothing.
 * @throws WrongUse when there is no such level or mode; environments are known to the settings only
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

/** One environment with everything that stacks need of the organisation's settings. */
export interface Environment extends EnvironmentSettings, Omit<OrganisationSettings, 'environments'> {
  readonly name: string;
}

/**
 * Picks one environment out of the organisation's settings.
 * @throws WrongUse when there is no environment of that name; the message lists those there are.
 */
export function selectEnvironment(settings: OrganisationSettings, name: string, whatIf: WhatIf = {}): Environment {
  const { environments, ...organisation } = settings;
  const chosen = environments[oneOf('environment', Object.keys(environments), name)]!;
  return { ...organisation, ...chosen, ...whatIf, name };
}

/** True when the environment's adoption level switches `level` on. */
export function atLeast(environment: Environment, level: AdoptionLevel): boolean {
  return includesLevel(environment.level, level);
}

/** Owner of a folder: that of the longest folder in `owners` that contains it by path segment. */
export function ownerOf(owners: Readonly<Record<string, string>>, folder: string): string | undefined {
  const segments = folder.split('/');
  for (let length = segments.length; length > 0; length--) {
    const part = segments.slice(0, length).join('/');
    if (Object.hasOwn(owners, part)) return owners[part];
  }
  return undefined;
}
