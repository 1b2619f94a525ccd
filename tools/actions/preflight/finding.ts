import type { Place } from '@platform/tools/model/needs';

/**
 * `ok`: as needed. `fails`: a deploy would fail or is refused. `note`: worth knowing, and no deploy fails for it. `unknown`:
 * AWS did not say.
 */
export type Verdict = 'ok' | 'fails' | 'note' | 'unknown';

/** One line of the table that a preflight ends with. */
export interface Finding {
  /** What was looked at, for example `quota`. */
  readonly check: string;
  /** Account, AWS region and name. */
  readonly where: string;
  readonly verdict: Verdict;
  readonly found: string;
  readonly needed: string;
  /** What to do; absent where nothing is to be done. */
  readonly remedy?: string;
}

/** What a check finds, without what its caller knows. */
export type Found = Pick<Finding, 'verdict' | 'found' | 'remedy'>;

/** `network 111111111111 us-east-1 <more>` */
export function at({ role, account, awsRegion }: Place, ...more: readonly string[]): string {
  return [role, account, awsRegion, ...more].join(' ');
}

export interface Question {
  readonly check: string;
  readonly where: string;
  readonly needed: string;
  /** Actions of IAM that the answer takes, for a denied call. */
  readonly actions: string;
}

/** Answers a question; a call that is denied, throttled or not answered is a finding of its own. */
export async function answer(question: Question, ask: () => Promise<Found | readonly Found[]>): Promise<Finding[]> {
  const { check, where, needed } = question;
  try {
    const found = await ask();
    return [found].flat().map((each) => ({ check, where, needed, ...each }));
  } catch (error) {
    return [{ check, where, needed, verdict: 'unknown', ...unanswered(error, question.actions) }];
  }
}

const denied = /AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError|Forbidden/;
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|PriorRequestNotComplete/;

/** Longest text of an error in the table, in characters. */
const LONGEST = 90;

/** What an error of the SDK means for somebody who reads the table. */
function unanswered(error: unknown, actions: string): Pick<Finding, 'found' | 'remedy'> {
  const {
    name = 'Error',
    message = '',
    code,
    $metadata,
  } = error as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  if (denied.test(name) || $metadata?.httpStatusCode === 403) {
    return { found: 'denied', remedy: `allow ${actions} to the role` };
  }
  if (throttled.test(name)) return { found: 'throttled by AWS', remedy: 'repeat the command' };
  const [line = ''] = (message || code || '').split('\n');
  const text = [name, line].filter((each) => each && each !== 'Error').join(': ');
  return { found: `no answer: ${text.slice(0, LONGEST)}`, remedy: 'check the connection, and repeat the command' };
}

/** Whether an error says that something does not exist. */
export function isMissing(error: unknown): boolean {
  const { name = '', $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 404 || /NotFound|NoSuch/.test(name);
}
