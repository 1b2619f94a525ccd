import { unknownAvailability, type Availability } from './availability';
import type { Duration } from './duration';
import {
  secondTierPercent,
  serviceLevels,
  type Commitment,
  type ServiceLevel,
  type ServiceLevelId,
} from './service-levels';

/** The arguments of a synthesised resource. */
export type Block = Readonly<Record<string, unknown>>;

/** A synthesised resource: its arguments, and where it is made. */
export interface Made {
  readonly block: Block;
  /** `region-us-alb-asg-app: aws_lb.Application_Balancer_FED81324` */
  readonly where: string;
}

/** Something that a path needs, and how available it is. */
export interface Part {
  /** `load balancer of us` */
  readonly name: string;
  /** Null: no commitment is known. */
  readonly level: ServiceLevel | null;
  /** Whether a source confirms the commitment that counts; `unknown` without one. */
  readonly status: Commitment['status'] | 'unknown';
  readonly availability: Availability;
  /** Where it is made: `region-us-alb-asg-app: aws_lb.Application_Balancer`. */
  readonly where: string;
  /** Why it counts less than the service could give; with the setting that changes it. */
  readonly weakness?: { readonly is: string; readonly setting: string };
}

/** What happens between the loss of something and the recovery of a path. */
export const phases = ['detection', 'decision', 'promotion', 'propagation', 'drain', 'launch'] as const;
export type Phase = (typeof phases)[number];

/** One time of a recovery, or a lag of data. */
export interface Term extends Duration {
  readonly phase: Phase | 'lag';
  /** `health check of us fails 3 times, every 10 s` */
  readonly is: string;
  /** Setting that changes it: `edge.healthCheck.failureThreshold`; empty where AWS alone decides. */
  readonly setting: string;
  /** Where AWS or the settings say so. */
  readonly source: string;
  readonly where: string;
  /** Why it is not more than an assumption; left out where the source states it. */
  readonly unconfirmed?: string;
}

/** A part of a path. With a weakness the commitment for one zone counts, where the service has one. */
export function part(
  name: string,
  where: string,
  id: ServiceLevelId | null,
  weakness?: { readonly is: string; readonly setting: string },
): Part {
  const level: ServiceLevel | null = id === null ? null : serviceLevels[id];
  const commitment = weakness ? (level?.inOneZone ?? level) : level;
  return {
    name,
    where,
    level,
    status: commitment?.status ?? 'unknown',
    availability: commitment ? availabilityOf(commitment) : unknownAvailability,
    ...(weakness ? { weakness } : {}),
  };
}

function availabilityOf({ percent, percentHigh = percent, status }: Commitment): Availability {
  const low = status === 'confirmed' ? percent : Math.min(percent, secondTierPercent);
  return { low: share(low), high: share(percentHigh) };
}

/** 0.9999 of 99.99, and not the number beside it. */
const share = (percent: number) => Number((percent / 100).toFixed(8));

export function number(block: Block, argument: string, otherwise: number): number {
  const value = Number(block[argument]);
  return block[argument] === undefined || Number.isNaN(value) ? otherwise : value;
}
