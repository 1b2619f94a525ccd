import type { PlanCounts } from '@platform/tools/model/plan';
import type { PlannedChange } from '@platform/tools/model/plan-changes';
import type { PlanSummary } from './summary';

/** `1 to create, 0 to change, 1 to replace, 2 to destroy` */
export function countsText({ create, update, replace, delete: deleted }: PlanCounts): string {
  return `${create} to create, ${update} to change, ${replace} to replace, ${deleted} to destroy`;
}

const words: Readonly<Record<PlannedChange['action'], string>> = {
  create: 'create  ',
  update: 'change  ',
  delete: 'DESTROY ',
  replace: 'REPLACED',
  import: 'import  ',
  move: 'move    ',
};

/** One change of a plan: `  REPLACED aws_vpc.Network (forced by cidr_block)`. Values are not shown: they can be secrets. */
export function describeChange({ address, action, forcedBy = [] }: PlannedChange): string {
  const forced = forcedBy.length > 0 ? ` (forced by ${forcedBy.join(', ')})` : '';
  return `  ${words[action]} ${address}${forced}`;
}

/**
 * The changes of each stack by address. Previews know no real state, so that each of their changes is a creation: they
 * show the others only. With `--show`, what Terraform shows of each plan, sensitive values left out, takes their place.
 */
export function changesText({ stacks }: PlanSummary): string {
  return stacks
    .flatMap(({ stack, mode, changes, shown }) => {
      if (shown !== undefined) return [`${stack}:`, shown.trimEnd()];
      const lines = changes.filter(({ action }) => mode === 'live' || action !== 'create').map(describeChange);
      return lines.length > 0 ? [`${stack}:`, ...lines] : [];
    })
    .join('\n');
}
