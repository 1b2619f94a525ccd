import { table } from '@platform/tools/session/table';
import type { PlanCounts } from '@platform/tools/model/plan';
import type { PlannedChange } from '@platform/tools/model/plan-changes';
import type { AssumedInput } from '@platform/tools/model/assumed-inputs';

/** One stack of `summary.json`. */
export interface StackSummary extends PlanCounts {
  readonly stack: string;
  /** Folder of the project, for example `region-us/vpc`. */
  readonly project: string;
  readonly region: string;
  readonly owner: string;
  /** How the plan was made; a preview rests on no real state, a live plan on the stack's own. */
  readonly mode: 'preview' | 'live';
  /** What the plan does, by address; empty where nothing was planned. */
  readonly changes: readonly PlannedChange[];
  /** What `terraform show` says of the plan, where that was asked for. */
  readonly shown?: string;
  readonly seconds: number;
  /** Whether a preview of the same content was made earlier and kept. Live plans never are. */
  readonly cached: boolean;
  /** Arguments with planned or example values of other stacks. */
  readonly assumed: readonly AssumedInput[];
  /** Readable errors; empty when the plan succeeded. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** What is left where nothing was planned: a count of 0 would be misleading. */
export function withoutCounts(stack: StackSummary): Omit<StackSummary, keyof PlanCounts | 'changes'> {
  const { create: _create, update: _update, replace: _replace, delete: _delete, changes: _changes, ...rest } = stack;
  return rest;
}

/** The shape of `dist/plan/<environment>/summary.json`. */
export interface PlanSummary {
  readonly environment: string;
  readonly level: string;
  readonly mode: string;
  /** In deploy order. */
  readonly stacks: readonly StackSummary[];
  /** Violations of the reachability policy in the whole estate, as text; absent if it was not checked. */
  readonly routeViolations?: readonly string[];
}

/** The table that `plan` prints: one line per stack and a total. */
export function summaryTable({ stacks }: PlanSummary): string {
  const total = (count: (stack: StackSummary) => number) =>
    String(stacks.reduce((sum, stack) => sum + count(stack), 0));
  const changed = (stack: StackSummary) => stack.update + stack.replace;
  const removed = (stack: StackSummary) => stack.delete + stack.replace;
  return table({
    head: ['stack', 'region', 'owner', 'create', 'change', 'destroy', 'seconds', ''],
    rows: [
      ...stacks.map((stack) => [
        stack.stack,
        stack.region,
        stack.owner,
        ...(stack.errors.length > 0
          ? ['–', '–', '–']
          : [String(stack.create), String(changed(stack)), String(removed(stack))]),
        stack.seconds.toFixed(1),
        stack.errors.length > 0 ? 'failed' : stack.cached ? 'cached' : '',
      ]),
      [
        `${stacks.length} stack${stacks.length === 1 ? '' : 's'}`,
        '',
        '',
        total((stack) => stack.create),
        total(changed),
        total(removed),
        stacks.reduce((sum, stack) => sum + stack.seconds, 0).toFixed(1),
        '',
      ],
    ],
    numbers: [3, 4, 5, 6],
  });
}
