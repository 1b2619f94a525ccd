import { formatMatrix, matrixOf, type Matrix } from './matrix';
import type { Violation, PairAnswer, PolicyAnswers } from './check-policy';
import type { Place } from './references';
import type { Hop } from './walk';

/** What `npx platform routes --json` prints and `dist/routes/<environment>/routes.json` holds. */
export interface RouteReport {
  readonly environment: string;
  readonly level: string;
  readonly mode: string;
  readonly networks: readonly { readonly name: string; readonly segment: string; readonly ranges: readonly string[] }[];
  readonly matrix: Matrix;
  readonly pairs: readonly PairAnswer[];
  /** Whether all application subnets of a VPC reach the internet and get replies. */
  readonly internet: Readonly<Record<string, boolean>>;
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
}

/** The report without what only the check needs. */
export function reportOf(
  answers: PolicyAnswers,
  { environment, level, mode }: Pick<RouteReport, 'environment' | 'level' | 'mode'>,
): RouteReport {
  const { ends, pairs, internet, violations, notes } = answers;
  return {
    environment,
    level,
    mode,
    networks: ends.map(({ name, segment, ranges }) => ({ name, segment, ranges: ranges.map(({ text }) => text) })),
    matrix: matrixOf(answers),
    pairs,
    internet,
    violations,
    notes,
  };
}

/** The report for people: matrix, then each violation with its counterexample. */
export function formatReport({ matrix, internet, violations, notes }: RouteReport): string {
  const out = Object.entries(internet).filter(([, reaches]) => reaches);
  return [
    formatMatrix(matrix),
    `to the internet: ${out.map(([name]) => name).join(', ') || 'none'}`,
    ...notes.map((note) => `note: ${note}`),
    ...groupsOf(violations).map(formatViolation),
  ].join('\n');
}

/** Violations of one rule with one owner have one cause: the first is shown in full, the others are counted. */
function groupsOf(violations: readonly Violation[]): (readonly Violation[])[] {
  const groups = new Map<string, Violation[]>();
  for (const item of violations) {
    const key = JSON.stringify([item.rule, item.owner ?? item.says]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

/** One violation as text, with its counterexample; of several with the same cause the first. */
export function formatViolation([first, ...others]: readonly Violation[]): string {
  const { rule, says, owner, hops, reply } = first!;
  return [
    '',
    `${rule}: ${says}`,
    ...(owner ? [`  owner: ${formatPlace(owner)}`] : []),
    ...formatHops(hops),
    ...(reply ? ['  reply:', ...formatHops(reply)] : []),
    ...(others.length > 0
      ? [`  and ${others.length} more pair${others.length > 1 ? 's' : ''} for the same reason`]
      : []),
  ].join('\n');
}

/** A way hop by hop, each with the code that decides it. */
export function formatHops(hops: readonly Hop[]): string[] {
  return hops.map(({ does, place }, index) => `  ${index + 1}. ${does}  [${place.stack} ${place.path}]`);
}

function formatPlace({ source, stack, path }: Place): string {
  return `${source} (stack ${stack}, ${path})`;
}
