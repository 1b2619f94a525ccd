#!/usr/bin/env node
/**
 * Starts the commands. Bundles their TypeScript in memory and runs it, which takes a third of the
 * time that a TypeScript loader takes; a command loads the packages that it needs.
 */
const reason = require('./unsupported.cjs')(process);
if (reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}

const { buildSync } = installed('esbuild');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = dirname(dirname(__dirname));
const entry = join(__dirname, 'main.ts');
const { outputFiles } = buildSync({
  entryPoints: [entry],
  absWorkingDir: root,
  tsconfig: join(root, 'tsconfig.base.json'),
  bundle: true,
  packages: 'external',
  alias: { '@platform': root },
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  sourcesContent: false,
  sourceRoot: `${pathToFileURL(root).href}/`,
  write: false,
});

const bundle = new Module(entry, module);
bundle.filename = entry;
bundle.paths = Module._nodeModulePaths(__dirname);
// Kept for the commands' own code alone, whose maps name the lines of an error that is a bug: those of packages cost a tenth of a synth.
process.setSourceMapsEnabled(true);
bundle._compile(outputFiles[0].text, entry);
process.setSourceMapsEnabled(false);

/** Requires a package, or ends with what to run when packages are missing. */
function installed(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    process.stderr.write('node_modules: the packages are not installed; run: npm ci\n');
    process.exit(2);
  }
}
