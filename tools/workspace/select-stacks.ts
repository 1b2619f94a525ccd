import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import { closestNames } from './closest-names';
import { findRegionKeys, findStackFolders, projectName } from './stack-folders';

/** What a selection needs to know of a stack. */
export interface SelectableStack {
  readonly stack: string;
  readonly project: string;
}

/** What the command line names. */
export interface Selection {
  /**
   * Projects by folder or Nx name (all their stacks), single stacks, and patterns of these: `region-us/vpc`,
   * `shared-tgw-us`, `region-us/*`. Default: all.
   */
  readonly names?: readonly string[];
  /** Key of a region: only the stacks that this region has for itself, not the links of two and not what exists once. */
  readonly region?: string;
}

/** The stacks that are named. */
export interface SelectedStacks {
  /** Folders of the projects of which at least one stack is named. */
  readonly folders: ReadonlySet<string>;
  /** @throws WrongUse where a stack is named that the settings do not have */
  of<T extends SelectableStack>(stacks: readonly T[]): T[];
}

/**
 * Looks up names before anything is synthesised.
 * @throws WrongUse with every name that is of no project and no stack, each with what is near to it
 */
export function selectStacks(root: string, { names = [], region }: Selection): SelectedStacks {
  const folders = findStackFolders(root);
  const regions = findRegionKeys(root);
  const found = names.map((name) => matcherOf(name, folders, regions));
  const problems: Problem[] = found.filter((each): each is Problem => typeof each !== 'function');
  if (region !== undefined && !regions.includes(region)) {
    problems.push({
      where: '--region',
      what: `there is no region "${region}"`,
      remedy: remedyOf(region, regions, `use one of ${regions.join(', ')}`),
    });
  }
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
  const matchers = found as Matches[];
  const inRegion = ({ stack, project }: SelectableStack) =>
    region === undefined ||
    project.startsWith(`region-${region}/`) ||
    (project.startsWith('shared/') && stack === `${projectName(project)}-${region}`);
  const isNamed = (stack: SelectableStack) => matchers.length === 0 || matchers.some((matches) => matches(stack));
  const possible = folders.flatMap((project) => stackNamesOf(project, regions).map((stack) => ({ stack, project })));
  return {
    folders: new Set(possible.filter((each) => isNamed(each) && inRegion(each)).map(({ project }) => project)),
    of: (stacks) => {
      const missing = names.filter(
        (name, index) => !folders.some((folder) => isProject(name, folder)) && !stacks.some(matchers[index]!),
      );
      if (missing.length > 0) {
        const all = stacks.map(({ stack }) => stack);
        throw new WrongUse(
          missing
            .map((name) =>
              formatProblem({
                where: 'stack',
                what: `the settings of this environment have no "${name}"`,
                remedy: remedyOf(name, all, '`npx platform synth` lists its stacks'),
              }),
            )
            .join('\n'),
        );
      }
      return stacks.filter((each) => isNamed(each) && inRegion(each));
    },
  };
}

type Matches = (stack: SelectableStack) => boolean;

function matcherOf(written: string, folders: readonly string[], regions: readonly string[]): Matches | Problem {
  const name = written.replace(/^(\.\/+)+/, '').replace(/\/+$/, '');
  const stacks = folders.flatMap((folder) => stackNamesOf(folder, regions));
  if (/[*?]/.test(name)) {
    const pattern = new RegExp(`^${[...name.matchAll(/\*\*|[\s\S]/g)].map(([part]) => patternOf(part!)).join('')}$`);
    const matches = ({ stack, project }: SelectableStack) =>
      [project, projectName(project), stack].some((each) => pattern.test(each));
    const possible = folders.flatMap((project) => stackNamesOf(project, regions).map((stack) => ({ stack, project })));
    if (possible.some(matches)) return matches;
    return {
      where: 'project',
      what: `no project and no stack matches "${written}"`,
      remedy: `use one of ${folders.join(', ')}`,
    };
  }
  const folder = folders.find((each) => isProject(name, each));
  if (folder) return ({ project }) => project === folder;
  if (stacks.includes(name)) return ({ stack }) => stack === name;
  const known = name.includes('/') ? folders : [...folders.map(projectName), ...stacks];
  const remedy = remedyOf(name, known, `use one of ${folders.join(', ')}`);
  return { where: 'project', what: `there is no "${written}"`, remedy };
}

const isProject = (name: string, folder: string) =>
  projectName(name.replace(/^(\.\/+)+/, '').replace(/\/+$/, '')) === projectName(folder);

/** `*` stays within a segment of a path, `**` does not. */
function patternOf(part: string): string {
  if (part === '**') return '.*';
  if (part === '*') return '[^/]*';
  if (part === '?') return '[^/]';
  return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
}

/** Names that the stacks of a project may have: its own, below `shared/` also one per region and per link of two. */
function stackNamesOf(folder: string, regions: readonly string[]): string[] {
  const name = projectName(folder);
  if (!folder.startsWith('shared/')) return [name];
  const links = regions.flatMap((one) =>
    regions.filter((other) => other !== one).map((other) => `${name}-link-${one}-${other}`),
  );
  return [name, ...regions.map((region) => `${name}-${region}`), ...links];
}

function remedyOf(written: string, names: readonly string[], otherwise: string): string {
  const near = closestNames(written, names);
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : otherwise;
}
