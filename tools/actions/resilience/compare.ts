import { availabilityText } from '@platform/libs/resilience/availability';
import { durationText, secondsText } from '@platform/libs/resilience/duration';
import {
  article,
  type ObjectiveStatus,
  type PathResilience,
  type RecoveryTime,
  type Resilience,
} from '@platform/tools/model/resilience';
import type { Review } from '@platform/tools/model/review';
import type { EstateSighting } from '@platform/tools/model/risk/estate-rule';

/** What a review says of objectives. */
export interface ReviewedResilience {
  readonly resilience: NonNullable<Review['resilience']>;
  readonly broken: readonly EstateSighting[];
  readonly dependencies: readonly EstateSighting[];
}

interface Figure {
  readonly path: string;
  readonly objective: string;
  readonly wanted: string;
  readonly text: string;
  readonly status: ObjectiveStatus;
  /** What it consists of, for the reader of a broken one. */
  readonly terms: string;
  readonly where: string | undefined;
}

/** The objectives of head with the figures of both sides; `base` is null where there is nothing to compare with. */
export function compareResilience(base: Resilience | null, head: Resilience): ReviewedResilience {
  const before = new Map((base?.paths ?? []).flatMap(figuresOf).map((figure) => [keyOf(figure), figure]));
  const figures = head.paths.flatMap(figuresOf).filter(({ status }) => status !== 'no objective');
  const open = head.findings.filter(({ declared }) => declared === null);
  const vanished = head.missing.filter(({ path, hasObjective }) => hasObjective && before.has(`${path} availability`));
  return {
    resilience: {
      objectives: figures.map((figure) => ({
        path: figure.path,
        objective: figure.objective,
        wanted: figure.wanted,
        before: before.get(keyOf(figure))?.text ?? null,
        after: figure.text,
        status: figure.status as Exclude<ObjectiveStatus, 'no objective'>,
      })),
    },
    broken: [
      ...vanished.map(({ path, why }) => ({
        what: `${path}: after the change the estate does not have this path, and its objectives cannot hold`,
        why: `${why}. Before: ${before.get(`${path} availability`)!.text} availability.`,
      })),
      ...figures
        .filter(({ status }) => status === 'broken')
        .map((figure) => {
          const was = before.get(keyOf(figure));
          return {
            what: `${figure.path}: ${figure.objective} is ${figure.text}, and the objective is ${figure.wanted}`,
            why: `${was ? `Before: ${was.text}, of ${was.terms}. ` : ''}After: ${figure.text}, of ${figure.terms}.`,
            ...stackOf(figure.where),
          };
        }),
    ],
    dependencies: open.map(({ where, what }) => ({ what: `${where}: ${what}`, ...stackOf(where) })),
  };
}

const keyOf = ({ path, objective }: Figure) => `${path} ${objective}`;

/** Stack and address of `region-us-app: aws_lb.Balancer`. */
function stackOf(where: string | undefined): Pick<EstateSighting, 'stack' | 'address'> {
  const [, stack, address] = /^([\w-]+)(?:: (\w+\.[\w-]+))?$/.exec(where ?? '') ?? [];
  return { ...(stack ? { stack } : {}), ...(address ? { address } : {}) };
}

function figuresOf({ path, availability, losses, latency }: PathResilience): Figure[] {
  const { objective, model, measured, parts, status } = availability;
  const byLoss = [...parts].sort((a, b) => a.low - b.low);
  const percent = (share: number) => `${Number((share * 100).toFixed(6))} %`;
  return [
    {
      path,
      objective: 'availability',
      wanted: objective === null ? '' : percent(objective),
      text: `${availabilityText(model)}${measured === null ? '' : `, measured ${percent(measured)}`}`,
      status,
      terms: byLoss
        .map((part) => `${part.name} ${availabilityText(part)}${part.status === 'unconfirmed' ? ' (unconfirmed)' : ''}`)
        .join(', '),
      where: byLoss[0]?.where,
    },
    ...losses.flatMap(({ loss, rto, rpo }) => [
      figureOf(path, `RTO for the loss of ${article(loss)}`, rto),
      figureOf(path, `RPO for the loss of ${article(loss)}`, rpo),
    ]),
    {
      path,
      objective: 'latency of 95 of 100 answers',
      wanted: latency.objectiveMs === null ? '' : `${latency.objectiveMs} ms`,
      text: latency.measuredMs === null ? 'not measured' : `${latency.measuredMs} ms`,
      status: latency.status,
      terms: 'a measurement',
      where: undefined,
    },
  ];
}

function figureOf(path: string, objective: string, time: RecoveryTime): Figure {
  const longest = [...time.terms].sort((a, b) => (b.highSec ?? Infinity) - (a.highSec ?? Infinity));
  return {
    path,
    objective,
    wanted: time.objectiveSec === null ? '' : secondsText(time.objectiveSec),
    text: `${durationText(time)}${time.measuredSec === null ? '' : `, measured ${secondsText(time.measuredSec)}`}`,
    status: time.status,
    terms: time.terms
      .map((term) =>
        [
          `${term.is} (${durationText(term)}`,
          ...(term.unconfirmed === null ? [] : ['unconfirmed']),
          ...(term.setting ? [term.setting] : []),
        ].join('; '),
      )
      .map((text) => `${text})`)
      .join(', '),
    where: longest[0]?.where,
  };
}
