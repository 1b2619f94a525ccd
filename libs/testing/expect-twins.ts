import type { SynthesisedStack } from './synthesised-stack';

/**
 * Fails unless both stacks have resources of the same addresses, so that what can be moved, imported or compared in one
 * region can be in the other. `exceptions`: addresses that may exist in one stack only; one that is no longer needed
 * fails too.
 */
export function expectTwins(a: SynthesisedStack, b: SynthesisedStack, exceptions: readonly string[] = []): void {
  const [ofA, ofB] = [new Set(a.addresses()), new Set(b.addresses())];
  const onlyInA = [...ofA].filter((address) => !ofB.has(address));
  const onlyInB = [...ofB].filter((address) => !ofA.has(address));
  const differing = new Set([...onlyInA, ...onlyInB]);
  const excused = (address: string) => exceptions.includes(address);
  const complaints = [
    ...onlyInA.filter((address) => !excused(address)).map((address) => `only in the first: ${address}`),
    ...onlyInB.filter((address) => !excused(address)).map((address) => `only in the second: ${address}`),
    ...exceptions.filter((address) => !differing.has(address)).map((address) => `needless exception: ${address}`),
  ];
  if (complaints.length > 0) throw new Error(['counterpart stacks differ', ...complaints].join('\n  '));
}
