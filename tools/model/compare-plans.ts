import type { RestsOn } from './dependent-arguments';
import { hasTrue, type Change, type PlanJson, type ResourceChange } from './plan';

export interface ComparePlansOptions {
  /** Arguments that rest on values which were not real when the first plan was reviewed. */
  readonly restsOn: RestsOn;
  /**
   * An apply of the reviewed plan has begun and not finished: what it has done is in the second plan no more, what it
   * has half made is made again, and what was unknown may be known.
   */
  readonly begun?: boolean;
}

/**
 * What a second plan of the same stack would do other than the reviewed one: `address: what differs`, sorted. Empty when
 * both mean the same: the same addresses, actions and argument values, but for arguments that rested on values which
 * were not real.
 */
export function comparePlans(reviewed: PlanJson, current: PlanJson, options: ComparePlansOptions): string[] {
  const before = changesOf(reviewed);
  const after = changesOf(current);
  const differences: string[] = [];
  for (const [key, change] of before) {
    const other = after.get(key);
    if (!other) {
      if (!options.begun) differences.push(`${key}: was to be ${did(change)}, and now nothing would be done to it`);
    } else {
      differences.push(...compareChange(key, change, other, options).map((text) => `${key}: ${text}`));
    }
  }
  for (const [key, change] of after) {
    if (!before.has(key)) differences.push(`${key}: would be ${did(change)}, which was not reviewed`);
  }
  differences.push(...compareOutputs(reviewed, current, options));
  return differences.sort();
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
  reviewed: ResourceChange,
  current: ResourceChange,
  { restsOn, begun }: ComparePlansOptions,
): string[] {
  const halfMade =
    begun &&
    current.action_reason === 'replace_because_tainted' &&
    reviewed.change.actions.includes('create') &&
    current.change.actions.includes('create');
  if (!halfMade && reviewed.change.actions.join() !== current.change.actions.join()) {
    return [`was to be ${did(reviewed)}, and now would be ${did(current)}`];
  }
  if (reviewed.previous_address !== current.previous_address && !begun) {
    return [
      `moves from ${current.previous_address ?? 'nowhere'}, and not from ${reviewed.previous_address ?? 'nowhere'}`,
    ];
  }
  return [
    ...compareValues(reviewed.change, current.change, (argument) => restsOn(address, argument), begun),
    ...(halfMade ? [] : overwritten(reviewed.change, current.change)),
  ];
}

/** Arguments whose present value nobody saw in the review: somebody has changed them since, and would lose that. */
function overwritten(reviewed: Change, current: Change): string[] {
  const [seen, present, planned] = [record(reviewed.before), record(current.before), record(current.after)];
  const hidden = { ...record(reviewed.before_sensitive), ...record(current.before_sensitive) };
  return Object.keys(planned)
    .sort()
    .flatMap((name) => {
      const [was, is, willBe] = [seen[name] ?? null, present[name] ?? null, planned[name] ?? null];
      if (same(is, willBe) || same(was, is)) return [];
      return [
        hasTrue(hidden[name])
          ? `${name} (sensitive) is another by now than in the review`
          : `${name} is ${show(is)} by now, and was ${show(was)} in the review`,
      ];
    });
}

function compareOutputs(reviewed: PlanJson, current: PlanJson, { restsOn, begun }: ComparePlansOptions) {
  const differences: string[] = [];
  for (const [name, change] of Object.entries(current.output_changes ?? {})) {
    const before = reviewed.output_changes?.[name];
    if (restsOn(`output.${name}`, 'value') || change.actions.every((action) => action === 'no-op')) continue;
    if (!before) {
      differences.push(`output.${name}: would change, which was not reviewed`);
      continue;
    }
    const wrap = ({ after, after_unknown, after_sensitive }: Change): Change => ({
      actions: [],
      after: { value: after },
      after_unknown: { value: after_unknown },
      after_sensitive: { value: after_sensitive },
    });
    differences.push(
      ...compareValues(wrap(before), wrap(change), () => false, begun).map((text) => `output.${name}: ${text}`),
    );
  }
  return differences;
}

function compareValues(
  reviewed: Change,
  current: Change,
  mayDiffer: (argument: string) => boolean,
  begun = false,
): string[] {
  const [before, after] = [record(reviewed.after), record(current.after)];
  const [unknownBefore, unknownAfter] = [record(reviewed.after_unknown), record(current.after_unknown)];
  const names = new Set([before, after, unknownBefore, unknownAfter].flatMap((each) => Object.keys(each)));
  return [...names].sort().flatMap((name) => {
    if (mayDiffer(name)) return [];
    const was = withUnknown(before[name], unknownBefore[name]);
    const is = withUnknown(after[name], unknownAfter[name]);
    if (begun ? couldBecome(was, is) : same(was, is)) return [];
    const hidden = hasTrue(record(reviewed.after_sensitive)[name]) || hasTrue(record(current.after_sensitive)[name]);
    return [
      hidden
        ? `${name} would get another (sensitive) value than was reviewed`
        : `${name} would be ${show(is)}, and ${show(was)} was reviewed`,
    ];
  });
}

/** Stands in the place of a value that only the apply will know. */
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
  return words[actions[0] ?? ''] ?? actions[0] ?? 'left';
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
