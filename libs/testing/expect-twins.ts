import type { Differences } from '@platform/libs/settings/differences';
import { undeclaredBetween, type CounterpartJson } from '@platform/libs/stack/counterparts';
import type { SynthesisedStack } from './synthesised-stack';

/** Differences that two counterparts declare. Default: none. */
export interface DeclaredDifferences {
  readonly first?: Differences;
  readonly second?: Differences;
}

/**
 * Fails unless both stacks have resources and outputs of the same addresses, except for declared differences, so that what can
 * be moved, imported or compared in one region can be in the other. A declared difference that does not exist fails too.
 */
export function expectTwins(a: SynthesisedStack, b: SynthesisedStack, declared: DeclaredDifferences = {}): void {
  const { first = {}, second = {} } = declared;
  const side = (stack: string, differences: Differences, { json }: SynthesisedStack) => ({
    stack,
    differences,
    configuration: json as CounterpartJson,
  });
  const found = undeclaredBetween(side('the first', first, a), side('the second', second, b));
  if (found.length > 0) throw new Error(['counterpart stacks differ', ...found.map(({ what }) => what)].join('\n  '));
}
