import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { readDiagnostics } from './diagnostics';
import type { Diagnostic } from './diagnostics';
import type { TerraformResult } from './run-terraform';
import { printable, shellWord, withoutControls } from '@platform/tools/workspace/shell-word';

/** What stands in the way, where it is known. */
export type FailureKind =
  | 'provider-checksum'
  | 'provider-installation'
  | 'state-not-saved'
  | 'unsaved-state-late'
  | 'lock-held'
  | 'lock-not-released'
  | 'no-credentials'
  | 'invalid-credentials'
  | 'expired-credentials'
  | 'role-refused'
  | 'wrong-account'
  | 'no-state-bucket'
  | 'not-visible-yet'
  | 'backend-changed'
  | 'stale-plan'
  | 'disk-full'
  | 'read-only-folder'
  | 'network'
  | 'crash'
  | 'killed'
  | 'interrupted'
  | 'other';

/** Who holds the lock of a state, in Terraform's words. */
export interface StateLock {
  /** As it is: print it by `printable`, and in a command by `shellWord`. */
  readonly id: string;
  /** `user@machine` */
  readonly who: string;
  /** `2026-11-22 16:22:07 UTC` */
  readonly since: string;
  /** `OperationTypeApply` */
  readonly operation: string;
}

/** What the reader of a failure knows the call by. */
export interface FailureContext {
  /** Stack that the call was for. */
  readonly stack: string;
  /** The command that a person gives to release a lock. Default: Terraform's own. */
  readonly unlockCommand?: (lock: StateLock) => string;
}

/** A call of Terraform that failed: the message is for people, whole and last; the rest is for reports. */
export class TerraformFailure extends Error {
  override readonly name = 'TerraformFailure';
  readonly exitCode = 1;

  constructor(
    message: string,
    readonly kind: FailureKind,
    readonly stackName: string,
    readonly diagnostics: readonly Diagnostic[] = [],
    readonly lock?: StateLock,
  ) {
    super(message);
  }
}

/**
 * One readable error of a call that ended badly: `stack: terraform plan failed: …; what to do`, each error with its
 * address, place and lines, and where the whole log lies.
 */
export function terraformFailure(result: TerraformResult, context: FailureContext): TerraformFailure {
  const { stack } = context;
  const errors = [result.stdout, result.stderr].flatMap(readDiagnostics).filter(({ severity }) => severity === 'error');
  // A lock that stays is what matters only where all else went well.
  const onlyLockStays = errors.length > 0 && errors.every(({ summary }) => LOCK_STAYS.test(summary));
  const others = onlyLockStays ? errors : errors.filter(({ summary }) => !LOCK_STAYS.test(summary));
  const text = others.length > 0 ? others.map(wholeText).join('\n') : plain(`${result.stdout}\n${result.stderr}`);
  // Terraform wraps its text, so that a phrase can stand on two lines.
  const said = `${text}\n${text.replace(/\s+/g, ' ')}`;
  const lock = readLock(onlyLockStays ? said : text);
  const kind = onlyLockStays && !result.interrupted ? 'lock-not-released' : kindOf(result, said, errors.length > 0);
  const remedy = remedyOf(kind, result, context, lock);
  const command = `terraform ${result.args.find((arg) => !arg.startsWith('-')) ?? ''}`.trim();
  const head = HEADLINES[kind]?.(said, lock);
  const lines = [
    `${stack}: ${command} ${kind === 'interrupted' ? 'was interrupted' : 'failed'}` +
      [head && `: ${head}`, remedy && `; ${remedy}`].filter(Boolean).join(''),
    ...(errors.length > 0 ? errors.map(formatDiagnostic) : [lastLines(result)]).map((text) => indent(text, '  ')),
    ...(result.logFile === undefined ? [] : [`  log: ${result.logFile}`]),
  ];
  const message = withoutControls(lines.filter((line) => line.trim() !== '').join('\n'));
  return new TerraformFailure(message, kind, stack, errors, lock);
}

/** `address (file:line): summary`, the lines of the file, and the detail. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { address, file, line, summary, detail, snippet } = diagnostic;
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}`;
  const where = address ? `${address}${place && ` (${place})`}` : place;
  return [
    `${where && `${where}: `}${summary}`,
    ...(snippet ? [indent(shorten(snippet.trim()), '    | ')] : []),
    ...(detail ? [indent(detail, '  ')] : []),
  ].join('\n');
}

/** A failure of the machine before or beside Terraform: a folder that cannot be written, a full disk. */
export function fileSystemFailure(error: NodeJS.ErrnoException, context: FailureContext): TerraformFailure | undefined {
  const kind =
    error.code === 'ENOSPC' || error.code === 'EDQUOT'
      ? 'disk-full'
      : error.code === 'EROFS' || error.code === 'EACCES' || error.code === 'EPERM'
        ? 'read-only-folder'
        : undefined;
  if (!kind) return undefined;
  const message = `${context.stack}: ${error.path ?? 'a file'} cannot be written: ${error.message}; ${REMEDIES[kind]}`;
  return new TerraformFailure(message, kind, context.stack);
}

const LOCK_STAYS = /^Error releasing the state lock/;

const PATTERNS: readonly (readonly [FailureKind, RegExp])[] = [
  [
    'unsaved-state-late',
    /cannot import state with (?:serial \d+ over newer state|lineage)|cannot overwrite existing state with serial \d+/,
  ],
  ['state-not-saved', /Failed to (?:save|persist) state|errored\.tfstate/],
  ['lock-held', /Lock Info:/],
  ['stale-plan', /Saved plan is stale/],
  ['backend-changed', /Backend initialization required|Backend configuration changed/],
  ['disk-full', /no space left on device|disk quota exceeded/i],
  ['read-only-folder', /read-only file system|(?:open|mkdir|symlink|remove|rename|write) [^\n:]*: permission denied/i],
  ['provider-checksum', /doesn't match any of the checksums previously recorded/],
  [
    'provider-installation',
    /Failed to (?:query available provider packages|install provider|load plugin schemas)|Required plugins are not installed|Inconsistent dependency lock file|Provider requirements cannot be satisfied/,
  ],
  [
    'expired-credentials',
    /ExpiredToken|RequestExpired|security token included in the request is expired|(?:token|session) (?:has|is) expired|refresh cached SSO token|InvalidGrantException/i,
  ],
  ['wrong-account', /AWS account ID not allowed|account ID .* not allowed/i],
  ['role-refused', /Cannot assume IAM Role|not authorized to perform: sts:AssumeRole/i],
  ['invalid-credentials', /InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException|AuthFailure\b/],
  [
    'no-credentials',
    /No valid credential sources found|no EC2 IMDS role found|failed to get shared config profile|NoCredentialProviders/i,
  ],
  ['no-state-bucket', /S3 bucket "[^"]*" does not exist|NoSuchBucket/],
  // Also of a VPN: provider issues 35009 and 39654.
  ['not-visible-yet', /no matching EC2 Transit Gateway .*Attachment found/],
  ['crash', /plugin crashed!|Plugin did not respond|TERRAFORM CRASH|^panic: /m],
  [
    'network',
    /dial (?:tcp|udp)|no such host|network is unreachable|connection (?:refused|reset)|i\/o timeout|TLS handshake timeout|x509: |(?:Get|Post|Put|Head) "[^"]+": (?:unexpected )?EOF/,
  ],
];

const HEADLINES: Partial<Record<FailureKind, (said: string, lock: StateLock | undefined) => string>> = {
  'provider-checksum': () => 'the AWS provider has another checksum than .terraform.lock.hcl records',
  'provider-installation': () => 'the AWS provider cannot be installed',
  'state-not-saved': (said) =>
    /no space left on device|disk quota exceeded/i.test(said)
      ? 'what was changed is not in the state: neither the bucket nor the disk, which is full, took it'
      : 'what was changed is not in the state',
  'unsaved-state-late': () => 'what an earlier apply could not write does not continue the state of today',
  'lock-held': (_, lock) =>
    lock
      ? `the state is locked by ${lock.who} since ${lock.since} (${lock.operation}, lock ${printable(lock.id)})`
      : 'the state is locked',
  'lock-not-released': (_, lock) =>
    `its work is done and in the state, but its own lock${lock ? ` ${printable(lock.id)}` : ''} could not be released`,
  'no-credentials': () => 'there are no AWS credentials',
  'invalid-credentials': () => 'AWS does not know these credentials',
  'expired-credentials': () => 'the AWS credentials have expired',
  'role-refused': (said) => `the role to deploy with cannot be assumed${quoted(said, /IAM Role \(?([^\s)]+)/)}`,
  'wrong-account': (said) => `the credentials belong to another account${quoted(said, /not allowed: "?(\d{12})/)}`,
  'no-state-bucket': (said) => `the bucket for the state does not exist${quoted(said, /S3 bucket "([^"]*)"/)}`,
  'not-visible-yet': () => 'AWS does not show the new Transit Gateway attachment yet',
  'backend-changed': () => 'the folder was initialised for another state location',
  'stale-plan': () => 'the state has changed since the plan was made',
  'disk-full': () => 'the disk is full',
  'read-only-folder': () => 'a folder cannot be written',
  network: (said) => `an endpoint cannot be reached${quoted(said, /(?:Get|Post|Put|Head) "([^"]+)"/)}`,
  crash: () => 'a program crashed',
  killed: () => 'Terraform was killed',
};

const REMEDIES: Partial<Record<FailureKind, string>> = {
  'provider-checksum':
    'remove the provider from the mirror and install it again; after a change of its version in the code, run: terraform providers lock',
  'provider-installation':
    'reach registry.terraform.io, or name a folder that holds the provider by PLATFORM_PROVIDER_MIRROR (`terraform providers mirror <folder>` fills one on a machine with network)',
  'no-credentials': 'sign in (for example `aws sso login`, then set AWS_PROFILE), or plan offline',
  'invalid-credentials': 'check AWS_PROFILE and the AWS_* variables, and sign in again',
  'expired-credentials': 'sign in again (for example `aws sso login`), and repeat the command: nothing is lost',
  'role-refused':
    "check that the role exists in that account and that its trust policy names you; the role's name is in infra.config.ts",
  'wrong-account': 'sign in to the account that infra.config.ts gives for this environment',
  'no-state-bucket': 'deploy global/state first',
  'not-visible-yet': 'wait a few minutes, then plan and deploy again: what was created is in the state',
  'backend-changed': 'run init again with -reconfigure',
  'stale-plan': 'plan again, and review that plan',
  'disk-full': 'free some space, and repeat the command',
  'read-only-folder': 'make the folder writable for this user, or work in a copy elsewhere',
  network: 'check the connection, proxy and endpoint settings, and repeat the command',
  crash: "look for 'panic' in the log; it is a bug of the program that crashed: its tracker may know it",
  killed: 'if it was the system, it was short of memory: plan fewer stacks at once',
  interrupted: 'what was finished is in the state; plan again before the next apply',
};

function kindOf(result: TerraformResult, said: string, hasErrors: boolean): FailureKind {
  const known = PATTERNS.find(([, pattern]) => pattern.test(said))?.[0];
  // Whoever has interrupted it must not read that all is saved.
  if (result.interrupted && known !== 'state-not-saved') return 'interrupted';
  if (known) return known;
  if (!hasErrors && isDiskFull(result.cwd)) return 'disk-full';
  return result.exitCode >= 128 ? 'killed' : 'other';
}

function remedyOf(
  kind: FailureKind,
  result: TerraformResult,
  context: FailureContext,
  lock: StateLock | undefined,
): string | undefined {
  if (kind === 'state-not-saved') {
    const push = `terraform -chdir=${shellWord(result.cwd)} state push errored.tfstate`;
    const { emergencyState } = result;
    if (emergencyState !== undefined && emergencyState !== join(result.cwd, 'errored.tfstate')) {
      return `the state is in ${emergencyState} (readable by you only); fix the error below, move that file to ${join(result.cwd, 'errored.tfstate')}, and repeat the command: it writes the state first`;
    }
    return `fix the error below, delete nothing in ${result.cwd}, and repeat the command: it writes the state first; or by hand: ${push}`;
  }
  if (kind === 'unsaved-state-late') {
    return `compare ${result.cwd}/errored.tfstate with the state as docs/runbooks/lost-state.md says, then move that file out of the folder: what only it knows is in AWS`;
  }
  if (kind === 'lock-not-released') {
    const unlock = lock && (context.unlockCommand?.(lock) ?? forceUnlock(result, lock));
    return `${unlock ? `release it: ${unlock}` : 'release it'}, then repeat the command; it finds its work done`;
  }
  if (kind !== 'lock-held') return REMEDIES[kind];
  if (!lock) return 'wait until that run has ended';
  const unlock = context.unlockCommand?.(lock) ?? forceUnlock(result, lock);
  return `wait until that run has ended; if it has died, make sure of that, then release the lock: ${unlock}`;
}

const forceUnlock = ({ cwd }: TerraformResult, { id }: StateLock) =>
  `terraform -chdir=${shellWord(cwd)} force-unlock ${shellWord(id)}`;

function readLock(said: string): StateLock | undefined {
  const value = (name: string) => new RegExp(`^\\s*${name}:\\s*(\\S.*)$`, 'm').exec(said)?.[1]?.trim();
  const id = value('ID');
  if (!/Lock Info:/.test(said) || id === undefined) return undefined;
  const since = value('Created')?.replace(/\.\d+ \+0000 UTC$/, ' UTC') ?? 'an unknown time';
  const who = printable(value('Who') ?? 'an unknown user');
  return { id, who, since: printable(since), operation: printable(value('Operation') ?? 'unknown operation') };
}

/** A full disk can swallow the very message that says so. */
function isDiskFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < 1024 * 1024;
  } catch {
    return false;
  }
}

const wholeText = ({ summary, detail }: Diagnostic) => `${summary}\n${detail}`;

const quoted = (said: string, pattern: RegExp) => {
  const match = pattern.exec(said)?.[1];
  return match ? `: ${match}` : '';
};

const indent = (text: string, by: string) => text.replace(/^(?=.)/gm, by);

/** Terraform quotes a whole line, and a line of JSON can be all of the configuration. */
const shorten = (text: string) =>
  text
    .split('\n')
    .map((line) => (line.length > 160 ? `${line.slice(0, 160)}…` : line))
    .join('\n');

/** Not every call of Terraform can be told to write without colours. */
// eslint-disable-next-line no-control-regex -- that is what colours are made of
const plain = (text: string) => text.replace(/\u001b\[[\d;]*m/g, '');

function lastLines({ stdout, stderr }: TerraformResult): string {
  return plain(stderr.trim() || stdout.trim())
    .split('\n')
    .slice(-15)
    .join('\n');
}
