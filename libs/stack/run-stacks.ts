import { App } from 'cdktf';
import { choiceFromProcess, selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';

/** Adds the stacks of one project to an app. It may use only its arguments and its imports. */
export type StackBuilder = (app: App, environment: Environment) => void;

/** Programs that each project's `main.ts` adds while the whole estate is synthesised in one process. */
export interface EstateCollection {
  readonly builders: StackBuilder[];
}

const collectionKey = Symbol.for('platform.estate-collection');
type Global = typeof globalThis & { [collectionKey]?: EstateCollection };

/** Collects the programs given to {@link runStacks} while `run` runs, instead of synthesising them. */
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
 * The one side effect of a project's `main.ts`. Run alone, for example by `node --import tsx region-us/vpc/main.ts`, it
 * synthesises the project's stacks into `CDKTF_OUTDIR` (default `cdktf.out`) for the environment `PLATFORM_ENVIRONMENT`
 * (default: the first), with `PLATFORM_LEVEL` and `PLATFORM_MODE` instead of the settings. While the whole estate is
 * synthesised, it adds the program to that.
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
 * The environment named by the process's variables.
 * @throws WrongUse when a variable has an unknown environment, level or mode
 */
export function environmentFromProcess(settings: OrganisationSettings, variables: NodeJS.ProcessEnv): Environment {
  const { environment = Object.keys(settings.environments)[0]!, whatIf } = choiceFromProcess(variables);
  return selectEnvironment(settings, environment, whatIf);
}
