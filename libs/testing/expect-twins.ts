import type { Difference, Differences } from '@platform/libs/settings/differences';
import type { SynthesisedStack } from './synthesised-stack';

/** Differences that two counterparts declare. Default: none. */
export interface DeclaredDifferences {
  readonly first?: Differences;
  readonly second?: Differences;
}

/**
 * Fails unless both stacks have resources of the same addresses, except for declared differences, so that what can be
 * moved, imported or compared in one region can be in the other. A declared difference that does not exist fails too.
 */
export function expectTwins(a: SynthesisedStack, b: SynthesisedStack, declared: DeclaredDifferences = {}): void {
  const { first = {}, second = {} } = declared;
  const onlyInA = addressesMissing(b, a);
  const onlyInB = addressesMissing(a, b);
  const complaints = [
    ...undeclared(a, onlyInA, first, second).map((address) => `only in the first: ${address}`),
    ...undeclared(b, onlyInB, second, first).map((address) => `only in the second: ${address}`),
    ...needless(first, [a, onlyInA], [b, onlyInB]).map((name) => `declared by the first, but equal: ${name}`),
    ...needless(second, [b, onlyInB], [a, onlyInA]).map((name) => `declared by the second, but equal: ${name}`),
  ];
  if (complaints.length > 0) throw new Error(['counterpart stacks differ', ...complaints].join('\n  '));
}

type Alone = readonly [stack: SynthesisedStack, addresses: readonly string[]];

function addressesMissing(from: SynthesisedStack, others: SynthesisedStack): string[] {
  const there = new Set(from.addresses());
  return others.addresses().filter((address) => !there.has(address));
}

/** Of the addresses that one stack alone has, those that it does not add and the other does not omit. */
function undeclared(
  stack: SynthesisedStack,
  alone: readonly string[],
  own: Differences,
  others: Differences,
): string[] {
  const excused = [...named(own, 'added'), ...named(others, 'omitted')];
  return alone.filter((address) => !excused.some((name) => isBelow(stack.pathOf(address), name)));
}

/** Names of declared differences for which the stacks have no differing address. */
function needless(declared: Differences, own: Alone, other: Alone): string[] {
  const exists = (name: string, [stack, alone]: Alone) => alone.some((address) => isBelow(stack.pathOf(address), name));
  return [
    ...named(declared, 'added').filter((name) => !exists(name, own)),
    ...named(declared, 'omitted').filter((name) => !exists(name, other)),
  ];
}

function named(differences: Differences, here: Difference['here']): string[] {
  return Object.keys(differences).filter((name) => differences[name]!.here === here);
}

function isBelow(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}/`);
}
