import type { Differences } from '@platform/libs/settings/differences';
import { masked, type Mask } from './region-words';

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The parts of a synthesised configuration that counterparts have in common. */
export interface CounterpartJson {
  readonly resource?: Readonly<Record<string, Blocks>>;
  readonly data?: Readonly<Record<string, Blocks>>;
  readonly output?: Blocks;
  readonly provider?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

export interface Counterpart {
  readonly stack: string;
  readonly differences: Differences;
  readonly configuration: CounterpartJson;
}

export interface UndeclaredDifference {
  readonly stack: string;
  readonly address?: string;
  readonly argument?: string;
  /** A sentence. */
  readonly what: string;
}

/**
 * What one of two counterparts has and the other has not, and arguments in which they differ by more than their region,
 * without a declared difference. A declared difference that does not exist is found as well.
 * @param mask takes what belongs to a region out of arguments; without one no arguments are compared
 */
export function undeclaredBetween(first: Counterpart, second: Counterpart, mask?: Mask): UndeclaredDifference[] {
  const alone = [missing(first, second), missing(second, first)] as const;
  const differing = mask ? differingArguments(first, second, mask) : [];
  const excuses = [...named(first, 'differs'), ...named(second, 'differs')];
  return [
    ...alone.flatMap(({ undeclared }) => undeclared),
    ...differing
      .filter((each) => !excuses.some((name) => isExcused(each, name)))
      .map(({ address, argument }) => ({
        stack: second.stack,
        address,
        argument,
        what: `${first.stack} and ${second.stack} differ in ${argument} of ${address}`,
      })),
    ...alone.flatMap(({ needless }) => needless),
    ...(mask ? [first, second] : []).flatMap((each) =>
      named(each, 'differs')
        .filter((name) => !differing.some((found) => isExcused(found, name)))
        .map((name) => needlessIn(each, name, each === first ? second : first)),
    ),
  ];
}

/** What `here` has and `there` has not, and what `here` declares in vain. */
function missing(here: Counterpart, there: Counterpart) {
  const [own, others] = [pathsOf(here.configuration), pathsOf(there.configuration)];
  const alone = [...own].filter(([address]) => !others.has(address));
  const lacking = [...others].filter(([address]) => !own.has(address));
  const [added, omitted] = [named(here, 'added'), named(here, 'omitted')];
  const excused = [...added, ...named(there, 'omitted')];
  const isIn = (paths: readonly (readonly [string, string])[], name: string) =>
    paths.some(([, path]) => isBelow(path, name));
  return {
    undeclared: alone
      .filter(([, path]) => !excused.some((name) => isBelow(path, name)))
      .map(([address]) => ({
        stack: here.stack,
        address,
        what: `${here.stack} has ${address}, and ${there.stack} has not`,
      })),
    needless: [...added.filter((name) => !isIn(alone, name)), ...omitted.filter((name) => !isIn(lacking, name))].map(
      (name) => needlessIn(here, name, there),
    ),
  };
}

const needlessIn = ({ stack }: Counterpart, name: string, other: Counterpart): UndeclaredDifference => ({
  stack,
  what: `${stack} declares the difference ${name}, and does not differ from ${other.stack} in it`,
});

const named = ({ differences }: Counterpart, here: Differences[string]['here']) =>
  Object.keys(differences).filter((name) => differences[name]!.here === here);

const isBelow = (path: string, name: string) => path === name || path.startsWith(`${name}/`);

interface DifferingArgument {
  readonly address: string;
  readonly path: string;
  readonly argument: string;
}

/** A construct with everything in it, or one argument of it: `Website/Distribution/Distribution.aliases`. */
const isExcused = ({ path, argument }: DifferingArgument, name: string) =>
  isBelow(path, name) || `${path}.${argument}` === name;

function differingArguments(first: Counterpart, second: Counterpart, mask: Mask): DifferingArgument[] {
  const others = argumentsOf(second.configuration, mask);
  return [...argumentsOf(first.configuration, mask)].flatMap(([address, { path, values }]) => {
    const other = others.get(address)?.values;
    if (!other) return [];
    return [...new Set([...Object.keys(values), ...Object.keys(other)])]
      .filter((name) => JSON.stringify(sorted(values[name])) !== JSON.stringify(sorted(other[name])))
      .map((argument) => ({ address, path, argument }));
  });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inside]) => [name, sorted(inside)]));
}

/** Construct path below the stack by address. */
function pathsOf({ resource, output = {} }: CounterpartJson): Map<string, string> {
  const resources = blocksOf(resource).map(([address, name, block]) => [address, pathOf(block) ?? name] as const);
  return new Map([...resources, ...Object.keys(output).map((name) => [`output.${name}`, name] as const)]);
}

function argumentsOf({ resource, data, provider, output = {} }: CounterpartJson, mask: Mask) {
  const regionOf = new Map((provider?.['aws'] ?? []).map(({ alias, region }) => [alias, region]));
  const blocks = [
    ...blocksOf(resource),
    ...blocksOf(data).map(([address, ...rest]) => [`data.${address}`, ...rest] as const),
    ...Object.entries(output).map(([name, block]) => [`output.${name}`, name, block] as const),
  ];
  return new Map(
    blocks.map(([address, name, { '//': _comment, provider: chosen, ...block }]) => {
      // The region of a provider, for its alias may exist in one region alone.
      const region = regionOf.get(
        typeof chosen === 'string' && chosen !== 'aws' ? chosen.replace(/^aws\./, '') : undefined,
      );
      const path = pathOf({ '//': _comment }) ?? name;
      return [address, { path, values: masked({ ...block, provider: region }, mask) as Blocks[string] }] as const;
    }),
  );
}

function blocksOf(kind: CounterpartJson['resource'] = {}) {
  return Object.entries(kind).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, block]) => [`${type}.${name}`, name, block] as const),
  );
}

function pathOf(block: Readonly<Record<string, unknown>>): string | undefined {
  const { metadata } = (block['//'] ?? {}) as { readonly metadata?: { readonly path?: string } };
  return metadata?.path?.split('/').slice(1).join('/');
}
