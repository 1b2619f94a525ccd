import { planBalancerSources } from '@platform/libs/edge/plan-traffic';
import type { Environment } from '@platform/libs/settings/environment';
import { acceleratorGroup, notYet, type RegionSettings } from '@platform/libs/settings/region';

/** A source of connections to a load balancer, as in a security group rule; each has its own group. */
export type BalancerIngress =
  | { readonly name: 'Internet'; readonly cidr: string }
  | { readonly name: 'Distributions' | 'HealthCheckers'; readonly prefixList: string }
  | { readonly name: 'Accelerator'; readonly securityGroup: string };

const internet: BalancerIngress = { name: 'Internet', cidr: '0.0.0.0/0' };

/**
 * Sources that may reach a region's load balancer on 443. The traffic plan decides which; the region's settings hold
 * their AWS ids. The accelerator preserves client addresses, so no address range stands for it: the source is the
 * security group of its interfaces in the VPC.
 *
 * That group exists only after the accelerator's first deploy. While the setting is `not-yet`, the internet is allowed,
 * or the accelerator's clients would be refused. `docs/decisions/balancer-reachability.md` has the steps.
 */
export function balancerIngress(
  environment: Pick<Environment, 'level' | 'name'>,
  { edgeSources }: Pick<RegionSettings, 'edgeSources'>,
): BalancerIngress[] {
  const { distributions, healthCheckers } = edgeSources;
  const accelerator = acceleratorGroup(edgeSources, environment);
  const sources = accelerator === notYet ? (['internet'] as const) : planBalancerSources(environment.level);
  return sources.map((source): BalancerIngress => {
    switch (source) {
      case 'internet':
        return internet;
      case 'cloudfront':
        return { name: 'Distributions', prefixList: distributions };
      case 'health-checks':
        return { name: 'HealthCheckers', prefixList: healthCheckers };
      case 'accelerator':
        return { name: 'Accelerator', securityGroup: accelerator };
    }
  });
}
