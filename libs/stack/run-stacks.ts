import { App } from 'cdktf';
import { adoptionLevels, type AdoptionLevel } from '@platform/libs/settings/adoption';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { WrongUse } from '@platform/libs/settings/problem';
import { modes, type Mode, type OrganisationSettings } from '@platform/libs/settings/organisation';

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
  const level = oneOf('PLATFORM_LEVEL', variables['PLATFORM_LEVEL'], adoptionLevels);
  const mode = oneOf('PLATFORM_MODE', variables['PLATFORM_MODE'], modes);
  const name = variables['PLATFORM_ENVIRONMENT'] || Object.keys(settings.environments)[0]!;
  return selectEnvironment(settings, name, {
    ...(level ? { level: level as AdoptionLevel } : {}),
    ...(mode ? { mode: mode as Mode } : {}),
  });
}

function oneOf(where: string, value: string | undefined, allowed: readonly string[]): string | undefined {
  if (!value || allowed.includes(value)) return value || undefined;
  throw new WrongUse(`${where}: there is no "${value}"; use one of ${allowed.join(', ')}`);
}
