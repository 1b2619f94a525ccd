import type { Configuration } from './configuration';
import type { AssumedInput } from './assumed-inputs';

/** Whether an argument (first segment of its path) of a resource, or of an `output.<name>`, depends on an assumed input. */
export type DependsOn = (address: string, argument: string) => boolean;

const reference = /\b(data\.)?([a-z]\w*)\.([A-Za-z_][\w-]*)(?:\[[^\]]*\])?\.(\w+)/g;

/**
 * Follows assumed inputs through a configuration: an argument that refers to one with an assumed input depends on it too,
 * and so does what the provider computes for a resource with one (`tags_all` from `tags`, an ARN from a name).
 */
export function dependentArguments(
  configuration: Configuration,
  assumed: readonly Pick<AssumedInput, 'address' | 'argument'>[],
): DependsOn {
  const dependent = new Map<string, Set<string>>();
  const add = (address: string, argument: string) => {
    const known = dependent.get(address) ?? new Set();
    if (known.has(argument)) return false;
    dependent.set(address, known.add(argument));
    return true;
  };
  for (const { address, argument } of assumed) add(address, firstSegment(argument));

  const blocks = allBlocks(configuration);
  const given = new Map(blocks.map(({ address, body }) => [address, new Set(Object.keys(body))]));
  const isComputed = (address: string, argument: string) => !given.get(address)?.has(argument);
  const depends: DependsOn = (address, argument) => {
    const of = dependent.get(configurationAddress(address));
    return of !== undefined && (of.has(argument) || isComputed(configurationAddress(address), argument));
  };
  for (let grown = true; grown; ) {
    grown = false;
    for (const { address, body } of blocks) {
      for (const [argument, value] of Object.entries(body)) {
        if (argument === '//') continue;
        if (references(value).some(([to, attribute]) => depends(to, attribute)))
          grown = add(address, argument) || grown;
      }
    }
  }
  return depends;
}

/** `aws_subnet.App["a"]` stands in the configuration as `aws_subnet.App`. */
export function configurationAddress(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');
}

function allBlocks({ resource, data, output }: Configuration): { address: string; body: object }[] {
  const blocks = (kinds: Configuration['resource'], prefix: string) =>
    Object.entries(kinds ?? {}).flatMap(([type, named]) =>
      Object.entries(named).map(([name, body]) => ({ address: `${prefix}${type}.${name}`, body })),
    );
  return [
    ...blocks(resource, ''),
    ...blocks(data, 'data.').filter(({ address }) => !address.startsWith('data.terraform_remote_state.')),
    ...Object.entries(output ?? {}).map(([name, { value }]) => ({ address: `output.${name}`, body: { value } })),
  ];
}

/** Addresses and attributes that a value refers to. */
export function references(value: unknown): (readonly [address: string, attribute: string])[] {
  if (typeof value === 'string') {
    if (!value.includes('${')) return [];
    return [...value.matchAll(reference)].map(
      ([, data, type, name, attribute]) => [`${data ?? ''}${type}.${name}`, attribute!] as const,
    );
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(references) : [];
}

const firstSegment = (path: string) => path.split('.')[0]!;
