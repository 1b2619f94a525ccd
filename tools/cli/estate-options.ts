import type { WhatIf } from '@platform/libs/settings/environment';
import type { AdoptionLevel } from '@platform/libs/settings/adoption';
import type { Mode } from '@platform/libs/settings/organisation';

/** Options of every command over the estate, as the command line gives them. */
export interface EstateOptions {
  readonly configuration?: string;
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
  readonly json?: boolean;
}

/** Which environment a command is for, and what it supposes of it. */
export function chosenEnvironment({ configuration, level, mode }: EstateOptions): {
  environment?: string;
  whatIf: WhatIf;
} {
  return {
    ...(configuration ? { environment: configuration } : {}),
    whatIf: { ...(level ? { level } : {}), ...(mode ? { mode } : {}) },
  };
}
