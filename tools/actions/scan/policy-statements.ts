import type { Block } from '@platform/libs/testing/synthesised-stack';

/** A statement of an IAM, resource or key policy, as it stands in the JSON. */
export interface PolicyStatement {
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Statements of all policies that the arguments of a resource hold, whatever the arguments are called. */
export function statementsOf(block: Block): readonly PolicyStatement[] {
  return Object.entries(block)
    .filter(([name]) => name !== '//')
    .flatMap(([, value]) => statementsIn(value));
}

function statementsIn(value: unknown): readonly PolicyStatement[] {
  if (typeof value === 'string') {
    if (!value.includes('"Statement"')) return [];
    const { Statement } = JSON.parse(value) as { Statement: PolicyStatement | readonly PolicyStatement[] };
    return [Statement].flat() as readonly PolicyStatement[];
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(statementsIn) : [];
}

/** Whether a statement speaks of everybody. */
export function isForEverybody({ Principal, NotPrincipal }: PolicyStatement): boolean {
  const named = typeof Principal === 'object' ? Object.values(Principal).flat() : [Principal];
  return NotPrincipal !== undefined || named.some((principal) => principal === '*');
}

/** Whether a statement lets anything be done with everything. */
export function isForEverything({ Action, NotAction, Resource }: PolicyStatement): boolean {
  const has = (value: string | readonly string[] | undefined) => [value].flat().includes('*');
  return (NotAction !== undefined || has(Action)) && has(Resource);
}

/** Whether a policy refuses every action of a service that does not come over TLS. */
export function refusesPlainHttp(statements: readonly PolicyStatement[], action: string): boolean {
  return statements.some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Deny' &&
      Principal === '*' &&
      [Action].flat().includes(action) &&
      Condition?.['Bool']?.['aws:SecureTransport'] === 'false',
  );
}
