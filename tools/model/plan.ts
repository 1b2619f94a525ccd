/**
 * The parts of `terraform show -json <plan>` (format 1.x, Terraform ≥ 1.5 and OpenTofu) that the tools look at.
 * Source of the format: https://developer.hashicorp.com/terraform/internals/json-format
 */
export interface PlanJson {
  readonly terraform_version?: string;
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  /** What a refresh found to differ from the state. */
  readonly resource_drift?: readonly ResourceChange[];
  /** Changes that Terraform plans only once more is known (format 1.2 with deferred actions); its last line does not count them. */
  readonly deferred_changes?: readonly {
    readonly reason?: string;
    readonly resource_change?: { readonly address: string };
  }[];
  /** Actions of providers that the apply invokes (Terraform 1.14). */
  readonly action_invocations?: readonly { readonly address?: string }[];
  readonly output_changes?: Readonly<Record<string, Change>>;
  readonly checks?: readonly CheckResult[];
  /** Values of all resources after the apply, with their marks. */
  readonly planned_values?: unknown;
  /** The configuration, with a reference in the place of each expression. */
  readonly configuration?: unknown;
  /** Values of the root module's variables. No mark says whether one is sensitive; the configuration does. */
  readonly variables?: unknown;
}

/** What the checks and conditions of one object say. */
export interface CheckResult {
  readonly address: { readonly to_display: string };
  readonly status: string;
  readonly instances?: readonly { readonly problems?: readonly { readonly message?: string | null }[] | null }[] | null;
}

export interface ResourceChange {
  readonly address: string;
  /** Address of the module that holds it; absent in the root module. */
  readonly module_address?: string;
  readonly name?: string;
  /** Of an instance of `count` or `for_each`. */
  readonly index?: string | number;
  /** `registry.terraform.io/hashicorp/aws` */
  readonly provider_name?: string;
  /** Where a `moved` block takes it from. */
  readonly previous_address?: string;
  /** Key of an object that a replacement left behind and that is still to be destroyed. */
  readonly deposed?: string;
  readonly type: string;
  readonly mode: 'managed' | 'data';
  readonly action_reason?: string | null;
  readonly change: Change;
}

/** One value before and after; `true` in a mark stands for a value that is unknown or sensitive, at any depth. */
export interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly before_sensitive?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly after_sensitive?: unknown;
  readonly importing?: unknown;
  /** Paths of the arguments that force a replacement. */
  readonly replace_paths?: readonly (readonly (string | number)[])[] | null;
}

/** How many resources a plan creates, updates in place, deletes, and replaces (a replacement counts only there). */
export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly replace: number;
}

export function planCounts(plan: PlanJson): PlanCounts {
  const counts = { create: 0, update: 0, delete: 0, replace: 0 };
  for (const { mode, change } of plan.resource_changes ?? []) {
    if (mode !== 'managed') continue;
    const kind = change.actions.length > 1 ? 'replace' : change.actions[0];
    if (kind && kind in counts) counts[kind as keyof PlanCounts]++;
  }
  return counts;
}

/** Outputs whose whole value the plan knows already. */
export function knownOutputs(plan: PlanJson): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(plan.output_changes ?? {})
      .filter(
        ([, output]) =>
          !hasTrue(output.after_unknown) && !hasTrue(output.after_sensitive) && output.after !== undefined,
      )
      .map(([name, output]) => [name, output.after]),
  );
}

/** Whether a mark of {@link Change} says unknown or sensitive anywhere. */
export function hasTrue(marks: unknown): boolean {
  if (typeof marks === 'object' && marks !== null) return Object.values(marks).some(hasTrue);
  return marks === true;
}

/** Addresses of the resources that a plan would change, from what `terraform plan -json` has said: cheaper than to show the plan. */
export function plannedAddresses(said: string): string[] {
  return said.split('\n').flatMap((line) => {
    if (!line.includes('"planned_change"')) return [];
    const { type, change } = JSON.parse(line) as { type: string; change?: { resource: { addr: string } } };
    return type === 'planned_change' && change ? [change.resource.addr] : [];
  });
}

/** An entry of a table by a word of a plan, which can be any word: `constructor` is in every object. */
export function entryOf<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
