import { defineContract, text } from '@platform/libs/contract/contract';
import { home } from '../home';

export const contract = defineContract({
  stack: 'global-access',
  project: 'global/access',
  stateRegion: home,
  fields: {
    planRole: text('Name of the role that reads, the same in every account', 'platform-plan'),
    deployRole: text('Name of the role that deploys, the same in every account', 'platform-deploy'),
  },
});
