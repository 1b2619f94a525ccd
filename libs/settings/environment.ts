import { includesLevel, type AdoptionLevel } from './adoption';
import { WrongUse } from './problem';
import type { EnvironmentSettings, Mode, OrganisationSettings } from './organisation';

/** What a command may override to ask "what if": plans then read as if the settings said so. */
export interface WhatIf {
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
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
  const chosen = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (!chosen) {
    throw new WrongUse(`environment: there is no "${name}"; use one of ${Object.keys(environments).join(', ')}`);
  }
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
