import { WrongUse } from '@platform/libs/settings/problem';
import { callOf } from '@platform/tools/actions/failover/act';
import { makeStep } from '@platform/tools/actions/failover/run-failover';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { keepOut, valueOf, type FailoverStep, type RegionView } from '@platform/tools/model/failover';
import { recordsObjective } from './objective';
import { servingRegion, standbyRegion } from './places';

export default defineGameDay({
  name: 'region-evacuation',
  title: "the API's traffic leaves the region that serves, and comes back",
  path: 'apiReads',
  loss: 'region',
  hypothesis: recordsObjective,
  acts: ({ context, before, signal }) => {
    const { key } = servingRegion(context, before);
    standbyRegion(context, before);
    const region = before.regions.find((each) => each.key === key)!;
    const steps = keepOut(region);
    if (steps.length === 0) {
      throw new WrongUse(
        `${key}: it has neither a latch nor an accelerator that could keep it without traffic; set edge.failback to 'manual'`,
      );
    }
    return Promise.resolve(
      steps.map((step) => {
        const back = reverseOf(step, region);
        return {
          call: callOf(context, step),
          run: () => makeStep(context, step, signal ? { signal } : {}),
          undo: { call: callOf(context, back), run: () => makeStep(context, back) },
        };
      }),
    );
  },
});

/** Weights go back to what they were. */
function reverseOf(step: FailoverStep, { endpoints = {} }: RegionView): FailoverStep {
  if (step.kind !== 'weight') return { ...step, kind: 'release' } as FailoverStep;
  return { ...step, to: valueOf(endpoints[step.accelerator]!)!.weight };
}
