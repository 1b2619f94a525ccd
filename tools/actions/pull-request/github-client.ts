import { setTimeout as delay } from 'node:timers/promises';
import { WrongUse } from '@platform/libs/settings/problem';

/** GitHub answered with an error, or not at all. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  readonly exitCode = 1;

  constructor(
    message: string,
    /** HTTP status; 0 where there was no answer. */
    readonly status: number,
  ) {
    super(message);
  }
}

export interface GitHubClientOptions {
  /** Read are `GITHUB_TOKEN`, `GITHUB_REPOSITORY` and `GITHUB_API_URL`. Default: this process's. */
  readonly variables?: NodeJS.ProcessEnv;
  /** Told before a wait. */
  readonly note?: (text: string) => void;
  readonly signal?: AbortSignal;
  /** Longest time that one call waits for a rate limit or an outage, in seconds. Default 600. */
  readonly patienceSec?: number;
}

/** Of one call. */
interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/repos/<owner>/<name>`: `/issues/1/comments`. */
  readonly path: string;
  readonly body?: object;
}

/** Most that a page of a list has: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
const PAGE = 100;
/** Pages after which a list is taken for endless. */
const MOST_PAGES = 200;
const CALL_TIMEOUT_MS = 30_000;
/** Without a header that says how long: "wait for at least one minute". */
const UNSAID_LIMIT_SEC = 60;
/** First wait after an outage; doubled each time. */
const OUTAGE_SEC = 1;

/** The REST API of GitHub for one repository, as far as the workflows need it. */
export class GitHubClient {
  private readonly token: string;
  private readonly base: string;
  private readonly patienceSec: number;

  /** @throws WrongUse with every variable that is missing */
  constructor(private readonly options: GitHubClientOptions = {}) {
    const { variables = process.env, patienceSec = 600 } = options;
    const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: url } = variables;
    const problems = [
      ...(token ? [] : ['GITHUB_TOKEN: is not set; pass it to the step: env: GITHUB_TOKEN: ${{ github.token }}']),
      ...(repository && /^[\w.-]+\/[\w.-]+$/.test(repository)
        ? []
        : [`GITHUB_REPOSITORY: "${repository ?? ''}" is not <owner>/<name>; GitHub Actions sets it`]),
    ];
    if (problems.length > 0) throw new WrongUse(problems.join('\n'));
    this.token = token!;
    this.base = `${(url || 'https://api.github.com').replace(/\/+$/, '')}/repos/${repository}`;
    this.patienceSec = patienceSec;
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.send({ method: 'GET', path })).json()) as T;
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.send({ method: 'GET', path })).arrayBuffer());
  }

  async post<T>(path: string, body: object): Promise<T> {
    return (await (await this.send({ method: 'POST', path, body })).json()) as T;
  }

  async patch<T>(path: string, body: object): Promise<T> {
    return (await (await this.send({ method: 'PATCH', path, body })).json()) as T;
  }

  /** All elements of a list, page by page. */
  async list<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const found = await this.get<T[]>(`${path}${path.includes('?') ? '&' : '?'}per_page=${PAGE}&page=${page}`);
      all.push(...found);
      if (found.length < PAGE) break;
    }
    return all;
  }

  /**
   * Waits and repeats where GitHub asks for it (rate limits) or is out of order. A POST that was answered by an outage is
   * not repeated: it may have worked.
   * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
   */
  private async send(request: Request): Promise<Response> {
    const { note, signal } = this.options;
    let left = this.patienceSec;
    for (let outages = 0; ; ) {
      const answer = await this.once(request);
      if (answer instanceof Response && answer.ok) return answer;
      const limited = answer instanceof Response ? limitSec(answer) : undefined;
      const isOut = !(answer instanceof Response) || answer.status >= 500;
      const waitSec = limited ?? (isOut && request.method !== 'POST' ? OUTAGE_SEC * 2 ** outages++ : undefined);
      if (waitSec === undefined || waitSec > left) throw await errorOf(request, answer, waitSec);
      left -= waitSec;
      note?.(`GitHub: ${limited === undefined ? 'no answer' : 'rate limit'}; repeating in ${Math.ceil(waitSec)} s`);
      await delay(waitSec * 1000, undefined, signal ? { signal } : {});
    }
  }

  private async once({ method, path, body }: Request): Promise<Response | Error> {
    const { signal } = this.options;
    const timeout = AbortSignal.timeout(CALL_TIMEOUT_MS);
    try {
      return await fetch(`${this.base}${path}`, {
        method,
        // Fetch drops it where a download is redirected to another host.
        headers: {
          authorization: `Bearer ${this.token}`,
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
          'user-agent': 'platform',
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.any([timeout, ...(signal ? [signal] : [])]),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      return error as Error;
    }
  }
}

/** How long GitHub asks to wait, in seconds; undefined for an answer that is no rate limit. */
function limitSec({ status, headers }: Response): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(after)) return Math.max(0, after);
  if (headers.get('x-ratelimit-remaining') === '0') {
    const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
    return Number.isFinite(reset) ? Math.max(1, reset - Date.now() / 1000) : UNSAID_LIMIT_SEC;
  }
  return status === 429 ? UNSAID_LIMIT_SEC : undefined;
}

async function errorOf({ method, path }: Request, answer: Response | Error, waitSec?: number): Promise<GitHubError> {
  const where = `GitHub: ${method} ${path.split('?')[0]}`;
  if (!(answer instanceof Response)) {
    const { cause, message } = answer as Error & { cause?: { message?: string } };
    return new GitHubError(`${where}: no answer (${cause?.message ?? message}); repeat the job`, 0);
  }
  const { status } = answer;
  const text = await answer.text().catch(() => '');
  const said = messageIn(text);
  if (waitSec !== undefined && status < 500) {
    return new GitHubError(
      `${where}: rate limit for another ${Math.ceil(waitSec)} s; repeat the job after that`,
      status,
    );
  }
  return new GitHubError(`${where}: ${status}${said === '' ? '' : ` ${said}`}; ${remedyOf(status)}`, status);
}

function messageIn(text: string): string {
  try {
    const { message = '' } = JSON.parse(text) as { message?: unknown };
    return String(message).replaceAll(/\s+/g, ' ').slice(0, 300);
  } catch {
    return '';
  }
}

function remedyOf(status: number): string {
  switch (status) {
    case 401:
      return 'the token is wrong or has expired; pass GITHUB_TOKEN: ${{ github.token }} to the step';
    case 403:
      return 'the token may not do this; give the job the permission that docs/pull-requests.md lists';
    case 404:
      return 'it does not exist, or the token may not see it; check the permissions of the job';
    default:
      return status >= 500 ? 'GitHub is out of order; repeat the job' : 'see docs/pull-requests.md';
  }
}
