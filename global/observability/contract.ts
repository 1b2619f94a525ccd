import { defineContract, map } from '@platform/libs/contract/contract';
import { home } from '../home';

export const contract = defineContract({
  stack: 'global-observability',
  project: 'global/observability',
  stateRegion: home,
  fields: {
    dashboardNames: map('Dashboards across the regions, by the account whose metrics they show', {
      workload: 'example-regions',
      edge: 'example-edge',
    }),
  },
});
