import { setTimeout as delay } from 'node:timers/promises';
import { acceleratorName } from '@platform/libs/edge/names';
import { atLeast } from '@platform/libs/settings/environment';
import { apiName, mainApplication } from '@platform/libs/settings/physical-names';
import { WrongUse } from '@platform/libs/settings/problem';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { valueOf, type FailoverView } from '@platform/tools/model/failover';
import { answerErrors } from './error-answers';
import { servingRegion } from './places';

/** Telemetry is two minutes behind (libs/traffic-control/decide.ts), and the function looks once a minute. */
const behindSec = 180;

export default defineGameDay({
  name: 'traffic-control-dial',
  title: 'a region answers 503, and traffic control lowers its dial',
  path: 'apiReads',
  loss: 'answers',
  measures: 'recovery',
  hypothesis: ({ environment }) => ({
    rtoSec: environment.trafficControl.lowerAfterMin * 60 + behindSec,
    rpoSec: 0,
  }),
  acts: async ({ context, before, signal }) => {
    const { environment } = context;
    if (!atLeast(environment, 'accelerated') || environment.trafficControl.mode !== 'enforce') {
      throw new WrongUse(
        `${environment.name}: traffic control moves no dial there; it does from level accelerated with trafficControl.mode enforce`,
      );
    }
    const { key, awsRegion } = servingRegion(context, before);
    const from = dialOf(context, before, key);
    if (from === undefined || from === 0)
      throw new WrongUse(`${key}: its dial is ${from ?? 'unknown'}, so it cannot be lowered`);
    return [
      await answerErrors(context, { key, awsRegion }, apiName(environment)),
      {
        call: `globalaccelerator:ListEndpointGroups until the dial of ${key} is below ${from} % in us-west-2`,
        isRecovery: true,
        run: async () => {
          while ((dialOf(context, await observe(context), key) ?? from) >= from) {
            await delay(10_000, undefined, signal ? { signal } : {});
          }
        },
        // Traffic control raises what it lowered, in steps, once the answers are good again.
      },
    ];
  },
});

function dialOf({ environment }: FailoverContext, view: FailoverView, key: string): number | undefined {
  const region = view.regions.find((each) => each.key === key);
  const endpoint = region?.endpoints?.[acceleratorName(environment, mainApplication)];
  return endpoint && valueOf(endpoint)?.dialPercent;
}
