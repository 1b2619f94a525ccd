import { Token } from 'cdktf';
import type { Contract, Field } from '@platform/libs/contract/contract';

/**
 * A contract whose examples have the keys of its maps and the lengths of its lists that the stack publishes with these settings:
 * a preview of another stack finds a table or a zone that was added. A value that the settings decide alone is the example of a
 * new key, another key's example that of the others. What is empty with these settings keeps its example.
 */
export function withPublishedExamples(contract: Contract, values: Readonly<Record<string, unknown>>): Contract {
  const fields = Object.entries(contract.fields).map(([name, field]): [string, Field] => [
    name,
    { ...field, example: followed(field.example, values[name]) },
  ]);
  return { ...contract, fields: Object.fromEntries(fields) };
}

function followed(example: Field['example'], value: unknown): Field['example'] {
  if (typeof example === 'string' || typeof value !== 'object' || value === null || Token.isUnresolved(value)) {
    return example;
  }
  if (Array.isArray(example)) {
    if (!Array.isArray(value) || value.length === 0 || example.length === 0) return example;
    return value.map((_, index) => example[index % example.length]!);
  }
  if (Object.keys(value).length === 0) return example;
  const [sample] = Object.values(example);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
      const found = Object.hasOwn(example, key) ? example[key] : isKnown(each) ? each : sample;
      return found === undefined ? [] : [[key, found]];
    }),
  );
}

function isKnown(value: unknown): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value);
}
