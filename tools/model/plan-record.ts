import type { Problem } from '@platform/libs/settings/problem';
import type { FileDigests } from '@platform/tools/workspace/file-digests';
import type { AssumedInput } from './assumed-inputs';
import type { StateVersion } from './state';

/** SHA-256 of values of other stacks, by stack and field: values can be secrets. */
export type UpstreamDigests = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a plan file was made from. A plan is applied only where all of this is as it was when the plan was made. */
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
  /** Of each real value of another stack that the plan was made with. */
  readonly upstream: UpstreamDigests;
}

/** What a deploy finds. */
export interface FoundBinding extends PlanBinding {
  /**
   * The same files as they lie in the stack's folder: Terraform reads assets there while it applies. `files` is what the
   * code gives now; either can differ from the record without the other.
   */
  readonly folder: FileDigests;
}

/** `plan-record.json`, beside the plan file that it belongs to. */
export interface PlanRecord extends PlanBinding {
  readonly format: 3;
  /** False for a plan that leaves everything as it is. */
  readonly changes: boolean;
  /** Arguments whose values are not real yet. A plan that has some is never applied itself. */
  readonly assumed: readonly AssumedInput[];
  /** Addresses that the target cannot make, with the reason; they are in no plan. */
  readonly unsupported: readonly { readonly address: string; readonly reason: string }[];
}

/** Everything that is no longer as it was when the plan was made, all at once. Empty when the plan may be applied. */
export function whatDiffers(record: PlanBinding, now: FoundBinding): Problem[] {
  return [...bindingProblems(record, now), ...stateProblems(record, now)];
}

/** {@link whatDiffers} without the state. */
export function bindingProblems(record: PlanBinding, now: FoundBinding): Problem[] {
  const problems: Problem[] = [];
  const add = (where: string, what: string, remedy = planAgain(now.stack)) =>
    problems.push({ where: `${now.stack}: ${where}`, what, remedy });
  for (const name of ['stack', 'target', 'environment'] as const) {
    if (record[name] === now[name]) continue;
    add(name, `the plan is for ${record[name]}, and this is ${now[name]}`, `plan for ${now[name]}`);
  }
  if (record.terraform !== now.terraform) {
    add(
      'Terraform',
      `the plan was made by ${record.terraform}, and this is ${now.terraform}`,
      `use ${record.terraform}, or ${planAgain(now.stack)}`,
    );
  }
  const plan = changedFiles(record.plan, now.plan);
  if (plan.length > 0) add('plan file', `${plan.join(', ')} since the plan was made`);
  const files = changedFiles(record.files, now.files);
  if (files.length > 0) add('configuration', `${files.join(', ')} since the plan was made`);
  const folder = changedFiles(record.files, now.folder);
  if (folder.length > 0) add("the stack's folder", `${folder.join(', ')} since the plan was made`);
  const moved = changedUpstream(record.upstream, now.upstream);
  for (const text of moved) add('upstream', `${text} than when the plan was made`);
  return problems;
}

/** How the state differs from the one that a plan was made from. */
export function stateProblems(
  record: Pick<PlanBinding, 'state'>,
  now: Pick<PlanBinding, 'stack' | 'state'>,
): Problem[] {
  const what = stateChange(record.state, now.state);
  return what ? [{ where: `${now.stack}: state`, what, remedy: planAgain(now.stack) }] : [];
}

/** `global-zone has another id`: values of other stacks that are not what they were; empty when all are. */
export function changedUpstream(before: UpstreamDigests, after: UpstreamDigests): string[] {
  return Object.entries(before).flatMap(([stack, fields]) => {
    const changed = Object.keys(fields).filter((field) => fields[field] !== after[stack]?.[field]);
    return changed.length > 0 ? [`${stack} has another ${changed.join(', ')}`] : [];
  });
}

const planAgain = (stack: string) => `plan ${stack} again`;

function stateChange(before: StateVersion | null, after: StateVersion | null): string | undefined {
  if (before === null) {
    return after === null ? undefined : `there was none, and now there is one (serial ${after.serial})`;
  }
  if (after === null) return `it does not exist any more; it had serial ${before.serial}`;
  if (before.lineage !== after.lineage) {
    return `it is another one (lineage ${after.lineage} instead of ${before.lineage})`;
  }
  if (before.serial !== after.serial) {
    return `it was changed since the plan was made (serial ${after.serial} instead of ${before.serial})`;
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
