import { relative } from 'node:path';
import { synthesise, synthFolderOf } from '@platform/tools/synth/synth';
import { findRoot } from '@platform/tools/workspace/find-root';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

/** Writes `dist/synth/<environment>` and lists the stacks. Always the whole estate: it takes less time than choosing. */
export async function synthCommand(_projects: string[], options: EstateOptions): Promise<number> {
  const root = findRoot();
  const manifest = synthesise({ root, ...chosenEnvironment(options) });
  if (options.json) print(JSON.stringify(manifest, null, 2));
  else print(manifest.stacks.map(({ stack }) => stack).join('\n'));
  talk(`${manifest.stacks.length} stacks in ${relative(process.cwd(), synthFolderOf(root, manifest.environment))}`);
  return 0;
}
