import { isDeepStrictEqual } from 'node:util';
import { sameJson } from './same-json';
import { UNKNOWN, type ArgumentChange } from './review';
import { isEmpty, SENSITIVE } from './value-changes';

/** A value with Terraform's marks beside it: `true` marks a whole value, an object or list marks its parts. */
interface Marked {
  readonly value: unknown;
  readonly sensitive?: unknown;
  /** Only after a change. */
  readonly unknown?: unknown;
}

export interface ComparedChange {
  readonly before?: unknown;
  readonly after?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  readonly after_unknown?: unknown;
  readonly replace_paths?: readonly (readonly (string | number)[])[] | null;
}

/**
 * Where the two sides of a change differ, as deep as it can be named. Elements of lists and sets are matched by what
 * identifies them, whatever their order; a whole element that came or went is one change. A value that is sensitive on
 * either side is masked on both.
 */
export function argumentChanges(change: ComparedChange): ArgumentChange[] {
  const sensitive = union(change.before_sensitive, change.after_sensitive);
  const before: Marked = { value: change.before, sensitive };
  const after: Marked = { value: change.after, sensitive, unknown: change.after_unknown };
  const forcing = (change.replace_paths ?? []).map((path) => path.map(String));
  return differences([], before, after).map(({ path, marks, ...rest }) => ({
    path: nameOf(path),
    before: rest.before ?? null,
    after: rest.after ?? null,
    marks: forcing.some((each) => each[0] === String(path[0]) && overlaps(each, path))
      ? [...marks, 'forces replacement' as const]
      : marks,
  }));
}

/** Both sides of a change, without naming where they differ. */
export function wholeChange(change: ComparedChange): Pick<ArgumentChange, 'before' | 'after' | 'marks'> {
  const sensitive = union(change.before_sensitive, change.after_sensitive);
  const before: Marked = { value: change.before, sensitive };
  const after: Marked = { value: change.after, sensitive, unknown: change.after_unknown };
  return { before: masked(before), after: masked(after), marks: marksOf(before, after) };
}

/** `ingress[0].cidr_blocks` of the parts of a path; parts in brackets stay as they are. */
function nameOf(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return part.startsWith('[') || text === '' ? `${text}${part}` : `${text}.${part}`;
  }, '');
}

/** Indexes and identities of elements do not have to agree: Terraform names those of a set in no order. */
function overlaps(forcing: readonly string[], path: readonly (string | number)[]): boolean {
  const words = (parts: readonly (string | number)[]) =>
    parts.map(String).filter((part) => !/^\d+$/.test(part) && !part.startsWith('['));
  const [one, other] = [words(forcing), words(path)];
  return one.every((word, index) => other[index] === undefined || other[index] === word);
}

interface Difference extends Pick<ArgumentChange, 'marks'> {
  readonly path: readonly (string | number)[];
  readonly before?: unknown;
  readonly after?: unknown;
}

type Path = readonly (string | number)[];

function differences(path: Path, before: Marked, after: Marked): Difference[] {
  const [one, other] = [before.value, after.value];
  const isUnknown = after.unknown === true;
  if (!isUnknown && !hasMark(after.unknown) && isDeepStrictEqual(one ?? null, other ?? null)) return [];
  if (isSensitive(before) || isSensitive(after)) {
    const shown = (value: unknown) => (value === undefined || value === null ? null : SENSITIVE);
    return [{ path, before: shown(one), after: isUnknown ? UNKNOWN : shown(other), marks: ['sensitive'] }];
  }
  if (isUnknown) return [{ path, before: masked(before), after: UNKNOWN, marks: ['unknown'] }];
  if (Array.isArray(one) && Array.isArray(other)) return elementDifferences(path, before, after);
  if (isRecord(one) && isRecord(other)) return fieldDifferences(path, before, after);
  // Of something new, each argument by itself.
  if (path.length === 0 && (isRecord(one) || isRecord(other))) return fieldDifferences(path, before, after);
  if (typeof one === 'string' && typeof other === 'string') return textDifferences(path, one, other);
  const isSame = isEmpty(one) && isEmpty(other) && !hasMark(after.unknown);
  const marks = isSame ? (['formatting only'] as const) : marksOf(before, after);
  return [{ path, before: masked(before), after: masked(after), marks }];
}

function fieldDifferences(path: Path, before: Marked, after: Marked): Difference[] {
  const names = new Set(
    [before.value, after.value, after.unknown].flatMap((each) => (isRecord(each) ? Object.keys(each) : [])),
  );
  return [...names].sort().flatMap((name) => differences([...path, name], fieldOf(before, name), fieldOf(after, name)));
}

/** Text that holds JSON is compared as such. */
function textDifferences(path: Path, one: string, other: string): Difference[] {
  const whole: Difference = { path, before: one, after: other, marks: [] };
  const [left, right] = [documentOf(one), documentOf(other)];
  if (left === undefined || right === undefined) return [whole];
  if (sameJson(one, other)) return [{ ...whole, marks: ['formatting only'] }];
  const inside = differences(path, { value: left }, { value: right });
  // They differ in what parsing loses.
  return inside.length > 0 ? inside : [whole];
}

function documentOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What tells elements apart, the first that all of them have with different values. */
const identities = [
  'Sid',
  'sid',
  'id',
  'name',
  'key',
  'origin_id',
  'rule_number',
  'rule_no',
  'priority',
  'region_name',
  'region',
  'device_name',
  'path_pattern',
  'domain_name',
  'availability_zone',
  'subnet_id',
  'endpoint_id',
  'cidr_block',
  'type',
] as const;

function elementDifferences(path: Path, before: Marked, after: Marked): Difference[] {
  const ones = elementsOf(before);
  const others = elementsOf(after);
  const unmatched = (own: readonly Marked[], against: readonly Marked[]) => {
    const counted = new Map<string, number>();
    for (const each of against) {
      if (hasMark(each.unknown)) continue;
      counted.set(keyOf(each), (counted.get(keyOf(each)) ?? 0) + 1);
    }
    return own.filter((each) => {
      const left = counted.get(keyOf(each)) ?? 0;
      if (left === 0 || hasMark(each.unknown)) return true;
      counted.set(keyOf(each), left - 1);
      return false;
    });
  };
  const gone = unmatched(ones, others);
  const come = unmatched(others, ones);
  if (gone.length + come.length === 0) {
    // The same elements in another order, which counts in a list.
    return [{ path, before: masked(before), after: masked(after), marks: marksOf(before, after) }];
  }
  const found: Difference[] = [];
  const pair = (at: string | number, one: Marked, other: Marked) => {
    gone.splice(gone.indexOf(one), 1);
    come.splice(come.indexOf(other), 1);
    found.push(...differences([...path, at], one, other));
  };
  const identity = identities.find((name) => [ones, others].every((list) => isIdentity(list, name)));
  if (identity) {
    for (const one of [...gone]) {
      const value = (one.value as Record<string, unknown>)[identity];
      const other = come.find((each) => (each.value as Record<string, unknown>)[identity] === value);
      if (other) pair(`[${identity}=${String(value)}]`, one, other);
    }
  } else if (ones.length === others.length) {
    // Blocks of a list stay in their places.
    for (const one of [...gone]) {
      const index = ones.indexOf(one);
      const other = others[index]!;
      if (
        come.includes(other) &&
        (isRecord(one.value) ? isRecord(other.value) && alike(one.value, other.value) : hasMark(other.unknown))
      ) {
        pair(index, one, other);
      }
    }
  }
  return [
    ...found,
    ...gone.map((each) => ({ path, before: masked(each), marks: marksOf(each) })),
    ...come.map((each) => ({ path, after: masked(each), marks: marksOf(each) })),
  ];
}

/** Whether every element is an object that has `name`, known and not sensitive, each another value of it. */
function isIdentity(list: readonly Marked[], name: string): boolean {
  const values = list.map(({ value, sensitive, unknown }) =>
    isRecord(value) && !hasMark(part(sensitive, name)) && !hasMark(part(unknown, name)) ? value[name] : undefined,
  );
  return (
    values.every((value) => (typeof value === 'string' && value !== '') || typeof value === 'number') &&
    new Set(values).size === values.length
  );
}

/** Whether two objects are one that changed: half of what they set is equal, or they are the only field that differs. */
function alike(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const equal = names.filter((name) => isDeepStrictEqual(one[name] ?? null, other[name] ?? null));
  return equal.length * 2 >= names.length || names.length - equal.length === 1;
}

function elementsOf({ value, sensitive, unknown }: Marked): Marked[] {
  // Marks of a set come in no order to rely on: a mark of one element counts for all of them.
  const marks = Array.isArray(sensitive) ? (sensitive as unknown[]).reduce(union, undefined) : sensitive;
  return (value as unknown[]).map((each, index) => ({
    value: each,
    sensitive: marks,
    unknown: Array.isArray(unknown) ? (unknown[index] as unknown) : undefined,
  }));
}

function fieldOf({ value, sensitive, unknown }: Marked, name: string): Marked {
  return {
    value: part(value, name),
    sensitive: sensitive === true ? true : part(sensitive, name),
    unknown: unknown === true ? true : part(unknown, name),
  };
}

function part(whole: unknown, name: string): unknown {
  return isRecord(whole) && Object.hasOwn(whole, name) ? whole[name] : undefined;
}

/** Both marks in one. */
export function union(one: unknown, other: unknown): unknown {
  if (one === true || other === true) return true;
  if (Array.isArray(one) || Array.isArray(other)) {
    const lists = [one, other].filter(Array.isArray) as unknown[][];
    // By index only where both sides are as long; else one mark counts for all.
    if (lists.length === 2 && lists[0]!.length === lists[1]!.length) {
      return lists[0]!.map((mark, index) => union(mark, lists[1]![index]));
    }
    return lists.length === 2 ? [[...lists[0]!, ...lists[1]!].reduce(union, undefined)] : lists[0];
  }
  if (!isRecord(one)) return other;
  if (!isRecord(other)) return one;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, union(part(one, name), part(other, name))]));
}

/** A value with its sensitive and unknown parts replaced; absent as null. */
function masked({ value, sensitive, unknown }: Marked): unknown {
  if (unknown === true) return UNKNOWN;
  if (value === undefined || value === null) return null;
  if (isSensitive({ value, sensitive })) return SENSITIVE;
  if (Array.isArray(value)) return elementsOf({ value, sensitive, unknown }).map(masked);
  if (!isRecord(value)) return value;
  const names = new Set([...Object.keys(value), ...(isRecord(unknown) ? Object.keys(unknown) : [])]);
  return Object.fromEntries([...names].map((name) => [name, masked(fieldOf({ value, sensitive, unknown }, name))]));
}

function marksOf(...sides: readonly Marked[]): ArgumentChange['marks'] {
  return [
    ...(sides.some(({ value, sensitive }) => value !== null && value !== undefined && hasMark(sensitive))
      ? (['sensitive'] as const)
      : []),
    ...(sides.some(({ unknown }) => hasMark(unknown)) ? (['unknown'] as const) : []),
  ];
}

/** Whether a value is sensitive as a whole, which one is whose marks have another shape. */
function isSensitive({ value, sensitive }: Marked): boolean {
  if (sensitive === true || value === undefined || value === null) return sensitive === true;
  const fits = Array.isArray(value) ? Array.isArray(sensitive) : isRecord(value) && isRecord(sensitive);
  return !fits && hasMark(sensitive);
}

function hasMark(marks: unknown): boolean {
  if (typeof marks === 'object' && marks !== null) return Object.values(marks).some(hasMark);
  return marks === true;
}

/** Equal for equal values, whatever the order of their fields. */
function keyOf({ value }: Marked): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      isRecord(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
    ) ?? 'null'
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
