import type { z } from 'zod';
import { organisationSchema, writtenOf } from './organisation';
import type { Problem } from './problem';
import { regionSchema } from './region';
import { fill } from './effective';
import { isPlain, optionFor, unwrap, type Unwrapped } from './schema';
import { inRegion, inSettings, type SettingsInput } from './settings-input';

/** Keys, types, allowed words, bounds and characters: everything that can be known of single values. */
export function checkShape(input: SettingsInput): Problem[] {
  const ofSettings = (path: string) => inSettings(input, path);
  return [
    ...problemsOf(organisationSchema, input.settings, ofSettings),
    ...missingDefaults(organisationSchema, input.settings, ofSettings),
    ...inheritedValues(writtenOf(input.settings) ?? input.settings, ofSettings),
    ...textProblems(input.settings, ofSettings),
    ...input.regions.flatMap((region) => {
      const ofRegion = (path: string) => inRegion(input, region, path);
      return [
        ...problemsOf(regionSchema, region, ofRegion),
        ...inheritedValues(region, ofRegion),
        ...textProblems(region, ofRegion),
      ];
    }),
  ];
}

type Where = (path: string) => string;

/** No setting is nearly as deep. */
const deepest = 30;

/** What no other check could read: files that export no object, and values that contain themselves or are nested without end. */
export function checkNesting(input: SettingsInput): Problem[] {
  const { sources } = input;
  const noObject = (value: unknown, file: string, remedy: string): Problem[] =>
    isPlain(value) ? [] : [{ where: `${file}: ${wholeFile}`, what: `${show(value)} is not an object`, remedy }];
  const settings = noObject(
    input.settings,
    sources?.settings ?? 'infra.config.ts',
    'export default defineOrganisation({ … })',
  );
  const regions = input.regions.flatMap((region, index) =>
    noObject(region, sources?.regions[index] ?? `regions.${index}`, 'export const region = { … }').map((problem) => ({
      ...problem,
      where: problem.where.replace(wholeFile, 'region'),
    })),
  );
  if (settings.length + regions.length > 0) return [...settings, ...regions];
  return [
    ...nested(writtenOf(input.settings) ?? input.settings, (path) => inSettings(input, path)),
    ...input.regions.flatMap((region) => nested(region, (path) => inRegion(input, region, path))),
  ];
}

function nested(value: unknown, where: Where, path: readonly string[] = [], outer: readonly unknown[] = []): Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  const containsItself = outer.includes(value);
  if (!containsItself && path.length <= deepest) {
    return Object.entries(value).flatMap(([key, inside]) => nested(inside, where, [...path, key], [...outer, value]));
  }
  return [
    {
      where: where(path.join('.')),
      what: containsItself ? 'contains itself' : `lies ${path.length} levels deep`,
      remedy: 'write the value itself, or remove it',
    },
  ];
}

const wholeFile = 'default export';

function problemsOf(schema: z.ZodType, value: unknown, where: Where): Problem[] {
  const problems = new Map<string, Problem>();
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    for (const problem of describe(schema, issue, value, where)) {
      // A number can be out of bounds and not whole at once.
      if (!problems.has(problem.where)) problems.set(problem.where, problem);
    }
  }
  return [...problems.values()];
}

function describe(schema: z.ZodType, issue: z.core.$ZodIssue, value: unknown, where: Where): Problem[] {
  const path = issue.path.map(String);
  const given = path.reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], value);
  const at = where(path.join('.') || wholeFile);
  const setting = settingAt(schema, path, value);
  // A key with the value undefined counts as missing.
  if (given === undefined && setting?.isOptional) return [];
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(setting?.def.shape ?? {});
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      return {
        where: where([...path, key].join('.')),
        what: 'there is no such setting',
        remedy: meant ? `did you mean ${meant}? If not, remove it` : `remove it; there are ${known.join(', ')}`,
      };
    });
  }
  const words = wordsOf(issue, setting);
  if (words) {
    const unknown = typeof given === 'number' ? `${given} is not possible` : `there is no ${show(given)}`;
    const what = given === undefined ? 'is missing' : unknown;
    return [{ where: at, what, remedy: `use one of ${words.join(', ')}` }];
  }
  const bounds = boundsOf(setting);
  if (bounds && typeof given === 'number') {
    const unit = setting?.note.unit === 'number' ? undefined : setting?.note.unit;
    const what = Number.isInteger(given) || bounds.isWhole === false ? 'is out of bounds' : 'is not a whole number';
    return [
      { where: at, what: `${given} ${what}`, remedy: `use ${bounds.from}–${bounds.to}${unit ? ` ${unit}` : ''}` },
    ];
  }
  const type = setting ? typeWords[setting.def.type] : undefined;
  const expected = bounds ? 'a number' : (type ?? 'a value of another type');
  return given === undefined
    ? [{ where: at, what: 'is missing', remedy: `add it: ${expected}` }]
    : [{ where: at, what: `${show(given)} is not ${expected}`, remedy: `write ${expected}` }];
}

/** The setting at a path. */
function settingAt(schema: z.ZodType, path: readonly string[], value: unknown): Unwrapped | undefined {
  const setting = unwrap(schema);
  if (setting.def.options) {
    const option = optionFor(setting, value);
    return option ? settingAt(option, path, value) : setting;
  }
  const [key, ...rest] = path;
  if (key === undefined) return setting;
  const { shape, valueType, element } = setting.def;
  const part = shape && Object.hasOwn(shape, key) ? shape[key] : (valueType ?? element);
  const inside = isPlain(value) || Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined;
  return part && settingAt(part, rest, inside);
}

/** The allowed words or numbers, if they are few. */
function wordsOf(issue: z.core.$ZodIssue, setting: Unwrapped | undefined): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union' || setting?.def.discriminator === undefined) return undefined;
  const { options = [], discriminator } = setting.def;
  return options.flatMap((option) => {
    const { schema } = unwrap(unwrap(option).def.shape![discriminator]!);
    return (schema as z.ZodEnum).options.map(String);
  });
}

/** Bounds of other numbers. */
export function boundsOf(setting: Unwrapped | undefined) {
  if (setting?.def.type !== 'number') return undefined;
  const { minValue, maxValue, isInt } = setting.schema as z.ZodNumber & { readonly isInt: boolean };
  return { from: minValue ?? -Infinity, to: maxValue ?? Infinity, isWhole: isInt };
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  enum: 'a text in quotes',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function show(value: unknown): string {
  const text =
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/**
 * Code that reads keys and code that reads properties differ on values from a prototype: only plain objects and lists
 * are settings.
 */
function inheritedValues(value: unknown, where: Where, path: readonly string[] = []): Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  const own =
    isPlain(value) || Array.isArray(value)
      ? []
      : [
          {
            where: where(path.join('.') || wholeFile),
            what: 'takes values from a prototype, which checks and stacks do not see alike',
            remedy: 'write them as keys of a plain object',
          },
        ];
  return [...own, ...Object.entries(value).flatMap(([key, inside]) => inheritedValues(inside, where, [...path, key]))];
}

/** Stacks read complete settings: a value that `defineOrganisation` would have added must be there. */
function missingDefaults(schema: z.ZodType, value: unknown, where: Where): Problem[] {
  const problems: Problem[] = [];
  fill(schema, value, 'production', (path) =>
    problems.push({
      where: where(path.join('.')),
      what: 'is missing, and has a default',
      remedy: 'let defineOrganisation complete the settings, or write a value',
    }),
  );
  return problems;
}

/** Control, format and surrogate characters, and separators of lines: people cannot see them, and few AWS APIs accept them. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Texts and keys with characters that no setting may have, and lists that have one value twice. */
function textProblems(value: unknown, where: Where, path: readonly string[] = []): Problem[] {
  const at = (more: readonly string[]) => where([...path, ...more].join('.'));
  if (typeof value === 'string') return problemsOfText(value, at([]));
  if (typeof value !== 'object' || value === null) return [];
  const ofKeys = Array.isArray(value) ? [] : Object.keys(value).flatMap((key) => problemsOfText(key, at([key])));
  const before = new Set<unknown>();
  const repeated = (Array.isArray(value) ? (value as unknown[]) : []).flatMap((each, index) => {
    if (typeof each === 'object' || !before.has(each)) {
      before.add(each);
      return [];
    }
    return [{ where: at([String(index)]), what: `${show(each)} is listed twice`, remedy: 'list it once' }];
  });
  const inside = Object.entries(value).flatMap(([key, each]) => textProblems(each, where, [...path, key]));
  return [...ofKeys, ...repeated, ...inside];
}

function problemsOfText(text: string, where: string): Problem[] {
  const code = unseen.exec(text)?.[0].codePointAt(0);
  if (code !== undefined) {
    const character = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return [{ where, what: `${show(text)} has the invisible character ${character}`, remedy: 'remove it' }];
  }
  if (text.trim() === '') return [{ where, what: `${show(text)} is empty`, remedy: 'write a value, or remove it' }];
  if (text !== text.trim()) {
    return [{ where, what: `${show(text)} begins or ends with a space`, remedy: 'remove the space' }];
  }
  // Terraform would evaluate it (https://developer.hashicorp.com/terraform/language/expressions/strings).
  if (/[$%]\{/.test(text)) {
    return [{ where, what: `${show(text)} is a template of Terraform`, remedy: 'write the value without ${ and %{' }];
  }
  return [];
}

/** The known word that a mistyped one is meant to be: at most a third of its letters differ. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((word) => ({ word, distance: editDistance(given.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(1, Math.floor(Math.max(given.length, best.word.length) / 3))
    ? best.word
    : undefined;
}

/** Number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
