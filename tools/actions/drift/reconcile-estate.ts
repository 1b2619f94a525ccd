import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from '@platform/tools/aws/callers-failure';
import { operationalMeaning } from '@platform/tools/model/drift-classes';
import { describeDrift, driftPlanFile, readDrift } from './drift-estate';
import { chooseStacks, workersFor, type LiveProgress } from '@platform/tools/session/estate-run';
import { withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import type { LiveSession } from '@platform/tools/session/live-session';
import { planArguments, prepareFolder } from '@platform/tools/session/plan-stack';
import { commandFor } from '@platform/tools/session/plan-command-for';
import { recordStateBefore, saveUnsavedStates } from '@platform/tools/session/unsaved-state';
import { plannedAddresses } from '@platform/tools/model/plan';

/** How the state of one stack was updated. */
export interface ReconciledStack {
  readonly stack: string;
  readonly project: string;
  /** `refused`: more differs than operations change. `untouched`: nothing differs, or it was never deployed. */
  readonly result: 'reconciled' | 'untouched' | 'refused' | 'failed' | 'not reached';
  /** What was found, and what a person has to do about it. */
  readonly messages: readonly string[];
}

/**
 * Writes what a failover, a rehearsal or scaling has changed into the states of stacks, by refresh-only applies: nothing
 * in AWS is changed. A stack that differs by more than that is refused as a whole, for the difference would be forgotten.
 * Says which of these changes the settings would undo.
 * @throws WrongUse when there is no such project
 */
export async function reconcileEstate(
  session: LiveSession,
  projects: readonly string[],
  progress: LiveProgress = {},
): Promise<ReconciledStack[]> {
  const { stacks, deployed, before } = await chooseStacks(session, projects);
  const { signal } = session.options;
  progress.planned?.(stacks.map(({ stack }) => stack));
  const done = new Map<string, ReconciledStack>();
  await runInOrder(stacks, {
    name: ({ stack }) => stack,
    upstreams: ({ stack }) => before.get(stack) ?? [],
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (description) => {
      const { stack, project } = description;
      progress.started?.(stack);
      const outcome = deployed.has(stack)
        ? await reconcileStack(session, description).catch(
            (error: unknown): Outcome => ({ result: 'failed', messages: [readable(error, stack).message] }),
          )
        : untouched;
      done.set(stack, { stack, project, ...outcome });
      progress.finished?.(stack, outcome.result);
    },
  });
  return stacks.map(({ stack, project }) => done.get(stack) ?? { stack, project, result: 'not reached', messages: [] });
}

type Outcome = Pick<ReconciledStack, 'result' | 'messages'>;

const untouched: Outcome = { result: 'untouched', messages: [] };

async function reconcileStack(session: LiveSession, description: StackDescription): Promise<Outcome> {
  const { stack } = description;
  await saveUnsavedStates(session, stack);
  // One that cannot be read is an error of ours, which says what to do.
  await session.states.of(stack);
  const folder = session.folders.of(stack, 'reconcile');
  return withFolder(folder, session.folders.wait, async () => {
    prepareFolder(session, description, folder);
    await initialise(session, stack, folder);
    const found = await readDrift(session, stack, folder);
    if (found.length === 0) return untouched;
    const drift = found.filter((resource) => operationalMeaning(resource) === undefined);
    if (drift.length > 0) {
      return {
        result: 'refused',
        messages: [
          `${stack}: more differs than a failover, a rehearsal or scaling changes:`,
          ...drift.map((resource) => `  ${describeDrift(resource)}`),
          'put that right first:',
          ...['plan', 'deploy'].map((name) => `  ${commandFor(session, name)(description)}`),
        ],
      };
    }
    recordStateBefore(folder, await session.states.of(stack));
    const lock = `-lock-timeout=${session.folders.lockTimeoutSec}s`;
    await session.terraform.run(folder, stack, ['apply', '-input=false', '-json', lock, driftPlanFile]);
    const undone = await undoneBySettings(session, stack, folder, new Set(found.map(({ address }) => address)));
    return {
      result: 'reconciled',
      messages: [
        ...found.map((resource) => `${stack}: ${describeDrift(resource)}: the state follows`),
        ...(undone.length === 0
          ? []
          : [
              `${stack}: the settings say otherwise; the next plan reverts ${undone.join(', ')}; change the settings to keep it`,
            ]),
      ],
    };
  });
}

/** Addresses, among some, that a plan from the settings as they are would change. */
async function undoneBySettings(
  session: LiveSession,
  stack: string,
  folder: string,
  addresses: ReadonlySet<string>,
): Promise<string[]> {
  const plan = [
    'plan',
    '-refresh=false',
    '-lock=false',
    ...planArguments(session),
    ...session.unsupported.targetArguments(stack),
  ];
  const { stdout } = await session.terraform.run(folder, stack, plan, { reads: true });
  return plannedAddresses(stdout).filter((address) => addresses.has(address));
}
