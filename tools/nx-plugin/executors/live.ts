import { inSession, liveProgress, underNx } from '@platform/tools/cli/live-options';
import { acceptanceOf, sayWhatIsApplied } from '@platform/tools/cli/confirm-deploy';
import { talk } from '@platform/tools/cli/output';
import { readable } from '@platform/tools/aws/callers-failure';
import { deployEstate, deployTable, isFine } from '@platform/tools/actions/deploy/deploy-estate';
import { destroyEstate } from '@platform/tools/actions/destroy/destroy-estate';
import {
  announcement,
  destroyRefusal,
  stacksToDestroy,
  lossesOf,
} from '@platform/tools/actions/destroy/stacks-to-destroy';
import { unansweredApplies } from '@platform/tools/actions/destroy/unanswered-applies';
import { removedStacks } from '@platform/tools/actions/destroy/removed-stacks';
import { driftEstate, driftReport } from '@platform/tools/actions/drift/drift-estate';
import { chooseStacks } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { liveTargets, type LiveTargetName } from '@platform/tools/aws/live-target-names';
import { planCommandFor } from '@platform/tools/session/plan-command-for';
import { byOptions, executor, type TaskOutcome } from './batch';

export interface LiveExecutorOptions {
  /** Name of an environment. Required by what changes one; else the first of the settings. */
  readonly environment?: string;
  readonly action: 'deploy' | 'drift' | 'destroy';
  /** Where. Default: `PLATFORM_TARGET`, else `aws`. */
  readonly on?: LiveTargetName;
  readonly unreviewed?: boolean;
  readonly acceptUnrecorded?: boolean;
  /** Addresses that may be replaced. */
  readonly replace?: readonly string[];
  /** Environment name: nothing can be typed here. */
  readonly confirm?: string;
  readonly includeStateful?: boolean;
  /** Key of the region to whose stacks the run is limited. Default: all. */
  readonly region?: string;
  /** Stacks at once. Default: one per processor, four at most. */
  readonly parallelism?: number;
}

type Action = (
  session: LiveSession,
  projects: string[],
  options: LiveExecutorOptions,
) => Promise<(folder: string) => TaskOutcome>;

/** One run for all projects of the batch that want the same: one synth, one order, one table. */
export const { one, batch } = executor<LiveExecutorOptions>(async (_, tasks) => {
  const outcomes = new Map<string, TaskOutcome>();
  for (const { options, tasks: group } of byOptions(tasks)) {
    try {
      const { action, environment, region, parallelism } = options;
      const given = {
        target: targetOf(options),
        ...(environment === undefined ? {} : { configuration: environment }),
        ...(region === undefined ? {} : { region }),
        ...(parallelism === undefined ? {} : { parallelism: String(parallelism) }),
      };
      const work = async (session: LiveSession) => {
        const projects = group.map(({ folder }) => folder);
        const of = await actions[action](session, projects, options);
        for (const { id, folder } of group) outcomes.set(id, of(folder));
        return 0;
      };
      await inSession({ ...given, effect: action === 'drift' ? 'reads' : 'changes' }, work);
    } catch (error) {
      for (const { id } of group) outcomes.set(id, { success: false, output: readable(error, options.action).message });
    }
  }
  return outcomes;
});

const deploy: Action = async (session, projects, options) => {
  talk(underNx(session));
  const stacks = await deployEstate(session, {
    ...(await chooseStacks(session, projects)),
    planCommand: planCommandFor(session),
    ...acceptanceOf(options),
    confirm: sayWhatIsApplied,
    progress: liveProgress(),
  });
  // Nx keeps the output of tasks that succeed to itself.
  process.stdout.write(`\n${deployTable(stacks)}\n\n`);
  return (folder) => {
    const own = stacks.filter(({ project }) => project === folder);
    return { success: own.every(isFine), output: own.flatMap(({ messages }) => messages).join('\n') };
  };
};

const drift: Action = async (session, projects) => {
  const stacks = await driftEstate(session, projects, liveProgress());
  process.stdout.write(`\n${driftReport(session, stacks)}\n\n`);
  return (folder) => {
    const own = stacks.filter(({ project }) => project === folder);
    const fine = own.every((stack) => stack.drift.length === 0 && stack.error === undefined);
    return { success: fine, output: fine ? '' : driftReport(session, own) };
  };
};

const destroy: Action = async (
  session,
  projects,
  { confirm = '', includeStateful = false, acceptUnrecorded = false },
) => {
  const environment = session.options.environment.name;
  const removed = await removedStacks(session);
  for (const text of removed.unsaved) talk(text);
  const stacks = await stacksToDestroy(session, projects, { removed: removed.stacks });
  // Before anything goes: what a task prints comes when its batch has ended.
  for (const text of announcement(stacks)) talk(text);
  const unanswered = acceptUnrecorded ? [] : await unansweredApplies(session, stacks);
  const answer = { environment, confirm, includeStateful, unanswered };
  const refusal = stacks.length > 0 ? destroyRefusal(stacks, answer) : undefined;
  if (!refusal && stacks.length > 0) talk(underNx(session));
  const results = refusal ? [] : await destroyEstate(session, stacks, liveProgress(), { unrecorded: acceptUnrecorded });
  return (folder) => {
    const own = stacks.filter(({ description }) => description.project === folder);
    const names = new Set(own.map(({ description }) => description.stack));
    if (own.length === 0) return { success: true, output: 'nothing to destroy' };
    if (refusal) return { success: false, output: [...lossesOf(own), refusal].join('\n') };
    const ended = results.filter(({ stack }) => names.has(stack));
    return {
      success: ended.every(({ result }) => result === 'destroyed'),
      output: ended.map(({ stack, result, message }) => message ?? `${stack} ${result}`).join('\n'),
    };
  };
};

const actions: Readonly<Record<LiveExecutorOptions['action'], Action>> = { deploy, drift, destroy };

function targetOf({ on }: LiveExecutorOptions): LiveTargetName {
  const asked = on ?? (process.env['PLATFORM_TARGET'] || 'aws');
  const target = liveTargets.find((name) => name === asked);
  if (!target)
    throw new Error(`PLATFORM_TARGET: nothing is deployed to "${asked}"; use one of ${liveTargets.join(', ')}`);
  return target;
}
