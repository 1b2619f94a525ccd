/** Arguments of a resource, of its JSON or of a plan. */
type Arguments = Readonly<Record<string, unknown>>;

/** A statement of an IAM, resource or key policy, as it stands in the JSON. */
export interface PolicyStatement {
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | readonly string[];
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Statements of all policies that the arguments of a resource hold, whatever the arguments are called. */
export function statementsOf(block: Arguments): readonly PolicyStatement[] {
  return Object.entries(block)
    .filter(([name]) => name !== '//')
    .flatMap(([, value]) => statementsIn(value));
}

/** Statements of the policies in a value: the text of a policy, or blocks with such texts. */
export function statementsIn(value: unknown): readonly PolicyStatement[] {
  if (typeof value === 'string') return value.includes('"Statement"') ? parsed(value) : [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(statementsIn) : [];
}

/** None for a text that is not JSON: the apply refuses it. */
function parsed(text: string): readonly PolicyStatement[] {
  try {
    const { Statement } = JSON.parse(text) as { Statement: PolicyStatement | readonly PolicyStatement[] };
    return [Statement].flat() as readonly PolicyStatement[];
  } catch {
    return [];
  }
}

/**
 * Whether a policy that allows everybody or everything only restricts:
 *
 * - That of a VPC endpoint names allowed accounts by a condition, because a principal cannot mean "any identity of this
 *   account", or objects of named buckets. An endpoint without a policy allows all
 *   (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html).
 * - A permissions boundary, a policy whose name ends with `-boundary`, allows all and denies some. It grants nothing
 *   (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
 */
export function onlyRestricts(type: string, block: Arguments, { Condition, Resource }: PolicyStatement): boolean {
  if (type === 'aws_iam_policy') {
    return String(block['name']).endsWith('-boundary') && statementsOf(block).some(({ Effect }) => Effect === 'Deny');
  }
  return (
    isEndpoint(type) &&
    ([Condition?.['StringEquals']?.['aws:PrincipalAccount'] ?? []].flat().length > 0 ||
      [Resource].flat().every((each) => /^arn:aws:s3:::[a-z0-9-]+\/\*$/.test(String(each))))
  );
}

/** Whether resources of a type carry the policy of a VPC endpoint. */
export function isEndpoint(type: string): boolean {
  return type === 'aws_vpc_endpoint' || type === 'aws_vpc_endpoint_policy';
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
