import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';
import imports from './tools/lint-rules/imports.cjs';
import pureSynth from './tools/lint-rules/pure-synth.cjs';

const root = dirname(fileURLToPath(import.meta.url));
const estate = ['global/**/*.ts', 'region-*/**/*.ts', 'shared/**/*.ts'];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      '**/cdktf.out',
      '**/.nx',
      '**/.cache',
      '**/.terraform',
      // Settings of another workspace, that tests put together: checked when that is loaded.
      'e2e/fixtures/example-estate',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { '@nx': nx, platform: { rules: { imports, 'pure-synth': pureSynth } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'platform/imports': ['error', { root }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          // Twin folders reach their region's settings and each other by the same words, so that they differ in
          // nothing; global ones likewise. platform/imports still holds for these.
          allow: ['^\\.\\./(region|home)$', '^\\.\\./[a-z0-9-]+/contract$'],
          // Tests use libs/testing and e2e/fixtures, which themselves depend on what is tested.
          ignoredCircularDependencies: [
            ['libs-*', 'libs-testing'],
            ['tools-*', 'e2e-*'],
          ],
          depConstraints: [
            { sourceTag: 'type:stack', onlyDependOnLibsWithTags: ['type:stack', 'type:region', 'type:lib'] },
            { sourceTag: 'type:region', onlyDependOnLibsWithTags: ['type:region', 'type:lib'] },
            { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
            // Tests of tools use e2e/fixtures; platform/imports keeps other code from it.
            { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:tool', 'type:lib', 'type:e2e'] },
            {
              sourceTag: 'type:e2e',
              onlyDependOnLibsWithTags: ['type:tool', 'type:lib', 'type:e2e', 'type:stack', 'type:region'],
            },
          ],
        },
      ],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      // With noUncheckedIndexedAccess, `!` is how code says that an index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['libs/**/*.ts', ...estate],
    ignores: ['**/*.test.ts', 'libs/testing/**', 'libs/stack/run-stacks.ts', '**/lambda/**'],
    rules: { 'platform/pure-synth': 'error' },
  },
  {
    // Rules that need types more than double the time of lint, so they hold where the processes and promises are.
    files: ['tools/**/*.ts', 'e2e/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['**/*.cjs', '**/*.mjs'],
    languageOptions: {
      globals: {
        exports: 'readonly',
        __dirname: 'readonly',
        console: 'readonly',
        module: 'writable',
        process: 'readonly',
        require: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off', '@nx/enforce-module-boundaries': 'off' },
  },
);
