import { callOf } from '@platform/tools/actions/failover/act';
import { logFile, requestOf, runFailover } from '@platform/tools/actions/failover/run-failover';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import type { Act, Stage } from '@platform/tools/actions/gameday/game-day';
import { planFailover } from '@platform/tools/model/failover';
import { findRoot } from '@platform/tools/workspace/find-root';
import { servingRegion, standbyRegion } from './places';

/** Moves writer and traffic to the other region, and back: by a switchover, or as if the serving region were lost. */
export function movedWriter({ context, before, signal }: Stage, as: 'planned' | 'lost'): Act[] {
  const from = servingRegion(context, before).key;
  const to = standbyRegion(context, before).key;
  const away: FailoverContext = as === 'lost' ? { ...context, lost: from } : context;
  const move = async (chosen: FailoverContext, target: string, stop?: AbortSignal) => {
    const request = requestOf(chosen, {
      to: target,
      allowDataLoss: as === 'lost',
      ...(chosen.lost === undefined ? {} : { lost: chosen.lost }),
    });
    const { result, message, plan } = await runFailover(chosen, request, {
      log: logFile(findRoot(), chosen),
      ...(stop ? { signal: stop } : {}),
    });
    if (result !== 'done') throw new Error(message ?? plan.blockers.join('; '));
  };
  const wanted = requestOf(away, { to, allowDataLoss: as === 'lost', ...(as === 'lost' ? { lost: from } : {}) });
  const calls = planFailover(before, wanted).steps.map((step) => callOf(context, step));
  return [
    {
      call: calls.join('; '),
      run: () => move(away, to, signal),
      // Not stopped by the signal that ended the rehearsal.
      undo: { call: `failover back to ${from}: switchover, then the latch`, run: () => move(context, from) },
    },
  ];
}
