import type { PlanJson } from '@platform/tools/model/plan';

type Change = NonNullable<PlanJson['resource_changes']>[number];

/** What the counts of a plan do not tell: changes that are right as plans, and that traffic feels while they are made. */
export function planWarnings(plan: Pick<PlanJson, 'resource_changes'>): string[] {
  const changes = plan.resource_changes ?? [];
  return [...changes.flatMap(replacedHealthCheck), ...groupsWithoutInstances(changes)];
}

/**
 * Route 53 cannot change the interval of a check (API, HealthCheckConfig, RequestInterval), and a new check counts as
 * healthy until it knows better (Route 53 developer guide, "How Amazon Route 53 determines whether a health check is healthy").
 */
function replacedHealthCheck({ address, type, change }: Change): string[] {
  if (type !== 'aws_route53_health_check' || !(change.actions.includes('create') && change.actions.length > 1))
    return [];
  const [before, after] = [field(change.before, 'request_interval'), field(change.after, 'request_interval')];
  const why = before === after ? '' : `, because Route 53 cannot change its interval (${before} s to ${after} s)`;
  return [
    `${address} is replaced${why}: until the new check has looked often enough it counts as healthy, also while the region is not; deploy it while all regions are well, and no check is inverted or disabled on purpose`,
  ];
}

/** A group's first instances and the weights that send to them, in one plan: nothing waits for the instances to be healthy. */
function groupsWithoutInstances(changes: readonly Change[]): string[] {
  const routes = changes.some(({ type, change }) => type === 'aws_lb_listener_rule' && change.actions[0] === 'update');
  if (!routes) return [];
  return changes
    .filter(({ type, change }) => type === 'aws_autoscaling_group' && change.actions[0] === 'update')
    .filter(({ change }) => field(change.before, 'max_size') === 0 && Number(field(change.after, 'max_size')) > 0)
    .map(
      ({ address }) =>
        `${address} gets its first instances in the change that moves requests to it, and nothing waits for them to be healthy; deploy it with applications.*.idleColour 'running' first`,
    );
}

function field(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
}
