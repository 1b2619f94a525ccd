const { readdirSync, existsSync } = require('node:fs');
const { join, relative, sep } = require('node:path');

// As in the commands: versions of the SDK are pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// What a person's shell chooses must not choose what a test looks at: Nx caches the result and knows no variables.
for (const name of ['ENVIRONMENT', 'LEVEL', 'MODE', 'TARGET']) delete process.env[`PLATFORM_${name}`];

/**
 * The Jest configuration of one project: `module.exports = require('../../jest.preset.cjs')(__dirname);`
 *
 * Tests are the `*.test.ts` files of the folder itself. Projects nested in it (folders with a `jest.config.cjs` of
 * their own) and what tools write (`dist`, `cdktf.out`) are left out, so no test runs twice and no package name is
 * found twice.
 */
module.exports = function projectConfig(directory) {
  const root = __dirname;
  const folder = relative(root, directory).split(sep).join('/');
  return {
    displayName: folder.replaceAll('/', '-'),
    rootDir: directory,
    testEnvironment: 'node',
    // No glob: a checkout may be in a folder with `[` or `!` in its path, in which a glob finds no tests.
    testRegex: ['\\.test\\.ts$'],
    testPathIgnorePatterns: ignored(nestedProjects(directory)),
    modulePathIgnorePatterns: ignored(['node_modules', 'dist', 'cdktf.out', '.nx']),
    moduleNameMapper: { '^@platform/(.*)$': `${root}/$1` },
    cacheDirectory: join(root, '.cache', 'jest'),
    transform: {
      '^.+\\.ts$': [
        require.resolve('@swc/jest'),
        {
          swcrc: false,
          jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
          module: { type: 'commonjs' },
          sourceMaps: 'inline',
        },
      ],
    },
  };
};

/** Folders below `directory` with a `jest.config.cjs`, by their path from it; those nested in others with `deep` only. */
module.exports.projectsIn = nestedProjects;

/** Patterns that match by whole path segment: `vpc` does not ignore `vpc-peering`. */
function ignored(folders) {
  return folders.map((folder) => `<rootDir>/${folder.replaceAll('.', '\\.')}/`);
}

function nestedProjects(directory, deep = false) {
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      if (!entry.isDirectory() || /^(node_modules|dist|cdktf\.out|\..*)$/.test(entry.name)) continue;
      const child = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isProject = existsSync(join(directory, child, 'jest.config.cjs'));
      if (isProject) found.push(child);
      if (!isProject || deep) visit(child);
    }
  };
  visit('');
  return found;
}
