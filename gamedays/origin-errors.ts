import { originName } from '@platform/libs/settings/physical-names';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { answerErrors } from './error-answers';
import { servingRegion } from './places';

export default defineGameDay({
  name: 'origin-errors',
  title: "a region's load balancer answers 503 to its distribution, and the second origin answers users",
  path: 'site',
  loss: 'region',
  hypothesis: ({ environment }) => {
    const { connectionTimeoutSec, connectionAttempts, readTimeoutSec } = environment.edge.originFailover;
    // Per request: every attempt at the first origin, and its answer.
    return { rtoSec: connectionTimeoutSec * connectionAttempts + readTimeoutSec, rpoSec: 0 };
  },
  acts: async ({ context, before }) => {
    const region = servingRegion(context, before);
    return [await answerErrors(context, region, originName(context.environment, region.key))];
  },
});
