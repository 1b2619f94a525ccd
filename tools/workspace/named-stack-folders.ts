import { WrongUse } from '@platform/libs/settings/problem';
import { findStackFolders, projectName } from './stack-folders';

/**
 * Folders of the stack projects that were named by folder or by Nx name; of all of them when none was.
 * @throws WrongUse when there is no such project
 */
export function namedStackFolders(root: string, names: readonly string[]): ReadonlySet<string> {
  const byName = new Map(findStackFolders(root).map((folder) => [projectName(folder), folder]));
  const wanted = names.map((name) => projectName(name.replace(/\/+$/, '')));
  const unknown = wanted.filter((name) => !byName.has(name));
  if (unknown.length > 0) {
    throw new WrongUse(`project: there is no "${unknown.join('", "')}"; use one of ${[...byName.keys()].join(', ')}`);
  }
  return new Set(wanted.length > 0 ? wanted.map((name) => byName.get(name)!) : byName.values());
}
