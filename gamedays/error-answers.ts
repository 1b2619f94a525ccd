import type { RegionSettings } from '@platform/libs/settings/region';
import { WrongUse } from '@platform/libs/settings/problem';
import { Accounts, type FailoverContext } from '@platform/tools/actions/failover/accounts';
import type { Act } from '@platform/tools/actions/gameday/game-day';

/** Before every rule of the application. */
const PRIORITY = 1;

/** The act that lets a region's load balancer answer 503 to requests for a name, and back. */
export async function answerErrors(
  context: FailoverContext,
  { key, awsRegion }: Pick<RegionSettings, 'key' | 'awsRegion'>,
  host: string,
): Promise<Act> {
  const { CreateRuleCommand, DeleteRuleCommand, DescribeListenersCommand, DescribeLoadBalancersCommand } = await import(
    '@aws-sdk/client-elastic-load-balancing-v2'
  );
  const client = await new Accounts(context).balancers(awsRegion);
  const name = `${context.environment.name}-app`;
  const { LoadBalancers: [balancer] = [] } = await client.send(new DescribeLoadBalancersCommand({ Names: [name] }));
  const { Listeners = [] } = await client.send(
    new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
  );
  const listener = Listeners.find(({ Port }) => Port === 443);
  if (!listener) throw new WrongUse(`${key}: the load balancer ${name} has no listener on port 443`);
  let rule: string | undefined;
  return {
    call: `elasticloadbalancing:CreateRule 503 for ${host} in ${awsRegion}`,
    run: async () => {
      const { Rules: [made] = [] } = await client.send(
        new CreateRuleCommand({
          ListenerArn: listener.ListenerArn,
          Priority: PRIORITY,
          Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain' } }],
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
  };
}
