import type { TargetConfiguration } from '@nx/devkit';
import type { FoundProject, ProjectKind } from './find-projects';

export interface TargetsOptions extends Pick<FoundProject, 'folder' | 'name' | 'kind'> {
  /** Names, the default first. */
  readonly environments: readonly string[];
  /** Region keys. */
  readonly regions: readonly string[];
}

const everything: readonly ProjectKind[] = ['stack', 'region', 'lib', 'tool', 'e2e'];

interface TargetKind {
  /** The kinds of project that have the target. */
  readonly kinds: readonly ProjectKind[];
  /** Default: one that runs a command. */
  readonly executor?: string;
  /** The one folder that has the target. Default: all of its kinds. */
  readonly only?: string;
  readonly make: (options: TargetsOptions) => TargetConfiguration;
}

const targets: Readonly<Record<string, TargetKind>> = {
  synth: {
    kinds: ['stack'],
    executor: 'synth',
    make: (options) => ({
      ...perEnvironment(options),
      cache: true,
      inputs: ['production', '^production', 'synthesis'],
      // Nx leaves out those with an option that was not given.
      outputs: ['', '@{options.level}', '@{options.mode}', '@{options.level}@{options.mode}'].flatMap((choice) =>
        stackNames(options.name, options.regions).map(
          (stack) => `{workspaceRoot}/dist/synth/{options.environment}${choice}/stacks/${stack}`,
        ),
      ),
      metadata: { description: 'Writes the cdk.tf.json of the stacks of this project' },
    }),
  },
  validate: {
    kinds: ['stack'],
    executor: 'preview',
    make: (options) => ({
      ...preview(options, 'validate'),
      metadata: { description: 'Runs terraform validate on the stacks of this project' },
    }),
  },
  plan: {
    kinds: ['stack'],
    executor: 'preview',
    make: (options) => ({
      ...preview(options, 'plan'),
      metadata: {
        description:
          'Plans the stacks of this project with Terraform and the AWS provider; offline unless --on names a target',
      },
    }),
  },
  deploy: {
    kinds: ['stack'],
    executor: 'live',
    make: (options) => ({
      ...live(options, 'deploy'),
      dependsOn: ['^deploy'],
      metadata: { description: 'Applies the saved plans of this project, after those of its upstream projects' },
    }),
  },
  drift: {
    kinds: ['stack'],
    executor: 'live',
    make: (options) => ({
      ...live(options, 'drift'),
      metadata: { description: 'Compares the states of this project with real infrastructure' },
    }),
  },
  destroy: {
    kinds: ['stack'],
    executor: 'live',
    make: (options) => ({
      ...live(options, 'destroy'),
      metadata: { description: 'Destroys the stacks of this project, with --confirm=<environment>' },
    }),
  },
  routes: {
    kinds: ['tool'],
    only: 'tools/actions/routes',
    make: (options) => ({
      ...ofEstate(options, 'routes', ['{workspaceRoot}/dist/routes']),
      metadata: { description: 'Checks the reachability policy in the synthesised JSON' },
    }),
  },
  preflight: {
    kinds: ['tool'],
    only: 'tools/actions/preflight',
    make: (options) => {
      const { executor, configurations } = ofEstate(options, 'preflight', []);
      return {
        executor: executor!,
        options: { command: 'node tools/cli/platform.cjs preflight --target aws' },
        configurations: configurations!,
        // What AWS has is no file of this workspace.
        cache: false,
        metadata: { description: 'Compares what the estate needs with what AWS has, and changes nothing' },
      };
    },
  },
  scan: {
    kinds: ['tool'],
    only: 'tools/actions/scan',
    make: (options) => ({
      ...ofEstate(options, 'scan', ['{workspaceRoot}/dist/scan', '{workspaceRoot}/dist/checks/scan']),
      metadata: { description: 'Runs checkov on every stack, at the highest level' },
    }),
  },
  test: {
    kinds: everything,
    executor: 'test',
    make: (options) => ({
      cache: true,
      // What is skipped here, because no emulator can be had, is a failure in CI.
      inputs: testsReadEstate(options)
        ? ['estate', 'documents', 'testing']
        : ['default', '^default', 'synthesis', 'testing'],
      outputs: ['{workspaceRoot}/dist/checks/test/{projectName}.json'],
      metadata: { description: "Runs the project's *.test.ts files" },
    }),
  },
  lint: {
    kinds: everything,
    executor: 'lint',
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
    kinds: everything,
    executor: 'typecheck',
    make: () => ({
      cache: true,
      inputs: ['default', '^default', 'synthesis', '{workspaceRoot}/tsconfig.json'],
      outputs: ['{workspaceRoot}/dist/checks/typecheck/{projectName}.json'],
      metadata: { description: 'Strict TypeScript, without output' },
    }),
  },
};

/** All targets of one project, by name. A target belongs in the table above once an executor does its work. */
export function targetsOf(options: TargetsOptions): Record<string, TargetConfiguration> {
  return Object.fromEntries(
    Object.entries(targets)
      .filter(([, { kinds, only = options.folder }]) => kinds.includes(options.kind) && only === options.folder)
      .map(([target, { executor, make }]) => [
        target,
        { ...(executor ? { executor: `./tools/nx-plugin:${executor}` } : {}), ...make(options) },
      ]),
  );
}

/** Tools whose tests use fixtures only. */
const testsOwnCodeOnly = /^tools\/(aws|emulator|model|python|terraform|workspace)$/;

/** Whether tests of the project read stacks, settings, documents or other tools, which no import tells Nx. */
function testsReadEstate({ kind, folder }: TargetsOptions): boolean {
  return kind === 'e2e' || (kind === 'tool' && !testsOwnCodeOnly.test(folder));
}

/** A command over the whole estate, once per environment. */
function ofEstate({ environments }: TargetsOptions, command: string, outputs: string[]): TargetConfiguration {
  return {
    executor: 'nx:run-commands',
    options: { command: `node tools/cli/platform.cjs ${command}` },
    configurations: Object.fromEntries(environments.map((name) => [name, { args: `-c ${name}` }])),
    cache: true,
    inputs: ['sharedGlobals', 'estate'],
    outputs,
  };
}

/** Environments are Nx configurations: `-c staging` reaches the executor as its option and is part of the cache key. */
function perEnvironment({ environments }: TargetsOptions): TargetConfiguration {
  return {
    configurations: Object.fromEntries(environments.map((environment) => [environment, { environment }])),
    defaultConfiguration: environments[0]!,
  };
}

/** Not cached: Terraform and the provider are no files of this workspace. */
function preview(options: TargetsOptions, action: 'plan' | 'validate'): TargetConfiguration {
  return {
    ...perEnvironment(options),
    options: { action },
    inputs: [
      'production',
      '^production',
      'synthesis',
      '{workspaceRoot}/tools/{actions/plan,model,terraform}/**/!(*.test).ts',
    ],
    cache: false,
  };
}

/** Every name that a stack of the project may have: the project's own, with a region, or as the link of two regions. */
export function stackNames(project: string, regions: readonly string[]): string[] {
  const links = regions.flatMap((one) =>
    regions.filter((other) => other !== one).map((other) => `link-${one}-${other}`),
  );
  return [project, ...[...regions, ...links].map((suffix) => `${project}-${suffix}`)];
}

/**
 * Never cached: real infrastructure is no file of this workspace. Each run synthesises for itself, so that two do not meet. A
 * destroy has no `dependsOn`, for `^` knows no reverse: the executor orders its batch itself.
 */
function live(options: TargetsOptions, action: 'deploy' | 'drift' | 'destroy'): TargetConfiguration {
  const { configurations, defaultConfiguration } = perEnvironment(options);
  // What changes an environment is refused without `-c`.
  return {
    configurations: configurations!,
    ...(action === 'drift' ? { defaultConfiguration: defaultConfiguration! } : {}),
    options: { action },
    cache: false,
  };
}
