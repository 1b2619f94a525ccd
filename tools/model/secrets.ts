import { union } from './argument-changes';
import { hasTrue, type Change, type PlanJson } from './plan';
import { SENSITIVE } from './value-changes';

/** Shortest sensitive text that is looked for elsewhere in a plan, in characters: shorter ones are words. */
const SHORTEST = 6;

/**
 * Sensitive texts of a plan. Terraform's marks say where they are; a provider, a template or an error message can repeat
 * one in a place without a mark.
 */
export function secretsOf(plan: PlanJson): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (value: unknown, marks: unknown) => {
    if (marks === true) addTexts(value, found);
    else if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) collect(each, Array.isArray(marks) ? marks[index] : undefined);
    } else if (isRecord(value) && isRecord(marks)) {
      for (const [name, inside] of Object.entries(value)) {
        if (Object.hasOwn(marks, name)) collect(inside, marks[name]);
      }
    }
  };
  const changes = [...(plan.resource_changes ?? []), ...(plan.resource_drift ?? [])].map(({ change }) => change);
  for (const change of [...changes, ...Object.values(plan.output_changes ?? {})]) {
    collect(change.before, change.before_sensitive);
    collect(change.after, change.after_sensitive);
  }
  const { root_module } = recordOf(plan.configuration);
  const variables = recordOf(plan.variables);
  for (const [name, declared] of Object.entries(recordOf(recordOf(root_module)['variables']))) {
    if (recordOf(declared)['sensitive'] === true && Object.hasOwn(variables, name)) {
      addTexts(recordOf(variables[name])['value'], found);
    }
  }
  return found;
}

/** The same document with the secrets in its texts replaced. */
export function withoutSecrets<T>(document: T, secrets: ReadonlySet<string>): T {
  if (secrets.size === 0) return document;
  const inside = [...secrets].filter(isNoWord);
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (secrets.has(value)) return SENSITIVE;
      return inside.reduce(
        (text, secret) => (text.includes(secret) ? text.replaceAll(secret, SENSITIVE) : text),
        value,
      );
    }
    if (Array.isArray(value)) return value.map(clean);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each)]));
  };
  return clean(document) as T;
}

/** A change whose sensitive texts are replaced on both sides; its numbers and truth values are left to judge. */
export function withMaskedTexts(change: Change): Change {
  const marks = union(change.before_sensitive, change.after_sensitive);
  return hasTrue(marks)
    ? { ...change, before: maskTexts(change.before, marks), after: maskTexts(change.after, marks) }
    : change;
}

function maskTexts(value: unknown, marks: unknown): unknown {
  if (typeof value === 'string') return hasTrue(marks) ? SENSITIVE : value;
  if (Array.isArray(value)) {
    // Marks of a set come in no order to rely on.
    const any = Array.isArray(marks) ? marks.reduce(union, undefined) : marks;
    return value.map((each) => maskTexts(each, any));
  }
  if (!isRecord(value)) return value;
  const inside = (name: string) => (isRecord(marks) ? (Object.hasOwn(marks, name) ? marks[name] : undefined) : marks);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskTexts(each, inside(name))]));
}

function addTexts(value: unknown, to: Set<string>): void {
  if (typeof value === 'string') {
    for (const text of [value, value.trim()]) if (text.length >= SHORTEST) to.add(text);
  } else if (typeof value === 'object' && value !== null) {
    for (const inside of Object.values(value)) addTexts(inside, to);
  }
}

/** A user's name such as `postgres` is in many texts; what has a digit, a capital or a sign is no such word. */
const isNoWord = (text: string) => /[^a-z]/.test(text);

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
