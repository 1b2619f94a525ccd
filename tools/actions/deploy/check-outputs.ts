import type { Contract, FieldKind } from '@platform/libs/contract/contract';
import type { Problem } from '@platform/libs/settings/problem';

/** What a stack really gave, against what its contract promises: names and kinds. Empty when the promise is kept. */
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
        what: `${kind} is promised, and the stack ${contract.stack} gives ${given}`,
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
