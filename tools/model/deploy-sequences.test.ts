import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import * as decisions from './decide-deploy';
import { runSequence, type Decisions, type Step } from './testing/modelled-deploys';

/*
 * Sequences of what people, machines and other commands do to one stack, on a model of Terraform, AWS and the bucket of
 * states that holds only what the decision can see. The decision itself is the real one.
 */
const machine = fc.constantFrom<0 | 1>(0, 1);
/** Small numbers, so that the same values come again. */
const small = fc.integer({ min: 0, max: 2 });
/** One of five times. */
const rarely = (value: boolean) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(!value) }, { weight: 1, arbitrary: fc.constant(value) });
const interruption = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc.record({ how: fc.constantFrom('machine' as const, 'process' as const), after: fc.nat(14) }),
  },
  { weight: 1, arbitrary: fc.record({ how: fc.constantFrom('failure' as const, 'state' as const), after: fc.nat(6) }) },
);
const change = fc.record({
  do: fc.constant('change configuration' as const),
  machine,
  address: fc.constantFrom('aws_vpc.A', 'aws_vpc.B', 'aws_dynamodb_table.C'),
  key: fc.option(small, { freq: 4, nil: undefined }),
  value: fc.oneof(small, fc.constant('upstream' as const)),
  createFirst: fc.boolean(),
});
const plan = fc.record({
  do: fc.constant('plan' as const),
  machine,
  upstream: fc.option(small, { freq: 2, nil: undefined }),
});
const deploy = fc.record({
  do: fc.constant('deploy' as const),
  machine,
  interruption,
  accepted: fc.record({
    unreviewed: rarely(true),
    includeStateful: rarely(false),
    replace: rarely(false),
  }),
  meanwhile: fc.option(
    fc.record({
      at: fc.constantFrom('decided' as const, 'applied' as const),
      what: fc.constantFrom('deploy of this' as const, 'deploy of its own' as const, 'destroy' as const),
    }),
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
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('move upstream' as const),
      value: fc.option(small, { freq: 2, nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('change readers' as const), read: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('change contract' as const), machine, broken: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), version: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose state' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('put state' as const) }) },
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
/** A deploy that is interrupted or disturbed, something, and the same deploy again. */
const repetition = machine.chain((which) =>
  fc
    .tuple(fc.array(change, { minLength: 1, maxLength: 2 }), plan, deploy, fc.array(step, { maxLength: 2 }))
    .map(([changes, planned, first, others]): Step[] => {
      const own = [...changes, planned, first].map((each) => ({ ...each, machine: which }));
      const again = { ...first, machine: which, interruption: undefined, meanwhile: undefined };
      return [...own, ...others, again];
    }),
);
const sequence = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: episode },
      { weight: 2, arbitrary: repetition },
      { weight: 1, arbitrary: step.map((each): Step[] => [each]) },
    ),
    { minLength: 2, maxLength: 7 },
  )
  .map((parts) => parts.flat());

/** What a run of sequences finds: the first fault, and how often each result came. */
function tryDecisions(tried: Decisions, { shrinks }: { readonly shrinks: boolean }) {
  const seen = { applied: 0, untouched: 0, refused: 0, failed: 0 };
  const run = fc.check(
    fc.property(sequence, (steps) => {
      for (const result of runSequence(steps, tried)) seen[result]++;
    }),
    { numRuns: shrinks ? 4000 : 40_000, seed: shrinks ? 13 : 21, endOnFailure: !shrinks },
  );
  const message = run.failed ? `${(run.errorInstance as Error).message}\n${fc.defaultReportMessage(run)}` : undefined;
  return { seen, fault: message };
}

test('no sequence changes what no accepted plan showed, or says that all is well where it is not', () => {
  const { seen, fault } = tryDecisions(decisions, { shrinks: true });
  expect(fault).toBeUndefined();
  // Sequences that never get anywhere would prove nothing.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(200);
});

test('a destroy that asks for nothing leaves objects behind', () => {
  const { fault } = tryDecisions({ ...decisions, unansweredApply: () => undefined }, { shrinks: false });
  expect(fault).toContain('is left');
});

const source = readFileSync(join(__dirname, 'decide-deploy.ts'), 'utf8');

/** The decisions with another text in the place of one that the source has once. */
function decisionsWith(instead: string, code: string): Decisions {
  if (source.split(code).length !== 2) throw new Error(`decide-deploy.ts has this not once: ${code}`);
  const { code: compiled } = transformSync(
    source.replace(code, () => instead),
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    },
  );
  const exports = {};
  new Function('exports', 'require', compiled)(exports, require);
  return exports as Decisions;
}

describe('a fault is found in some sequence without', () => {
  test.each<[protection: string, code: string, instead?: string]>([
    ['the write of an unsaved state', "if (known.hasUnsavedState) return { do: 'save state' };"],
    ['the refusal of a lost state', 'if (known.stateIsLost) {', 'if (false) {'],
    ['the wait for readers', "if (known.stillUsed.length > 0) return { do: 'refuse', reasons: known.stillUsed };"],
    ['the refusal of unrecorded objects', 'if (unrecorded) return unrecorded;'],
    [
      'the refusal after an apply elsewhere',
      'if (!keptBegun || keptBegun.ended || known.isLocked) return undefined;',
      'return undefined;',
    ],
    ['the need of a plan after an apply elsewhere', ' && !isOpen', ''],
    ['a look at the configuration that was applied', ' && changedFiles(files, now.files).length === 0', ''],
    ['a look at the state that was left', 'JSON.stringify(state) === JSON.stringify(now.state) && ', ''],
    [
      'a look at the values of others that were applied',
      ' && changedUpstream(applied.upstream, now.upstream).length === 0',
    ],
    ['the need of a plan', 'if (!accepted.unreviewed) {', 'if (false) {'],
    ['the binding of a plan', '...bindingProblems(recorded.record, now),'],
    [
      'the binding of a plan to its state',
      'isLast ? movedState(begun, known.logged, now) : stateProblems(recorded.record, now)',
      'isLast ? movedState(begun, known.logged, now) : []',
    ],
    [
      'the binding of an apply that goes on to its state',
      'isLast ? movedState(begun, known.logged, now) : stateProblems(recorded.record, now)',
      'isLast ? [] : stateProblems(recorded.record, now)',
    ],
    [
      'the same state where the apply that goes on has changed nothing',
      'if (logged.length === 0) return stateProblems(begun, { stack, state });',
    ],
    [
      'the lineage of the state that is gone on with',
      'state?.lineage === begun.state.lineage && state.serial',
      'state && state.serial',
    ],
    ['a look whether another apply began since', 'resumes && keptBegun?.id === begun.id', 'resumes'],
    ['the end of what began here by an apply elsewhere', 'keptBegun.id !== begun.id :', 'false :'],
    [
      'a look whether it was this plan that began',
      'changedFiles(begun.plan, recorded.record.plan).length === 0',
      'true',
    ],
    ['a second plan of one with assumed inputs', 'recorded.record.assumed.length === 0 && !resumes', '!resumes'],
    [
      'a second plan of an apply that did not end',
      'recorded.record.assumed.length === 0 && !resumes',
      'recorded.record.assumed.length === 0',
    ],
    ['a comparison of the second plan with the first', 'if (differences.length > 0) {', 'if (false) {'],
    ['the word of a planned value', "source !== 'planned'", 'true'],
    [
      'the wait for an upstream stack',
      '  if (next.record.assumed.length > 0) return missingUpstream(next.record);\n  // A planned',
      '  // A planned',
    ],
    [
      'the wait for an upstream stack, unreviewed',
      '  if (next.record.assumed.length > 0) return missingUpstream(next.record);\n  return',
      '  return',
    ],
    ['the acceptance of risks by name', 'if (risks.length > 0) return', 'if (false) return'],
    ['the check of the contract', "brokenContract.length > 0 ? { do: 'failed'", "false ? { do: 'failed'"],
    [
      'a look at who began last, after an apply',
      'begun === undefined || keptBegun?.id !== begun.id || state === undefined',
      'begun === undefined || state === undefined',
    ],
    [
      'a look at what was created, after an apply',
      'unrecordedObjects(logged, state, begun.former).length === 0 && keptBy(plan).every((each) => there.has(each))',
      'there.size >= 0',
    ],
  ])('%s', (_, code, instead = '') => {
    expect(tryDecisions(decisionsWith(instead, code), { shrinks: false }).fault).toBeDefined();
  });
});
