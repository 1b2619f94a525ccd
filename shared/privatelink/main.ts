import infra from '@platform/infra.config';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { regions } from '@platform/shared/regions';
import { PrivateLinkStack } from './stack';
import { applications, vpcs } from './upstream';

runStacks(infra, (app, environment) => {
  assertListed(regions, 'shared/privatelink/upstream.ts', { vpcs, applications });
  const vpcOf = byRegion(regions, vpcs, (vpc) => vpc);
  const applicationOf = byRegion(regions, applications, (application) => application);
  for (const region of regions) {
    const upstream = { vpc: vpcOf[region.key]!, application: applicationOf[region.key]! };
    new PrivateLinkStack(app, environment, region, upstream);
  }
});
