import { formatProblem, type Problem } from '@platform/libs/settings/problem';
import type { FileDigests } from '@platform/tools/workspace/file-digests';
import { creationsIn, unrecordedObjects, type FormerIds, type LoggedChange } from './apply-log';
import { comparePlans } from './compare-plans';
import type { Configuration } from './configuration';
import { dependentArguments } from './dependent-arguments';
import { objectsOf } from './destroyed-objects';
import type { PlanJson } from './plan';
import { riskyChanges, unaccepted, type AcceptedRisks, type RiskyChange } from './plan-changes';
import {
  bindingProblems,
  changedFiles,
  changedUpstream,
  stateProblems,
  type FoundBinding,
  type PlanRecord,
  type UpstreamDigests,
} from './plan-record';
import { unreviewedChanges, type ReviewedPlans } from './reviewed-plans';
import type { StateVersion, TerraformState } from './state';

/** `begun.json`: an apply that began, and whose end was not seen. */
export interface BegunApply {
  /** Random; the same stands beside the state. */
  readonly id: string;
  /** Plan files of the record that was deployed. */
  readonly plan: FileDigests;
  /** The state before it. */
  readonly state: StateVersion | null;
  /** Of what its plans replace: not the objects that it creates. */
  readonly former: FormerIds;
  /** Length of the stack's log, in bytes, when it began, and up to where unrecorded objects are accepted. */
  readonly log: { readonly from: number; readonly accepted: number };
}

/** What is kept beside the state of the apply that began last, on any machine. */
export interface KeptBegun {
  readonly id: string;
  /** When it began, ISO 8601. */
  readonly since: string;
  /** Its end was seen, well or not, and all that it created is in the state. */
  readonly ended: boolean;
}

/** What was applied last, by the stack's folder or by what is kept beside the state. */
export interface LastApplied {
  readonly files: FileDigests;
  readonly state: StateVersion | null;
  readonly upstream: UpstreamDigests;
}

/** A plan with its record. */
export interface RecordedPlan {
  readonly record: PlanRecord;
  readonly plan: PlanJson;
}

/** Everything that the deploy of a stack may know. */
export interface DeployKnowledge {
  readonly project: string;
  readonly configuration: Configuration;
  readonly now: FoundBinding;
  /** What there is now. */
  readonly state: TerraformState | undefined;
  /** The state is missing, although the stack was deployed: kept configurations or old versions of it are there. */
  readonly stateIsLost: boolean;
  /** An earlier apply could not write its state. */
  readonly hasUnsavedState: boolean;
  /** What was planned. A text says why it cannot be used. */
  readonly recorded: RecordedPlan | string | undefined;
  readonly applied: readonly LastApplied[];
  /** What the outputs of the state break of the contract. */
  readonly brokenContract: readonly Problem[];
  readonly begun: BegunApply | undefined;
  readonly keptBegun: KeptBegun | undefined;
  /** Of `begun`, from the stack's log. */
  readonly logged: readonly LoggedChange[];
  /** Those of `logged` that began after the last acceptance of unrecorded objects. */
  readonly loggedSinceAccepted: readonly LoggedChange[];
  /** Whether the state is locked: a running apply is not lost. */
  readonly isLocked: boolean;
  /** The plan that this deploy has made; `rest` where it has to mean the same as the recorded one. */
  readonly next: (RecordedPlan & { readonly as: 'new' | 'rest' }) | undefined;
  /** Deployed stacks that read this one. */
  readonly readers: readonly string[];
  /** Reasons of other stacks against the removal of this one. */
  readonly stillUsed: readonly string[];
  readonly accepted: DeployAcceptance;
}

/** What whoever deploys has said. */
export interface DeployAcceptance extends AcceptedRisks {
  /** A stack without a plan, or with one that is out of date, is planned and applied. */
  readonly unreviewed: boolean;
  /** Objects that a killed apply left out of the state may be created again. */
  readonly unrecorded: boolean;
  /** What plans are held to, with what it accepts; nothing of that has expired. Default: none. */
  readonly reviewed?: ReviewedPlans | undefined;
}

/** What to do next. */
export type DeployDecision =
  | { readonly do: 'save state' }
  /** And decide again with that plan. */
  | { readonly do: 'plan'; readonly as: 'new' | 'rest'; readonly because: string }
  /** `resumes`: an apply of the recorded plan has begun already. */
  | { readonly do: 'apply'; readonly planned: RecordedPlan; readonly isNext: boolean; readonly resumes: boolean }
  | { readonly do: 'nothing' }
  | Refusal;

/** Why nothing is done. `failed`: the stack was applied, and breaks its contract. */
export interface Refusal {
  readonly do: 'refuse' | 'failed';
  readonly reasons: readonly string[];
  /** What to run next. */
  readonly next?: 'plan' | 'restore the state';
  readonly unrecorded?: readonly { readonly address: string; readonly id?: string }[];
  readonly risks?: readonly RiskyChange[];
}

/**
 * Decides what a deploy of one stack does. Pure: the same knowledge gives the same decision. What it applies was shown by a
 * plan that whoever deploys has accepted, on the same objects; what it leaves alone is as the code says.
 */
export function decideDeploy(found: DeployKnowledge): DeployDecision {
  const known = isObsolete(found) ? { ...found, begun: undefined } : found;
  const { recorded, accepted, now, next } = known;
  const { stack } = now;
  if (known.hasUnsavedState) return { do: 'save state' };
  if (known.stateIsLost) {
    return {
      do: 'refuse',
      reasons: [
        `${stack}: its state is missing, although the stack was deployed: an apply would create all of it again`,
      ],
      next: 'restore the state',
    };
  }
  if (known.stillUsed.length > 0) return { do: 'refuse', reasons: known.stillUsed };
  const unrecorded = accepted.unrecorded ? undefined : unansweredApply(stack, known);
  if (unrecorded) return unrecorded;
  // What an apply did whose end was not recorded shows only in a plan.
  const isOpen = known.keptBegun !== undefined && !known.keptBegun.ended;
  if (recorded === undefined && known.begun === undefined && !isOpen) {
    if (known.applied.some((applied) => isUntouched(applied, now))) return asItIs(known);
  }
  if (typeof recorded === 'string' && !accepted.unreviewed) {
    return { do: 'refuse', reasons: [`${stack}: ${recorded}`], next: 'plan' };
  }
  if (recorded === undefined || typeof recorded === 'string') return decideNew(known);

  const { begun, keptBegun } = known;
  const resumes = begun !== undefined && changedFiles(begun.plan, recorded.record.plan).length === 0;
  const isLast = resumes && keptBegun?.id === begun.id;
  const problems = [
    ...bindingProblems(recorded.record, now),
    ...(isLast ? movedState(begun, known.logged, now) : stateProblems(recorded.record, now)),
  ];
  if (problems.length > 0) {
    if (accepted.unreviewed) return decideNew(known);
    return { do: 'refuse', reasons: problems.map(formatProblem), next: 'plan' };
  }
  if (recorded.record.assumed.length === 0 && !resumes) return decideApply(known, recorded);

  if (next === undefined || next.as === 'new') {
    const because = resumes ? 'an apply of it began and did not end' : 'what it reads is deployed now';
    return { do: 'plan', as: 'rest', because };
  }
  if (next.record.assumed.length > 0) return missingUpstream(next.record);
  // A planned value was shown: only what no plan could show may differ.
  const notShown = recorded.record.assumed.filter(({ source }) => source !== 'planned');
  const differences = comparePlans(recorded.plan, next.plan, {
    dependsOn: dependentArguments(known.configuration, notShown),
    ...(resumes ? { begun: { creating: creationsIn(known.logged) } } : {}),
  });
  if (differences.length > 0) {
    return {
      do: 'refuse',
      reasons: [`${stack}: the apply would do other than the plan showed:`, ...differences.map((text) => `  ${text}`)],
      next: 'plan',
    };
  }
  return decideApply(known, next, resumes);
}

/** Without a plan that could be applied. */
function decideNew(known: DeployKnowledge): DeployDecision {
  const { accepted, next, recorded, now, applied } = known;
  const { stack } = now;
  if (!accepted.unreviewed) {
    const moved = applied
      .filter((each) => isAsApplied(each, now))
      .flatMap(({ upstream }) => changedUpstream(upstream, now.upstream))
      .map((text) => `${stack}: upstream: ${text} than when it was applied`);
    return {
      do: 'refuse',
      reasons: moved.length > 0 ? [...new Set(moved)] : [`${stack}: it is not planned`],
      next: 'plan',
    };
  }
  if (next?.as !== 'new') {
    return { do: 'plan', as: 'new', because: recorded === undefined ? 'it is not planned' : 'its plan is out of date' };
  }
  if (next.record.assumed.length > 0) return missingUpstream(next.record);
  return decideApply(known, next);
}

function decideApply(known: DeployKnowledge, planned: RecordedPlan, resumes = false): DeployDecision {
  const { now, project, configuration, readers, accepted, recorded } = known;
  const { stack } = now;
  const { reviewed } = accepted;
  if (reviewed) {
    // The rest of a plan is compared with the recorded one.
    const isRest = planned === known.next && known.next.as === 'rest';
    const shown = isRest && typeof recorded === 'object' ? recorded : planned;
    const problems = unreviewedChanges(reviewed, stack, shown.plan);
    if (problems.length > 0) return { do: 'refuse', reasons: problems.map(formatProblem) };
  }
  const named = Object.keys(reviewed?.accepted[stack] ?? {});
  const options = { stack, project, configuration, readers };
  const risks = unaccepted(riskyChanges(planned.plan, options), stack, accepted, named);
  const reasons = [...riskReasons(stack, risks, readers), ...(reviewed ? [waiverHint] : [])];
  if (risks.length > 0) return { do: 'refuse', reasons, risks };
  // Terraform looks at everything again: what was changed without being recorded reaches the state.
  if (!planned.record.changes && !resumes && known.brokenContract.length > 0) return asItIs(known);
  return { do: 'apply', planned, isNext: planned === known.next, resumes };
}

const waiverHint =
  '  or, in a pull request, add a waiver of stateful-destroy or read-resource-replaced to waivers.json, with the stack and the address';

/** Why risky changes are refused, and what accepts each. */
export function riskReasons(stack: string, risks: readonly RiskyChange[], readers: readonly string[]): string[] {
  const words = risks.map(({ address, action, loses, forcedBy }) => {
    const forced = forcedBy.length > 0 ? ` (forced by ${forcedBy.join(', ')})` : '';
    const loss =
      loses === undefined
        ? `${readers.join(', ')} read${readers.length === 1 ? 's' : ''} this stack`
        : `loses ${loses}`;
    const replace = `--replace='${stack}:${address}'`;
    const flag =
      loses === undefined ? replace : action === 'replaced' ? `${replace} or --include-stateful` : '--include-stateful';
    return `  ${address} would be ${action}${forced}: ${loss}; if you mean it, add ${flag}`;
  });
  return [`${stack}: the plan has changes that must be accepted by name:`, ...words];
}

/** Nothing to apply: fine only where the contract is kept. */
function asItIs({ brokenContract }: DeployKnowledge): DeployDecision {
  return brokenContract.length > 0 ? { do: 'failed', reasons: brokenContract.map(formatProblem) } : { do: 'nothing' };
}

/** Whether a stack is as it was applied last, with the values of other stacks that it was applied with. */
export function isUntouched(applied: LastApplied, now: FoundBinding): boolean {
  return isAsApplied(applied, now) && changedUpstream(applied.upstream, now.upstream).length === 0;
}

function isAsApplied({ files, state }: LastApplied, now: FoundBinding): boolean {
  return JSON.stringify(state) === JSON.stringify(now.state) && changedFiles(files, now.files).length === 0;
}

/**
 * Of an apply that began with this plan, and after which no other began: it may have written the state itself, unless it
 * was killed before it changed anything.
 */
function movedState(begun: BegunApply, logged: readonly LoggedChange[], now: FoundBinding): Problem[] {
  const { stack, state } = now;
  if (logged.length === 0) return stateProblems(begun, { stack, state });
  if (begun.state === null) return [];
  if (state?.lineage === begun.state.lineage && state.serial >= begun.state.serial) return [];
  return stateProblems(begun, { stack, state });
}

/** Whether what began here is of no interest any more: another apply began since, or the stack was destroyed. */
export function isObsolete({
  begun,
  keptBegun,
  state,
}: Pick<DeployKnowledge, 'begun' | 'keptBegun' | 'state'>): boolean {
  if (begun === undefined) return false;
  // A destroy keeps no configuration, and leaves an empty state.
  return keptBegun ? keptBegun.id !== begun.id : state !== undefined && (state.resources ?? []).length === 0;
}

/**
 * What a killed apply may have left out of the state, here or on another machine, and no one has answered for.
 * @param known `begun` is absent where it is {@link isObsolete}
 */
export function unansweredApply(
  stack: string,
  known: Pick<DeployKnowledge, 'begun' | 'keptBegun' | 'state' | 'loggedSinceAccepted' | 'isLocked'>,
): Refusal | undefined {
  const { begun, keptBegun, state } = known;
  const remedy = 'import each one that exists, or delete it in AWS; then repeat the command with --accept-unrecorded';
  if (begun) {
    const unrecorded = unrecordedObjects(known.loggedSinceAccepted, state, begun.former);
    if (unrecorded.length === 0) return undefined;
    const reasons = [`${stack}: an apply was killed, and the state does not have all that it created; ${remedy}:`];
    return { do: 'refuse', reasons, unrecorded };
  }
  if (!keptBegun || keptBegun.ended || known.isLocked) return undefined;
  const reason = `${stack}: an apply from another folder or machine began at ${keptBegun.since}, and its end was not recorded; repeat the deploy there, or look in AWS for objects that the state does not have: ${remedy}`;
  return { do: 'refuse', reasons: [reason] };
}

function missingUpstream({ stack, assumed }: PlanRecord): Refusal {
  const upstream = [...new Set(assumed.map(({ stack: name }) => name))].join(', ');
  return {
    do: 'refuse',
    reasons: [`${stack}: it depends on outputs of ${upstream} that do not exist; deploy ${upstream} first`],
  };
}

/**
 * Whether a state is the one that an apply left: no other apply began since, and all that it created or kept is there. A
 * destroy does not say that it begins.
 */
export function isStateOfApply({
  begun,
  keptBegun,
  logged,
  state,
  plan,
}: Pick<DeployKnowledge, 'begun' | 'keptBegun' | 'logged' | 'state'> & { readonly plan: PlanJson }): boolean {
  if (begun === undefined || keptBegun?.id !== begun.id || state === undefined) return false;
  const there = new Set(objectsOf(state).map(({ address }) => address));
  return unrecordedObjects(logged, state, begun.former).length === 0 && keptBy(plan).every((each) => there.has(each));
}

/** Addresses of managed resources that exist after a plan. */
function keptBy({ resource_changes = [] }: PlanJson): string[] {
  return resource_changes
    .filter(
      ({ mode, deposed, change }) =>
        mode === 'managed' &&
        deposed === undefined &&
        change.actions.some((action) => ['create', 'update', 'no-op'].includes(action)),
    )
    .map(({ address }) => address);
}
