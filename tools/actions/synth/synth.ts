import { App } from 'cdktf';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdoptionLevel, Mode } from '@platform/libs/settings/adoption';
import { selectEnvironment, type Environment, type WhatIf } from '@platform/libs/settings/environment';
import type { EstateStack, StackDescription, StackNameTaken } from '@platform/libs/stack/estate-stack';
import { formatProblem, isWrongUse, WrongUse, type Problem } from '@platform/libs/settings/problem';
import { checkConfigurations, type StackConfiguration } from './check-configurations';
import { checkQuotas } from './check-quotas';
import { EstateError, inReadOrder, type MadeStack } from './in-read-order';
import { settingsBehindId } from './settings-behind';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { withoutTerraform } from './without-terraform';

/** What `estate.json` beside the synthesised stacks says of them. */
export interface EstateManifest {
  readonly environment: string;
  readonly level: AdoptionLevel;
  readonly mode: Mode;
  /** In an order in which every stack comes after those whose state it reads. */
  readonly stacks: readonly StackDescription[];
  /** Quotas of AWS that the stacks need more of than a new account has, one line each. */
  readonly quotaWarnings: readonly string[];
}

export interface SynthOptions {
  /** Workspace root. */
  readonly root: string;
  readonly environment?: string;
  readonly whatIf?: WhatIf;
  /**
   * Folder to write into, one folder per stack: `<outdir>/stacks/<stack>/cdk.tf.json`. Made when missing; folders of
   * stacks that are no more are removed. Default: {@link synthFolderOf}, replaced as a whole when all is written.
   */
  readonly outdir?: string;
  /** The estate, when the caller has loaded it already. */
  readonly estate?: LoadedEstate;
  /** Whether to look for what AWS would refuse: half of a synth. Default: yes. */
  readonly checks?: boolean;
}

/**
 * Where an environment is synthesised to: `dist/synth/prod`, and `dist/synth/prod@inspected` as if the settings had another
 * level or mode. Nx stores what lies there after a task, so no run writes into the folder of another choice.
 */
export function synthFolderOf(root: string, environment: string, { level, mode }: WhatIf = {}): string {
  const name = [environment, level, mode].filter((each) => each !== undefined).join('@');
  return join(root, 'dist', 'synth', name);
}

/**
 * Synthesises every stack of the estate for one environment, in this process. Knows nothing of where it will run.
 * @throws WrongUse when the settings are refused, the code does not load, stacks do not fit together, or refuse what they
 * are given, all of them in one message; whatever else a stack's code throws
 */
export function synthesise(options: SynthOptions): EstateManifest {
  try {
    return withoutStackTraces(() => synthesiseOnce(options));
  } catch (error) {
    // Brought about a second time, in words that name the files and lines of the estate's code.
    if (isWrongUse(error)) throw error;
    process.setSourceMapsEnabled(true);
    return synthesiseOnce(options);
  }
}

/** cdktf collects and formats a stack trace for every token and needs none of them: a tenth of a synth, with source maps most of it. */
function withoutStackTraces<T>(work: () => T): T {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = () => '';
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    // Undefined where nobody has set one, which is what Node takes for its own.
    (Error as { prepareStackTrace: unknown }).prepareStackTrace = prepareStackTrace;
  }
}

function synthesiseOnce(options: SynthOptions): EstateManifest {
  const estate = options.estate ?? loadEstate(options.root);
  const environment = chooseEnvironment(estate, options);
  const { checks = true } = options;
  if (options.outdir !== undefined) return write(estate, environment, options.outdir, checks);
  const run = openRunFolder(options.root);
  try {
    const outdir = join(run.path, 'synth');
    const manifest = write(estate, environment, outdir, checks);
    run.publish(outdir, synthFolderOf(options.root, environment.name, options.whatIf));
    return manifest;
  } finally {
    run.remove();
  }
}

function write(estate: LoadedEstate, environment: Environment, outdir: string, checks: boolean): EstateManifest {
  const created = mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  let made: MadeStack[];
  let inOrder: StackDescription[];
  let quotaWarnings: readonly string[];
  try {
    made = addStacks(app, estate, environment);
    inOrder = inReadOrder(made);
    quotaWarnings = checks ? refuseForAws(estate, environment, outdir, made) : [];
  } catch (error) {
    // cdktf makes an app's folder with the app: what is refused leaves none behind.
    if (created !== undefined) rmSync(created, { recursive: true });
    throw error;
  }
  const stacks = new Map(made.map(({ stack }) => [stack.node.id, stack]));
  const manifest: EstateManifest = {
    environment: environment.name,
    level: environment.level,
    mode: environment.mode,
    stacks: inOrder,
    quotaWarnings,
  };
  // Only for the stock cdktf CLI, which deploys in this order; the JSON of the stacks does not change by it.
  for (const { stack, reads } of manifest.stacks) {
    for (const read of reads) stacks.get(stack)!.addDependency(stacks.get(read)!);
  }
  withoutTerraform(() => app.synth());
  removeOtherStacks(join(outdir, 'stacks'), manifest);
  writeFileSync(join(outdir, 'estate.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** A level or mode from an option must pass the same checks as one in the settings. */
function chooseEnvironment(estate: LoadedEstate, { environment: chosen, whatIf = {} }: SynthOptions): Environment {
  const { settings } = estate;
  const name = chosen ?? Object.keys(settings.environments)[0]!;
  const environment = selectEnvironment(settings, name, whatIf);
  const given = settings.environments[name]!;
  const { level, mode } = environment;
  if (level !== given.level || mode !== given.mode) {
    estate.assertSettings({
      ...settings,
      environments: { ...settings.environments, [name]: { ...given, level, mode } },
    });
  }
  return environment;
}

function addStacks(app: App, estate: LoadedEstate, environment: Environment): MadeStack[] {
  const folderOf = new Map<string, string>();
  const refusals = new Set<string>();
  const made = [...estate.projects].flatMap(([folder, builders]) => {
    if (builders.length === 0) refusals.add(`${folder}/main.ts: it makes no stack; let it call runStacks`);
    for (const build of builders) {
      try {
        build(app, environment);
      } catch (error) {
        const taken = takenId(error);
        if (taken) refusals.add(formatProblem(addressTaken(taken, folder, environment, estate.regions)));
        else if (!isWrongUse(error)) throw error;
        // What one project lacks, others often lack too.
        else refusals.add(isNameTaken(error) ? nameTaken(error, folder, folderOf.get(error.stackName)) : error.message);
      }
    }
    const added = app.node.children.filter(({ node }) => !folderOf.has(node.id));
    for (const { node } of added) folderOf.set(node.id, folder);
    return added.filter(isEstateStack).map((stack) => ({ folder, stack }));
  });
  if (refusals.size > 0) throw new WrongUse([...refusals].join('\n'));
  return made;
}

/**
 * What AWS would refuse of the stacks, before anything is written.
 * @returns what it refuses an account whose quotas were not raised
 * @throws EstateError with all of it
 */
function refuseForAws(
  estate: LoadedEstate,
  environment: Environment,
  outdir: string,
  made: readonly MadeStack[],
): readonly string[] {
  const own = configurationsOf(made, environment);
  // Of one account: names must differ, and quotas hold for all of them together.
  const others = Object.keys(estate.settings.environments)
    .map((name) => selectEnvironment(estate.settings, name))
    .filter((other) => shareAccount(environment, other))
    .map((other) => configurationsOf(stacksIfMade(outdir, estate, other), other));
  const quotas = checkQuotas(own, estate.regions, others);
  const problems = [...checkConfigurations(own, estate.regions, others.flat()), ...quotas.problems];
  if (problems.length > 0) throw new EstateError(problems);
  return quotas.warnings;
}

function shareAccount(one: Environment, other: Environment): boolean {
  const accounts = Object.values(one.accounts);
  return one.name !== other.name && Object.values(other.accounts).some((account) => accounts.includes(account));
}

/** None where the environment has problems of its own, which its own synth reports. */
function stacksIfMade(outdir: string, estate: LoadedEstate, environment: Environment): MadeStack[] {
  try {
    return addStacks(new App({ outdir, stackTraces: false }), estate, environment);
  } catch (error) {
    if (isWrongUse(error)) return [];
    throw error;
  }
}

function configurationsOf(made: readonly MadeStack[], environment: Environment): StackConfiguration[] {
  return made.map(({ stack }) => ({
    stack: stack.describe(),
    configuration: stack.toTerraform() as StackConfiguration['configuration'],
    environment,
  }));
}

/** The id and its construct, where two parts of a construct got one id. */
function takenId(error: unknown): { readonly id: string; readonly parent: string } | undefined {
  // Not by class, for the estate's packages may be loaded a second time.
  const { message = '' } = error as Partial<Error>;
  const [, id, parent] = /^There is already a Construct with name '([^']*)' in (.+)$/.exec(message) ?? [];
  return id === undefined ? undefined : { id, parent: parent! };
}

function addressTaken(
  { id, parent }: { readonly id: string; readonly parent: string },
  folder: string,
  environment: Environment,
  regions: LoadedEstate['regions'],
): Problem {
  return {
    where: settingsBehindId(id, environment, regions).join(' and '),
    what: `two names give one resource address, ${id} of ${parent} in ${folder}`,
    remedy: 'use names that differ in more than punctuation and case',
  };
}

/** One of the two folders is a copy of the other, whose name its contract still has. */
function nameTaken(
  { stackName, project, message }: StackNameTaken,
  folder: string,
  former: string | undefined,
): string {
  const copy = folder === project ? former : folder;
  if (copy === undefined || copy === project) return message;
  return `${copy}/contract.ts: its stack "${stackName}" is that of ${project}; name stack and project after ${copy}`;
}

// Neither by class: the estate is bundled, and its classes are not this module's.
function isNameTaken(error: Error): error is StackNameTaken {
  return error.name === 'StackNameTaken';
}

function isEstateStack(child: unknown): child is EstateStack {
  return typeof (child as Partial<EstateStack>).describe === 'function';
}

function removeOtherStacks(folder: string, { stacks }: EstateManifest): void {
  const names = new Set(stacks.map(({ stack }) => stack));
  for (const entry of readdirSync(folder)) if (!names.has(entry)) rmSync(join(folder, entry), { recursive: true });
}
