/**
 * Asks Nx and synth about the workspace in the current folder, for tests: Nx wants a process that Jest has not
 * changed. Prints a {@link WorkspaceFacts}. Arguments: files whose change is asked about.
 */
import { createProjectGraphAsync, type ProjectGraph } from '@nx/devkit';
import { App } from 'cdktf';
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { settingsVariants } from '@platform/e2e/fixtures/settings-variants';
import { findStackFolders, projectName } from '@platform/tools/workspace/stack-folders';

/** Project names by project name, or by file. */
type Names = Record<string, string[]>;

export interface WorkspaceFacts {
  /** Stack projects whose code a stack project imports, as the Nx graph has it. */
  readonly graphEdges: Names;
  /** Stack projects whose state a stack project reads, at any level, in any mode, under any variant of the settings. */
  readonly stateReads: Names;
  /** Names of the stacks that a project makes under any of these. */
  readonly stacks: Names;
  /** Files of the workspace that end up in what a stack project runs. */
  readonly sources: Names;
  /** What `nx affected` makes of a change to a file: the stack projects. */
  readonly affected: Names;
}

type Touched = (files: string[]) => unknown[];
type FilterAffected = (graph: ProjectGraph, touched: unknown[]) => Promise<ProjectGraph>;

async function probe(root: string, files: readonly string[]): Promise<WorkspaceFacts> {
  const graph = await createProjectGraphAsync({ exitOnError: false });
  const folders = findStackFolders(root);
  const projects = folders.map(projectName);
  const sources: Names = {};
  for (const folder of folders) sources[projectName(folder)] = await sourcesOf(root, `${folder}/main.ts`);

  const affected: Names = {};
  for (const file of new Set([...files, ...Object.values(sources).flat()])) {
    affected[file] = (await affectedBy(graph, file)).filter((name) => projects.includes(name)).sort();
  }
  return { graphEdges: edgesBetween(graph, projects), ...readsOf(root), sources, affected };
}

function edgesBetween(graph: ProjectGraph, projects: readonly string[]): Names {
  return Object.fromEntries(
    projects.map((name) => {
      const targets = (graph.dependencies[name] ?? []).map(({ target }) => target);
      return [name, [...new Set(targets)].filter((target) => projects.includes(target)).sort()];
    }),
  );
}

async function sourcesOf(root: string, entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    alias: { '@platform': root },
    packages: 'external',
    platform: 'node',
    bundle: true,
    metafile: true,
    write: false,
    outdir: 'out',
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs).sort();
}

/** The very functions behind `nx affected`; Nx has no public way to ask them for one file after another. */
async function affectedBy(graph: ProjectGraph, file: string): Promise<string[]> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const internals = join(dirname(require.resolve('nx/package.json')), 'dist', 'src', 'project-graph');
  const { calculateFileChanges } = require(join(internals, 'file-utils')) as { calculateFileChanges: Touched };
  const { filterAffected } = require(join(internals, 'affected', 'affected-project-graph')) as {
    filterAffected: FilterAffected;
  };
  return Object.keys((await filterAffected(graph, calculateFileChanges([file]))).nodes);
}

function readsOf(root: string): Pick<WorkspaceFacts, 'stateReads' | 'stacks'> {
  const estate = loadEstate(root);
  const reads = new Map<string, Set<string>>();
  const stacks = new Map<string, Set<string>>();
  const variants = settingsVariants(estate.settings).flatMap((settings) =>
    adoptionLevels.flatMap((level) =>
      modes.map((mode) => selectEnvironment(settings, Object.keys(settings.environments)[0]!, { level, mode })),
    ),
  );
  const outdir = mkdtempSync(join(tmpdir(), 'probe-'));
  for (const environment of variants) {
    const app = new App({ outdir, stackTraces: false });
    for (const builders of estate.projects.values()) for (const build of builders) build(app, environment);
    const descriptions = app.node.children.map((stack) => (stack as EstateStack).describe());
    const projectOf = new Map(descriptions.map(({ stack, project }) => [stack, projectName(project)]));
    for (const { stack, reads: own } of descriptions) {
      const project = projectOf.get(stack)!;
      const upstream = own.map((name) => projectOf.get(name)!).filter((name) => name !== project);
      reads.set(project, new Set([...(reads.get(project) ?? []), ...upstream]));
      stacks.set(project, new Set([...(stacks.get(project) ?? []), stack]));
    }
  }
  rmSync(outdir, { recursive: true });
  const names = (sets: Map<string, Set<string>>) =>
    Object.fromEntries([...sets].map(([name, values]) => [name, [...values].sort()]));
  return { stateReads: names(reads), stacks: names(stacks) };
}

void probe(process.cwd(), process.argv.slice(2)).then((facts) => {
  // Nx keeps its plugin workers, and they keep this process.
  process.stdout.write(JSON.stringify(facts), () => process.exit(0));
});
