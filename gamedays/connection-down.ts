import { setTimeout as delay } from 'node:timers/promises';
import { WrongUse } from '@platform/libs/settings/problem';
import { Accounts } from '@platform/tools/actions/failover/accounts';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { internalUrl, onPremisesOf } from './hybrid-path';
import { servingRegion } from './places';

/** Time after which AWS ends the test by itself, in minutes. */
const ENDS_AFTER_MIN = 30;

export default defineGameDay({
  name: 'connection-down',
  title: 'BGP of one Direct Connect interface goes down, and another connection carries the networks',
  path: 'hybrid',
  loss: 'connection',
  url: internalUrl,
  // The test ends the BGP sessions; 120 s leave room for the hold time of routers on the way.
  hypothesis: () => ({ rtoSec: 120, rpoSec: 0 }),
  acts: async ({ context, before, signal }) => {
    onPremisesOf(context);
    const { DescribeVirtualInterfacesCommand, StartBgpFailoverTestCommand, StopBgpFailoverTestCommand } = await import(
      '@aws-sdk/client-direct-connect'
    );
    const { key, awsRegion } = servingRegion(context, before);
    const client = await new Accounts(context).connections(awsRegion);
    const interfaces = async () => {
      const { virtualInterfaces = [] } = await client.send(new DescribeVirtualInterfacesCommand({}));
      return virtualInterfaces.filter(({ virtualInterfaceName }) =>
        virtualInterfaceName?.startsWith(`${context.environment.name}-`),
      );
    };
    const [first] = (await interfaces()).filter(({ virtualInterfaceState }) => virtualInterfaceState === 'available');
    if (!first) throw new WrongUse(`${key}: no virtual interface of Direct Connect is available there`);
    const { virtualInterfaceId, virtualInterfaceName } = first;
    return [
      {
        // It puts the BGP sessions down, until it is stopped or its time is over
        // (https://docs.aws.amazon.com/directconnect/latest/APIReference/API_StartBgpFailoverTest.html).
        call: `directconnect:StartBgpFailoverTest ${virtualInterfaceName} (${virtualInterfaceId}) for ${ENDS_AFTER_MIN} min in ${awsRegion}`,
        run: async () => {
          await client.send(
            new StartBgpFailoverTestCommand({ virtualInterfaceId, testDurationInMinutes: ENDS_AFTER_MIN }),
          );
          const isDown = async () =>
            (await interfaces()).find((each) => each.virtualInterfaceId === virtualInterfaceId)
              ?.virtualInterfaceState !== 'available';
          while (!(await isDown())) await delay(5_000, undefined, signal ? { signal } : {});
        },
        undo: {
          call: `directconnect:StopBgpFailoverTest ${virtualInterfaceName} in ${awsRegion}`,
          run: async () => {
            await client.send(new StopBgpFailoverTestCommand({ virtualInterfaceId }));
          },
        },
      },
    ];
  },
});
