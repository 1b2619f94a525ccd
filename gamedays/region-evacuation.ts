import { WrongUse } from '@platform/libs/settings/problem';
import { callOf } from '@platform/tools/actions/failover/act';
import { makeStep } from '@platform/tools/actions/failover/run-failover';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { recordsObjective } from './objective';
import { servingRegion, standbyRegion } from './places';

export default defineGameDay({
  name: 'region-evacuation',
  title: "the API's traffic leaves the region that serves, and comes back",
  path: 'apiReads',
  loss: 'region',
  hypothesis: recordsObjective,
  acts: ({ context, before, signal }) => {
    if (context.environment.edge.failback === 'automatic') {
      throw new WrongUse("edge.failback: automatic has no latch to engage; use 'manual'");
    }
    const { key: region } = servingRegion(context, before);
    const { awsRegion: latchRegion } = standbyRegion(context, before);
    const latch = { kind: 'latch', region, latchRegion } as const;
    const release = { kind: 'release', region, latchRegion } as const;
    return Promise.resolve([
      {
        call: callOf(context, latch),
        run: () => makeStep(context, latch, signal ? { signal } : {}),
        undo: { call: callOf(context, release), run: () => makeStep(context, release) },
      },
    ]);
  },
});
