import { WrongUse } from '@platform/libs/settings/problem';
import { deployEstate, deployTable, isFine, type DeployedStack } from '@platform/tools/actions/deploy/deploy-estate';
import { destroyEstate } from '@platform/tools/actions/destroy/destroy-estate';
import { stacksToDestroy, lossesOf } from '@platform/tools/actions/destroy/stacks-to-destroy';
import { driftEstate, driftReport } from '@platform/tools/actions/drift/drift-estate';
import { chooseStacks, deployedStacks, type LiveProgress } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine, planCommandFor } from '@platform/tools/session/plan-command-for';
import { planEstate } from '@platform/tools/actions/plan/plan-estate';
import { bootstrap, stateStack } from '@platform/tools/actions/bootstrap/bootstrap';
import { selectStacks } from '@platform/tools/workspace/select-stacks';
import { changeBehindTheBack } from './change-behind';
import { stackOutputs } from './stack-outputs';

export interface DemoOptions {
  readonly session: LiveSession;
  /** Folders or names; with them goes everything that they read. */
  readonly projects: readonly string[];
  readonly progress: LiveProgress;
  /** Results. */
  readonly print: (text: string) => void;
  /** Talk. */
  readonly note: (text: string) => void;
}

/** One step of the demo, for the table of times. */
export interface DemoStep {
  readonly step: string;
  readonly seconds: number;
}

export interface DemoResult {
  /** Whether everything went as it should, the drift that the demo makes included. */
  readonly fine: boolean;
  readonly steps: readonly DemoStep[];
}

/**
 * The life of an estate on an emulator, by the parts that the commands use: bootstrap, deploy in order, a second deploy, a
 * change behind Terraform's back, its drift, the repair, destroy. What fails does not keep it from destroying what was made.
 * @throws WrongUse when something of the estate is deployed there already: the demo would destroy it
 */
export async function runDemo({ session, projects, progress, print, note }: DemoOptions): Promise<DemoResult> {
  const { signal } = session.options;
  const steps: DemoStep[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    note(`\n${name}`);
    const started = performance.now();
    try {
      return await work();
    } finally {
      steps.push({ step: name, seconds: (performance.now() - started) / 1000 });
      signal?.throwIfAborted();
    }
  };

  const { buckets } = await step('Bootstrap: the buckets of all states', () =>
    bootstrap({
      session,
      note,
      confirm: async (changes) => {
        note(`${changes.length} changes`);
        return true;
      },
    }),
  );
  print(buckets.join('\n'));
  const there = [...(await deployedStacks(session))].filter((stack) => stack !== stateStack);
  if (there.length > 0) {
    throw new WrongUse(
      `demo: ${there.join(', ')} of ${session.options.environment.name} are deployed there already, and the demo ends with a destroy; destroy them (\`${commandLine(session, 'destroy')}\`), or let the demo start an emulator of its own: unset AWS_ENDPOINT_URL`,
    );
  }

  const names = withWhatTheyRead(session, projects);
  const deployed = await step('Deploy: what the emulator carries, in the order of what reads what', async () => {
    const chosen = await chooseStacks(session, names);
    const stacks = chosen.stacks.filter(({ stack }) => stack !== stateStack);
    const planCommand = planCommandFor(session);
    return deployEstate(session, { ...chosen, stacks, planCommand, unreviewed: true, progress });
  });
  for (const { messages } of deployed) for (const text of messages) note(text);
  print(deployTable(deployed));
  print(await outputsOf(session, deployed));
  const isDeployed = deployed.every(isFine) && (await deployAgain(session, deployed, { step, progress, print, note }));
  const repaired = isDeployed && (await driftAndRepair(session, deployed, { step, progress, print, note }));

  const destroyed = await step('Destroy: in reverse order', async () => {
    const toDestroy = await stacksToDestroy(session, names);
    for (const loss of lossesOf(toDestroy)) note(loss);
    return destroyEstate(session, toDestroy, progress);
  });
  for (const { message } of destroyed) if (message) note(message);
  print(destroyed.map(({ stack, result }) => `${stack}  ${result}`).join('\n'));
  const isDestroyed = destroyed.every(({ result }) => result === 'destroyed');
  return { fine: isDeployed && repaired && isDestroyed, steps };
}

type Steps = Pick<DemoOptions, 'progress' | 'print' | 'note'> & {
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
};

/** Whether a second deploy finds nothing to change. */
async function deployAgain(
  session: LiveSession,
  deployed: readonly DeployedStack[],
  { step, progress, print }: Steps,
): Promise<boolean> {
  const names = deployed.map(({ stack }) => stack);
  const again = await step('Deploy again: nothing to change', async () => {
    const chosen = await chooseStacks(session, [...new Set(deployed.map(({ project }) => project))]);
    const stacks = chosen.stacks.filter(({ stack }) => names.includes(stack));
    const planCommand = planCommandFor(session);
    return deployEstate(session, { ...chosen, stacks, planCommand, unreviewed: true, progress });
  });
  print(deployTable(again));
  return again.every(({ result }) => result === 'untouched' || result === 'unsupported');
}

/** Whether the change was found where it was made, and is gone after a deploy. */
async function driftAndRepair(
  session: LiveSession,
  deployed: readonly DeployedStack[],
  { step, progress, print, note }: Steps,
): Promise<boolean> {
  const stacks = deployed.filter(({ result }) => result !== 'unsupported');
  const change = await changeBehindTheBack(
    session,
    stacks.map(({ stack }) => stack),
  );
  if (!change) {
    note('\nthe demo can change none of these resources outside Terraform: no drift to show');
    return true;
  }
  note(`\nChanged outside Terraform: ${change.done}`);
  const { project } = session.stacks.get(change.stack);
  const projects = [...new Set(stacks.map(({ project }) => project))];
  const found = await step('Drift: the states against real infrastructure', () =>
    driftEstate(session, projects, progress),
  );
  print(driftReport(session, found));
  const isFound = found.some(
    ({ stack, drift }) => stack === change.stack && drift.some(({ address }) => address === change.address),
  );

  const repair = await step(`Repair: plan and deploy ${change.stack} again`, async () => {
    const planned = await planEstate(session, [project], progress);
    const chosen = await chooseStacks(session, [project]);
    // What an emulator forgets of a resource may force its replacement, beside the repair.
    const replace = planned.stacks.flatMap(({ changes }) =>
      changes.filter(({ action }) => action === 'replace').map(({ address }) => address),
    );
    return deployEstate(session, { ...chosen, planCommand: planCommandFor(session), replace, progress });
  });
  print(deployTable(repair));
  return isFound && repair.some(({ stack, result }) => stack === change.stack && result === 'applied');
}

/** Projects, and those whose contracts they read, directly or through others; all where none is named. */
function withWhatTheyRead(session: LiveSession, projects: readonly string[]): string[] {
  const chosen = new Set<string>();
  const add = (stack: string) => {
    if (chosen.has(stack)) return;
    chosen.add(stack);
    for (const read of session.stacks.get(stack).reads) add(read);
  };
  for (const { stack } of selectStacks(session.options.root, { names: projects }).of(session.stacks.all)) add(stack);
  return [...new Set([...chosen].map((stack) => session.stacks.get(stack).project))];
}

/** Contract fields of each deployed stack, with their current values. */
async function outputsOf(session: LiveSession, deployed: readonly DeployedStack[]): Promise<string> {
  const lines: string[] = [];
  for (const { stack, result } of deployed) {
    const state = result === 'unsupported' ? undefined : await session.states.of(stack);
    lines.push(...stackOutputs(stack, state));
  }
  return lines.join('\n');
}
