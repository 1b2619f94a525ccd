import type { Protection } from './data-stores';

/** Ways to sign the public zone. `signed` needs a DS record at the parent, and a key in us-east-1 that must stay usable. */
export const zoneSignings = ['unsigned', 'signed'] as const;
export type ZoneSigning = (typeof zoneSignings)[number];

/** Where a client's next connection goes: anywhere, or to the region and balancer that its address had before. */
export const clientAffinities = ['NONE', 'SOURCE_IP'] as const;
export type ClientAffinity = (typeof clientAffinities)[number];

/** The public zone. */
export interface ZoneSettings {
  readonly signing: ZoneSigning;
  /** Certificate authorities that may issue for the domain, as CAA names. The four of ACM are in the example. */
  readonly certificateAuthorities: readonly string[];
  /** Seconds that resolvers keep records that are not aliases. Aliases take their target's: 60 s for balancers and distributions. */
  readonly ttlSec: number;
  /** Days that the log of DNS queries is kept; one of the retention periods of CloudWatch Logs. */
  readonly queryLogRetentionDays: number;
}

/** Route 53 health checks on each region's balancer. */
export interface HealthCheckSettings {
  /** 10 or 30. It cannot be changed later: another value replaces the checks. */
  readonly intervalSec: number;
  /** Checks in a row that must fail, or pass, before the state changes: 1–10. */
  readonly failureThreshold: number;
  /** Path, without a query, that answers 200 when the region can serve: 128 characters at most. */
  readonly path: string;
}

/** When a distribution asks the second origin, and how long it waits for the first. */
export interface OriginFailoverSettings {
  /** Answers of the first origin that send the request to the second. */
  readonly statusCodes: readonly number[];
  /** Seconds per connection attempt, 1–10. */
  readonly connectionTimeoutSec: number;
  /** Attempts before the second origin is asked, 1–3. */
  readonly connectionAttempts: number;
  /** Seconds to wait for an answer, 1–60. */
  readonly readTimeoutSec: number;
}

/** The accelerator of level `accelerated`. */
export interface AcceleratorSettings {
  readonly clientAffinity: ClientAffinity;
  /**
   * 10 or 30 seconds between health checks, and how many in a row decide. Both count for instances and addresses as
   * endpoints; for balancers the accelerator takes the health of the balancer's targets.
   */
  readonly healthCheckIntervalSec: number;
  readonly healthCheckThreshold: number;
  /**
   * Upper limit of the traffic dial by region key, 0–100 percent, when the endpoint group is made; 100 where absent.
   * Later changes belong to traffic control and to runbooks, and plans leave the dial as it is.
   */
  readonly dialLimitPercent?: Readonly<Record<string, number>>;
}

/** How the outside reaches this environment. */
export interface EdgeSettings {
  readonly zone: ZoneSettings;
  readonly healthCheck: HealthCheckSettings;
  readonly originFailover: OriginFailoverSettings;
  readonly accelerator: AcceleratorSettings;
  /** Requests that one address may make to a distribution in five minutes, 10–2000000000. */
  readonly requestLimit: number;
  /** Days that the log of blocked requests is kept; one of the retention periods of CloudWatch Logs. */
  readonly firewallLogRetentionDays: number;
  /** Days that access logs of distributions and flow logs of the accelerator are kept. */
  readonly logRetentionDays: number;
  /** `disposable`: destroying the stacks takes those logs along. */
  readonly protection: Protection;
}
