import { readCachedProjectGraph } from '@nx/devkit';
import { ESLint } from 'eslint';
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import * as prettier from 'prettier';
import { executor, writeCheckCount } from './batch';

export interface LintOptions {
  /** Glob patterns from the workspace root that the project looks after beside its own folder. */
  readonly files?: readonly string[];
  readonly fix?: boolean;
}

/** One ESLint for all projects of the batch, then Prettier over the same files. */
export const { one, batch } = executor<LintOptions>(async ({ root, folderOf }, tasks) => {
  requireProjectGraph();
  const fix = tasks.some(({ options }) => options.fix);
  const eslint = new ESLint({ cwd: root, fix, errorOnUnmatchedPattern: false });
  const formatter = await eslint.loadFormatter('stylish');
  const extra = tasks.find(({ options }) => options.files?.length);

  const results = await eslint.lintFiles(tasks.flatMap(({ folder, options }) => [folder, ...(options.files ?? [])]));
  if (fix) await ESLint.outputFixes(results);

  const outcomes = tasks.map(async (task) => {
    const own = results.filter(({ filePath }) => {
      const folder = folderOf(filePath);
      return folder === task.folder || (folder === undefined && task === extra);
    });
    const unformatted: string[] = [];
    for (const { filePath } of own) {
      if (!(await isFormatted(filePath, fix))) unformatted.push(relative(root, filePath));
    }
    const success =
      unformatted.length === 0 && own.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
    writeCheckCount(root, 'lint', task.project, { passed: 0, failed: success ? 0 : 1 });
    const output = [
      await formatter.format(own),
      ...unformatted.map((file) => `${file}: not formatted as Prettier would; run "npm run format"`),
    ];
    return [task.id, { success, output: output.filter(Boolean).join('\n') }] as const;
  });
  return new Map(await Promise.all(outcomes));
});

/** Without the graph, Nx's boundary rule says so in passing and finds nothing; that must not pass for a clean lint. */
function requireProjectGraph(): void {
  try {
    readCachedProjectGraph();
  } catch (error) {
    throw new Error(
      `lint: Nx has no project graph, so the module boundaries cannot be checked; lint through Nx ("npm run lint"): ${(error as Error).message}`,
    );
  }
}

async function isFormatted(file: string, fix: boolean): Promise<boolean> {
  const options = { ...(await prettier.resolveConfig(file)), filepath: file };
  const text = readFileSync(file, 'utf8');
  if (await prettier.check(text, options)) return true;
  if (fix) writeFileSync(file, await prettier.format(text, options));
  return fix;
}
