import type { PlanJson } from '@platform/tools/model/plan';
import { driftOf } from '@platform/tools/model/drift-classes';
import type { LiveSession } from '@platform/tools/session/live-session';
import { driftReport, type DriftedStack } from './drift-estate';

const session = {
  options: { target: { name: 'aws' }, environment: { name: 'prod' } },
} as unknown as LiveSession;

const stack = (name: string, more: Partial<DriftedStack>): DriftedStack => ({
  stack: name,
  project: name.replace(/-(\w+)$/, '/$1'),
  owner: 'network',
  deployed: true,
  drift: [],
  operational: [],
  ...more,
});

test('an argument that was changed is told with both values, and a sensitive one without', () => {
  const plan: PlanJson = {
    resource_drift: [
      {
        address: 'aws_vpc_security_group_ingress_rule.Ssh',
        mode: 'managed',
        type: 'aws_vpc_security_group_ingress_rule',
        change: {
          actions: ['update'],
          before: { cidr_ipv4: '10.0.0.0/8', description: 'first' },
          after: { cidr_ipv4: '0.0.0.0/0', description: 'second' },
          before_sensitive: { description: true },
          after_sensitive: { description: true },
        },
      },
    ],
  };
  const text = driftReport(session, [stack('region-us-vpc', { drift: driftOf(plan) })]);
  expect(text).toMatch(/region-us-vpc: aws_vpc_security_group_ingress_rule\.Ssh: .*10\.0\.0\.0\/8.*0\.0\.0\.0\/0/);
  expect(text).not.toMatch(/first|second/);
  expect(text).toContain('1 stacks: 1 drifted');
});

test('a deployed stack whose project is gone is told with the command that destroys it', () => {
  const text = driftReport(session, [stack('region-us-old', { removed: true })]);
  expect(text).toContain('npx platform destroy --removed region-us-old --target aws -c prod');
});

test('a stack that could not be compared counts as no clean one', () => {
  const text = driftReport(session, [stack('region-us-vpc', { error: 'region-us-vpc: no answer' })]);
  expect(text).toContain('region-us-vpc: no answer');
});
