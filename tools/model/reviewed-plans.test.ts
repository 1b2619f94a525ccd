import { readReviewedPlans, shownChanges, unreviewedChanges, validOn, type ReviewedPlans } from './reviewed-plans';
import type { PlanJson } from './plan';

const plan = (change: object, more: object = {}): PlanJson =>
  ({
    format_version: '1.2',
    resource_changes: [
      {
        address: 'aws_sqs_queue.Queue',
        type: 'aws_sqs_queue',
        name: 'Queue',
        mode: 'managed',
        provider_name: 'registry.terraform.io/hashicorp/aws',
        change,
        ...more,
      },
    ],
  }) as unknown as PlanJson;
const update = (name: string, id = 'one') =>
  plan({ actions: ['update'], before: { id, name: 'a' }, after: { id, name }, after_unknown: {} });
const reviewOf = (shown: PlanJson): ReviewedPlans => ({
  format: 2,
  environment: 'prod',
  target: 'aws',
  commit: null,
  stacks: { queues: shownChanges(shown) },
  verdict: 'changes',
  accepted: {},
});
const found = (shown: PlanJson, now: PlanJson, stack = 'queues') =>
  unreviewedChanges(reviewOf(shown), stack, now).map(({ where, what }) => `${where}: ${what}`);

it('accepts the plan that was reviewed, and one that has nothing left to do', () => {
  expect(found(update('b'), update('b'))).toEqual([]);
  expect(found(update('b'), {})).toEqual([]);
});

it.each<[string, PlanJson]>([
  ['another value', update('c')],
  ['another object at the same address', update('b', 'two')],
  ['another action', plan({ actions: ['delete'], before: { id: 'one', name: 'a' }, after: null })],
  [
    'a value that is only known after the apply',
    plan({
      actions: ['update'],
      before: { id: 'one', name: 'a' },
      after: { id: 'one' },
      after_unknown: { name: true },
    }),
  ],
])('refuses %s', (_, now) => {
  expect(found(update('b'), now)).toEqual(['queues: aws_sqs_queue.Queue: the plan does not do what the review showed']);
});

it('refuses what no review showed: a stack, an output', () => {
  expect(found(update('b'), update('b'), 'topics')).toHaveLength(1);
  const output = {
    ...update('b'),
    output_changes: { name: { actions: ['update'], before: 'a', after: 'b', after_unknown: false } },
  };
  expect(found(update('b'), output as unknown as PlanJson)).toEqual([
    expect.stringMatching(/^queues: output\.name: .*showed no change/),
  ]);
});

it('says nothing of sensitive values, not even by the digest', () => {
  const secret = (value: string) =>
    plan({
      actions: ['update'],
      before: { id: 'one', name: 'a', policy: value },
      after: { id: 'one', name: 'b', policy: `${value}!` },
      after_unknown: {},
      before_sensitive: { policy: true },
      after_sensitive: { policy: true },
    });
  expect(shownChanges(secret('first'))).toEqual(shownChanges(secret('second')));
});

it('accepts what it names until the last day of the waiver, and not after it', () => {
  const reviewed = { ...reviewOf({}), accepted: { queues: { 'aws_sqs_queue.Queue': '2027-01-31' } } };
  expect(validOn(reviewed, '2027-01-31').accepted).toEqual(reviewed.accepted);
  expect(validOn(reviewed, '2027-02-01').accepted).toEqual({ queues: {} });
});

it.each(['', '[]', '{"format":3}', '{"format":2,"stacks":{}}'])('refuses %j as a file of reviewed plans', (text) => {
  expect(() => readReviewedPlans(text, '--reviewed: x.json')).toThrow(/^--reviewed: x\.json: is not .*; take it from/);
});
