import type { CreateNodes, CreateNodesResult, PreTasksExecution, ProjectConfiguration } from '@nx/devkit';
import { existsSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { ownerOf } from '@platform/libs/settings/owners';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';
import { WrongUse } from '@platform/libs/settings/problem';
import { loadOrganisation } from '@platform/tools/workspace/load-estate';
import { codeFolders, findProjects, wholeFolders, type FoundProject } from './find-projects';
import { targetsOf } from './targets';

export const name = 'estate';

/**
 * Every stack folder, region, lib and tool is a project, known by its files alone: a folder needs no `project.json`.
 * `infra.config.ts` says who owns it and which environments there are. The pattern leaves out folders of code, which are
 * listed instead: Nx takes a deleted file that matches for a deleted project, and then for a change of everything.
 */
export const createNodes: CreateNodes = [
  '{infra.config.ts,global/*.ts,global/**/main.ts,shared/*.ts,shared/**/main.ts,region-*/*.ts,region-*/**/main.ts}',
  (files, _options, context) => {
    const settings = loadOrganisation(context.workspaceRoot);
    const found = findProjects([...files, ...codeFiles(context.workspaceRoot)]);
    const regions = found.flatMap(({ kind, region }) => (kind === 'region' && region ? [region] : []));
    return found.map((project) => [project.evidence, nodeOf(projectConfiguration(project, settings, regions))]);
  },
];

/**
 * Refuses an environment that there is not. Nx itself would take the default one, so that a mistyped `-c stagin` plans
 * production.
 * @throws WrongUse
 */
export const preTasksExecution: PreTasksExecution = (_options, { argv, workspaceRoot }) => {
  const environments = Object.keys(loadOrganisation(workspaceRoot).environments);
  const unknown = configurationsOf(argv).find((name) => !environments.includes(name));
  if (unknown !== undefined) {
    throw new WrongUse(`configuration: there is no environment "${unknown}"; use one of ${environments.join(', ')}`);
  }
};

/** The configurations that a command line names: `-c`, `--configuration`, `nx run project:target:configuration`. */
export function configurationsOf(argv: readonly string[]): string[] {
  return argv.flatMap((argument, index) => {
    if (argument === '-c' || argument === '--configuration') return argv.slice(index + 1, index + 2);
    const value = /^(?:--configuration=|-c=?|[\w-]+:[\w-]+:)(.+)$/.exec(argument)?.[1];
    return value === undefined ? [] : [value];
  });
}

/** The files directly inside projects of code. */
function codeFiles(root: string): string[] {
  const folders = codeFolders.flatMap((top) =>
    entriesOf(join(root, top)).flatMap((entry) => (entry.isDirectory() ? [`${top}/${entry.name}`] : [])),
  );
  return [...folders, ...wholeFolders].flatMap((folder) =>
    entriesOf(join(root, folder))
      .filter((entry) => entry.isFile() && /\.(ts|cjs|mjs)$/.test(entry.name))
      .map((entry) => `${folder}/${entry.name}`),
  );
}

function entriesOf(folder: string): Dirent[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

function nodeOf(project: ProjectConfiguration): CreateNodesResult {
  return { projects: { [project.root]: project } };
}

/** The Nx project of one folder. `library` for all: Nx refuses every import of an application. */
export function projectConfiguration(
  { folder, name, kind, scope, region }: FoundProject,
  settings: Pick<OrganisationSettings, 'owners' | 'environments'>,
  regions: readonly string[],
): ProjectConfiguration {
  const owner = ownerOf(settings.owners, folder);
  return {
    root: folder,
    name,
    projectType: 'library',
    sourceRoot: folder,
    tags: [
      `type:${kind}`,
      ...(scope ? [`scope:${scope}`] : []),
      ...(region ? [`region:${region}`] : []),
      ...(owner ? [`owner:${owner}`] : []),
    ],
    targets: targetsOf({ folder, name, kind, environments: Object.keys(settings.environments), regions }),
  };
}
