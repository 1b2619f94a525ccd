import { defineContract, map } from '@platform/libs/contract/contract';
import type { PlanJson } from '@platform/tools/model/plan';
import { liveUpstreamValues } from './upstream-outputs';

const contract = defineContract({
  stack: 'region-us-data',
  project: 'region-us/data',
  stateRegion: { key: 'us', awsRegion: 'us-east-1' },
  fields: { tableArns: map('Tables', { sessions: 'example-sessions', invoices: 'example-invoices' }) },
});
const deployed = { tableArns: { sessions: 'arn-of-sessions' } };

test('a map that another plan is about to change has examples of its new entries, and former values of the others', () => {
  const plan = { output_changes: { tableArns: { actions: ['update'], after_unknown: true } } } as unknown as PlanJson;
  expect(liveUpstreamValues(contract, deployed, plan)).toEqual({
    tableArns: { source: 'former', value: { sessions: 'arn-of-sessions', invoices: 'example-invoices' } },
  });
});

test('a map that nobody is about to change is as it is deployed', () => {
  expect(liveUpstreamValues(contract, deployed)).toEqual({
    tableArns: { source: 'state', value: { sessions: 'arn-of-sessions' } },
  });
});
