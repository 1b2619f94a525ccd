import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { EstateChange } from '@platform/tools/model/change';
import type { PlanJson } from '@platform/tools/model/plan';
import { readPlan, UnreadablePlan } from '@platform/tools/model/read-plan';
import type { Finding, FindingLevel } from '@platform/tools/model/review';
import { checkerRule, FAILED_CHECKER } from '@platform/tools/model/risk/checker-rule';
import { secretsOf, withoutSecrets } from '@platform/tools/model/secrets';
import { oneLine, shorten } from './text';

/** A plan that checkers read. */
export interface CheckedPlan extends Pick<Finding, 'region' | 'owner'> {
  readonly stack: string;
  /** File by `terraform show -json`. */
  readonly file: string;
}

export interface RunCheckersOptions {
  /** Lines for `sh`: each reads a plan on stdin, or the file `$PLATFORM_PLAN`, and prints SARIF. */
  readonly commands: readonly string[];
  readonly plans: readonly CheckedPlan[];
  /** Folder in which they run. */
  readonly root: string;
  /** Of one command on one plan, in seconds. Default 120. */
  readonly timeoutSec?: number;
  /** Plans at once. Default 4. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/** Most that a checker may print, in bytes. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** The part of SARIF 2.1.0 that is read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
interface Sarif {
  readonly runs: readonly {
    readonly tool?: { readonly driver?: { readonly rules?: readonly SarifRule[] } };
    readonly results?: readonly SarifResult[];
  }[];
}
interface SarifRule {
  readonly id?: string;
  readonly fullDescription?: { readonly text?: string };
  readonly help?: { readonly text?: string };
  readonly defaultConfiguration?: { readonly level?: string };
}
interface SarifResult {
  readonly ruleId?: string;
  readonly ruleIndex?: number;
  readonly level?: string;
  readonly kind?: string;
  readonly message?: { readonly text?: string };
  readonly suppressions?: readonly { readonly status?: string }[];
  readonly locations?: readonly {
    readonly logicalLocations?: readonly { readonly fullyQualifiedName?: string; readonly name?: string }[];
  }[];
}

/** `none` is no finding. Without a level a result is a warning (SARIF 2.1.0, 3.27.10). */
const levelOf: Readonly<Record<string, FindingLevel | undefined>> = { error: 'block', warning: 'warn', note: 'note' };

/**
 * What further checkers find in plans. A checker that fails, hangs or prints something else gives one finding, which
 * blocks: what it would have found is unknown. Its exit code does not count if it prints SARIF.
 */
export async function runCheckers(options: RunCheckersOptions): Promise<Finding[]> {
  const { commands, plans, signal, workers = 4 } = options;
  const jobs = commands.flatMap((command) => plans.map((plan) => ({ command, plan })));
  const results = new Map<object, readonly Finding[] | string>();
  let next = 0;
  const work = async () => {
    for (let job = jobs[next++]; job && !signal?.aborted; job = jobs[next++])
      results.set(job, await check(job, options));
  };
  await Promise.all(Array.from({ length: workers }, work));
  signal?.throwIfAborted();
  return commands.flatMap((command) => {
    const own = jobs.filter((job) => job.command === command);
    const failed = own.filter((job) => typeof results.get(job) === 'string');
    const found = own.flatMap((job) => {
      const result = results.get(job);
      return result === undefined || typeof result === 'string' ? [] : result;
    });
    const [first] = failed;
    return first
      ? [
          failure(
            command,
            failed.map(({ plan }) => plan.stack),
            results.get(first) as string,
          ),
          ...found,
        ]
      : found;
  });
}

/** The plans of a change that checkers can read. */
export function checkedPlans({ stacks }: Pick<EstateChange, 'stacks'>): CheckedPlan[] {
  return stacks.flatMap(({ stack, region, owner, outcome }) =>
    outcome.status === 'planned' ? [{ stack, region, owner, file: outcome.planFile }] : [],
  );
}

/** Findings, or why there are none. */
async function check(
  { command, plan }: { readonly command: string; readonly plan: CheckedPlan },
  options: RunCheckersOptions,
): Promise<readonly Finding[] | string> {
  let bytes: Buffer;
  let document: PlanJson;
  try {
    bytes = readFileSync(plan.file);
    document = readPlan(bytes);
  } catch (error) {
    // The review says that it cannot be read.
    if (error instanceof UnreadablePlan || 'code' in (error as object)) return [];
    throw error;
  }
  const { text, why } = await run(command, plan, bytes, options);
  const sarif = sarifIn(text);
  if (!sarif) return why ?? 'it prints no SARIF';
  if (why?.startsWith('it did not end')) return why;
  return withoutSecrets(findingsIn(sarif, plan), secretsOf(document));
}

function sarifIn(text: string): Sarif | undefined {
  try {
    const document = JSON.parse(text) as Partial<Sarif> | null;
    const isSarif =
      Array.isArray(document?.runs) &&
      document.runs.every(
        (each: unknown) =>
          typeof each === 'object' && each !== null && Array.isArray((each as { results?: unknown }).results ?? []),
      );
    return isSarif ? (document as Sarif) : undefined;
  } catch {
    return undefined;
  }
}

function findingsIn({ runs }: Sarif, { stack, region, owner }: CheckedPlan): Finding[] {
  return runs.flatMap(({ tool, results = [] }) => {
    const rules = Array.isArray(tool?.driver?.rules) ? tool.driver.rules : [];
    return results.flatMap((result): Finding[] => {
      if (typeof result !== 'object' || result === null) return [];
      const rule = rules[result.ruleIndex ?? -1] ?? rules.find(({ id }) => id === result.ruleId);
      const kind = result.kind ?? 'fail';
      const level = levelOf[String(result.level ?? rule?.defaultConfiguration?.level ?? 'warning')];
      const isSuppressed = (result.suppressions ?? []).some(({ status = 'accepted' }) => status === 'accepted');
      if (level === undefined || isSuppressed || !['fail', 'review', 'open'].includes(kind)) return [];
      const [place] = result.locations?.flatMap(({ logicalLocations = [] }) => logicalLocations) ?? [];
      return [
        {
          rule: checkerRule(result.ruleId ?? rule?.id ?? 'finding'),
          level,
          what: said(result.message?.text) || 'it gives no message',
          why: said(rule?.fullDescription?.text) || 'A further checker of this repository asks for it.',
          remedy: said(rule?.help?.text) || 'Change the code, or add a waiver to waivers.json.',
          where: { stack, address: place?.fullyQualifiedName ?? place?.name ?? null, argument: null },
          region,
          owner,
          waiver: null,
        },
      ];
    });
  });
}

const said = (text: unknown) => (typeof text === 'string' ? shorten(oneLine(text), 1000) : '');

function failure(command: string, stacks: readonly string[], why: string): Finding {
  const where =
    stacks.length > 3 ? `${stacks.slice(0, 3).join(', ')} and ${stacks.length - 3} more` : stacks.join(', ');
  return {
    rule: FAILED_CHECKER,
    level: 'block',
    what: shorten(oneLine(`the checker "${shorten(command, 100)}" failed on ${where}: ${why}`), 1000),
    why: 'What it would have found is not known.',
    remedy: 'Run it on a plan by hand, and correct it, or leave it out.',
    where: { stack: null, address: null, argument: null },
    region: null,
    owner: null,
    waiver: null,
  };
}

/** What a command prints, and why it failed. A plan has secrets: what it says on stderr is only shown in its last line. */
function run(
  command: string,
  { stack, file }: CheckedPlan,
  plan: Buffer,
  { root, timeoutSec = 120, signal }: RunCheckersOptions,
): Promise<{ readonly text: string; readonly why?: string }> {
  return new Promise((resolve) => {
    // A group of its own: what it starts ends with it.
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: root,
      detached: true,
      env: { ...process.env, PLATFORM_PLAN: file, PLATFORM_STACK: stack },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let error = '';
    let why: string | undefined;
    const stop = (reason?: string) => {
      why ??= reason;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    };
    const onAbort = () => stop('it was interrupted');
    const timer = setTimeout(() => stop(`it did not end within ${timeoutSec} s`), timeoutSec * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_OUTPUT) stop(`it prints more than ${MOST_OUTPUT / 1024 / 1024} MiB`);
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => void (error = `${error}${chunk.toString()}`.slice(-2000)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(plan);
    child.once('error', ({ message }) => void (why ??= message));
    child.once('close', (code) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      const last = error.trim().split('\n').at(-1) ?? '';
      const failed = code === 0 ? undefined : `exit code ${code}${last === '' ? '' : `, ${last}`}`;
      const reason = why ?? failed;
      resolve({ text: Buffer.concat(chunks).toString(), ...(reason === undefined ? {} : { why: reason }) });
    });
  });
}
