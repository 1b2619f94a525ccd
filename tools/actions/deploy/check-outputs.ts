import type { Contract, FieldKind } from '@platform/libs/contract/contract';
import type { Problem } from '@platform/libs/settings/problem';

/** Differences between a stack's outputs and its contract: names and kinds. Empty if they match. */
export function checkOutputs(contract: Contract, outputs: Readonly<Record<string, unknown>>): Problem[] {
  return Object.entries(contract.fields).flatMap(([name, { kind }]) => {
    const where = `${contract.project}/contract.ts: ${name}`;
    if (!Object.hasOwn(outputs, name) || outputs[name] === null) {
      return [
        {
          where,
          what: `the stack ${contract.stack} was applied and has no such output`,
          remedy: 'publish it, or take it out of the contract; stacks that read it would fail',
        },
      ];
    }
    const given = kindOf(outputs[name]);
    if (given === kind) return [];
    return [
      {
        where,
        what: `${kind} is in the contract, but the stack ${contract.stack} has ${given}`,
        remedy: 'make the two agree; stacks that read it would fail',
      },
    ];
  });
}

function kindOf(value: unknown): FieldKind | 'something else' {
  if (typeof value === 'string') return 'text';
  const areTexts = (values: unknown[]) => values.every((each) => typeof each === 'string');
  if (Array.isArray(value)) return areTexts(value) ? 'list' : 'something else';
  if (typeof value === 'object' && value !== null && areTexts(Object.values(value))) return 'map';
  return 'something else';
}
