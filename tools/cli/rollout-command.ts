import { WrongUse } from '@platform/libs/settings/problem';
import type { RolloutSettings } from '@platform/libs/settings/rollout';
import { deployTable } from '@platform/tools/live/deploy-estate';
import type { LiveSession } from '@platform/tools/live/live-session';
import { commandLine } from '@platform/tools/live/plan-command-for';
import { rolloutEstate, type Rollout } from '@platform/tools/live/rollout-estate';
import type { DeployOptions } from './deploy-command';
import { inSession, liveProgress } from './live-options';
import { print, talk } from './output';

export interface RolloutCommandOptions extends DeployOptions {
  readonly gateCommand?: string;
  readonly gateUrl?: string;
  /** Seconds, as the command line gives them. */
  readonly gateWait?: string;
}

/** Deploys one region after the other, with a gate between two; stops at a red one. */
export async function rolloutCommand(projects: string[], options: RolloutCommandOptions): Promise<number> {
  const waitSec = options.gateWait === undefined ? undefined : Number(options.gateWait);
  if (waitSec !== undefined && !(waitSec >= 0)) {
    throw new WrongUse(`--gate-wait: "${options.gateWait}" is no number of seconds; give one like 60`);
  }
  return inSession(options, async (session) => {
    const rollout = await rolloutEstate(session, projects, {
      gate: gateOf(session.options.environment.rollout, options, waitSec),
      unreviewed: options.unreviewed ?? false,
      progress: liveProgress(),
    });
    for (const { messages } of rollout.stacks) for (const text of messages) talk(text);
    print(options.json ? JSON.stringify(rollout, null, 2) : deployTable(rollout.stacks));
    if (!rollout.stopped) return 0;
    talk(stopMessage(session, rollout, rollout.stopped));
    return 1;
  });
}

/** What is looked at by the command line takes the place of what the settings look at. */
function gateOf(
  settings: RolloutSettings,
  { gateCommand, gateUrl }: RolloutCommandOptions,
  waitSec = settings.waitSec,
): RolloutSettings {
  if (!gateCommand && !gateUrl) return { ...settings, waitSec };
  return { waitSec, ...(gateCommand ? { command: gateCommand } : {}), ...(gateUrl ? { url: gateUrl } : {}) };
}

function stopMessage(
  session: LiveSession,
  { stacks }: Rollout,
  { after, why, untouched }: NonNullable<Rollout['stopped']>,
): string {
  const changed = [...new Set(stacks.filter(({ result }) => result === 'applied').map(({ project }) => project))];
  return [
    `stopped after ${after}: ${why}`,
    `untouched: ${untouched.join(', ') || 'no phase'}`,
    'to go on: put right what is red, and repeat the command',
    ...(changed.length === 0
      ? ['to go back: nothing was changed in this run']
      : [
          'to go back: undo the change in the code (`git revert`), then',
          `  ${commandLine(session, 'plan', ...changed)}`,
          `  ${commandLine(session, 'deploy', ...changed)}`,
        ]),
  ].join('\n');
}
