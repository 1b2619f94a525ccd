import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { AssumedInput } from './assumed-inputs';
import type { PlanJson } from './plan';

/** What a change of the code does to an estate: base and head of one environment, stack by stack. */
export interface EstateChange {
  readonly environment: string;
  /** Adoption level of head. */
  readonly level: string;
  /** `active-passive` or `active-active`, of head. */
  readonly mode: string;
  readonly base: Revision;
  readonly head: Revision;
  /** `preview`: base and head planned offline. `live`: head planned against the real states. */
  readonly source: 'preview' | 'live';
  /** Projects that `nx affected` names for the same two revisions; absent if Nx was not asked. */
  readonly nx?: readonly string[];
  /** Every stack of base and head: those of head in deploy order, then those that only base has, in destroy order. */
  readonly stacks: readonly StackChange[];
}

/** One side of a change. */
export interface Revision {
  /** The branch, tag or commit as it was asked for; absent for the files of the checkout. */
  readonly ref?: string;
  /** Full commit id; absent for the files of the checkout. */
  readonly commit?: string;
  /** Why this revision has no stacks to compare with: every stack of head then counts as changed. */
  readonly errors?: readonly string[];
}

/** What happens to one stack. */
export interface StackChange {
  readonly stack: string;
  /** Folder of the project, for example `region-us/vpc`. */
  readonly project: string;
  readonly owner: string;
  readonly environment: string;
  /** Key of the region. */
  readonly region: string;
  readonly awsRegion: string;
  /** Role of the account: `network`, `workload`, `edge`, `management`. */
  readonly account: string;
  /** AWS account id of {@link account}. */
  readonly accountId: string;
  /** `new`: only head has it. `removed`: only base has it. */
  readonly presence: 'both' | 'new' | 'removed';
  /** Description by the synth of head, or of base for a removed stack: reads, contract, declared differences. */
  readonly description: StackDescription;
  /** Folders with the synthesised `cdk.tf.json` and assets of each side; absent where the side lacks the stack. */
  readonly baseFolder?: string;
  readonly headFolder?: string;
  /** Why the stack counts as changed; empty for an unchanged one. */
  readonly reasons: readonly ChangeReason[];
  readonly outcome: StackOutcome;
}

/** A difference between the two sides that can change a plan. */
export interface ChangeReason {
  readonly kind: 'stack' | 'argument' | 'asset' | 'upstream' | 'base';
  /** Address of the block: `aws_vpc.Network`, `output.vpcId`, `provider.aws`, an asset's path, `<stack>.<field>` of an upstream. */
  readonly address: string;
  /** Path of the argument, `ingress.0.cidr_blocks`; absent where the block as a whole is new or removed. */
  readonly argument?: string;
  /** The whole reason in words. */
  readonly text: string;
}

export type StackOutcome = UnchangedStack | PlannedStack | FailedStack;

/** Both sides are equal in meaning: no plan is made. */
export interface UnchangedStack {
  readonly status: 'unchanged';
}

/** The plan of head on the state that base leaves (`preview`), or on the real state (`live`). */
export interface PlannedStack {
  readonly status: 'planned';
  /** `terraform show -json` of the plan. */
  readonly plan: PlanJson;
  /** File that holds the same JSON. */
  readonly planFile: string;
  /** Arguments with planned or example values of other stacks. */
  readonly assumed: readonly AssumedInput[];
  readonly warnings: readonly string[];
  /** Whether the plan comes from the cache. Live plans never do. */
  readonly cached: boolean;
}

/** The stack cannot be planned; the others still are. */
export interface FailedStack {
  readonly status: 'failed';
  /** Which side cannot be planned. */
  readonly side: 'base' | 'head';
  readonly errors: readonly string[];
}
