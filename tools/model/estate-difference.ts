import type { ChangeReason } from './change';
import type { Configuration } from './configuration';

/*
 * What differs in meaning between two synthesised configurations: comments of cdktf and the order of keys do not count.
 */

type Tree = Readonly<Record<string, unknown>>;

/** Kinds of blocks that have a type and a name, and what their addresses begin with. */
const TYPED: Readonly<Record<string, string>> = { resource: '', data: 'data.', ephemeral: 'ephemeral.' };

/** A configuration without cdktf's comments, its keys sorted: two of equal meaning are equal as text. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inside]) => [key, canonical(inside)]),
  );
}

/** Every argument in which two configurations differ, in the order of their addresses. */
export function configurationDifferences(base: Configuration, head: Configuration): ChangeReason[] {
  const [before, after] = [blocksOf(base), blocksOf(head)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((address): ChangeReason[] => {
    const [was, is] = [before.get(address), after.get(address)];
    if (was === undefined) return [{ kind: 'argument', address, text: `${address} is new` }];
    if (is === undefined) return [{ kind: 'argument', address, text: `${address} is removed` }];
    return differingPaths(was, is, []).map((path) => {
      const argument = path.join('.');
      return argument
        ? { kind: 'argument', address, argument, text: `${address}: ${argument} differs` }
        : { kind: 'argument', address, text: `${address} differs` };
    });
  });
}

function blocksOf(configuration: Configuration): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [kind, blocks] of Object.entries(canonical(configuration) as Tree)) {
    const prefix = TYPED[kind];
    for (const [label, inside] of Object.entries(blocks as Tree)) {
      if (prefix === undefined) found.set(`${singular[kind] ?? kind}.${label}`, inside);
      else for (const [name, body] of Object.entries(inside as Tree)) found.set(`${prefix}${label}.${name}`, body);
    }
  }
  return found;
}

const singular: Readonly<Record<string, string>> = { locals: 'local' };

function differingPaths(was: unknown, is: unknown, path: readonly string[]): string[][] {
  const isTree = (value: unknown) => typeof value === 'object' && value !== null;
  if (!isTree(was) || !isTree(is) || Array.isArray(was) !== Array.isArray(is)) {
    return Object.is(was, is) ? [] : [[...path]];
  }
  const [before, after] = [was as Tree, is as Tree];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) =>
    Object.hasOwn(before, key) && Object.hasOwn(after, key)
      ? differingPaths(before[key], after[key], [...path, key])
      : [[...path, key]],
  );
}
