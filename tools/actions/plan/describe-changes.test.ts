import { changesText } from './describe-changes';
import type { PlanSummary, StackSummary } from './summary';

const stack = (more: Partial<StackSummary>): StackSummary => ({
  stack: 'region-us-vpc',
  project: 'region-us/vpc',
  region: 'us',
  owner: 'network',
  mode: 'live',
  create: 0,
  update: 0,
  delete: 0,
  replace: 0,
  changes: [],
  seconds: 1,
  cached: false,
  assumed: [],
  errors: [],
  warnings: [],
  ...more,
});
const text = (...stacks: StackSummary[]) => changesText({ stacks } as unknown as PlanSummary);
const changes: StackSummary['changes'] = [
  { address: 'aws_vpc.New', action: 'create' },
  { address: 'aws_vpc.Network', action: 'replace', forcedBy: ['cidr_block'] },
  { address: 'aws_eip.Old', action: 'delete' },
];

test('shows each change of a live plan by address, and of a preview all but creations', () => {
  expect(text(stack({ changes }), stack({ stack: 'unchanged' }))).toBe(
    [
      'region-us-vpc:',
      '  create   aws_vpc.New',
      '  REPLACED aws_vpc.Network (forced by cidr_block)',
      '  DESTROY  aws_eip.Old',
    ].join('\n'),
  );
  expect(text(stack({ changes, mode: 'preview' }))).not.toContain('aws_vpc.New');
  expect(text(stack({ changes: changes.slice(0, 1), mode: 'preview' }))).toBe('');
});

test('shows what Terraform shows in the place of it, where that was asked for', () => {
  expect(text(stack({ changes, mode: 'preview', shown: 'Terraform will perform …\n' }))).toBe(
    'region-us-vpc:\nTerraform will perform …',
  );
});
