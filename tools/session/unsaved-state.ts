import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stateLocation, type Configuration, type StateLocation } from '@platform/tools/model/configuration';
import { objectsOf } from '@platform/tools/model/destroyed-objects';
import { parseState, versionOf, type TerraformState } from '@platform/tools/model/state';
import { decideUnsavedState, type StateBefore } from '@platform/tools/model/unsaved-state';
import { initialise } from './initialise';
import { livePurposes } from './live-folders';
import type { LiveSession } from './live-session';
import { readJson, writeWhole } from './plan-files';

/** Terraform writes it where it could not write the state; nothing else has what is in it. */
export const unsavedStateFile = 'errored.tfstate';
/** The state that the planned apply of a folder begins with: {@link StateBefore}. */
export const stateBeforeFile = 'state-before.json';

/** A state of an earlier apply lies in a folder and does not belong into the bucket as it is now. */
export class UnsavedState extends Error {
  override readonly name = 'UnsavedState';
  readonly exitCode = 1;
}

/** Records what an apply in this folder begins with, before it begins: {@link decideUnsavedState} asks for it. */
export function recordStateBefore(folder: string, state: TerraformState | undefined): void {
  const before: StateBefore = { version: versionOf(state), objects: state ? objectsOf(state) : [] };
  writeWhole(join(folder, stateBeforeFile), before);
}

/** Folders of a stack in which an apply has left a state that it could not write. */
export function foldersWithUnsavedState(session: Pick<LiveSession, 'folders'>, stack: string): string[] {
  return livePurposes
    .map((purpose) => session.folders.of(stack, purpose))
    .filter((folder) => existsSync(join(folder, unsavedStateFile)));
}

/** Stacks that have such a folder, sorted, also those whose project is gone. */
export function stacksWithUnsavedState(session: Pick<LiveSession, 'folders'>): string[] {
  const parents = livePurposes.map((purpose) => session.folders.of('', purpose));
  const names = parents.flatMap((parent) => (existsSync(parent) ? readdirSync(parent) : []));
  return [...new Set(names)].filter((name) => foldersWithUnsavedState(session, name).length > 0).sort();
}

/**
 * Writes what earlier applies of a stack could not write into its bucket: those of a deploy, a destroy, a reconcile, an
 * adoption.
 * @throws UnsavedState where another run has changed the state since, or the file cannot be read; the file stays
 */
export async function saveUnsavedStates(session: LiveSession, stack: string): Promise<void> {
  for (const folder of foldersWithUnsavedState(session, stack)) await saveUnsavedState(session, stack, folder);
}

/**
 * For commands that change nothing, such as a dry run.
 * @throws UnsavedState where there is a state that was not saved
 */
export function refuseUnsavedStates(session: Pick<LiveSession, 'folders'>, stack: string): void {
  const [folder] = foldersWithUnsavedState(session, stack);
  if (folder === undefined || statSync(join(folder, unsavedStateFile)).size === 0) return;
  throw new UnsavedState(
    `${stack}: an earlier apply could not write its state: ${join(folder, unsavedStateFile)}; a plan, a deploy or a destroy (without --dry-run) writes it first`,
  );
}

async function saveUnsavedState(session: LiveSession, stack: string, folder: string): Promise<void> {
  const path = join(folder, unsavedStateFile);
  const { note } = session.options;
  const remedy = 'compare it with the state as docs/runbooks/lost-state.md says, then move the file out of the folder';
  const text = readFileSync(path, 'utf8');
  if (text.trim() === '') {
    note?.(
      `${stack}: ${path} is empty, as where the disk was full: what that apply made last can be missing from the state; compare ${join(folder, 'terraform.log')} with it`,
    );
    rmSync(path);
    return;
  }
  const unsaved = parseState(text);
  if (!unsaved) throw new UnsavedState(`${stack}: ${path} is cut short or is no Terraform state; ${remedy}`);
  const location = locationOf(folder, stack, path, remedy);
  const present = await session.states.at(location, stack);
  const isLost =
    !present && (await session.calls.make(stack, () => session.store.wasWritten(location), location.bucket));
  const decision = decideUnsavedState(unsaved, present, stateBefore(folder), isLost);
  if (decision.action === 'refuse') {
    const { why, onlyHere } = decision;
    const lines = onlyHere.length > 0 ? ['what only that file knows:', ...onlyHere.map((line) => `  ${line}`)] : [];
    throw new UnsavedState(
      [
        `${stack}: an earlier apply could not write its state (${path}, serial ${unsaved.serial}), and it cannot be written now: ${why}; ${remedy}`,
        ...lines,
      ].join('\n'),
    );
  }
  if (decision.action === 'push') {
    note?.(`${stack}: an earlier apply could not write its state; writing it now`);
    await initialise(session, stack, folder);
    const lock = `-lock-timeout=${session.folders.lockTimeoutSec}s`;
    await session.terraform.run(folder, stack, ['state', 'push', lock, unsavedStateFile]);
  }
  rmSync(path);
}

/** Where the configuration that was applied in a folder keeps its state. In an empty folder Terraform would write a local one. */
function locationOf(folder: string, stack: string, path: string, remedy: string): StateLocation {
  const file = join(folder, 'cdk.tf.json');
  const configuration = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Configuration) : undefined;
  if (configuration) return stateLocation(configuration);
  throw new UnsavedState(`${stack}: ${path} has no configuration beside it, so its bucket is unknown; ${remedy}`);
}

function stateBefore(folder: string): StateBefore | undefined {
  const before = readJson<StateBefore>(join(folder, stateBeforeFile));
  // Without it, the decision is a more careful one.
  return before === 'damaged' ? undefined : before;
}
