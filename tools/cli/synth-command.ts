import { relative } from 'node:path';
import { synthesise, synthFolderOf } from '@platform/tools/actions/synth/synth';
import { selectStacks } from '@platform/tools/workspace/select-stacks';
import { findRoot } from '@platform/tools/workspace/find-root';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

/**
 * Writes {@link synthFolderOf} and lists the stacks that are named. What is written is always the
 * whole estate: that takes less time than choosing.
 */
export async function synthCommand(projects: string[], options: EstateOptions): Promise<number> {
  const root = findRoot();
  const selected = selectStacks(root, { names: projects, ...(options.region ? { region: options.region } : {}) });
  const choice = chosenEnvironment(options);
  const manifest = synthesise({ root, ...choice });
  const stacks = selected.of(manifest.stacks);
  if (options.json) print(JSON.stringify({ ...manifest, stacks }, null, 2));
  else print(stacks.map(({ stack }) => stack).join('\n'));
  for (const text of manifest.quotaWarnings) talk(text);
  const folder = synthFolderOf(root, manifest.environment, choice.whatIf);
  talk(`${manifest.stacks.length} stacks in ${relative(process.cwd(), folder)}`);
  return 0;
}
