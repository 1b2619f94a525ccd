import { isDeepStrictEqual } from 'node:util';
import { hasTrue } from './plan';

/** One value that differs; masked where either side is sensitive. */
export interface ValueChange {
  /** `ingress`, `tags.owner`, `default_action[0].type` */
  readonly path: string;
  /** Absent where there was nothing. */
  readonly before?: unknown;
  /** Absent where there is nothing now. */
  readonly after?: unknown;
}

/** Stands in the place of a sensitive value. */
export const SENSITIVE = '(sensitive)';

/** Values and the marks of Terraform's JSON beside them: `true` at any depth says sensitive. */
export interface Marked {
  readonly value: unknown;
  readonly sensitive?: unknown;
}

/**
 * Where two values differ, as deep as it can be named. Of a list or set whose elements have no counterpart the elements
 * that went and came are named, so that one rule among many is seen.
 */
export function valueChanges(path: string, before: Marked, after: Marked): ValueChange[] {
  const [one, other] = [before.value, after.value];
  if (isDeepStrictEqual(normal(one), normal(other))) return [];
  if (before.sensitive === true || after.sensitive === true) {
    return [{ path, ...(isEmpty(one) ? {} : { before: SENSITIVE }), ...(isEmpty(other) ? {} : { after: SENSITIVE }) }];
  }
  if (Array.isArray(one) && Array.isArray(other)) return elementChanges(path, before, after);
  if (isRecord(one) && isRecord(other)) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])]
      .sort()
      .flatMap((name) => valueChanges(`${path}.${name}`, fieldOf(before, name), fieldOf(after, name)));
  }
  return [
    { path, ...(isEmpty(one) ? {} : { before: masked(before) }), ...(isEmpty(other) ? {} : { after: masked(after) }) },
  ];
}

/** `path: before → after` */
export function describeChange({ path, before, after }: ValueChange): string {
  return `${path}: ${show(before)} → ${show(after)}`;
}

function elementChanges(path: string, before: Marked, after: Marked): ValueChange[] {
  const [ones, others] = [elementsOf(before), elementsOf(after)];
  const gone = ones.filter(({ value }) => !others.some((each) => isDeepStrictEqual(each.value, value)));
  const come = others.filter(({ value }) => !ones.some((each) => isDeepStrictEqual(each.value, value)));
  // One that changed within, as the only block of its kind.
  if (ones.length === 1 && others.length === 1 && isRecord(ones[0]!.value)) {
    return valueChanges(`${path}[0]`, ones[0]!, others[0]!);
  }
  if (gone.length + come.length === 0) return [{ path, before: masked(before), after: masked(after) }];
  return [
    ...gone.map((each) => ({ path, before: masked(each) })),
    ...come.map((each) => ({ path, after: masked(each) })),
  ];
}

function elementsOf({ value, sensitive }: Marked): Marked[] {
  const marks = Array.isArray(sensitive) ? (sensitive as unknown[]) : [];
  // Terraform's marks of a set are in no order that can be relied on: one mark counts for all of them.
  const any = marks.find(hasTrue);
  return (value as unknown[]).map((each) => ({ value: each, sensitive: any }));
}

function fieldOf({ value, sensitive }: Marked, name: string): Marked {
  const mark = isRecord(sensitive) ? sensitive[name] : sensitive;
  return { value: (value as Record<string, unknown>)[name], sensitive: mark };
}

/** A value with its sensitive parts replaced, without what is empty. */
export function masked({ value, sensitive }: Marked): unknown {
  if (sensitive === true) return isEmpty(value) ? value : SENSITIVE;
  if (Array.isArray(value)) return elementsOf({ value, sensitive }).map(masked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((name) => !isEmpty(value[name]))
      .map((name) => [name, masked(fieldOf({ value, sensitive }, name))]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Providers give back an empty map, list or text where the state has nothing, and the other way round. */
export function isEmpty(value: unknown): boolean {
  if (value === '' || value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const normal = (value: unknown) => (isEmpty(value) ? null : value);

/** Longest value that is shown whole, in characters. */
const LONGEST = 300;

function show(value: unknown): string {
  if (value === undefined) return '(none)';
  if (value === SENSITIVE) return SENSITIVE;
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
