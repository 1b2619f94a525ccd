import { failingOver, parallel, series, type Availability } from '@platform/libs/resilience/availability';
import { atTheSameTime, durationText, oneAfterAnother, secondsText } from '@platform/libs/resilience/duration';
import type { Part, Term } from '@platform/libs/resilience/contribution';
import type { Environment } from '@platform/libs/settings/environment';
import { losses, objectiveOf, type Loss, type Objective } from '@platform/libs/settings/objectives';
import { newest, type Evidence } from '@platform/tools/model/evidence';
import {
  article,
  worst,
  type LossResilience,
  type ObjectiveStatus,
  type PathPart,
  type PathResilience,
  type RecoveryTime,
} from '@platform/tools/model/resilience';
import type { PathModel } from './read-paths';

type Assumptions = Pick<Environment, 'objectives' | 'mode'>;

/** The figures of a path, compared with its objective. */
export function assess(model: PathModel, settings: Assumptions, evidence: readonly Evidence[]): PathResilience {
  const { path } = model;
  const objective = objectiveOf(settings.objectives, path);
  const each = losses.map((loss): LossResilience => {
    const branches = model.recovery[loss];
    return {
      loss,
      rto: time(
        slowest(branches),
        atTheSameTime(branches.map(oneAfterAnother)),
        objective?.[loss].rtoSec,
        measured('rtoSec', loss),
      ),
      rpo: time(
        longest(model.lag[loss]),
        atTheSameTime(model.lag[loss]),
        objective?.[loss].rpoSec,
        measured('rpoSec', loss),
      ),
      capacityLeft: model.capacityLeft[loss],
    };
  });
  const availability = availabilityOf(model, settings, objective, measured('availabilityPercent'));
  const latencyMs = measured('latencyMs');
  const latency: PathResilience['latency'] = {
    objectiveMs: objective?.latencyMs ?? null,
    measuredMs: latencyMs?.value ?? null,
    measuredAt: latencyMs?.measuredAt ?? null,
    status: !objective
      ? 'no objective'
      : latencyMs === undefined
        ? 'unknown'
        : latencyMs.value <= objective.latencyMs
          ? 'met'
          : 'broken',
  };
  return {
    path,
    // Nothing but a measurement tells the latency, so that its absence says nothing of the path.
    status: worst([
      availability.status,
      ...each.flatMap(({ rto, rpo }) => [rto.status, rpo.status]),
      ...(latency.status === 'broken' ? [latency.status] : []),
    ]),
    availability,
    latency,
    losses: each,
    gain: gainOf(model, each, availability.parts),
  };

  function measured(figure: 'rtoSec' | 'rpoSec' | 'availabilityPercent' | 'latencyMs', loss?: Loss) {
    return newest(evidence, path, figure, loss);
  }
}

interface Measured {
  readonly value: number;
  readonly measuredAt: string;
}

function time(
  terms: readonly Term[],
  { lowSec, highSec }: { readonly lowSec: number; readonly highSec: number | null },
  objectiveSec: number | undefined,
  evidence: Measured | undefined,
): RecoveryTime {
  const status = (): ObjectiveStatus => {
    if (objectiveSec === undefined) return 'no objective';
    if (lowSec > objectiveSec || (highSec !== null && highSec > objectiveSec)) return 'broken';
    if (evidence && evidence.value > objectiveSec) return 'broken';
    return highSec === null ? 'unknown' : 'met';
  };
  return {
    objectiveSec: objectiveSec ?? null,
    lowSec,
    highSec,
    measuredSec: evidence?.value ?? null,
    measuredAt: evidence?.measuredAt ?? null,
    status: status(),
    terms: terms.map(({ phase, is, lowSec: low, highSec: high, setting, source, where, unconfirmed }) => ({
      phase,
      is,
      lowSec: low,
      highSec: high,
      setting,
      source,
      where,
      unconfirmed: unconfirmed ?? null,
    })),
  };
}

const bound = (term: { readonly highSec: number | null }) => term.highSec ?? Infinity;

function slowest(branches: readonly (readonly Term[])[]): readonly Term[] {
  const [first = []] = [...branches].sort((a, b) => bound(oneAfterAnother(b)) - bound(oneAfterAnother(a)));
  return first;
}

function longest(terms: readonly Term[]): readonly Term[] {
  return [...terms].sort((a, b) => bound(b) - bound(a)).slice(0, 1);
}

function availabilityOf(
  model: PathModel,
  { objectives }: Assumptions,
  objective: Objective | undefined,
  evidence: Measured | undefined,
): PathResilience['availability'] {
  const of = (parts: readonly Part[]) => series(parts.map(({ availability }) => availability));
  const edge = of(model.edge);
  const [active, ...others] = model.regions.map(({ parts }) => of(parts)) as [Availability, ...Availability[]];
  const { low, high } = objectives.commonCausePercent;
  const failover = atTheSameTime(model.recovery.region.map(oneAfterAnother));
  const lost = {
    low: failover.lowSec / 60 / objectives.outageMinutes,
    high: failover.highSec === null ? 1 : failover.highSec / 60 / objectives.outageMinutes,
  };
  const regions = (commonCause: number) =>
    others.length === 0 ? active : failingOver(active, parallel(others, commonCause), commonCause, lost);
  const model_ = {
    low: series([edge, regions(high / 100)]).low,
    high: series([edge, regions(low / 100)]).high,
  };
  const wanted = objective && objective.availabilityPercent / 100;
  const status = (): ObjectiveStatus => {
    if (wanted === undefined) return 'no objective';
    if (model_.high < wanted || (evidence && evidence.value / 100 < wanted)) return 'broken';
    if (model_.low >= wanted) return 'met';
    const hasUnknown = [...model.edge, ...model.regions.flatMap(({ parts }) => parts)].some(
      ({ availability }) => availability.low === 0,
    );
    return hasUnknown ? 'unknown' : 'broken';
  };
  const parts = [
    ...model.edge.map((each) => partOf(each, null)),
    ...model.regions.flatMap(({ region, parts: inRegion }) => inRegion.map((each) => partOf(each, region))),
  ];
  return {
    objective: wanted ?? null,
    floor: series([edge, active]),
    model: model_,
    measured: evidence === undefined ? null : evidence.value / 100,
    measuredAt: evidence?.measuredAt ?? null,
    status: status(),
    parts,
  };
}

function partOf({ name, availability, level, status, where, weakness }: Part, region: string | null): PathPart {
  return {
    name,
    ...availability,
    commitment: level ? `${level.service}, ${level.date}` : null,
    source: level?.source ?? null,
    status,
    where,
    region,
    weakness: weakness?.is ?? null,
    setting: weakness?.setting ?? null,
  };
}

/** What is out of bounds first, then what is broken, then the part that is down the longest. */
function gainOf(model: PathModel, each: readonly LossResilience[], parts: readonly PathPart[]): string | null {
  const weak = parts.find(({ weakness, region }) => weakness !== null && region !== model.regions[1]?.region);
  if (weak) return `${weak.name}: ${weak.weakness}; change ${weak.setting}`;
  const times = each.flatMap(({ loss, rto, rpo }) => [
    { loss, figure: 'RTO', time: rto },
    // A lag within its objective is what its own objective makes alarms watch for.
    ...(rpo.status === 'met' ? [] : [{ loss, figure: 'RPO', time: rpo }]),
  ]);
  const share = ({ time: { objectiveSec, highSec } }: (typeof times)[number]) =>
    highSec === null ? Infinity : highSec / Math.max(1, objectiveSec ?? 3600);
  const [most] = times
    .filter(({ time: { terms } }) => terms.some(({ setting }) => setting !== ''))
    .sort((a, b) => share(b) - share(a));
  if (!most) return null;
  const [term] = [...most.time.terms].filter(({ setting }) => setting !== '').sort((a, b) => bound(b) - bound(a));
  if (!term) return null;
  const length =
    term.highSec === null ? 'has no bound' : `takes up to ${secondsText(term.highSec)} of ${durationText(most.time)}`;
  return `${most.figure} for the loss of ${article(most.loss)}: ${term.is}, which ${length}; change ${term.setting}`;
}
