import { checkGateUrl, type RolloutSettings } from '@platform/libs/settings/rollout';
import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import { deployTable, type DeployedStack } from '@platform/tools/actions/deploy/deploy-estate';
import type { LiveSession } from '@platform/tools/session/live-session';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { rolloutEstate, type Rollout } from '@platform/tools/actions/rollout/rollout-estate';
import { chooseStacks } from '@platform/tools/session/estate-run';
import { acceptanceOf, confirmDeploy, holdsToReview, reviewOf } from './confirm-deploy';
import type { DeployOptions } from './deploy-command';
import { inSession, liveProgress, secondsOf } from './live-options';
import { print, talk } from './output';

export interface RolloutCommandOptions extends DeployOptions {
  readonly gateCommand?: string;
  readonly gateUrl?: string;
  /** Seconds, as the command line gives them. */
  readonly gateWait?: string;
}

/** Deploys one region after the other, with a gate between two; stops at a red one. */
export async function rolloutCommand(projects: string[], options: RolloutCommandOptions): Promise<number> {
  const waitSec = secondsOf('--gate-wait', options.gateWait);
  // Else it is red after the first region has changed.
  const problems = options.gateUrl ? checkGateUrl('--gate-url', options.gateUrl) : [];
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const { stacks } = await chooseStacks(session, projects);
    const names = stacks.map(({ stack }) => stack);
    const reviewed = reviewOf(session, options);
    if (!holdsToReview(session, names, reviewed)) return 1;
    const confirm = await confirmDeploy(session, names, options);
    if (!confirm) {
      talk('not confirmed; nothing was applied');
      return 1;
    }
    const rollout = await rolloutEstate(session, projects, {
      gate: gateOf(session.options.environment.rollout, options, waitSec),
      ...acceptanceOf(options, reviewed),
      confirm,
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

/** What is red, what is untouched, and both ways on: also where an earlier run has made the change that is red. */
export function stopMessage(
  session: Pick<LiveSession, 'options'>,
  { stacks }: Pick<Rollout, 'stacks'>,
  { after, why, untouched }: NonNullable<Rollout['stopped']>,
): string {
  const projectsThat = (...results: DeployedStack['result'][]) => [
    ...new Set(stacks.filter(({ result }) => results.includes(result)).map(({ project }) => project)),
  ];
  // What has failed can have changed something before it did.
  const changed = projectsThat('applied', 'failed');
  const before = projectsThat('untouched').filter((project) => !changed.includes(project));
  const commands = (projects: readonly string[]) =>
    ['plan', 'deploy'].map((script) => `  ${commandLine(session, script, ...projects)}`);
  return [
    `stopped after ${after}: ${why}`,
    `untouched: ${untouched.join(', ') || 'no phase'}`,
    'to continue: fix the failure, and repeat the command',
    ...(changed.length > 0
      ? ['to roll back: revert the change in the code (`git revert`), then', ...commands(changed)]
      : []),
    ...(before.length > 0
      ? [
          changed.length > 0
            ? 'if an earlier run changed other projects, also'
            : 'to roll back: this run changed nothing; if an earlier run did, revert the change in the code (`git revert`), then',
          ...commands(before),
        ]
      : []),
    ...(changed.length + before.length === 0 ? ['to go back: nothing was changed'] : []),
  ].join('\n');
}
