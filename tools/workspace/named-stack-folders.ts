import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import { findRegionKeys, findStackFolders, projectName } from './stack-folders';

/**
 * Folders of the stack projects that were named by folder or by Nx name; of all of them when none was.
 * @throws WrongUse with every name that is of no such project
 */
export function namedStackFolders(root: string, names: readonly string[]): ReadonlySet<string> {
  const folders = findStackFolders(root);
  const byName = new Map(folders.map((folder) => [projectName(folder), folder]));
  const found = names.map((name) => byName.get(projectName(name.replace(/^(\.\/+)+/, '').replace(/\/+$/, ''))));
  const problems = names
    .filter((_, index) => found[index] === undefined)
    .map((name) => problemOf(name, folders, findRegionKeys(root)));
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
  return new Set(names.length > 0 ? found.map((folder) => folder!) : folders);
}

function problemOf(name: string, folders: readonly string[], regions: readonly string[]): Problem {
  if (/[*?[\]{}!]/.test(name)) {
    return {
      where: 'project',
      what: `"${name}" is a pattern, and only whole names are known here`,
      remedy: `name each project, or let Nx look for them: npx nx run-many -t plan -p '<pattern>'`,
    };
  }
  const key = `(${regions.join('|')})`;
  const owner = folders.find((folder) => new RegExp(`^${projectName(folder)}-(link-${key}-)?${key}$`).test(name));
  if (owner) {
    return { where: 'project', what: `"${name}" is a stack of ${owner}`, remedy: `write ${owner}, for all its stacks` };
  }
  return { where: 'project', what: `there is no "${name}"`, remedy: `use one of ${folders.join(', ')}` };
}
