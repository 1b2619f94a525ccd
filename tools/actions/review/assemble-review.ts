import type { Configuration } from '@platform/tools/model/configuration';
import { resourceAddresses } from '@platform/tools/model/configuration';
import { foldCounterparts } from '@platform/tools/model/fold';
import type { PlanJson } from '@platform/tools/model/plan';
import { addCounts, noCounts, reviewPlan } from '@platform/tools/model/plan-review';
import type { Approval, Cost, Finding, Review, ReviewStack } from '@platform/tools/model/review';
import type { EstateSighting, JudgedEstate } from '@platform/tools/model/risk/estate-rule';
import { judgeEstate, judgePlan, sortFindings } from '@platform/tools/model/risk/judge';
import { applyWaivers, type RiskWaiver } from '@platform/tools/model/risk/waivers';

/** What is known of a stack beside its plan. */
export type StackFacts = Pick<
  ReviewStack,
  | 'stack'
  | 'project'
  | 'region'
  | 'awsRegion'
  | 'owner'
  | 'account'
  | 'reads'
  | 'status'
  | 'reasons'
  | 'source'
  | 'assumed'
> & { readonly warnings?: readonly string[] };

/** A stack that was looked at; its plan is not kept. */
export interface ReviewedStack {
  readonly review: ReviewStack;
  readonly found: readonly Finding[];
}

const nothing: Pick<
  ReviewStack,
  'terraform' | 'counts' | 'resources' | 'drift' | 'outputs' | 'checks' | 'errors' | 'warnings' | 'cost' | 'inventory'
> = {
  terraform: null,
  counts: noCounts,
  resources: [],
  drift: [],
  outputs: [],
  checks: [],
  errors: [],
  warnings: [],
  cost: null,
  inventory: [],
};

/** @param cost what the plan's resources cost; null where there is no price for any */
export function reviewStack(facts: StackFacts, plan: PlanJson, cost: Cost | null): ReviewedStack {
  const { warnings = [], ...rest } = facts;
  const review = reviewPlan(plan);
  const errors = plan.errored ? ['Terraform stopped with an error while it planned; plan it again'] : [];
  return {
    review: {
      ...rest,
      ...review,
      status: errors.length > 0 ? 'failed' : facts.status,
      errors,
      warnings: [...warnings, ...review.warnings],
      cost,
    },
    found: judgePlan(plan, facts),
  };
}

/** A stack that is as it was: its resources by its configuration, if that is known. */
export function unchangedStack(facts: StackFacts, configuration?: Configuration): ReviewedStack {
  const { warnings = [], ...rest } = facts;
  const inventory = resourceAddresses(configuration ?? {}).map((address) => ({
    address,
    type: address.split('.')[0]!,
  }));
  return { review: { ...rest, ...nothing, warnings, inventory }, found: [] };
}

export function failedStack(facts: StackFacts, errors: readonly string[]): ReviewedStack {
  const { warnings = [], ...rest } = facts;
  return { review: { ...rest, ...nothing, status: 'failed', warnings, errors }, found: [] };
}

/** What a review says of the estate as a whole, and the settings that it is made by. */
export interface EstateFacts
  extends Pick<
      Review,
      | 'environment'
      | 'level'
      | 'mode'
      | 'target'
      | 'base'
      | 'head'
      | 'affected'
      | 'assumptions'
      | 'reachability'
      | 'parity'
      | 'resilience'
    >,
    Pick<JudgedEstate, 'configurations' | 'standbys' | 'violations' | 'broken' | 'dependencies' | 'unrehearsed'> {
  /** Undeclared differences between counterparts. */
  readonly undeclared: readonly EstateSighting[];
  /** Prefix of a team in CODEOWNERS, `example` of `@example/network`; null for plans of another repository. */
  readonly githubOrganisation: string | null;
  readonly waivers: readonly RiskWaiver[];
  /** Of further checkers. Default: none. */
  readonly checked?: readonly Finding[];
  /** `2026-11-30`; decides which waivers have expired. */
  readonly today: string;
}

export function assembleReview(stacks: readonly ReviewedStack[], facts: EstateFacts): Review {
  const { configurations, standbys, violations, broken, dependencies, unrehearsed, undeclared, ...others } = facts;
  const { githubOrganisation, waivers, today, checked = [], ...rest } = others;
  const reviews = stacks.map(({ review }) => review);
  const groups = foldCounterparts(reviews);
  const cost = sumCosts(reviews.map((each) => each.cost));
  const found = stacks.flatMap((each) => each.found);
  const { target, reachability } = rest;
  const judged = { configurations, standbys, reachability, violations, broken, dependencies, unrehearsed };
  const estate = { target, stacks: reviews, groups, ...judged, cost, found };
  const all = [...found, ...judgeEstate({ ...estate, parity: undeclared }), ...checked];
  const findings = sortFindings(applyWaivers(all, waivers, today));
  const counts = addCounts(reviews.map((each) => each.counts));
  return {
    format: 1,
    ...rest,
    verdict: verdictOf(reviews, findings),
    counts,
    stacks: reviews,
    groups,
    findings,
    approvals: approvalsOf(reviews, findings, githubOrganisation),
    cost,
  };
}

function verdictOf(stacks: readonly ReviewStack[], findings: readonly Finding[]): Review['verdict'] {
  if (stacks.some(({ errors }) => errors.length > 0)) return 'failed';
  if (findings.some(({ level }) => level === 'block')) return 'blocked';
  return stacks.some(changes) ? 'changes' : 'no changes';
}

/** Whether applying the plan would do something, which changes of outputs do as well. */
export function changes({ resources, outputs }: Pick<ReviewStack, 'resources' | 'outputs'>): boolean {
  return outputs.length > 0 || resources.some(({ action }) => action !== 'read');
}

function approvalsOf(
  stacks: readonly ReviewStack[],
  findings: readonly Finding[],
  githubOrganisation: string | null,
): Approval[] {
  const touched = stacks.filter((stack) => changes(stack) || stack.errors.length > 0);
  const owners = [...new Set(touched.flatMap(({ owner }) => owner ?? []))].sort();
  return owners.map((owner) => {
    const own = touched.filter((stack) => stack.owner === owner).map(({ stack }) => stack);
    return {
      owner,
      team: githubOrganisation === null ? null : `@${githubOrganisation}/${owner}`,
      stacks: own,
      findings: findings.filter(({ level, where }) => level !== 'note' && own.includes(where.stack ?? '')).length,
    };
  });
}

export function sumCosts(costs: readonly (Cost | null)[]): Cost | null {
  const known = costs.filter((each) => each !== null);
  if (known.length === 0) return null;
  const unknown = new Map<string, number>();
  for (const { type, count } of known.flatMap((each) => each.unknown)) {
    unknown.set(type, (unknown.get(type) ?? 0) + count);
  }
  return {
    before: cents(known.reduce((sum, { before }) => sum + before, 0)),
    after: cents(known.reduce((sum, { after }) => sum + after, 0)),
    unconfirmed: cents(known.reduce((sum, { unconfirmed }) => sum + unconfirmed, 0)),
    unknown: [...unknown].map(([type, count]) => ({ type, count })),
  };
}

const cents = (usd: number) => Math.round(usd * 100) / 100;
