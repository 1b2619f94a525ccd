import fc from 'fast-check';
import { runSequence, type Step } from './testing/modelled-deploys';

/*
 * Sequences of what people, machines and other commands do to one stack, on a model of Terraform, AWS and the bucket of
 * states that holds only what the decision can see. The decision itself is the real one.
 */
const machine = fc.constantFrom<0 | 1>(0, 1);
/** Small numbers, so that the same values come again. */
const small = fc.integer({ min: 0, max: 2 });
const interruption = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc.record({ how: fc.constantFrom('machine' as const, 'process' as const), after: fc.nat(14) }),
  },
  { weight: 1, arbitrary: fc.record({ how: fc.constant('failure' as const), after: fc.nat(6) }) },
);
const change = fc.record({
  do: fc.constant('change configuration' as const),
  machine,
  address: fc.constantFrom('aws_vpc.A', 'aws_vpc.B', 'aws_vpc.C'),
  key: fc.option(small, { freq: 4, nil: undefined }),
  value: fc.oneof(small, fc.constant('upstream' as const)),
  createFirst: fc.boolean(),
});
const plan = fc.record({ do: fc.constant('plan' as const), machine });
const deploy = fc.record({
  do: fc.constant('deploy' as const),
  machine,
  interruption,
  meanwhile: fc.option(
    fc.record({ at: fc.constantFrom('decided' as const, 'applied' as const), whole: fc.boolean() }),
    {
      freq: 3,
      nil: undefined,
    },
  ),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: change },
  { weight: 5, arbitrary: plan },
  { weight: 7, arbitrary: deploy },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('destroy' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move upstream' as const), value: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), version: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose state' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      machine,
      by: fc.constantFrom('import' as const, 'delete' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('put back plan' as const), machine }) },
);

/** One machine changes something, plans and deploys it. */
const episode = machine.chain((which) =>
  fc
    .tuple(fc.array(change, { minLength: 1, maxLength: 2 }), plan, deploy)
    .map(([changes, ...rest]): Step[] => [...changes, ...rest].map((each) => ({ ...each, machine: which }))),
);
const sequence = fc
  .array(fc.oneof({ weight: 3, arbitrary: episode }, { weight: 2, arbitrary: step.map((each): Step[] => [each]) }), {
    minLength: 2,
    maxLength: 8,
  })
  .map((parts) => parts.flat());

test('no sequence changes what no accepted plan showed, or says that all is well where it is not', () => {
  const seen = { applied: 0, untouched: 0, refused: 0, failed: 0 };
  fc.assert(
    fc.property(sequence, (steps) => {
      for (const result of runSequence(steps)) seen[result]++;
    }),
    { numRuns: 4000, seed: 13, endOnFailure: false },
  );
  // Sequences that never get anywhere would prove nothing.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(200);
});
