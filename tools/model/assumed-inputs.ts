import type { Configuration } from './configuration';
import type { UpstreamValues, ValueSource } from './upstream-values';

/** An argument that rests on a value which is not real: reviewers see it, and a plan that has one is never deployed. */
export interface TaintedArgument {
  /** Resource address, or `output.<name>`. */
  readonly address: string;
  /** Path of the argument inside the resource: `vpc_id`, `ingress.0.cidr_blocks`. */
  readonly argument: string;
  /** Stack that promises the value. */
  readonly stack: string;
  /** Field of that stack's contract. */
  readonly field: string;
  readonly source: ValueSource;
}

const stateReference = /data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g;

/** Every argument of a configuration whose text refers to another stack's outputs, in the order of the file. */
export function taintedArguments(
  configuration: Configuration,
  upstream: ReadonlyMap<string, UpstreamValues>,
): TaintedArgument[] {
  const found: TaintedArgument[] = [];
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
