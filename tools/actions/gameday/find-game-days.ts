import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { userPaths } from '@platform/libs/settings/objectives';
import { oneOf, WrongUse } from '@platform/libs/settings/problem';
import { rehearsedLosses } from '@platform/tools/model/evidence';
import { evaluate } from '@platform/tools/workspace/load-estate';
import type { GameDay } from './game-day';

/** The folder of the rehearsals. */
export const gameDayFolder = 'gamedays';

/**
 * The rehearsals of a workspace, sorted by name: each file of `gamedays/` that exports one by default.
 * @throws WrongUse for a rehearsal whose name is not that of its file, or that has another shape
 */
export function findGameDays(root: string): GameDay[] {
  const folder = join(root, gameDayFolder);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort();
  const found: GameDay[] = [];
  const modules = evaluate<Record<string, { readonly default?: unknown }>>(
    root,
    files
      .map((file, index) => `export * as file${index} from './${gameDayFolder}/${basename(file, '.ts')}';`)
      .join('\n'),
  );
  for (const [index, file] of files.entries()) {
    const exported = modules[`file${index}`]?.default;
    if (!isGameDay(exported)) continue;
    const where = `${gameDayFolder}/${file}`;
    if (exported.name !== basename(file, '.ts')) {
      throw new WrongUse(`${where}: its name is "${exported.name}"; name it ${basename(file, '.ts')}, as the file`);
    }
    oneOf(`${where}: path`, userPaths, exported.path);
    oneOf(`${where}: loss`, rehearsedLosses, exported.loss);
    found.push(exported);
  }
  return found;
}

function isGameDay(value: unknown): value is GameDay {
  const { acts, hypothesis, name } = (value ?? {}) as Partial<GameDay>;
  return typeof acts === 'function' && typeof hypothesis === 'function' && typeof name === 'string';
}
