const { join } = require('node:path');

const reason = require('../cli/unsupported.cjs')(process);
if (reason) throw new Error(reason);

const tsx = require('tsx/cjs/api');

/**
 * Requires a TypeScript file of this folder, by the runtime that the command line uses too. Nx's own way of running
 * TypeScript would take the root's `cdktf.json` for the package `cdktf`, because it tries every import as a path first.
 */
module.exports = function loadTypeScript(path) {
  const before = process.env.TSX_TSCONFIG_PATH;
  process.env.TSX_TSCONFIG_PATH = join(__dirname, '..', '..', 'tsconfig.base.json');
  try {
    tsx.register();
    return require(path);
  } finally {
    if (before === undefined) delete process.env.TSX_TSCONFIG_PATH;
    else process.env.TSX_TSCONFIG_PATH = before;
  }
};
