import type { DependsOn } from './dependent-arguments';
import { hasTrue, type Change, type PlanJson, type ResourceChange } from './plan';

export interface ComparePlansOptions {
  /** Arguments whose values the first plan could not show. */
  readonly dependsOn: DependsOn;
  /**
   * Present where an apply of the first plan has begun and not ended: what it has done is no longer in the second plan,
   * what it has created in part is created again, and what was unknown may be known.
   */
  readonly begun?: BegunChanges;
}

/** What an apply that has not ended may have left behind. */
export interface BegunChanges {
  /** Addresses that it began to create. */
  readonly creating: ReadonlySet<string>;
}

/**
 * What a second plan of the same stack would do other than the first one showed: `address: what differs`, sorted. Empty
 * when both mean the same: the same addresses, objects, actions and argument values, except for arguments whose values
 * the first plan could not show.
 */
export function comparePlans(shown: PlanJson, current: PlanJson, options: ComparePlansOptions): string[] {
  const before = changesOf(shown);
  const after = changesOf(current);
  const differences: string[] = [];
  for (const [key, change] of before) {
    const other = after.get(key);
    if (!other) {
      if (!options.begun) differences.push(`${key}: was planned to be ${did(change)}; now nothing would be done`);
    } else {
      differences.push(...compareChange(key, change, other, options).map((text) => `${key}: ${text}`));
    }
  }
  for (const [key, change] of after) {
    if (before.has(key) || (options.begun && finishesReplacement(before.get(change.address), change))) continue;
    differences.push(`${key}: would be ${did(change)}; the plan did not show that`);
  }
  differences.push(...compareOutputs(shown, current, options));
  return differences.sort();
}

/** Whether a change destroys what a replacement, which has created the new object already, was planned to destroy. */
function finishesReplacement(shown: ResourceChange | undefined, { deposed, change }: ResourceChange): boolean {
  return (
    deposed !== undefined &&
    shown !== undefined &&
    isReplacement(shown) &&
    change.actions.join() === 'delete' &&
    otherObject(shown.change, change) === undefined
  );
}

/** Managed resources that something happens to, by address. */
function changesOf(plan: PlanJson): Map<string, ResourceChange> {
  return new Map(
    (plan.resource_changes ?? [])
      .filter(
        ({ mode, change, address, previous_address }) =>
          mode === 'managed' &&
          (change.importing !== undefined ||
            (previous_address !== undefined && previous_address !== address) ||
            change.actions.some((action) => action !== 'no-op' && action !== 'read')),
      )
      .map((change) => [change.deposed ? `${change.address} (deposed ${change.deposed})` : change.address, change]),
  );
}

function compareChange(
  address: string,
  shown: ResourceChange,
  current: ResourceChange,
  { dependsOn, begun }: ComparePlansOptions,
): string[] {
  /** What the apply has created in part: Terraform destroys it, to create it again. */
  const createdInPart =
    begun?.creating.has(address) === true &&
    current.action_reason === 'replace_because_tainted' &&
    shown.change.actions.includes('create') &&
    current.change.actions.includes('create');
  /** A replacement whose first half, the destruction, is done. */
  const halfReplaced = begun !== undefined && isReplacement(shown) && current.change.actions.join() === 'create';
  if (!createdInPart && !halfReplaced && shown.change.actions.join() !== current.change.actions.join()) {
    return [`was planned to be ${did(shown)}; now would be ${did(current)}`];
  }
  if (shown.previous_address !== current.previous_address && !begun) {
    return [
      `would move from ${current.previous_address ?? 'nowhere'}; the plan showed a move from ${shown.previous_address ?? 'nowhere'}`,
    ];
  }
  const other = createdInPart || halfReplaced ? undefined : otherObject(shown.change, current.change);
  if (other) return [`would be ${did(current)}, but ${other}`];
  return [
    ...compareValues(shown.change, current.change, (argument) => dependsOn(address, argument), begun !== undefined),
    ...(createdInPart || halfReplaced ? [] : overwritten(shown.change, current.change)),
  ];
}

/** Says that two changes are of different objects; nothing where they are of the same, or of one that is not there yet. */
function otherObject(shown: Change, current: Change): string | undefined {
  if (current.actions.join() === 'create') return undefined;
  const [was, is] = [record(shown.before), record(current.before)];
  const key = ['id', 'arn'].find((name) => typeof was[name] === 'string' || typeof is[name] === 'string');
  // Nearly every type of the AWS provider has an id. Others count as the same only while nothing of them differs.
  if (key === undefined) {
    return !current.actions.includes('delete') || same(was, is) ? undefined : 'it is not as the plan showed it';
  }
  return was[key] === is[key] ? undefined : `it is ${show(is[key])} now; the plan showed ${show(was[key])}`;
}

const isReplacement = ({ change: { actions } }: ResourceChange) =>
  actions.includes('create') && actions.includes('delete');

/** Arguments whose present value the plan did not show: they have been changed since, and the change would be lost. */
function overwritten(shown: Change, current: Change): string[] {
  const [seen, present, planned] = [record(shown.before), record(current.before), record(current.after)];
  const hidden = { ...record(shown.before_sensitive), ...record(current.before_sensitive) };
  return Object.keys(planned)
    .sort()
    .flatMap((name) => {
      const [was, is, willBe] = [seen[name] ?? null, present[name] ?? null, planned[name] ?? null];
      if (same(is, willBe) || same(was, is)) return [];
      return [
        hasTrue(hidden[name])
          ? `${name} (sensitive) has another value now than when the plan was made`
          : `${name} is ${show(is)} now; it was ${show(was)} when the plan was made`,
      ];
    });
}

function compareOutputs(shown: PlanJson, current: PlanJson, { dependsOn, begun }: ComparePlansOptions) {
  const differences: string[] = [];
  for (const [name, change] of Object.entries(current.output_changes ?? {})) {
    const before = shown.output_changes?.[name];
    if (dependsOn(`output.${name}`, 'value') || change.actions.every((action) => action === 'no-op')) continue;
    if (!before) {
      differences.push(`output.${name}: would change; the plan did not show that`);
      continue;
    }
    const wrap = ({ after, after_unknown, after_sensitive }: Change): Change => ({
      actions: [],
      after: { value: after },
      after_unknown: { value: after_unknown },
      after_sensitive: { value: after_sensitive },
    });
    differences.push(
      ...compareValues(wrap(before), wrap(change), () => false, begun !== undefined).map(
        (text) => `output.${name}: ${text}`,
      ),
    );
  }
  return differences;
}

function compareValues(
  shown: Change,
  current: Change,
  mayDiffer: (argument: string) => boolean,
  begun: boolean,
): string[] {
  const [before, after] = [record(shown.after), record(current.after)];
  const [unknownBefore, unknownAfter] = [record(shown.after_unknown), record(current.after_unknown)];
  const names = new Set([before, after, unknownBefore, unknownAfter].flatMap((each) => Object.keys(each)));
  return [...names].sort().flatMap((name) => {
    if (mayDiffer(name)) return [];
    const was = withUnknown(before[name], unknownBefore[name]);
    const is = withUnknown(after[name], unknownAfter[name]);
    if (begun ? couldBecome(was, is) : same(was, is)) return [];
    const hidden = hasTrue(record(shown.after_sensitive)[name]) || hasTrue(record(current.after_sensitive)[name]);
    return [
      hidden
        ? `${name} (sensitive) would get another value than the plan showed`
        : `${name} would be ${show(is)}; the plan showed ${show(was)}`,
    ];
  });
}

/** In the place of a value that is known after the apply. */
const UNKNOWN = '(known after apply)';

function withUnknown(value: unknown, unknown: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const [values, marks] = [(value ?? []) as unknown[], (unknown ?? []) as unknown[]];
    return Array.from({ length: Math.max(values.length, marks.length) }, (_, index) =>
      withUnknown(values[index], marks[index]),
    );
  }
  if (typeof value === 'object' && value !== null) {
    const marks = record(unknown);
    return Object.fromEntries(
      [...new Set([...Object.keys(value), ...Object.keys(marks)])]
        .sort()
        .map((key) => [key, withUnknown((value as Record<string, unknown>)[key], marks[key])]),
    );
  }
  if (typeof unknown === 'object' && unknown !== null && (value ?? null) === null) return withUnknown({}, unknown);
  return value ?? null;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Whether `is` is `was` with some of the unknown known by now. Sets can change their order by that. */
function couldBecome(was: unknown, is: unknown): boolean {
  if (was === UNKNOWN || same(was, is)) return true;
  if (Array.isArray(was) && Array.isArray(is)) {
    if (was.length !== is.length) return false;
    const left = [...is];
    // The most specific first, so that one that is wholly unknown does not take the place of another.
    const byUnknowns = [...was].sort((a, b) => unknowns(a) - unknowns(b));
    return byUnknowns.every((each) => {
      const index = left.findIndex((other) => couldBecome(each, other));
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    });
  }
  if (typeof was === 'object' && was !== null && typeof is === 'object' && is !== null) {
    const [one, other] = [record(was), record(is)];
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
      couldBecome(one[key] ?? null, other[key] ?? null),
    );
  }
  return false;
}

const unknowns = (value: unknown) => JSON.stringify(value).split(UNKNOWN).length;

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function did({ change: { actions } }: ResourceChange): string {
  if (actions.length > 1) return 'replaced';
  const words: Readonly<Record<string, string>> = { create: 'created', update: 'changed', delete: 'destroyed' };
  return words[actions[0] ?? ''] ?? actions[0] ?? 'kept';
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
