import { planBalancerSources } from '@platform/libs/edge/plan-traffic';
import type { Environment } from '@platform/libs/settings/environment';
import { acceleratorGroup, notYet, type RegionSettings } from '@platform/libs/settings/region';

/** Who may open connections to a balancer, in the words of a security group rule; each has a group of its own. */
export type BalancerIngress =
  | { readonly name: 'Internet'; readonly cidr: string }
  | { readonly name: 'Distributions' | 'HealthCheckers'; readonly prefixList: string }
  | { readonly name: 'Accelerator'; readonly securityGroup: string };

const internet: BalancerIngress = { name: 'Internet', cidr: '0.0.0.0/0' };

/**
 * Who reaches a region's balancer on 443. The plan of traffic says who should; the region's settings hold the ids under
 * which AWS knows them. The accelerator keeps its clients' addresses, so no address range stands for it: what lets
 * it in is the security group of the interfaces that it puts into the VPC.
 *
 * That group exists only after the accelerator's first deploy, so while settings say `not-yet` the door stays open: shut, it would
 * take the accelerator's clients away. `docs/decisions/balancer-reachability.md` has the steps.
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
