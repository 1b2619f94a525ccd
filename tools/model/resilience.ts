import { z } from 'zod';
import { losses } from '@platform/libs/settings/objectives';
import { pathNameSchema, rehearsedLosses } from './evidence';

/*
 * How an estate survives losses, by user path: what AWS commits to, what the model says, and what was measured. Plain JSON:
 * `resilience.json` and a part of the review have this shape. What is not known is `null`.
 */

const many = <T extends z.ZodType>(of: T) => z.array(of).readonly();
const shape = <T extends z.ZodRawShape>(fields: T) => z.strictObject(fields).readonly();

/** `unknown`: a part has no bound, so that the objective is neither shown to hold nor to be broken. */
const statusSchema = z.enum(['met', 'broken', 'unknown', 'no objective']);
export type ObjectiveStatus = z.infer<typeof statusSchema>;

const shareSchema = shape({
  low: z.number().describe('0 to 1, what is safe to say.'),
  high: z.number().describe('0 to 1, what is possible.'),
});

const termSchema = shape({
  phase: z.string().describe('`detection`, `decision`, `promotion`, `propagation`, `drain`, `launch` or `lag`.'),
  is: z.string(),
  lowSec: z.number(),
  highSec: z.number().nullable(),
  setting: z.string().describe('Setting that changes it; empty where AWS alone decides.'),
  source: z.string().describe('Page or setting that says so.'),
  where: z.string().describe('Stack and resource.'),
  unconfirmed: z.string().nullable().describe('Why it is an assumption; null: the source states it.'),
});

const partSchema = shape({
  name: z.string(),
  low: z.number(),
  high: z.number(),
  commitment: z.string().nullable().describe('Service whose commitment it is, with the day; null: none is known.'),
  source: z.string().nullable(),
  status: z
    .enum(['confirmed', 'unconfirmed', 'unknown'])
    .describe('Whether a source confirms the commitment; `unknown`: there is none.'),
  where: z.string(),
  region: z.string().nullable().describe('Null: in front of the regions.'),
  weakness: z.string().nullable(),
  setting: z.string().nullable(),
});

const timeSchema = shape({
  objectiveSec: z.number().nullable(),
  lowSec: z.number(),
  highSec: z.number().nullable(),
  measuredSec: z.number().nullable(),
  measuredAt: z.string().nullable().describe('Day of the measurement.'),
  status: statusSchema,
  terms: many(termSchema).describe('Those of the slowest branch, in order.'),
});

const lossSchema = shape({
  loss: z.enum(losses),
  rto: timeSchema,
  rpo: timeSchema,
  capacityLeft: z.number().nullable().describe('Share of the capacity that is left before more is launched.'),
});

const pathSchema = shape({
  path: pathNameSchema,
  status: statusSchema.describe('The worst of the objectives of the path.'),
  availability: shape({
    objective: z.number().nullable().describe('0 to 1.'),
    floor: shareSchema.describe('Commitments of AWS in series, without credit for a second region.'),
    model: shareSchema.describe('With other regions, common cause and the time of failovers.'),
    measured: z.number().nullable(),
    measuredAt: z.string().nullable(),
    status: statusSchema,
    parts: many(partSchema),
  }),
  latency: shape({
    objectiveMs: z.number().nullable(),
    measuredMs: z.number().nullable(),
    measuredAt: z.string().nullable(),
    status: statusSchema,
  }),
  losses: many(lossSchema),
  gain: z.string().nullable().describe('The one change that would gain most.'),
});

export const resilienceSchema = shape({
  environment: z.string(),
  level: z.string(),
  mode: z.string(),
  paths: many(pathSchema),
  missing: many(shape({ path: pathNameSchema, why: z.string(), hasObjective: z.boolean() })).describe(
    'Paths that the estate does not have, so that no objective of them is compared.',
  ),
  rehearsals: many(
    shape({
      path: pathNameSchema,
      loss: z.enum(rehearsedLosses).describe('What was taken away.'),
      rtoSec: z.number().nullable(),
      rpoSec: z.number().nullable(),
      measuredAt: z.string().describe('Day.'),
      how: z.string(),
    }),
  ).describe('The newest of each rehearsal.'),
  findings: many(
    shape({
      rule: z.string().describe('Id of the check.'),
      lost: z.string().describe('Key of the region that is lost.'),
      where: z.string(),
      what: z.string(),
      remedy: z.string(),
      declared: z.string().nullable().describe('Reason of a declared exception; null: it counts.'),
    }),
  ).describe('Recovery steps and references that need what is lost.'),
});

export type Resilience = z.infer<typeof resilienceSchema>;
export type PathResilience = Resilience['paths'][number];
export type LossResilience = PathResilience['losses'][number];
export type RecoveryTime = LossResilience['rto'];
export type RecoveryTerm = RecoveryTime['terms'][number];
export type PathPart = PathResilience['availability']['parts'][number];
export type ResilienceFinding = Resilience['findings'][number];

/** Whether a time counts an assumption. */
export function isUnconfirmed({ terms }: Pick<RecoveryTime, 'terms'>): boolean {
  return terms.some(({ unconfirmed }) => unconfirmed !== null);
}

/** Worst first. */
const order: readonly ObjectiveStatus[] = ['broken', 'unknown', 'met', 'no objective'];

export function worst(statuses: readonly ObjectiveStatus[]): ObjectiveStatus {
  return order.find((status) => statuses.includes(status)) ?? 'no objective';
}

/** One objective of a path. */
export interface Verdict {
  readonly path: PathResilience['path'];
  /** `availability`, `RTO for the loss of a region` */
  readonly objective: string;
  readonly status: ObjectiveStatus;
}

/** Every objective of every path. */
export function verdictsOf({ paths }: Pick<Resilience, 'paths'>): Verdict[] {
  return paths.flatMap(({ path, availability, latency, losses: each }) => [
    { path, objective: 'availability', status: availability.status },
    ...each.flatMap(({ loss, rto, rpo }) => [
      { path, objective: `RTO for the loss of ${article(loss)}`, status: rto.status },
      { path, objective: `RPO for the loss of ${article(loss)}`, status: rpo.status },
    ]),
    { path, objective: 'latency', status: latency.status },
  ]);
}

export function article(loss: string): string {
  return loss === 'instance' ? 'an instance' : `a ${loss}`;
}
