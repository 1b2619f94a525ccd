import { defineContract, map, text } from '@platform/libs/contract/contract';
import { reachedLevelField } from '@platform/libs/settings/adoption';
import { regions } from '@platform/shared/regions';
import { home } from '../home';

export const contract = defineContract({
  stack: 'global-route53',
  project: 'global/route53',
  stateRegion: home,
  fields: {
    [reachedLevelField]: text('Adoption level that the names lead to', 'standby'),
    apiName: text("Name that the API's clients call", 'api.example.com'),
    healthCheckIds: map(
      'By region: health check on its balancer',
      Object.fromEntries(regions.map(({ key }) => [key, `00000000-0000-4000-8000-0000000000${key}`])),
    ),
    anyRegionHealthCheckId: text(
      'Check that is healthy while at least one region is',
      '00000000-0000-4000-8000-0000000000e0',
    ),
    everyRegionHealthCheckId: text(
      'Check that is healthy while all regions are',
      '00000000-0000-4000-8000-0000000000e1',
    ),
  },
});
