import { defineContract, map } from '@platform/libs/contract/contract';
import { home } from '../home';

export const contract = defineContract({
  stack: 'global-state',
  project: 'global/state',
  stateRegion: home,
  fields: {
    bucketNames: map('State bucket by region key', { us: 'example-prod-terraform-state-us' }),
    keyArns: map('KMS key of the state bucket by region key', {
      us: 'arn:aws:kms:us-east-1:444444444444:key/00000000-0000-0000-0000-000000000000',
    }),
  },
});
