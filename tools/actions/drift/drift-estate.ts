import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from '@platform/tools/aws/callers-failure';
import { driftOf, operationalMeaning, type DriftedResource } from '@platform/tools/model/drift-classes';
import { chooseStacks, workersFor, type LiveProgress } from '@platform/tools/session/estate-run';
import { withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import type { LiveSession } from '@platform/tools/session/live-session';
import { planAndShow, prepareFolder } from '@platform/tools/session/plan-stack';
import { removedStacks } from '@platform/tools/actions/destroy/removed-stacks';
import { commandFor, commandLine } from '@platform/tools/session/plan-command-for';
import { describeChange } from '@platform/tools/model/value-changes';

/** Beside the configuration of a stack. */
export const driftPlanFile = 'drift.tfplan';

/** What differs between a stack's state and real infrastructure. */
export interface DriftedStack {
  readonly stack: string;
  readonly project: string;
  readonly owner: string;
  /** False for a stack that was never deployed. */
  readonly deployed: boolean;
  /** True for a deployed stack whose project is no longer in the tree. It is not compared, only named. */
  readonly removed?: boolean;
  readonly drift: readonly DriftedResource[];
  /** Changes of a failover, a rehearsal or scaling. */
  readonly operational: readonly (DriftedResource & { readonly meaning: string })[];
  /** Why it is unknown. */
  readonly error?: string;
}

/**
 * Compares stacks with real infrastructure by refresh-only plans, which change nothing, not even the state. Where no
 * project is named, deployed stacks whose project is gone are named too.
 * @throws WrongUse when there is no such project
 */
export async function driftEstate(
  session: LiveSession,
  projects: readonly string[],
  progress: LiveProgress = {},
): Promise<DriftedStack[]> {
  const { stacks, deployed } = await chooseStacks(session, projects);
  const { signal } = session.options;
  progress.planned?.(stacks.map(({ stack }) => stack));
  const found = new Map<string, DriftedStack>();
  await runInOrder(stacks, {
    name: ({ stack }) => stack,
    upstreams: () => [],
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (description) => {
      const { stack, project, owner } = description;
      const nothing = { stack, project, owner, deployed: deployed.has(stack), drift: [], operational: [] };
      const finish = (result: DriftedStack) => {
        found.set(stack, result);
        const { drift, operational, error } = result;
        const words = [
          drift.length > 0 && `${drift.length} drifted`,
          operational.length > 0 && `${operational.length} operational`,
        ].filter(Boolean);
        progress.finished?.(
          stack,
          error ? 'failed' : !result.deployed ? 'not deployed' : words.join(', ') || 'no drift',
        );
      };
      if (!deployed.has(stack)) return finish(nothing);
      progress.started?.(stack);
      try {
        // Where the bucket does not answer this fails at once; Terraform would wait for each stack anew.
        await session.states.of(stack);
        const folder = session.folders.of(stack, 'drift');
        const resources = await withFolder(folder, session.folders.wait, async () => {
          prepareFolder(session, description, folder);
          await initialise(session, stack, folder);
          // Without a lock: nothing is written, and a deploy must not wait for it.
          return readDrift(session, stack, folder, ['-lock=false']);
        });
        finish({
          ...nothing,
          drift: resources.filter((resource) => operationalMeaning(resource) === undefined),
          operational: resources.flatMap((resource) => {
            const meaning = operationalMeaning(resource);
            return meaning === undefined ? [] : [{ ...resource, meaning }];
          }),
        });
      } catch (error) {
        finish({ ...nothing, error: readable(error, stack).message });
      }
    },
  });
  signal?.throwIfAborted();
  const isWhole = projects.length === 0 && session.options.region === undefined;
  const removed = isWhole ? await removedStacks(session, { unsaved: 'refuse' }) : undefined;
  const gone = (removed?.stacks ?? []).map(
    ({ description: { stack, project, owner } }): DriftedStack => ({
      ...{ stack, project, owner, deployed: true, removed: true, drift: [], operational: [] },
    }),
  );
  return [...stacks.map(({ stack }) => found.get(stack)!), ...gone].sort(
    (a, b) => compare(a.owner, b.owner) || compare(a.stack, b.stack),
  );
}

/**
 * Compares a stack with real infrastructure by a refresh-only plan in an initialised folder, where it stays as
 * `drift.tfplan`: applied, it writes what was found into the state.
 */
export async function readDrift(
  session: LiveSession,
  stack: string,
  folder: string,
  args: readonly string[] = [],
): Promise<DriftedResource[]> {
  return driftOf(JSON.parse(await planAndShow(session, stack, folder, driftPlanFile, ['-refresh-only', ...args])));
}

/** What was found, by owner, with what to do about it. */
export function driftReport(session: LiveSession, stacks: readonly DriftedStack[]): string {
  const [plan, deploy, reconcile] = ['plan', 'deploy', 'reconcile'].map((name) => commandFor(session, name));
  const lines: string[] = [];
  const section = (title: string, of: (stack: DriftedStack) => readonly string[]) => {
    const owners = [...new Set(stacks.filter((stack) => of(stack).length > 0).map(({ owner }) => owner))];
    if (owners.length === 0) return;
    lines.push(title);
    for (const owner of owners) {
      lines.push(`  ${owner}`, ...stacks.filter((stack) => stack.owner === owner).flatMap(of));
    }
  };
  section('Drift: real infrastructure differs from the state', (stack) =>
    stack.drift.length === 0
      ? []
      : [
          ...stack.drift.map((resource) => `    ${stack.stack}: ${describeDrift(resource)}`),
          '    to put it right, plan, review the plan, and deploy it:',
          `      ${plan!(stack)}`,
          `      ${deploy!(stack)}`,
        ],
  );
  section('Operational: changed by a failover, a rehearsal or scaling', (stack) =>
    stack.operational.length === 0
      ? []
      : [
          ...stack.operational.map((resource) => `    ${stack.stack}: ${describeDrift(resource)}: ${resource.meaning}`),
          '    to update the state; nothing in AWS is changed:',
          `      ${reconcile!(stack)}`,
        ],
  );
  section('Deployed, and the project was removed', (stack) =>
    stack.removed
      ? [
          `    ${stack.stack}: ${stack.project} is no longer in the tree; to destroy it:`,
          `      ${commandLine(session, 'destroy', '--removed', stack.stack)}`,
        ]
      : [],
  );
  section('Unknown', (stack) => (stack.error ? [`    ${stack.error}`] : []));
  const { length: drifted } = stacks.filter(({ drift }) => drift.length > 0);
  const absent = stacks.filter(({ deployed }) => !deployed).length;
  lines.push(
    `${stacks.length} stacks: ${drifted} drifted, ${stacks.filter(({ operational }) => operational.length > 0).length} with operational changes, ${absent} not deployed`,
  );
  return lines.join('\n');
}

/** A resource with the values that differ, for people: `address: argument: before → after`. */
export function describeDrift({ address, action, arguments: names, changes }: DriftedResource): string {
  if (action === 'delete') return `${address} does not exist`;
  const values = changes.map(describeChange);
  return `${address}: ${(values.length > 0 ? values : names).join('; ')}`;
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
