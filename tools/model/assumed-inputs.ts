import type { Configuration } from './configuration';
import type { UpstreamValues, ValueSource } from './upstream-values';

/** An argument whose value comes from another stack and is not real yet. A plan with one is shown, and never applied itself. */
export interface AssumedInput {
  /** Resource address, or `output.<name>`. */
  readonly address: string;
  /** Path of the argument inside the resource: `vpc_id`, `ingress.0.cidr_blocks`. */
  readonly argument: string;
  /** Stack whose contract has the value. */
  readonly stack: string;
  /** Field of that stack's contract. */
  readonly field: string;
  readonly source: ValueSource;
}

const stateReference = /data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g;

/** Every argument of a configuration whose text refers to another stack's outputs, in the order of the file. */
export function assumedInputs(
  configuration: Configuration,
  upstream: ReadonlyMap<string, UpstreamValues>,
): AssumedInput[] {
  const found: AssumedInput[] = [];
  const visit = (address: string, path: string[], value: unknown) => {
    if (typeof value === 'string') {
      for (const [, stack, field] of value.matchAll(stateReference)) {
        const source = upstream.get(stack!)?.[field!]?.source ?? 'example';
        found.push({ address, argument: path.join('.'), stack: stack!, field: field!, source });
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) if (key !== '//') visit(address, [...path, key], child);
    }
  };
  for (const [type, resources] of Object.entries(configuration.resource ?? {})) {
    for (const [name, body] of Object.entries(resources)) visit(`${type}.${name}`, [], body);
  }
  for (const [type, sources] of Object.entries(configuration.data ?? {})) {
    if (type === 'terraform_remote_state') continue;
    for (const [name, body] of Object.entries(sources)) visit(`data.${type}.${name}`, [], body);
  }
  for (const [name, body] of Object.entries(configuration.output ?? {})) visit(`output.${name}`, ['value'], body.value);
  return found;
}
