import { WrongUse } from '@platform/libs/settings/problem';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { ifDamaged } from '@platform/tools/aws/state-store';
import { stateLocation } from '@platform/tools/model/configuration';
import { showState, shownOutputs } from '@platform/tools/actions/state/show-state';
import { SENSITIVE } from '@platform/tools/model/value-changes';
import { isDeployed } from '@platform/tools/model/state';
import { closestNames } from '@platform/tools/workspace/closest-names';
import { selectStacks } from '@platform/tools/workspace/select-stacks';
import { restoreState } from '@platform/tools/actions/state/restore-state';
import { inStateFolder } from '@platform/tools/actions/state/state-folder';
import { listVersions } from '@platform/tools/actions/state/state-versions';
import {
  compareHome,
  copyRegion,
  homeEdits,
  switchHome,
  type HomeStack,
} from '@platform/tools/actions/state/switch-home';
import { unlockState } from '@platform/tools/actions/state/unlock-state';
import { stateLockOf } from '@platform/tools/session/state-lock';
import { printable } from '@platform/tools/workspace/shell-word';
import { inSession, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface StateOptions extends LiveOptions {
  readonly dryRun?: boolean;
  readonly lineage?: string;
  readonly limit?: string;
  readonly write?: boolean;
  readonly force?: boolean;
}

/** Where the states of a project's stacks are stored, what they contain, and who holds their locks. */
export function whereCommand(project: string, options: StateOptions): Promise<number> {
  return inSession(options, async (session) => {
    const found = [];
    for (const stack of stacksOf(session, project)) {
      const location = stateLocation(session.stacks.configuration(stack));
      const present = await session.states.of(stack).catch(ifDamaged);
      const lock = await session.calls.make(stack, () => stateLockOf(session, stack).holder());
      const [state, problem] = present instanceof Error ? [undefined, present.message] : [present];
      found.push({ stack, ...location, serial: state?.serial, resources: state?.resources?.length, lock, problem });
    }
    if (options.json) print(JSON.stringify(found, null, 2));
    else {
      for (const { stack, bucket, key, region, serial, resources, lock, problem } of found) {
        const readable = serial === undefined ? 'no state' : `serial ${serial}, ${resources} resources`;
        const content = problem === undefined ? readable : 'not a state';
        const held = lock ? `, locked by ${lock.who} since ${lock.since}, lock ${printable(lock.id)}` : '';
        print(`${stack}  s3://${bucket}/${key}  ${region}  ${content}${held}`);
      }
    }
    for (const { problem } of found) if (problem) talk(problem);
    return found.some(({ problem }) => problem) ? 1 : 0;
  });
}

/** The versions of a stack's state, newest first. */
export function listCommand(project: string, options: StateOptions): Promise<number> {
  return inSession(options, async (session) => {
    const stack = oneStackOf(session, project);
    const location = stateLocation(session.stacks.configuration(stack));
    const client = await session.options.target.s3(location.region);
    const versions = await session.calls.make(stack, () => listVersions(client, location, limitOf(options)));
    if (options.json) print(JSON.stringify(versions, null, 2));
    else {
      for (const { versionId, modified, latest, state } of versions) {
        const content =
          typeof state === 'object' ? `serial ${state.serial}  ${state.resources} resources` : (state ?? 'deleted');
        print(`${versionId}  ${modified.toISOString()}  ${content}${latest ? '  present' : ''}`);
      }
    }
    if (versions.length === 0) talk(`${stack}: its state has no versions in s3://${location.bucket}/${location.key}`);
    return versions.length > 0 ? 0 : 1;
  });
}

/** The resources of a stack's state, or the values of one of them; sensitive values are masked. */
export function showCommand(project: string, address: string | undefined, options: StateOptions): Promise<number> {
  return inSession(options, async (session) => {
    const stack = oneStackOf(session, project);
    if (!isDeployed(await session.states.of(stack))) {
      talk(`${stack}: it has no resources`);
      return 1;
    }
    const all = await showState(session, stack);
    const resources = all.filter((resource) => address === undefined || resource.address === address);
    if (resources.length === 0 && address !== undefined) {
      const near = closestNames(
        address,
        all.map((resource) => resource.address),
      );
      const remedy = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'leave it out to see all addresses';
      throw new WrongUse(`${stack}: its state has no "${address}"; ${remedy}`);
    }
    if (options.json) print(JSON.stringify(resources, null, 2));
    else if (address === undefined) for (const resource of resources) print(resource.address);
    else print(JSON.stringify(resources[0]!.values, null, 2));
    return 0;
  });
}

/** The outputs of a stack; sensitive ones are masked. */
export function outputCommand(project: string, options: LiveOptions): Promise<number> {
  return inSession(options, async (session) => {
    const stack = oneStackOf(session, project);
    const state = await session.states.of(stack);
    if (!isDeployed(state)) {
      talk(`${stack}: it is not deployed`);
      return 1;
    }
    const outputs = shownOutputs(state);
    if (options.json) print(JSON.stringify(outputs, null, 2));
    else {
      for (const [name, value] of Object.entries(outputs)) {
        print(`${name} = ${value === SENSITIVE ? value : JSON.stringify(value)}`);
      }
    }
    return 0;
  });
}

/** Makes an old version of a state the current one, or says what that would change. */
export function restoreCommand(project: string, versionId: string, options: StateOptions): Promise<number> {
  return inSession({ ...options, effect: options.dryRun ? 'reads' : 'changes' }, async (session) => {
    const stack = oneStackOf(session, project);
    const { lineage, dryRun = false } = options;
    const restored = await restoreState({ session, stack, versionId, dryRun, ...(lineage ? { lineage } : {}) });
    const { difference, replacedSerial, serial } = restored;
    if (options.json) print(JSON.stringify(restored, null, 2));
    else {
      for (const address of difference.added) print(`+ ${address}`);
      for (const address of difference.removed) print(`- ${address}`);
      for (const address of difference.changed) print(`~ ${address}`);
      for (const name of difference.outputs) print(`~ output ${name}`);
    }
    const replaced =
      typeof replacedSerial === 'number' ? `serial ${replacedSerial}` : 'the object, which is not a state,';
    const before = replacedSerial === undefined ? 'there was no state' : `${replaced} stays as a version`;
    talk(
      dryRun
        ? `nothing was changed; ${before}`
        : `${stack}: restored as serial ${serial}; ${before}. Only the state has changed. To compare it with AWS: ${commandLine(session, 'drift', session.stacks.get(stack).project)}`,
    );
    return 0;
  });
}

/** Releases a lock whose run has died. */
export function unlockCommand(project: string, lockId: string, options: StateOptions): Promise<number> {
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const stack = oneStackOf(session, project);
    await unlockState({ session, stack, lockId, force: options.force ?? false });
    print(`${stack}: lock ${printable(lockId)} is released`);
    return 0;
  });
}

/** Removes the taint of a resource, so that the next plan does not destroy it. */
export function untaintCommand(project: string, address: string, options: StateOptions): Promise<number> {
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const stack = oneStackOf(session, project);
    const lock = `-lock-timeout=${session.folders.lockTimeoutSec}s`;
    await inStateFolder(session, stack, (folder) =>
      session.terraform.run(folder, stack, ['untaint', '-no-color', lock, address], { log: false }),
    );
    print(`${stack}: ${address} is no longer tainted`);
    talk(
      `nothing in AWS has changed; to see the remaining changes: ${commandLine(session, 'plan', session.stacks.get(stack).project)}`,
    );
    return 0;
  });
}

/** Compares the copies of the global states with their originals, and makes the region of the copies the home region. */
export function switchHomeCommand(options: StateOptions): Promise<number> {
  return inSession({ ...options, effect: options.write ? 'changes' : 'reads' }, async (session) => {
    const { environment, root } = session.options;
    const to = copyRegion(session);
    const stacks = await compareHome(session, to);
    if (options.json) print(JSON.stringify({ from: environment.home, to: to.key, stacks }, null, 2));
    else {
      for (const { stack, homeSerial = 'none', copySerial = 'none', copy, copiedLock } of stacks) {
        const lock = copiedLock ? `, lock ${printable(copiedLock.id)} of ${copiedLock.who} was copied` : '';
        print(`${stack}  ${environment.home}: ${homeSerial}  ${to.key}: ${copySerial}  ${copy}${lock}`);
      }
    }
    const versionsOf = (each: readonly HomeStack[]) =>
      each.map(({ stack }) => `\n  ${commandLine(session, 'state', 'list', stack)}`).join('');
    const damaged = stacks.filter(({ copy }) => copy === 'damaged');
    const [originals, copies] = [true, false].map((isOriginal) =>
      damaged.filter(({ homeSerial }) => (homeSerial === 'damaged') === isOriginal),
    ) as [HomeStack[], HomeStack[]];
    if (originals.length > 0) {
      talk(
        `an object in ${environment.home} is not a Terraform state, and it is copied as well; restore a version first, as in docs/runbooks/lost-state.md:${versionsOf(originals)}`,
      );
    }
    if (copies.length > 0) {
      talk(
        `a copy in ${to.key} is not a Terraform state; it is copied again when the original is written: restore the current version of the original:${versionsOf(copies)}`,
      );
    }
    const late = stacks.filter(({ copy }) => copy === 'behind' || copy === 'none');
    if (late.length > 0) {
      talk(
        `the copies of ${late.map(({ stack }) => stack).join(', ')} are out of date; wait for the replication while ${environment.home} answers. Resources that a copy does not contain still exist in AWS: after the move a plan creates them again`,
      );
    }
    if (damaged.length + late.length > 0) return 1;
    const unknown = stacks.filter(({ copy }) => copy === 'unknown');
    const nonsense = unknown.filter(({ copySerial }) => copySerial === 'damaged');
    const copied = unknown.filter(({ copySerial }) => typeof copySerial === 'number').map(({ stack }) => stack);
    const bare = unknown.filter(({ copySerial }) => copySerial === undefined).map(({ stack }) => stack);
    if (nonsense.length > 0) {
      talk(
        `${environment.home} does not answer, and a copy in ${to.key} is not a Terraform state; after the move restore a version first:${versionsOf(nonsense)}`,
      );
    }
    if (copied.length > 0) {
      talk(
        `${environment.home} does not answer: the copies of ${copied.join(', ')} may be out of date. Resources that a copy does not contain still exist in AWS, and a plan creates them again: check the last deploys of these stacks before you apply`,
      );
    }
    if (bare.length > 0) {
      talk(
        `${environment.home} does not answer, and there is no copy of ${bare.join(', ')}: never deployed, or never copied. If a stack was deployed, wait until ${environment.home} answers before you deploy it`,
      );
    }
    const edits = homeEdits(root, environment.home, to.key);
    if (!options.write) {
      talk(
        `to continue in ${to.key}: change home in ${edits.map(({ file }) => file).join(' and ')} (\`--write\` does), for every environment at once; then plan (\`${commandLine(session, 'plan')}\`), review, and deploy the global stacks one by one (\`${commandLine(session, 'deploy', 'global/zone')}\`). Deploy global/state when ${environment.home} answers again`,
      );
      return 0;
    }
    await switchHome({ session, to, compared: stacks, edits });
    talk(
      `changed: ${edits.map(({ file }) => file).join(', ')}; review \`${commandLine(session, 'plan')}\` and commit it`,
    );
    return 0;
  });
}

function stacksOf(session: LiveSession, name: string): string[] {
  const selected = selectStacks(session.options.root, { names: [name] });
  return selected.of(session.stacks.all).map(({ stack }) => stack);
}

/**
 * The one stack that a name means.
 * @throws WrongUse where there is none, or the project has several
 */
export function oneStackOf(session: LiveSession, project: string): string {
  const found = stacksOf(session, project);
  if (found.length === 1) return found[0]!;
  throw new WrongUse(
    `${project}: it has several stacks, each with a state of its own; name one of ${found.join(', ')}`,
  );
}

const VERSIONS_SHOWN = 20;

function limitOf({ limit }: StateOptions): number {
  if (limit === undefined) return VERSIONS_SHOWN;
  if (/^[1-9]\d{0,3}$/.test(limit)) return Number(limit);
  throw new WrongUse(`--limit: "${limit}" is not a number; use 1–9999`);
}
