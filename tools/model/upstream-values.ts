import type { Contract } from '@platform/libs/contract/contract';
import type { Configuration } from './configuration';

/**
 * Where a value that a plan passes on comes from: the upstream stack's own plan, the contract's example, and in live
 * plans the upstream stack's state, or what that state still says of a value which is about to change.
 */
export type ValueSource = 'planned' | 'example' | 'state' | 'former';

/** What a plan knows of one stack's outputs, by field. */
export type UpstreamValues = Readonly<Record<string, { readonly value: unknown; readonly source: ValueSource }>>;

/** The contract's fields: values that the stack's plan knows, examples for the others. */
export function upstreamValues(contract: Contract, planned: Readonly<Record<string, unknown>> = {}): UpstreamValues {
  return Object.fromEntries(
    Object.entries(contract.fields).map(([name, field]) =>
      Object.hasOwn(planned, name)
        ? [name, { value: planned[name], source: 'planned' as const }]
        : [name, { value: field.example, source: 'example' as const }],
    ),
  );
}

/** An entry of another stack's map that a configuration reads. */
export interface MapEntry {
  readonly stack: string;
  /** Field of that stack's contract. */
  readonly field: string;
  readonly key: string;
}

const entryReference = /data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)(?:\.([\w-]+)|\["([^"]+)"\])/g;

/** Entries that a configuration reads of other stacks' maps and that these do not have. Terraform would call them an invalid index. */
export function missingEntries(
  configuration: Configuration,
  upstream: ReadonlyMap<string, UpstreamValues>,
): MapEntry[] {
  const found = new Map<string, MapEntry>();
  const visit = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    if (typeof value !== 'string') return;
    for (const [text, stack, field, word, quoted] of value.matchAll(entryReference)) {
      const map = upstream.get(stack!)?.[field!]?.value;
      const key = (word ?? quoted)!;
      if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.hasOwn(map, key)) continue;
      found.set(text, { stack: stack!, field: field!, key });
    }
  };
  visit(configuration);
  return [...found.values()];
}

/** A Terraform state file (format 4) whose only content is outputs, for a `terraform_remote_state` to read. */
export function outputsAsState(values: UpstreamValues): object {
  return {
    version: 4,
    terraform_version: '1.11.0',
    serial: 1,
    lineage: '00000000-0000-0000-0000-000000000000',
    outputs: Object.fromEntries(
      Object.entries(values).map(([name, { value }]) => [name, { value, type: terraformType(value) }]),
    ),
    resources: [],
  };
}

function terraformType(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', 'string'];
  return typeof value === 'object' ? ['map', 'string'] : 'string';
}
