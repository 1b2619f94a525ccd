/** The parts of `terraform show -json <plan>` that the tools look at. */
export interface PlanJson {
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, OutputChange>>;
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly mode: 'managed' | 'data';
  readonly change: { readonly actions: readonly string[]; readonly after?: unknown; readonly after_unknown?: unknown };
}

interface OutputChange {
  readonly actions: readonly string[];
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly after_sensitive?: unknown;
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

/** Terraform marks the unknown and the sensitive by a `true` in the place of the value, at any depth. */
function hasTrue(marks: unknown): boolean {
  if (typeof marks === 'object' && marks !== null) return Object.values(marks).some(hasTrue);
  return marks === true;
}
