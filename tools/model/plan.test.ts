import { knownOutputs, planCounts, type PlanJson } from './plan';

const change = (actions: string[], mode: 'managed' | 'data' = 'managed') => ({
  address: 'aws_vpc.Vpc',
  type: 'aws_vpc',
  mode,
  change: { actions },
});

test('a replacement counts as one, whichever half comes first, and reads count nowhere', () => {
  const plan: PlanJson = {
    resource_changes: [
      change(['create']),
      change(['update']),
      change(['delete']),
      change(['delete', 'create']),
      change(['create', 'delete']),
      change(['no-op']),
      change(['read'], 'data'),
    ],
  };
  expect(planCounts(plan)).toEqual({ create: 1, update: 1, delete: 1, replace: 2 });
});

test('an output is known only when no part of it is unknown or sensitive', () => {
  const plan: PlanJson = {
    output_changes: {
      cidr: { actions: ['create'], after: '10.0.0.0/16', after_unknown: false },
      vpcId: { actions: ['create'], after_unknown: true },
      subnetIds: { actions: ['create'], after: ['subnet-1'], after_unknown: [false, true] },
      secret: { actions: ['create'], after: 'x', after_unknown: false, after_sensitive: true },
    },
  };
  expect(knownOutputs(plan)).toEqual({ cidr: '10.0.0.0/16' });
});
