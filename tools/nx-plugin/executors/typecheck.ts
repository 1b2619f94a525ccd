import { join } from 'node:path';
import ts from 'typescript';
import { executor, writeCheckCount } from './batch';

/** One TypeScript program for all projects of the batch: the types of cdktf and the provider are read once. */
export const { one, batch } = executor<object>(async ({ root, folderOf }, tasks) => {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    },
  })!;
  const folders = new Set(tasks.map(({ folder }) => folder));
  const checked = (file: string) => {
    const folder = folderOf(file);
    return folder !== undefined && folders.has(folder) ? folder : undefined;
  };
  const program = ts.createProgram(config.fileNames.filter(checked), { ...config.options, noEmit: true });

  // Under `undefined` stands what lies in no project of the batch, such as the settings; it fails all that use it.
  const problems = new Map<string | undefined, ts.Diagnostic[]>();
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const folder = diagnostic.file && checked(diagnostic.file.fileName);
    problems.set(folder, [...(problems.get(folder) ?? []), diagnostic]);
  }
  return new Map(
    tasks.map(({ id, project, folder }) => {
      const found = [...(problems.get(folder) ?? []), ...(problems.get(undefined) ?? [])];
      writeCheckCount(root, 'typecheck', project, { passed: 0, failed: found.length > 0 ? 1 : 0 });
      return [id, { success: found.length === 0, output: format(root, found) }];
    }),
  );
});

function format(root: string, diagnostics: readonly ts.Diagnostic[]): string {
  return ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (file) => file,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  });
}
