import { WrongUse } from '@platform/libs/settings/problem';
import { originName } from '@platform/libs/settings/physical-names';
import { Accounts } from '@platform/tools/actions/failover/accounts';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { servingRegion } from './places';

/** Before every rule of the application. */
const PRIORITY = 1;

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
    const { CreateRuleCommand, DeleteRuleCommand, DescribeListenersCommand, DescribeLoadBalancersCommand } =
      await import('@aws-sdk/client-elastic-load-balancing-v2');
    const { key, awsRegion } = servingRegion(context, before);
    const client = await new Accounts(context).balancers(awsRegion);
    const name = `${context.environment.name}-app`;
    const { LoadBalancers: [balancer] = [] } = await client.send(new DescribeLoadBalancersCommand({ Names: [name] }));
    const { Listeners = [] } = await client.send(
      new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
    );
    const listener = Listeners.find(({ Port }) => Port === 443);
    if (!listener) throw new WrongUse(`${key}: the load balancer ${name} has no listener on port 443`);
    let rule: string | undefined;
    const host = originName(context.environment, key);
    return [
      {
        call: `elasticloadbalancing:CreateRule 503 for ${host} in ${awsRegion}`,
        run: async () => {
          const { Rules: [made] = [] } = await client.send(
            new CreateRuleCommand({
              ListenerArn: listener.ListenerArn,
              Priority: PRIORITY,
              Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
              Actions: [
                { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain' } },
              ],
            }),
          );
          rule = made?.RuleArn;
        },
        undo: {
          call: `elasticloadbalancing:DeleteRule 503 for ${host} in ${awsRegion}`,
          run: async () => {
            if (rule) await client.send(new DeleteRuleCommand({ RuleArn: rule }));
          },
        },
      },
    ];
  },
});
