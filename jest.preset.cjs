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
    testMatch: ['<rootDir>/**/*.test.ts'],
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

/** Patterns that match by whole path segment: `vpc` does not ignore `vpc-peering`. */
function ignored(folders) {
  return folders.map((folder) => `<rootDir>/${folder.replaceAll('.', '\\.')}/`);
}

function nestedProjects(directory) {
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      const child = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (existsSync(join(directory, child, 'jest.config.cjs'))) found.push(child);
      else visit(child);
    }
  };
  visit('');
  return found;
}
