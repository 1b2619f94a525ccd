import { WrongUse } from '@platform/libs/settings/problem';
import { deployEstate, deployTable, isFine, type DeployedStack } from '@platform/tools/live/deploy-estate';
import { chooseStacks } from '@platform/tools/live/estate-run';
import { passGate } from '@platform/tools/live/pass-gate';
import { planCommandFor } from '@platform/tools/live/plan-command-for';
import { rolloutPhases } from '@platform/tools/live/rollout-phases';
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
  const waitSec = Number(options.gateWait ?? 60);
  if (!(waitSec >= 0))
    throw new WrongUse(`--gate-wait: "${options.gateWait}" is no number of seconds; give one like 60`);
  const gate = {
    waitSec,
    ...(options.gateCommand ? { command: options.gateCommand } : {}),
    ...(options.gateUrl ? { url: options.gateUrl } : {}),
  };
  return inSession(options, async (session) => {
    const { stacks, before, deployed } = await chooseStacks(session, projects);
    const { regions } = session.options.estate;
    const phases = rolloutPhases(stacks, { regions, exists: (stack) => deployed.has(stack) });
    const done: DeployedStack[] = [];
    const goBack = () => {
      const changed = done.filter(({ result }) => result === 'applied').map(({ project }) => project);
      return changed.length === 0
        ? 'nothing was changed'
        : `to go back: undo the change in the code (git revert), then plan and deploy ${[...new Set(changed)].join(' ')}`;
    };
    for (const [index, phase] of phases.entries()) {
      talk(`phase ${phase.name}: ${phase.stacks.map(({ stack }) => stack).join(', ')}`);
      const names = new Set(phase.stacks.map(({ stack }) => stack));
      const results = await deployEstate(session, {
        stacks: stacks.filter(({ stack }) => names.has(stack)),
        before,
        planCommand: planCommandFor(session),
        unreviewed: options.unreviewed ?? false,
        progress: liveProgress(),
      });
      done.push(...results);
      for (const { messages } of results) for (const text of messages) talk(text);
      const next = phases[index + 1];
      let red = results.every(isFine) ? undefined : 'not everything was deployed';
      if (!red && next && results.some(({ result }) => result === 'applied')) {
        talk(`gate before ${next.name}: watching for ${waitSec} s`);
        red = await passGate(gate, session.options.signal);
      }
      if (red) {
        print(options.json ? JSON.stringify(done, null, 2) : deployTable(done));
        const untouched = phases.slice(index + 1).map(({ name }) => name);
        talk(`stopped after ${phase.name}: ${red}`);
        talk(`untouched: ${untouched.join(', ') || 'nothing'}; ${goBack()}`);
        return 1;
      }
    }
    print(options.json ? JSON.stringify(done, null, 2) : deployTable(done));
    return 0;
  });
}
