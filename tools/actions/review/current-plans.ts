import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { PlanSummary } from '@platform/tools/actions/plan/summary';
import type { EstateChange, StackChange, StackOutcome } from '@platform/tools/model/change';
import type { PlanJson } from '@platform/tools/model/plan';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';

export interface CurrentPlans {
  readonly settings: Pick<LoadedEstate, 'settings'>;
  readonly summary: PlanSummary;
  /** Descriptions of all stacks of the estate, in deploy order. */
  readonly stacks: readonly StackDescription[];
  /** Folder with the `plan.json` of a stack. */
  readonly planFolder: (stack: string) => string;
  /** Folder with the synthesised `cdk.tf.json` of a stack. */
  readonly headFolder: (stack: string) => string;
  readonly source: EstateChange['source'];
}

/** The plans of the checkout as a change: previews from nothing, live plans from what is deployed. Stacks without a plan are unchanged. */
export function changeOfCurrentPlans(given: CurrentPlans): EstateChange {
  const { settings: loaded, summary, stacks, planFolder, headFolder, source } = given;
  const { environment, level, mode } = summary;
  const { accounts } = loaded.settings.environments[environment]!;
  const planned = new Map(summary.stacks.map((each) => [each.stack, each]));
  return {
    environment,
    level,
    mode,
    base: {},
    head: {},
    source,
    stacks: stacks.map((description): StackChange => {
      const { stack, project, owner, region, awsRegion, account } = description;
      const of = planned.get(stack);
      const outcome = (): StackOutcome => {
        if (!of) return { status: 'unchanged' };
        const { errors, warnings, assumed } = of;
        if (errors.length > 0) return { status: 'failed', side: 'head', errors };
        const planFile = join(planFolder(stack), 'plan.json');
        const plan = JSON.parse(readFileSync(planFile, 'utf8')) as PlanJson;
        return { status: 'planned', plan, planFile, assumed, warnings, cached: false };
      };
      return {
        stack,
        project,
        owner,
        environment,
        region,
        awsRegion,
        account,
        accountId: accounts[account],
        presence: source === 'live' || !of ? 'both' : 'new',
        description,
        headFolder: headFolder(stack),
        reasons: [],
        outcome: outcome(),
      };
    }),
  };
}
