import { fileSystemFailure, TerraformFailure, type FailureKind } from '@platform/tools/terraform/failure';
import { RunStopped } from '@platform/tools/terraform/run-terraform';
import { UnreadableState } from './state-store';

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
  ['no-state-bucket', /NoSuchBucket/, 'the bucket for the state does not exist; make it by the bootstrap'],
  [
    'network',
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|socket hang up|TimeoutError/,
    'an endpoint cannot be reached; check the connection, proxy and endpoint settings, and repeat the command',
  ],
];

/** A proxy or an emulator can answer with a whole page. */
const LONGEST_DETAIL = 300;

/** What the SDK's errors have in common. */
interface SdkError extends Error {
  readonly code?: string;
  readonly errors?: readonly Error[];
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: unknown;
  readonly BucketName?: string;
}

/**
 * One readable error of what the SDK or the file system threw; nothing where it is neither's, or has its words and exit
 * code already.
 * @param bootstrapCommand makes the buckets of states
 */
export function callersFailure(error: unknown, where: string, bootstrapCommand?: string): TerraformFailure | undefined {
  if (error instanceof TerraformFailure) return error;
  if (!(error instanceof Error) || 'exitCode' in error) return undefined;
  const { name, code, message, errors, BucketName } = error as SdkError;
  const said = [name, code, message, ...(errors ?? []).map((each) => each.message)].join(' ');
  const match = known.find(([, pattern]) => pattern.test(said));
  if (match) {
    const detail = [message || errors?.[0]?.message || code, BucketName].filter(Boolean).join(': ');
    const command = match[0] === 'no-state-bucket' && bootstrapCommand ? `: ${bootstrapCommand}` : '';
    return new TerraformFailure(`${where}: ${match[2]}${command}\n  ${detail}`, match[0], where);
  }
  return (
    refusal(error as SdkError, where) ??
    fileSystemFailure(error as NodeJS.ErrnoException, { stack: where }) ??
    removedFile(error, where)
  );
}

/** A file that existed when this run began: a run reads and writes only in folders that it creates. */
function removedFile(error: NodeJS.ErrnoException, where: string): TerraformFailure | undefined {
  const { code, path, syscall } = error;
  if (code !== 'ENOENT' || !path || syscall?.startsWith('spawn')) return undefined;
  const remedy = 'let its folder alone while a command runs; what was applied is in the state: plan again, and go on';
  return new TerraformFailure(`${where}: ${path} was removed meanwhile; ${remedy}`, 'other', where);
}

/** An error that people can read, in the place of one of the SDK or the file system; any other as it is. */
export function readable(error: unknown, where: string): Error {
  if ((error as Error | undefined)?.name === 'AbortError') return new RunStopped(`${where}: stopped while it waited`);
  return callersFailure(error, where) ?? (error instanceof Error ? error : new Error(String(error)));
}

/** Whether an error of {@link callersFailure} says that an endpoint does not answer, for example while a region is lost. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TerraformFailure && error.kind === 'network';
}

/** Whether an error says that the content of a stack is unknown: its bucket does not answer, or its state is damaged. */
export function hidesState(error: unknown): boolean {
  return isUnreachable(error) || error instanceof UnreadableState;
}

/** Any other answer of AWS than the wanted one. */
function refusal({ name, message, $metadata, $response }: SdkError, where: string): TerraformFailure | undefined {
  if ($metadata === undefined && $response === undefined) return undefined;
  const status = $metadata?.httpStatusCode ?? 0;
  // The answer to a HEAD request has no body, and so no name and no words of the error.
  const called = /^(Unknown|UnknownError|Error)$/.test(name) ? undefined : name;
  const what = [called ?? 'no reason given', status > 0 && `HTTP ${status}`].filter(Boolean).join(', ');
  const remedy =
    status >= 500
      ? 'the fault is on its side: repeat the command'
      : status === 403
        ? 'check the rights of the deploy role, the policy of the bucket and that of its key'
        : 'look at what is named below, put it right, and repeat the command';
  const detail = [
    message !== name && message.slice(0, LONGEST_DETAIL),
    $metadata?.requestId && `request ${$metadata.requestId}`,
  ];
  const lines = [
    `${where}: AWS refused a call (${what}); ${remedy}`,
    ...detail.filter(Boolean).map((text) => `  ${text}`),
  ];
  return new TerraformFailure(lines.join('\n'), 'other', where);
}
