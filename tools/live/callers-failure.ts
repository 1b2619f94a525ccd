import { fileSystemFailure, TerraformFailure, type FailureKind } from '@platform/tools/terraform/failure';

const signIn = 'sign in (for example `aws sso login`, then set AWS_PROFILE)';

const known: readonly (readonly [FailureKind, RegExp, string])[] = [
  [
    'expired-credentials',
    /ExpiredToken|RequestExpired|TokenRefreshRequired|(?:token|session).*expired/i,
    'the AWS credentials have expired; sign in again (for example `aws sso login`), and repeat the command: nothing is lost',
  ],
  ['no-credentials', /CredentialsProviderError|Could not load credentials/i, `there are no AWS credentials; ${signIn}`],
  [
    'invalid-credentials',
    /InvalidClientTokenId|SignatureDoesNotMatch|InvalidAccessKeyId|UnrecognizedClient/,
    'AWS does not know these credentials; check AWS_PROFILE and the AWS_* variables, and sign in again',
  ],
  [
    'role-refused',
    /AccessDenied.*AssumeRole|AssumeRole.*AccessDenied|not authorized to perform: sts:AssumeRole/,
    "the deploy role cannot be assumed; check that it exists in that account and that its trust policy names you; the role's name is in infra.config.ts",
  ],
  ['no-state-bucket', /NoSuchBucket/, 'the bucket for the state does not exist; make it with `npm run bootstrap`'],
  [
    'network',
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|socket hang up|TimeoutError/,
    'an endpoint cannot be reached; check the connection, proxy and endpoint settings, and repeat the command',
  ],
];

/** One readable error of what the SDK or the file system threw; nothing where it is neither's. */
export function callersFailure(error: unknown, stack: string): TerraformFailure | undefined {
  if (error instanceof TerraformFailure) return error;
  if (!(error instanceof Error)) return undefined;
  const { code, errors } = error as { code?: string; errors?: Error[] };
  const said = [error.name, code, error.message, ...(errors ?? []).map(({ message }) => message)].join(' ');
  const match = known.find(([, pattern]) => pattern.test(said));
  if (match) {
    const detail = error.message || errors?.[0]?.message || code;
    return new TerraformFailure(`${stack}: ${match[2]}\n  ${detail}`, match[0], stack);
  }
  return fileSystemFailure(error as NodeJS.ErrnoException, { stack });
}
