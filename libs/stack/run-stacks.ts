import { App } from 'cdktf';
import { choiceFromProcess, selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';

/** Adds the stacks of one project to an app. Must not look at anything but its arguments and what it imports. */
export type StackBuilder = (app: App, environment: Environment) => void;

/** What each project's `main.ts` hands over while the whole estate is synthesised in one process. */
export interface EstateCollection {
  readonly builders: StackBuilder[];
}

const collectionKey = Symbol.for('platform.estate-collection');
type Global = typeof globalThis & { [collectionKey]?: EstateCollection };

/** Collects what `run` hands to {@link runStacks}, instead of synthesising it. */
export function collectStacks(run: () => void): StackBuilder[] {
  const collection: EstateCollection = { builders: [] };
  (globalThis as Global)[collectionKey] = collection;
  try {
    run();
  } finally {
    delete (globalThis as Global)[collectionKey];
  }
  return collection.builders;
}

/**
 * The one side effect of a project's `main.ts`. Started by itself, for example by
 * `node --import tsx region-us/vpc/main.ts`, it synthesises the project's stacks into `CDKTF_OUTDIR` (default
 * `cdktf.out`) for the environment `PLATFORM_ENVIRONMENT` (default: the first), with `PLATFORM_LEVEL` and
 * `PLATFORM_MODE` as what-if overrides. While the whole estate is synthesised, it joins that instead.
 */
export function runStacks(settings: OrganisationSettings, build: StackBuilder): void {
  const collection = (globalThis as Global)[collectionKey];
  if (collection) {
    collection.builders.push(build);
    return;
  }
  const app = new App();
  build(app, environmentFromProcess(settings, process.env));
  app.synth();
}

/**
 * The environment that the process's variables name.
 * @throws WrongUse when a variable holds an unknown environment, level or mode.
 */
export function environmentFromProcess(settings: OrganisationSettings, variables: NodeJS.ProcessEnv): Environment {
  const { environment = Object.keys(settings.environments)[0]!, whatIf } = choiceFromProcess(variables);
  return selectEnvironment(settings, environment, whatIf);
}
