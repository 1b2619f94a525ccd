import { defineContract } from '@platform/libs/contract/contract';
import { home } from '../home';

export const contract = defineContract({
  stack: 'global-guardrails',
  project: 'global/guardrails',
  stateRegion: home,
  fields: {},
});
