import type { CheckCount } from '@platform/tools/actions/test/count-checks';
import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/** One task of a batch: a project with the options of its target. */
export interface BatchTask<Options> {
  readonly id: string;
  readonly project: string;
  /** Folder from the workspace root. */
  readonly folder: string;
  readonly options: Options;
}

/** How one task ended, and what a person should read about it. */
export interface TaskOutcome {
  readonly success: boolean;
  readonly output: string;
}

/** The projects of the workspace, as far as executors need to know them. */
export interface Workspace {
  readonly root: string;
  /** Folder of the project that a file (absolute path) belongs to: the longest that contains it, by path segment. */
  readonly folderOf: (file: string) => string | undefined;
}

type Work<Options> = (
  workspace: Workspace,
  tasks: readonly BatchTask<Options>[],
) => Promise<ReadonlyMap<string, TaskOutcome>>;

/**
 * Makes the two functions that Nx wants of an executor out of one that works on many projects in one process. Nx calls
 * `batch` for every `preferBatch` executor, also for a single task, and `one` only under `--no-batch`.
 */
export function executor<Options>(work: Work<Options>) {
  return {
    /** Yields instead of returning: only what is yielded does Nx print under the name of its task. */
    async *batch(taskGraph: TaskGraph, inputs: Record<string, Options>, _overrides: Options, context: ExecutorContext) {
      const tasks = Object.values(taskGraph.tasks).map(({ id, target, projectRoot }) => ({
        id,
        project: target.project,
        folder: projectRoot!,
        options: inputs[id]!,
      }));
      const startTime = Date.now();
      const outcomes = await work(workspaceOf(context), tasks);
      const endTime = Date.now();
      for (const { id } of tasks) {
        const { success, output } = outcomes.get(id) ?? { success: false, output: 'not done' };
        yield { task: id, result: { success, terminalOutput: output, startTime, endTime } };
      }
    },
    async one(options: Options, context: ExecutorContext) {
      const project = context.projectName!;
      const folder = context.projectsConfigurations.projects[project]!.root;
      const outcome = (await work(workspaceOf(context), [{ id: project, project, folder, options }])).get(project);
      if (outcome?.output) process.stdout.write(`${outcome.output}\n`);
      return { success: outcome?.success ?? false };
    },
  };
}

function workspaceOf({ root, projectsConfigurations }: ExecutorContext): Workspace {
  const folders = new Set(Object.values(projectsConfigurations.projects).map((project) => project.root));
  return {
    root,
    folderOf: (file) => {
      for (let folder = posix.dirname(relative(root, file).split(sep).join('/')); folder !== '.'; ) {
        if (folders.has(folder)) return folder;
        folder = posix.dirname(folder);
      }
      return undefined;
    },
  };
}

/** Where the count of a task lies: an output of its target, so that a cached task still counts. */
export function checkCountFile(root: string, target: string, project: string): string {
  return join(root, 'dist', 'checks', target, `${project}.json`);
}

export function writeCheckCount(root: string, target: string, project: string, count: CheckCount): void {
  const file = checkCountFile(root, target, project);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(count)}\n`);
}

/** The tasks of a batch that one call can do together: those with equal options. */
export function byOptions<Options>(
  tasks: readonly BatchTask<Options>[],
): { readonly options: Options; readonly tasks: readonly BatchTask<Options>[] }[] {
  const groups = new Map<string, BatchTask<Options>[]>();
  for (const task of tasks) {
    const key = JSON.stringify(task.options);
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  return [...groups.values()].map((group) => ({ options: group[0]!.options, tasks: group }));
}
