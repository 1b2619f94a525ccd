import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import type { Finding } from '../review';
import { isCheckerRule } from './checker-rule';
import { riskRules } from './judge';
import { readResourceReplaced } from './process-rules';

/** The file, from the workspace root. */
export const waiversFile = 'waivers.json';

/** One accepted risk of `waivers.json`. */
export interface RiskWaiver {
  /** Id of the rule. */
  readonly rule: string;
  /** Stack; absent: every stack. */
  readonly stack?: string;
  /** Resource address; absent: every resource. */
  readonly address?: string;
  /** Team that answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** Last day on which it holds: `2027-01-31`. */
  readonly until: string;
}

const fields = ['rule', 'stack', 'address', 'owner', 'reason', 'until'] as const;
const required: readonly string[] = ['rule', 'owner', 'reason', 'until'];

/**
 * Reads the text of `waivers.json`.
 * @param teams who may own a waiver
 * @throws WrongUse with every problem of it
 */
export function readWaivers(text: string, teams: readonly string[]): RiskWaiver[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  if (!Array.isArray(document)) {
    const problem = { where: waiversFile, what: 'is no JSON list', remedy: 'write [] or a list of waivers' };
    throw new WrongUse(formatProblem(problem));
  }
  const problems = document.flatMap((each: unknown, index) => problemsOf(each, `${waiversFile}[${index}]`, teams));
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
  return document as RiskWaiver[];
}

function problemsOf(waiver: unknown, where: string, teams: readonly string[]): Problem[] {
  if (typeof waiver !== 'object' || waiver === null || Array.isArray(waiver)) {
    return [{ where, what: 'is no object', remedy: `give it ${required.join(', ')}` }];
  }
  const given = waiver as Record<string, unknown>;
  const problems: Problem[] = [];
  const add = (name: string, what: string, remedy: string) =>
    problems.push({ where: `${where}.${name}`, what, remedy });
  for (const name of Object.keys(given)) {
    if (!(fields as readonly string[]).includes(name)) add(name, 'there is no such field', `use ${fields.join(', ')}`);
    else if (typeof given[name] !== 'string' || given[name].trim() === '') add(name, 'is no text', 'write a text');
  }
  for (const name of required) if (!(name in given)) add(name, 'is missing', 'add it');
  if (problems.length > 0) return problems;
  const { rule, owner, until } = given as unknown as RiskWaiver;
  if (!isCheckerRule(rule) && !riskRules.some(({ id }) => id === rule)) {
    add('rule', `there is no rule "${rule}"`, 'use an id of docs/review-rules.md');
  }
  if (!teams.includes(owner)) add('owner', `there is no team "${owner}"`, `use one of ${teams.join(', ')}`);
  if (!isDay(until)) add('until', `"${until}" is no day`, 'write it as 2027-01-31');
  return problems;
}

function isDay(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * Marks what is waived: a valid waiver makes a note of a finding, an expired one a block. Where several fit, the one that
 * lasts longest counts.
 * @param today `2026-11-30`
 */
export function applyWaivers(findings: readonly Finding[], waivers: readonly RiskWaiver[], today: string): Finding[] {
  return findings.map((finding) => {
    const [waiver] = waivers
      .filter(
        ({ rule, stack = finding.where.stack, address = finding.where.address }) =>
          rule === finding.rule && stack === finding.where.stack && address === finding.where.address,
      )
      .sort((a, b) => (a.until < b.until ? 1 : -1));
    if (!waiver) return finding;
    const { owner, reason, until } = waiver;
    const expired = until < today;
    return { ...finding, level: expired ? 'block' : 'note', waiver: { owner, reason, until, expired } };
  });
}

/** Rules whose findings are destructions and replacements that a deploy applies only if they are accepted by name. */
const byName: ReadonlySet<string> = new Set(['stateful-destroy', 'key-removed', readResourceReplaced]);

/**
 * Destructions and replacements that waivers accept by stack and address, with their last day. A waiver of a whole stack,
 * or of all, names none.
 * @param today `2026-11-30`
 */
export function acceptedByName(
  findings: readonly Finding[],
  waivers: readonly RiskWaiver[],
  today: string,
): Record<string, Record<string, string>> {
  const accepted: Record<string, Record<string, string>> = {};
  for (const { rule, where } of findings) {
    const { stack, address } = where;
    if (!byName.has(rule) || stack === null || address === null) continue;
    const days = waivers
      .filter((each) => each.rule === rule && each.stack === stack && each.address === address && each.until >= today)
      .map(({ until }) => until);
    const until = days.sort().at(-1);
    if (until !== undefined) (accepted[stack] ??= {})[address] = until;
  }
  return accepted;
}
