import type { Problem } from '@platform/libs/settings/problem';
import type { TaintedArgument } from './assumed-inputs';
import type { StateVersion } from './state';

/** SHA-256 of each file, hexadecimal, by path with `/` between segments. */
export type FileDigests = Readonly<Record<string, string>>;

/** What a plan file stands for. A plan is applied only where all of this is as it was when the plan was made. */
export interface PlanBinding {
  readonly stack: string;
  readonly target: string;
  readonly environment: string;
  /** `1.11.4` */
  readonly terraform: string;
  /** SHA-256 of the plan file, and of what people were shown of it. */
  readonly plan: FileDigests;
  /** Configuration, assets and the target's override. */
  readonly files: FileDigests;
  /** Nothing where the stack had no state yet. */
  readonly state: StateVersion | null;
  /** SHA-256 of each value of another stack that the plan rests on, by stack and field: values can be secrets. */
  readonly upstream: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a deploy finds. */
export interface FoundBinding extends PlanBinding {
  /**
   * The same files as they lie in the stack's folder: Terraform reads assets there while it applies. `files` is what the
   * code gives now; either can have moved away from the review without the other.
   */
  readonly folder: FileDigests;
}

/** `reviewed.json`, beside the plan file that it speaks of. */
export interface Review extends PlanBinding {
  readonly format: 1;
  /** False for a plan that leaves everything as it is. */
  readonly changes: boolean;
  /** Arguments that rest on values which are not real yet. A plan that has some is never applied itself. */
  readonly taint: readonly TaintedArgument[];
  /** Addresses that the target cannot make, with the reason; they are in no plan. */
  readonly left: readonly { readonly address: string; readonly reason: string }[];
}

/** Everything that is no longer as it was when the plan was made, all at once. Empty when the plan may be applied. */
export function whatDiffers(review: PlanBinding, now: FoundBinding): Problem[] {
  const remedy = `plan ${now.stack} again, and review that plan`;
  const problem = (where: string, what: string, other = remedy): Problem => ({
    where: `${now.stack}: ${where}`,
    what,
    remedy: other,
  });
  const problems: Problem[] = [];
  for (const name of ['stack', 'target', 'environment'] as const) {
    if (review[name] !== now[name]) {
      problems.push(
        problem(name, `the plan is for ${review[name]}, and this is ${now[name]}`, `plan for ${now[name]}`),
      );
    }
  }
  if (review.terraform !== now.terraform) {
    problems.push(
      problem(
        'Terraform',
        `the plan was made by ${review.terraform}, and this is ${now.terraform}`,
        `use ${review.terraform}, or ${remedy}`,
      ),
    );
  }
  const plan = changedFiles(review.plan, now.plan);
  if (plan.length > 0) problems.push(problem('plan file', `${plan.join(', ')} since the review`));
  const files = changedFiles(review.files, now.files);
  if (files.length > 0) problems.push(problem('configuration', `${files.join(', ')} since the review`));
  const folder = changedFiles(review.files, now.folder);
  if (folder.length > 0) problems.push(problem("the stack's folder", `${folder.join(', ')} since the review`));
  const state = stateChange(review.state, now.state);
  if (state) problems.push(problem('state', state));
  for (const [stack, fields] of Object.entries(review.upstream)) {
    const changed = Object.keys(fields).filter((field) => fields[field] !== now.upstream[stack]?.[field]);
    if (changed.length > 0) {
      problems.push(problem('upstream', `${stack} has another ${changed.join(', ')} than when the plan was made`));
    }
  }
  return problems;
}

function stateChange(before: StateVersion | null, after: StateVersion | null): string | undefined {
  if (before === null) {
    return after === null ? undefined : `there was none, and now there is one (serial ${after.serial})`;
  }
  if (after === null) return `it is gone; it had serial ${before.serial}`;
  if (before.lineage !== after.lineage) {
    return `it is another one (lineage ${after.lineage} instead of ${before.lineage})`;
  }
  if (before.serial !== after.serial) {
    return `somebody has changed it since the review (serial ${after.serial} instead of ${before.serial})`;
  }
  return undefined;
}

/** `main.json was changed`, `b was added`, `c was removed`: what differs between two sets of files; empty when nothing does. */
export function changedFiles(before: FileDigests, after: FileDigests): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((path) => {
    if (before[path] === after[path]) return [];
    if (before[path] === undefined) return [`${path} was added`];
    return [`${path} was ${after[path] === undefined ? 'removed' : 'changed'}`];
  });
}
