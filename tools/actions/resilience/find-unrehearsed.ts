import { losses, objectiveOf } from '@platform/libs/settings/objectives';
import type { Environment } from '@platform/libs/settings/environment';
import type { Evidence } from '@platform/tools/model/evidence';
import type { PathResilience, Resilience } from '@platform/tools/model/resilience';
import type { EstateSighting } from '@platform/tools/model/risk/estate-rule';

export interface RehearsalFacts {
  /** Names of the stacks that the change affects. */
  readonly changed: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly settings: Pick<Environment, 'objectives'>;
  /** `2026-11-30` */
  readonly today: string;
}

/**
 * Paths with an objective that the change affects, and whose newest rehearsal of a loss is older than
 * `objectives.rehearsedWithinDays`, or missing. Those without any rehearsal are one sighting together. Pure.
 */
export function findUnrehearsed(
  { paths }: Pick<Resilience, 'paths'>,
  { changed, evidence, settings: { objectives }, today }: RehearsalFacts,
): EstateSighting[] {
  const { rehearsedWithinDays: allowed } = objectives;
  const affected = paths.filter(
    (each) =>
      objectiveOf(objectives, each.path) !== undefined && stacksOf(each).some((stack) => changed.includes(stack)),
  );
  const newest = ({ path }: PathResilience) =>
    evidence
      .filter((each) => each.path === path && losses.some((loss) => loss === each.loss))
      .map(({ measuredAt }) => measuredAt)
      .sort()
      .at(-1);
  const never = affected.filter((each) => newest(each) === undefined).map(({ path }) => path);
  return [
    ...affected.flatMap((each) => {
      const measuredAt = newest(each);
      if (measuredAt === undefined) return [];
      const ageDays = Math.floor((Date.parse(today) - Date.parse(measuredAt)) / 86_400_000);
      if (ageDays <= allowed) return [];
      return [
        { what: `${each.path}: its newest rehearsal is of ${measuredAt}, ${ageDays} days ago; ${allowed} are allowed` },
      ];
    }),
    ...(never.length > 0 ? [{ what: `${never.join(', ')}: no loss was rehearsed yet` }] : []),
  ];
}

/** Stacks that carry a path: those of its parts, and of what its recovery takes. */
function stacksOf({ availability, losses: each }: PathResilience): string[] {
  const places = [...availability.parts, ...each.flatMap(({ rto, rpo }) => [...rto.terms, ...rpo.terms])];
  return [...new Set(places.map(({ where }) => where.split(': ', 1)[0]!))];
}
