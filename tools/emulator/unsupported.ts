import type { Unsupported } from '@platform/tools/aws/live-target';
import type { Configuration } from '@platform/tools/model/configuration';
import { knownFaults, type KnownFault, type UncleanFault } from './known-faults';
import type { Emulator } from './profile';

/**
 * What an emulator cannot make of a configuration: types that are missing there, and everything that refers to one of
 * them, directly, through others, or by a missing output of another stack. An endpoint of an unknown kind is taken to
 * make everything.
 * @param missingUpstream names of missing outputs by upstream stack, from this function's answers for those stacks
 * @param mended types that count as supported, because the caller has put what they lack into the emulator
 */
export function unsupportedBy(
  profile: Emulator['profile'],
  configuration: Configuration,
  missingUpstream: ReadonlyMap<string, readonly string[]> = new Map(),
  mended: readonly string[] = [],
): Unsupported {
  const resources = blocksOf(configuration.resource, '');
  const blocks = new Map([...resources, ...blocksOf(configuration.data, 'data.')]);
  const references = new Map([...blocks].map(([address, block]) => [address, referencesIn(block)]));

  const reasons = new Map<string, string>();
  for (const [address, block] of resources) {
    const fault = faultOf(address, block, profile, 'missing');
    if (fault && !mended.includes(fault.type)) reasons.set(address, `${profile}: ${fault.symptom}`);
  }
  const reasonOf = (found: References): string | undefined => {
    for (const address of found.addresses) if (reasons.has(address)) return `needs ${address}`;
    for (const { stack, output } of found.outputs) {
      if (missingUpstream.get(stack)?.includes(output)) return `needs output ${output} of ${stack}`;
    }
    return undefined;
  };
  for (let before = -1; before !== reasons.size; ) {
    before = reasons.size;
    for (const [address, found] of references) {
      const reason = reasons.has(address) ? undefined : reasonOf(found);
      if (reason) reasons.set(address, reason);
    }
  }

  return {
    resources: [...reasons]
      .filter(([address]) => resources.has(address))
      .map(([address, reason]) => ({ address, reason }))
      .sort((a, b) => compare(a.address, b.address)),
    outputs: Object.entries(configuration.output ?? {})
      .filter(([, output]) => reasonOf(referencesIn(output)))
      .map(([name]) => name)
      .sort(compare),
  };
}

/** A resource that the emulator makes and reads back wrong. */
export interface UncleanResource {
  readonly address: string;
  readonly fault: UncleanFault;
}

/** Resources that the emulator makes and that show a difference in every later plan. Sorted by address. */
export function uncleanResources(configuration: Configuration, profile: Emulator['profile']): UncleanResource[] {
  return [...blocksOf(configuration.resource, '')]
    .flatMap(([address, block]) => {
      const fault = faultOf(address, block, profile, 'unclean');
      return fault?.fault === 'unclean' ? [{ address, fault }] : [];
    })
    .sort((a, b) => compare(a.address, b.address));
}

function faultOf(
  address: string,
  block: unknown,
  profile: Emulator['profile'],
  kind: KnownFault['fault'],
): KnownFault | undefined {
  if (profile === 'other') return undefined;
  const type = address.slice(0, address.indexOf('.'));
  return knownFaults[profile].find(
    ({ fault, only, ...known }) =>
      fault === kind && known.type === type && (only?.matches.test(JSON.stringify(block)) ?? true),
  );
}

interface References {
  readonly addresses: ReadonlySet<string>;
  readonly outputs: readonly { readonly stack: string; readonly output: string }[];
}

/** Every address that stands in a block, as a reference or in `depends_on`. What is no address of a block matches none. */
export function referencesIn(block: unknown): References {
  const addresses = new Set<string>();
  const outputs: { stack: string; output: string }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      for (const [address] of value.matchAll(/(?:\bdata\.)?\b[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g))
        addresses.add(address);
      for (const [, stack, output] of value.matchAll(/data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g)) {
        outputs.push({ stack: stack!, output: output! });
      }
    } else if (Array.isArray(value)) value.forEach(visit);
    else if (value && typeof value === 'object') {
      for (const [name, each] of Object.entries(value)) if (name !== '//') visit(each);
    }
  };
  visit(block);
  return { addresses, outputs };
}

function blocksOf(types: Configuration['resource'], prefix: string): Map<string, unknown> {
  return new Map(
    Object.entries(types ?? {}).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => [`${prefix}${type}.${name}`, block] as const),
    ),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
