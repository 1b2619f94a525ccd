import { liveProgress, inSession } from '@platform/tools/cli/live-options';
import { readable } from '@platform/tools/live/callers-failure';
import { deployEstate, deployTable, isFine } from '@platform/tools/live/deploy-estate';
import { driftEstate, driftReport } from '@platform/tools/live/drift-estate';
import { chooseStacks } from '@platform/tools/live/estate-run';
import type { LiveSession } from '@platform/tools/live/live-session';
import { liveTargets, type LiveTargetName } from '@platform/tools/live/live-target-names';
import { planCommandFor } from '@platform/tools/live/plan-command-for';
import { byOptions, executor, type TaskOutcome } from './batch';

export interface LiveExecutorOptions {
  readonly environment: string;
  readonly action: 'deploy' | 'drift';
  /** Where. Default: `PLATFORM_TARGET`, else `aws`. */
  readonly on?: LiveTargetName;
  readonly unreviewed?: boolean;
}

/** One run for all projects of the batch that want the same: one synth, one order, one table. */
export const { one, batch } = executor<LiveExecutorOptions>(async (_, tasks) => {
  const outcomes = new Map<string, TaskOutcome>();
  for (const { options, tasks: group } of byOptions(tasks)) {
    const { environment: configuration, unreviewed } = options;
    try {
      await inSession({ configuration, target: targetOf(options) }, async (session) => {
        const projects = group.map(({ folder }) => folder);
        const of = await (options.action === 'drift' ? drift : deploy)(session, projects, unreviewed ?? false);
        for (const { id, folder } of group) outcomes.set(id, of(folder));
        return 0;
      });
    } catch (error) {
      for (const { id } of group) outcomes.set(id, { success: false, output: readable(error, options.action).message });
    }
  }
  return outcomes;
});

async function deploy(session: LiveSession, projects: string[], unreviewed: boolean) {
  const stacks = await deployEstate(session, {
    ...(await chooseStacks(session, projects)),
    planCommand: planCommandFor(session),
    unreviewed,
    progress: liveProgress(),
  });
  // Nx keeps the output of tasks that succeed to itself.
  process.stdout.write(`\n${deployTable(stacks)}\n\n`);
  return (folder: string): TaskOutcome => {
    const own = stacks.filter(({ project }) => project === folder);
    return { success: own.every(isFine), output: own.flatMap(({ messages }) => messages).join('\n') };
  };
}

async function drift(session: LiveSession, projects: string[]) {
  const stacks = await driftEstate(session, projects, liveProgress());
  process.stdout.write(`\n${driftReport(session, stacks)}\n\n`);
  return (folder: string): TaskOutcome => {
    const own = stacks.filter(({ project }) => project === folder);
    const fine = own.every((stack) => stack.drift.length === 0 && stack.error === undefined);
    return { success: fine, output: fine ? '' : driftReport(session, own) };
  };
}

function targetOf({ on }: LiveExecutorOptions): LiveTargetName {
  const asked = on ?? (process.env['PLATFORM_TARGET'] || 'aws');
  const target = liveTargets.find((name) => name === asked);
  if (!target)
    throw new Error(`PLATFORM_TARGET: nothing is deployed to "${asked}"; use one of ${liveTargets.join(', ')}`);
  return target;
}
