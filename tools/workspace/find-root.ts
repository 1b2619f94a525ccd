import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';

/**
 * The workspace that contains `folder`: the nearest folder above it with an `infra.config.ts`.
 * @throws WrongUse when there is none
 */
export function findRoot(folder = process.cwd()): string {
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(join(here, 'infra.config.ts'))) return here;
    if (dirname(here) === here)
      throw new WrongUse(`${folder}: no infra.config.ts here or above; run this inside the workspace`);
  }
}
