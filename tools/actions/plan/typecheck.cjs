/*
 * Checks the types of an estate's code in a process of its own: arguments are the workspace and the files to begin with.
 * Prints a JSON array of `file:line: message`. Keeps what it learned in `.cache`, for the next check.
 */
const { mkdirSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const ts = require('typescript');

const [root, ...files] = process.argv.slice(2);
const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root, join(root, 'tsconfig.base.json'));
Object.assign(options, {
  pathsBasePath: root,
  // Only tests need those of Jest.
  types: ['node'],
  // Lint finds what is unused; it makes no plan wrong.
  noUnusedLocals: false,
  noUnusedParameters: false,
  incremental: true,
  tsBuildInfoFile: join(root, '.cache', 'typecheck', 'estate.tsbuildinfo'),
});

const host = ts.createIncrementalCompilerHost(options);
const program = ts.createIncrementalProgram({ rootNames: files.map((file) => join(root, file)), options, host });
const found = [
  ...program.getConfigFileParsingDiagnostics(),
  ...program.getSyntacticDiagnostics(),
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...program.getSemanticDiagnostics(),
];
program.emit(undefined, (path, text) => {
  const draft = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, text);
  renameSync(draft, path);
});

const messages = found.map(({ file, start, messageText }) => {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n  ');
  if (!file) return text;
  const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
  return `${relative(root, file.fileName)}:${line + 1}: ${text}`;
});
process.stdout.write(JSON.stringify([...new Set(messages)]));
