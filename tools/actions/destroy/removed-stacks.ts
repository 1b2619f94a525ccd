import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { stateBucketName } from '@platform/libs/stack/state-location';
import type { Configuration } from '@platform/tools/model/configuration';
import { isUnreachable } from '@platform/tools/aws/callers-failure';
import { inDeployOrder } from '@platform/tools/session/deploy-order';
import { WrongUse } from '@platform/libs/settings/problem';
import { stacksWithUnsavedState } from '@platform/tools/session/unsaved-state';
import {
  noState,
  readProblems,
  settleUnsavedStates,
  type StackToDestroy,
  type StacksToDestroyOptions,
} from './stacks-to-destroy';
import { hasOpenApply } from './unanswered-applies';
import { knownState } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { isDeployed } from '@platform/tools/model/state';
import { ifDamaged, type KeptConfiguration } from '@platform/tools/aws/state-store';
import { stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import { stateProject } from '@platform/tools/model/stateful-types';

/** What is left of projects that are no longer in the tree. */
export interface RemovedStacks {
  /** In deploy order. */
  readonly stacks: readonly StackToDestroy[];
  /** Stacks of which no configuration was kept. */
  readonly unknown: readonly string[];
  /** Buckets that could not be read, because their region does not answer. */
  readonly unseen: readonly string[];
  /** Stacks of which only a copy of their state can be read, with what a person can do about each. */
  readonly copies: readonly string[];
  /** States on this machine that could not be saved, of stacks that no bucket has, with what to do about each. */
  readonly unsaved: readonly string[];
}

/**
 * Stacks that have something in a state bucket of this environment and whose project is no longer in the tree. A state in
 * another bucket than the one that its own configuration names is a copy, and follows the original. Buckets that do not
 * answer are noted, and the others read. States that applies of such stacks could not write are saved first.
 */
export async function removedStacks(
  session: LiveSession,
  { unsaved = 'save' }: Pick<StacksToDestroyOptions, 'unsaved'> = {},
): Promise<RemovedStacks> {
  const known = new Set(session.stacks.all.map(({ stack }) => stack));
  const unsavedErrors = new Map<string, Error>();
  for (const stack of stacksWithUnsavedState(session).filter((name) => !known.has(name))) {
    const error = await settleUnsavedStates(session, stack, unsaved);
    if (error) unsavedErrors.set(stack, error);
  }
  const stacks: StackToDestroy[] = [];
  const unknown = new Set<string>();
  const copied = new Map<string, CopiedStack>();
  const seen = new Set<string>();
  const unseen: string[] = [];
  for (const [bucket, region] of await stateBuckets(session)) {
    try {
      const found = await session.calls.make(bucket, () => session.store.stacksIn({ bucket, region }), bucket);
      for (const stack of found.filter((name) => !known.has(name))) {
        const location = { bucket, region, key: `${stack}/terraform.tfstate` };
        seen.add(pathOf(location));
        const state = await session.states.at(location, stack).catch(ifDamaged);
        if (!(state instanceof Error) && !isDeployed(state) && !unsavedErrors.has(stack)) {
          if (!(await hasOpenApply(session, stack, location))) continue;
        }
        const version = state instanceof Error ? undefined : state;
        const kept = await session.calls.make(
          stack,
          () => session.store.readConfigurationOf(location, version),
          location.bucket,
        );
        const original = kept && stateLocation(configurationOf(kept));
        if (!original) unknown.add(stack);
        else if (original.bucket === bucket) {
          const settled = unsavedErrors.get(stack) ?? state ?? noState;
          stacks.push({ description: kept.description, location, state: settled, removed: true });
        } else copied.set(stack, { description: kept.description, copy: location, original });
      }
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      unseen.push(bucket);
      session.options.note?.(
        `${bucket}: it cannot be reached; stacks there whose projects are gone are not in this list`,
      );
    }
  }
  const descriptions = stacks.map(({ description }) => description);
  const names = new Set(descriptions.map(({ stack }) => stack));
  const before = new Map(descriptions.map(({ stack, reads }) => [stack, reads.filter((read) => names.has(read))]));
  const ordered = inDeployOrder(descriptions, before);
  return {
    stacks: ordered.map((each) => stacks.find(({ description }) => description === each)!),
    // What is kept beside a state can be copied later than the state.
    unknown: [...unknown].filter((stack) => !names.has(stack) && !copied.has(stack)),
    unseen,
    copies: [...copied.values()]
      .filter(({ original }) => !seen.has(pathOf(original)))
      .map((each) => whatToDoByHand(session, each)),
    unsaved: [...unsavedErrors].filter(([stack]) => !names.has(stack)).map(([, { message }]) => message),
  };
}

interface CopiedStack {
  readonly description: StackDescription;
  readonly copy: StateLocation;
  /** Where the configuration that was applied last keeps the state. */
  readonly original: StateLocation;
}

/** Nothing is destroyed from a copy, which can be late. Where home has moved to it, it is the state as soon as the project is back. */
function whatToDoByHand(session: LiveSession, { description, copy, original }: CopiedStack): string {
  const { stack, project } = description;
  const found = `${stack}: its project was removed, and its state does not exist or cannot be reached: ${pathOf(original)}; there is a copy: ${pathOf(copy)}`;
  if (!project.startsWith('global/')) return `${found}; look again when its region answers`;
  const { environment } = session.options;
  if (copy.bucket !== stateBucketName(environment, environment.home)) {
    return `${found}; look again when its region answers, or if the region is lost, move the home region as docs/runbooks/move-home-region.md says`;
  }
  return [
    `${found}. If the original is lost, continue from the copy: revert the commit that removed the project, check how old the copy is, destroy the stack, and remove the project again:`,
    `git revert --no-edit "$(git rev-list -1 HEAD -- ${project})"`,
    commandLine(session, 'state', 'list', stack),
    commandLine(session, 'destroy', project),
    'git revert --no-edit HEAD',
  ].join('\n  ');
}

const pathOf = ({ bucket, key }: StateLocation) => `s3://${bucket}/${key}`;

export function configurationOf({ files }: KeptConfiguration): Configuration {
  return JSON.parse(Buffer.from(files['cdk.tf.json']!, 'base64').toString('utf8')) as Configuration;
}

/**
 * Those of the removed stacks that are named, by project or stack; all when none is named.
 * @throws WrongUse when one that is not named reads one that is
 */
export function chosenRemoved(removed: readonly StackToDestroy[], names: readonly string[]): readonly StackToDestroy[] {
  const isNamed = ({ description: { project, stack } }: StackToDestroy) =>
    names.length === 0 || names.includes(project) || names.includes(stack);
  const chosen = removed.filter(isNamed);
  const problems = readProblems(
    new Set(chosen.map(({ description }) => description.stack)),
    removed.map(({ description }) => ({ reader: description, remedy: `destroy ${description.project} too` })),
  );
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
  return chosen;
}

/** AWS regions by bucket: those that stacks of the tree name, and those that were made for regions it no longer has. */
async function stateBuckets(session: LiveSession): Promise<ReadonlyMap<string, string>> {
  const buckets = new Map(
    session.stacks.all.map(({ stack }) => {
      const { bucket, region } = stateLocation(session.stacks.configuration(stack));
      return [bucket, region] as const;
    }),
  );
  const maker = session.stacks.all.find(({ project }) => project === stateProject);
  const made = maker && (await knownState(session, maker.stack));
  if (made === undefined || made === 'unknown') return buckets;
  for (const { type, instances = [] } of made.resources ?? []) {
    if (type !== 'aws_s3_bucket') continue;
    for (const { attributes } of instances) {
      const { bucket, region } = (attributes ?? {}) as Readonly<Record<string, unknown>>;
      if (typeof bucket === 'string' && typeof region === 'string') buckets.set(bucket, region);
    }
  }
  return buckets;
}
