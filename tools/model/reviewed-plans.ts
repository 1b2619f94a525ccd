import { createHash } from 'node:crypto';
import { z } from 'zod';
import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import type { PlanJson, ResourceChange } from './plan';
import { actionOf, reviewPlan } from './plan-review';
import { verdicts } from './review';

/** Beside the review of plans against real states: what was reviewed, for `deploy --reviewed` and `rollout --reviewed`. */
export const reviewedPlansFile = 'reviewed-plans.json';

const reviewedPlansSchema = z.strictObject({
  format: z.literal(2),
  environment: z.string(),
  target: z.enum(['aws', 'emulator']),
  /** Commit that was planned; null outside of git. */
  commit: z.string().nullable(),
  /** By stack and address, SHA-256 of what the review shows of a change. Stacks that do not change are left out. */
  stacks: z.record(z.string(), z.record(z.string(), z.string())),
  verdict: z.enum(verdicts),
  /** By stack and address, the last day on which a destruction or replacement is accepted (`2027-01-31`, UTC). */
  accepted: z.record(z.string(), z.record(z.string(), z.string())),
});

/**
 * What a review showed of the plans, as digests. It has no value of a plan, not even a sensitive one in disguise: each
 * digest is made from what the review prints, and from the id of the object.
 */
export type ReviewedPlans = z.infer<typeof reviewedPlansSchema>;

/** @throws WrongUse where the text is not what a review writes */
export function readReviewedPlans(text: string, where: string): ReviewedPlans {
  try {
    return reviewedPlansSchema.parse(JSON.parse(text));
  } catch {
    throw new WrongUse(
      `${where}: is not the ${reviewedPlansFile} of a review by this version; take it from dist/review/<environment> of "npx platform review --target aws"`,
    );
  }
}

/** A review without the acceptances that have expired before a day (`2027-01-31`). */
export function validOn(reviewed: ReviewedPlans, today: string): ReviewedPlans {
  const valid = Object.entries(reviewed.accepted).map(([stack, accepted]) => [
    stack,
    Object.fromEntries(Object.entries(accepted).filter(([, until]) => until >= today)),
  ]);
  return { ...reviewed, accepted: Object.fromEntries(valid) as ReviewedPlans['accepted'] };
}

/** SHA-256 of each change of a plan as the review shows it, by address; empty where it changes nothing. */
export function shownChanges(plan: PlanJson): Record<string, string> {
  const { resources, outputs } = reviewPlan(plan);
  const ids = new Map(
    (plan.resource_changes ?? []).filter((each) => actionOf(each)).map((each) => [keyOf(each), objectOf(each)]),
  );
  const shown = resources
    .filter(({ action }) => action !== 'read')
    .map((entry) => [keyOf(entry), { ...entry, object: ids.get(keyOf(entry)) ?? null }] as const);
  const changed = outputs.map((output) => [`output.${output.name}`, output] as const);
  return Object.fromEntries(
    [...shown, ...changed].map(([key, value]) => [
      key,
      createHash('sha256').update(JSON.stringify(value)).digest('hex'),
    ]),
  );
}

/**
 * What a saved plan would do that a review did not show, all at once. A part of what was reviewed is accepted: the rest
 * was applied before.
 */
export function unreviewedChanges(reviewed: ReviewedPlans, stack: string, plan: PlanJson): Problem[] {
  const shown = reviewed.stacks[stack] ?? {};
  return Object.entries(shownChanges(plan)).flatMap(([address, digest]) => {
    if (shown[address] === digest) return [];
    const what = shown[address]
      ? 'the plan does not do what the review showed'
      : 'the plan changes it, and the review showed no change of it';
    return [
      { where: `${stack}: ${address}`, what, remedy: 'review the change again, and deploy what that review shows' },
    ];
  });
}

/** @throws WrongUse where a review is of another environment or target than those that are deployed */
export function assertReviewOf(reviewed: ReviewedPlans, environment: string, target: string, where: string): void {
  const problems = (
    [
      ['environment', environment],
      ['target', target],
    ] as const
  ).flatMap(([name, given]) =>
    reviewed[name] === given
      ? []
      : [
          formatProblem({
            where: `--reviewed: ${where}`,
            what: `it is a review of the ${name} ${reviewed[name]}, and this is ${given}`,
            remedy: `give the review of ${given}`,
          }),
        ],
  );
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
}

const keyOf = ({ address, deposed }: { readonly address: string; readonly deposed?: string | null | undefined }) =>
  deposed ? `${address} (deposed ${deposed})` : address;

/** Which object an address stands for: another one at the same address is another change. Null for one that is created. */
function objectOf({ change: { before, before_sensitive: hidden } }: ResourceChange): unknown {
  if (typeof before !== 'object' || before === null || hidden === true) return null;
  const known = Object.entries({ ...before }).filter(([name]) => ['id', 'arn'].includes(name));
  const marks = (typeof hidden === 'object' && hidden !== null ? hidden : {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(known.filter(([name]) => !marks[name]));
}
