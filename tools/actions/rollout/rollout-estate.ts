import type { RolloutSettings } from '@platform/libs/settings/rollout';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { deployEstate, isFine, type DeployedStack } from '@platform/tools/actions/deploy/deploy-estate';
import type { DeployStackOptions } from '@platform/tools/actions/deploy/deploy-stack';
import { chooseStacks, type LiveProgress } from '@platform/tools/session/estate-run';
import { gateLooks } from './gate-looks';
import type { LiveSession } from '@platform/tools/session/live-session';
import { passGate } from './pass-gate';
import { planCommandFor } from '@platform/tools/session/plan-command-for';
import { settleSec } from '@platform/tools/session/emptied-stacks';
import { FOUNDATIONS, REMOVALS, rolloutPhases } from '@platform/tools/session/rollout-phases';
import { stateLocation } from '@platform/tools/model/configuration';

export interface RolloutEstateOptions extends Omit<DeployStackOptions, 'planCommand'> {
  /** Default: the environment's settings. */
  readonly gate?: RolloutSettings;
  readonly progress?: LiveProgress;
}

export interface Rollout {
  readonly stacks: readonly DeployedStack[];
  /** Where it stopped; nothing when it came to its end. */
  readonly stopped?: {
    /** Name of the last phase that was begun. */
    readonly after: string;
    /** What was red. */
    readonly why: string;
    /** Names of the phases that nothing was done in. */
    readonly untouched: readonly string[];
  };
}

/**
 * Deploys one phase of {@link rolloutPhases} after the other. Between two phases the gate has to stay green for its whole
 * time since the last change of what went before, be it of this run or of an earlier one: a run that was interrupted or
 * stopped waits for what is left of the time and goes on. Foundations are new and carry nothing: no gate follows them.
 * @throws WrongUse when there is no such project
 */
export async function rolloutEstate(
  session: LiveSession,
  projects: readonly string[],
  options: RolloutEstateOptions = {},
): Promise<Rollout> {
  const { estate, environment, signal, note } = session.options;
  const { gate = environment.rollout, progress, ...accepted } = options;
  const { stacks, before, deployed, emptied } = await chooseStacks(session, projects);
  const phases = rolloutPhases(stacks, {
    regions: estate.regions,
    exists: (stack) => deployed.has(stack),
    isEmptied: (stack) => emptied.has(stack),
  });
  const done: DeployedStack[] = [];
  const judged: StackDescription[] = [];
  for (const [index, phase] of phases.entries()) {
    note?.(`phase ${phase.name}: ${phase.stacks.map(({ stack }) => stack).join(', ')}`);
    const results = await deployEstate(session, {
      stacks: phase.stacks,
      before,
      emptied,
      planCommand: planCommandFor(session),
      ...accepted,
      ...(progress ? { progress } : {}),
    });
    done.push(...results);
    const stop = (why: string): Rollout => ({
      stacks: done,
      stopped: { after: phase.name, why, untouched: phases.slice(index + 1).map(({ name }) => name) },
    });
    if (signal?.aborted) return stop('it was interrupted');
    if (!results.every(isFine)) return stop('not everything was deployed');
    const next = phases[index + 1];
    if (!next || phase.name === FOUNDATIONS) continue;
    judged.push(...phase.stacks);
    const red = await watch(session, gate, { judged, results, next: next.name }).catch((error: unknown) => {
      if (signal?.aborted) return 'it was interrupted';
      throw error;
    });
    if (red) return stop(red);
  }
  return { stacks: done };
}

async function watch(
  session: LiveSession,
  gate: RolloutSettings,
  {
    judged,
    results,
    next,
  }: {
    readonly judged: readonly StackDescription[];
    readonly results: readonly DeployedStack[];
    readonly next: string;
  },
): Promise<string | undefined> {
  const { estate, signal, note } = session.options;
  const keys = new Set(judged.filter(({ stack }) => !session.unsupported.isWhole(stack)).map(({ region }) => region));
  const regions = estate.regions.filter(({ key }) => keys.has(key));
  const isNew = results.some(({ result }) => result === 'applied');
  // Until then resolvers send some clients to what the phase `removals` destroys.
  const wholeSec = next === REMOVALS ? Math.max(gate.waitSec, settleSec) : gate.waitSec;
  const waitSec = isNew ? wholeSec : Math.max(0, wholeSec - (await secondsSinceChange(session, judged)));
  note?.(
    `gate before ${next}: looking at ${regions.map(({ key }) => key).join(', ')}${waitSec > 0 ? ` for ${Math.ceil(waitSec)} s` : ''}`,
  );
  return passGate(gateLooks(session, gate, regions), { waitSec, ...(signal ? { signal } : {}) });
}

/** Time since one of the stacks' states was written last, in seconds; infinite where none has a state. */
async function secondsSinceChange(session: LiveSession, stacks: readonly StackDescription[]): Promise<number> {
  const ages = await Promise.all(
    stacks.map(({ stack }) =>
      session.calls.make(stack, () =>
        session.store.secondsSinceWrite(stateLocation(session.stacks.configuration(stack))),
      ),
    ),
  );
  return Math.min(Infinity, ...ages.filter((age) => age !== undefined));
}
