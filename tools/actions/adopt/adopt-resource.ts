import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { stateLocation, type Configuration } from '@platform/tools/model/configuration';
import { objectsOf } from '@platform/tools/model/destroyed-objects';
import type { PlanJson, ResourceChange } from '@platform/tools/model/plan';
import { describeChange, valueChanges } from '@platform/tools/model/value-changes';
import { withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import type { LiveSession } from '@platform/tools/session/live-session';
import { expectedFiles, planAndShow, prepareFolder } from '@platform/tools/session/plan-stack';
import { recordStateBefore, saveUnsavedStates } from '@platform/tools/session/unsaved-state';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { closestNames } from '@platform/tools/workspace/closest-names';

export interface AdoptOptions {
  /** Name of the stack whose configuration describes the resource. */
  readonly stack: string;
  /** Address in that configuration: `aws_s3_bucket.Files`. */
  readonly address: string;
  /** What the provider imports it by; the page of each resource type says what that is ("Import"). */
  readonly id: string;
  /** Told every change that the plan makes, first the import; an answer of `false` ends it without a change. */
  readonly confirm: (changes: readonly string[]) => Promise<boolean>;
}

export interface AdoptResult {
  readonly result: 'adopted' | 'declined';
  readonly changes: readonly string[];
}

const planFile = 'adopt.tfplan';

/** The plan would do more than take the resource into the state and change it in place. */
export class MoreThanAdoption extends Error {
  override readonly name = 'MoreThanAdoption';
  readonly exitCode = 1;
}

/**
 * Takes an existing resource into the state of a stack (an import block), after a plan that is shown. The plan is limited
 * to the resource: it may change it in place to what the configuration says, and nothing else.
 * @throws WrongUse where the configuration has no such address, or the state has it already
 * @throws MoreThanAdoption where the resource would be replaced, or another one changed
 */
export async function adoptResource(session: LiveSession, options: AdoptOptions): Promise<AdoptResult> {
  const { stack, address, id, confirm } = options;
  const description = session.stacks.get(stack);
  assertConfigured(stack, session.stacks.configuration(stack), address);
  const folder = session.folders.of(stack, 'adopt');
  return withFolder(folder, session.folders.wait, async () => {
    await saveUnsavedStates(session, stack);
    const state = await session.states.of(stack);
    if (objectsOf(state ?? {}).some((object) => object.address === address)) {
      throw new WrongUse(
        `${stack}: ${address} is in its state already; look at it: ${commandLine(session, 'state', 'show', stack)}`,
      );
    }
    prepareFolder(session, description, folder);
    writeFileSync(join(folder, 'adopt.tf.json'), JSON.stringify({ import: [{ to: address, id }] }), { mode: 0o600 });
    await initialise(session, stack, folder);
    const shown = await planAndShow(session, stack, folder, planFile, [`-target=${address}`]);
    const changes = adoptionOf(stack, address, JSON.parse(shown) as PlanJson);
    if (!(await confirm(changes))) {
      rmSync(join(folder, planFile), { force: true });
      return { result: 'declined', changes };
    }
    // Where the project goes before its next deploy, a destroy needs a configuration.
    const names = Object.keys(expectedFiles(session, description));
    const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
    const location = stateLocation(session.stacks.configuration(stack));
    // An adoption creates nothing, so nothing of it can be missing from the state.
    const mark = { id: randomUUID(), since: new Date().toISOString(), ended: true };
    const calling = <T>(call: () => Promise<T>) => session.calls.make(stack, call, location.bucket);
    const begun = await calling(() => session.store.readBegun(location));
    // The mark of an apply that was killed stays: it may have left more than this one out of the state.
    if (!begun || begun.ended) {
      await calling(() => session.store.writeBegun(location, { description, files }, mark));
    }
    recordStateBefore(folder, state);
    const lock = `-lock-timeout=${session.folders.lockTimeoutSec}s`;
    await session.terraform.run(folder, stack, ['apply', '-input=false', '-json', lock, planFile]);
    rmSync(join(folder, planFile), { force: true });
    return { result: 'adopted', changes };
  });
}

/**
 * What a plan does to the one resource, a line each.
 * @throws MoreThanAdoption
 */
export function adoptionOf(stack: string, address: string, { resource_changes = [] }: PlanJson): string[] {
  const changing = resource_changes.filter(
    ({ mode, change }) =>
      mode === 'managed' &&
      (change.importing !== undefined || change.actions.some((action) => action !== 'no-op' && action !== 'read')),
  );
  const own = changing.find((each) => each.address === address);
  const others = changing.filter((each) => each !== own);
  const replaced = own?.change.actions.includes('delete') || own?.change.actions.includes('create');
  const problems = [
    ...(replaced ? [`${address} would be replaced${forcedBy(own!)}: make the configuration agree with it first`] : []),
    ...(others.length > 0
      ? [
          `${others.map((each) => each.address).join(', ')} would be changed too: deploy what ${address} depends on first`,
        ]
      : []),
  ];
  if (problems.length > 0) {
    throw new MoreThanAdoption(`${stack}: nothing was adopted:\n${problems.map((text) => `  ${text}`).join('\n')}`);
  }
  if (!own) throw new MoreThanAdoption(`${stack}: nothing was adopted: the plan does not import ${address}`);
  const { id } = (own.change.importing ?? {}) as { readonly id?: string };
  return [`import ${address}${id ? ` (${id})` : ''}`, ...argumentsThatChange(own).map((text) => `change ${text}`)];
}

function argumentsThatChange({ address, change }: ResourceChange): string[] {
  if (!change.actions.includes('update')) return [];
  const [before, after, unknown] = [record(change.before), record(change.after), record(change.after_unknown)];
  return Object.keys(after)
    .sort()
    .filter((name) => unknown[name] !== true)
    .flatMap((name) =>
      valueChanges(
        name,
        { value: before[name], sensitive: record(change.before_sensitive)[name] },
        { value: after[name], sensitive: record(change.after_sensitive)[name] },
      ),
    )
    .map((each) => `${address}: ${describeChange(each)}`);
}

function forcedBy({ change }: ResourceChange): string {
  const paths = (change.replace_paths ?? []).map((path) => path.join('.'));
  return paths.length > 0 ? ` (because of ${paths.join(', ')})` : '';
}

function assertConfigured(stack: string, { resource = {} }: Configuration, address: string): void {
  const known = Object.entries(resource).flatMap(([type, names]) =>
    Object.keys(names).map((name) => `${type}.${name}`),
  );
  if (known.includes(address.replace(/\[.*\]$/, ''))) return;
  const near = closestNames(address, known);
  const remedy = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `use one of ${known.sort().join(', ')}`;
  throw new WrongUse(`${stack}: its configuration has no resource "${address}"; ${remedy}`);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
