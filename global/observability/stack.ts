import type { Construct } from 'constructs';
import { contract as acceleratorContract } from '@platform/global/ga/contract';
import { contract as route53Contract } from '@platform/global/route53/contract';
import { RegionsDashboard } from '@platform/libs/app/regions-dashboard';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import { EdgeDashboard } from '@platform/libs/edge/edge-dashboard';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { regions } from '@platform/shared/regions';
import { home } from '../home';
import { contract } from './contract';
import { balancers as balancerContracts, distributions as distributionContracts } from './upstream';

/**
 * The dashboards across all regions: of the application, in the workload account, and of the edge, in the edge account. A
 * dashboard shows metrics of its own account. Those of one region are in the region's own stacks.
 */
export class ObservabilityStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region: home, account: 'workload' });
    assertListed(regions, 'global/observability/upstream.ts', {
      balancers: balancerContracts,
      distributions: distributionContracts,
    });
    const balancers = byRegion(regions, balancerContracts, (balancer) => this.read(balancer));
    const distributions = byRegion(regions, distributionContracts, (distribution) => this.read(distribution));
    const { healthCheckIds, everyRegionHealthCheckId } = this.read(route53Contract);
    const { acceleratorArn } = this.read(acceleratorContract);
    const { accounts } = environment;

    const application = new RegionsDashboard(this, 'Regions', {
      environment,
      regions,
      balancers: byRegion(regions, balancers, ({ balancerArnSuffix }) => balancerArnSuffix),
      groups: byRegion(regions, balancers, ({ autoscalingGroupNames }) => autoscalingGroupNames),
    });
    const edge = new EdgeDashboard(this, 'Edge', {
      name: environment.name,
      regions,
      healthCheckIds,
      everyRegionHealthCheckId,
      ...(atLeast(environment, 'origin-failover')
        ? { distributionIds: byRegion(regions, distributions, ({ distributionId }) => distributionId) }
        : {}),
      ...(atLeast(environment, 'accelerated') ? { acceleratorArn } : {}),
      ...(accounts.edge === accounts.workload ? {} : { provider: this.addAliasedProvider(home, 'edge') }),
    });
    this.publish(contract, { dashboardNames: { workload: application.name, edge: edge.name } });
  }
}
