import infra from '@platform/infra.config';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import { assertVpcsListed } from '@platform/libs/resolver/listed-vpcs';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { regions } from '@platform/shared/regions';
import { ResolverStack } from './stack';
import { vpcs } from './upstream';

runStacks(infra, (app, environment) => {
  assertListed(regions, 'shared/resolver/upstream.ts', { vpcs });
  assertVpcsListed(regions, 'shared/resolver/upstream.ts', vpcs);
  const vpcsOf = byRegion(regions, vpcs, (ofRegion) => ofRegion);
  for (const region of regions) new ResolverStack(app, environment, region, vpcsOf[region.key]!);
});
