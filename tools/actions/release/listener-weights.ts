import type {
  Action,
  ElasticLoadBalancingV2Client,
  Rule,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { colours, type Colour } from '@platform/libs/settings/application';

/** A rule that divides requests between the colours. */
export interface WeightedRule {
  readonly arn: string;
  readonly greenPercent: number;
  /** The action as it is, to change nothing but its weights. */
  readonly action: Action;
}

/** Numbers of targets of a group by state of health. */
export type TargetCounts = Readonly<Record<string, number>>;

/** The load balancer of an application in one region, as its stack published it. */
export interface DeployedBalancer {
  readonly arn: string;
  readonly targetGroupArns: Readonly<Record<Colour, string>>;
}

/**
 * The load balancer in the outputs of an application's stack; ARNs of target groups begin as that of the load balancer.
 * Nothing if the outputs do not have one.
 */
export function balancerIn(outputs: Readonly<Record<string, unknown>>): DeployedBalancer | undefined {
  const arn = outputs['balancerArn'];
  const suffixes = outputs['targetGroupArnSuffixes'] as Readonly<Record<string, string>> | undefined;
  if (typeof arn !== 'string' || !suffixes?.['blue'] || !suffixes['green']) return undefined;
  const start = arn.slice(0, arn.indexOf(':loadbalancer/') + 1);
  return {
    arn,
    targetGroupArns: { blue: `${start}${suffixes['blue']}`, green: `${start}${suffixes['green']}` },
  };
}

/** The rules of the HTTPS listener that forward to both target groups, by priority. */
export async function readRules(
  client: ElasticLoadBalancingV2Client,
  { arn, targetGroupArns }: DeployedBalancer,
): Promise<WeightedRule[]> {
  const { DescribeListenersCommand, DescribeRulesCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2');
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn: arn }));
  const listener = Listeners.find(({ Port }) => Port === 443);
  if (!listener) return [];
  const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: listener.ListenerArn! }));
  return Rules.filter(({ IsDefault }) => !IsDefault).flatMap((rule) => weighted(rule, targetGroupArns));
}

function weighted({ RuleArn, Actions = [] }: Rule, groups: DeployedBalancer['targetGroupArns']): WeightedRule[] {
  const action = Actions.find(({ Type }) => Type === 'forward');
  const weightOf = (colour: Colour) =>
    action?.ForwardConfig?.TargetGroups?.find(({ TargetGroupArn }) => TargetGroupArn === groups[colour])?.Weight;
  const [blue, green] = [weightOf('blue'), weightOf('green')];
  if (!RuleArn || !action || blue === undefined || green === undefined || blue + green === 0) return [];
  return [{ arn: RuleArn, greenPercent: Math.round((100 * green) / (blue + green)), action }];
}

/** Gives green this percent of the requests that match a rule. */
export async function writeRule(
  client: ElasticLoadBalancingV2Client,
  { arn, action }: WeightedRule,
  groups: DeployedBalancer['targetGroupArns'],
  greenPercent: number,
): Promise<void> {
  const { ModifyRuleCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2');
  const weights: Readonly<Record<Colour, number>> = { blue: 100 - greenPercent, green: greenPercent };
  const TargetGroups = colours.map((colour) => ({ TargetGroupArn: groups[colour], Weight: weights[colour] }));
  // ForwardConfig alone: with TargetGroupArn beside it the API takes one group only.
  const { TargetGroupArn: _, ...rest } = action;
  await client.send(
    new ModifyRuleCommand({
      RuleArn: arn,
      Actions: [{ ...rest, Type: 'forward', ForwardConfig: { ...action.ForwardConfig, TargetGroups } }],
    }),
  );
}

/** Targets of a group by state of health: `{ healthy: 3 }`. */
export async function readTargets(client: ElasticLoadBalancingV2Client, targetGroupArn: string): Promise<TargetCounts> {
  const { DescribeTargetHealthCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2');
  const { TargetHealthDescriptions = [] } = await client.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  const counts: Record<string, number> = {};
  for (const { TargetHealth } of TargetHealthDescriptions as TargetHealthDescription[]) {
    const state = TargetHealth?.State ?? 'unknown';
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}
