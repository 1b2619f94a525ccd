import { formatMatrix, matrixOf, type Matrix } from './matrix';
import type { BrokenPromise, PairAnswer, PromiseAnswers } from './promises';
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
  readonly broken: readonly BrokenPromise[];
  readonly notes: readonly string[];
}

/** The report without what only the check needs. */
export function reportOf(
  answers: PromiseAnswers,
  { environment, level, mode }: Pick<RouteReport, 'environment' | 'level' | 'mode'>,
): RouteReport {
  const { ends, pairs, internet, broken, notes } = answers;
  return {
    environment,
    level,
    mode,
    networks: ends.map(({ name, segment, ranges }) => ({ name, segment, ranges: ranges.map(({ text }) => text) })),
    matrix: matrixOf(answers),
    pairs,
    internet,
    broken,
    notes,
  };
}

/** The report for people: matrix, then each broken promise with its counter-example. */
export function formatReport({ matrix, internet, broken, notes }: RouteReport): string {
  const out = Object.entries(internet).filter(([, reaches]) => reaches);
  return [
    formatMatrix(matrix),
    `to the internet: ${out.map(([name]) => name).join(', ') || 'nobody'}`,
    ...notes.map((note) => `note: ${note}`),
    ...groupsOf(broken).map(formatBroken),
  ].join('\n');
}

/** Broken promises of one kind with one owner have one cause: the first is told whole, the others are counted. */
function groupsOf(broken: readonly BrokenPromise[]): (readonly BrokenPromise[])[] {
  const groups = new Map<string, BrokenPromise[]>();
  for (const item of broken) {
    const key = JSON.stringify([item.promise, item.owner ?? item.says]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

/** One broken promise for people, with its counter-example; of several with the same cause the first. */
export function formatBroken([first, ...others]: readonly BrokenPromise[]): string {
  const { promise, says, owner, hops, reply } = first!;
  return [
    '',
    `${promise}: ${says}`,
    ...(owner ? [`  owner: ${formatPlace(owner)}`] : []),
    ...formatHops(hops),
    ...(reply ? ['  and back:', ...formatHops(reply)] : []),
    ...(others.length > 0 ? [`  and ${others.length} more pair${others.length > 1 ? 's' : ''} by the same`] : []),
  ].join('\n');
}

/** A way hop by hop, each with the code that decides it. */
export function formatHops(hops: readonly Hop[]): string[] {
  return hops.map(({ does, place }, index) => `  ${index + 1}. ${does}  [${place.stack} ${place.path}]`);
}

function formatPlace({ source, stack, path }: Place): string {
  return `${source} (stack ${stack}, ${path})`;
}
