import type { TargetConfiguration } from '@nx/devkit';
import type { FoundProject, ProjectKind } from './find-projects';

export interface TargetsOptions extends Pick<FoundProject, 'folder' | 'name' | 'kind'> {
  /** Names, the default first. */
  readonly environments: readonly string[];
}

/** The kinds of project that have each target; every target has an executor of the same name. */
const targets: Readonly<
  Record<string, { kinds: readonly ProjectKind[]; make: (options: TargetsOptions) => TargetConfiguration }>
> = {
  synth: {
    kinds: ['stack'],
    make: (options) => ({
      ...perEnvironment(options),
      cache: true,
      inputs: ['production', '^production', 'synthesis'],
      outputs: ['{workspaceRoot}/dist/synth/{options.environment}/{projectName}'],
      metadata: { description: 'Writes the cdk.tf.json of the stacks of this project' },
    }),
  },
  test: {
    kinds: ['stack', 'region', 'lib', 'tool'],
    make: () => ({
      cache: true,
      inputs: ['default', '^default', 'synthesis', '{workspaceRoot}/jest.preset.cjs'],
      outputs: ['{workspaceRoot}/dist/checks/test/{projectName}.json'],
      metadata: { description: "Runs the project's *.test.ts files" },
    }),
  },
  lint: {
    kinds: ['stack', 'region', 'lib', 'tool'],
    make: ({ folder }) => ({
      // The files at the root belong to no project; one project looks after them.
      options: { files: folder === 'tools/workspace' ? ['*.{ts,cjs,mjs,json}'] : [] },
      cache: true,
      inputs: [
        'default',
        '^default',
        '{workspaceRoot}/eslint.config.mjs',
        '{workspaceRoot}/tools/lint-rules/*.cjs',
        '{workspaceRoot}/.prettier*',
        ...(folder === 'tools/workspace' ? ['{workspaceRoot}/*.{ts,cjs,mjs,json}'] : []),
        { externalDependencies: ['eslint', 'typescript-eslint', '@nx/eslint-plugin', 'prettier'] },
      ],
      outputs: ['{workspaceRoot}/dist/checks/lint/{projectName}.json'],
      metadata: { description: 'ESLint with the module boundaries, and whether Prettier would change a file' },
    }),
  },
  typecheck: {
    kinds: ['stack', 'region', 'lib', 'tool'],
    make: () => ({
      cache: true,
      inputs: ['default', '^default', 'synthesis', '{workspaceRoot}/tsconfig.json'],
      outputs: ['{workspaceRoot}/dist/checks/typecheck/{projectName}.json'],
      metadata: { description: 'Strict TypeScript, without output' },
    }),
  },
};

/** All targets of one project, by name. A target belongs in this table once an executor of its name does the work. */
export function targetsOf(options: TargetsOptions): Record<string, TargetConfiguration> {
  return Object.fromEntries(
    Object.entries(targets)
      .filter(([, { kinds }]) => kinds.includes(options.kind))
      .map(([target, { make }]) => [target, { executor: `./tools/nx-plugin:${target}`, ...make(options) }]),
  );
}

/** Environments are Nx configurations: `-c staging` reaches the executor as its option and is part of the cache key. */
function perEnvironment({ environments }: TargetsOptions): TargetConfiguration {
  return {
    configurations: Object.fromEntries(environments.map((environment) => [environment, { environment }])),
    defaultConfiguration: environments[0]!,
  };
}
