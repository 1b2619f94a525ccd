import { includesLevel, type AdoptionLevel, type Mode } from '@platform/libs/settings/adoption';

/** One region for the plan. */
export interface TrafficRegion {
  readonly key: string;
  /** Region that answers when this one fails. For a standby in `active-passive` that is the primary. */
  readonly failsOverTo: string;
}

export interface TrafficPlanInput {
  readonly mode: Mode;
  readonly level: AdoptionLevel;
  /** Key of the present writer's region. After a failover it can differ from older settings. */
  readonly primary: string;
  readonly regions: readonly TrafficRegion[];
  /** Upper limit of the traffic dial by region key, percent. Default: 100. */
  readonly dialLimitPercent?: Readonly<Record<string, number>>;
}

/** Sources of connections to a region's load balancer on port 443. */
export type BalancerSource = 'internet' | 'cloudfront' | 'accelerator' | 'health-checks';

/** Requests that a load balancer answers: `all`, or only those of known senders; others get 403. */
export type BalancerAdmission = 'all' | 'known';

/**
 * The region's place in the record set of the API: `nearest` for the clients to whom it is closest; `primary` for all
 * clients while it is healthy; `secondary` for all while the primary is not; `none` if others hold both failover
 * places.
 */
export type RecordRole = 'nearest' | 'primary' | 'secondary' | 'none';

export interface RegionTraffic {
  readonly record: RecordRole;
  /** Percentage of the traffic nearest to the region that the accelerator sends there while all regions are healthy. */
  readonly dialPercent: number;
  /** Weight of the load balancer in its endpoint group. Never 0: 0 would keep the region out of failovers too. */
  readonly weight: number;
  /** Regions that this region's distribution reads from, in order of preference. */
  readonly origins: readonly [string, string];
}

/** How requests reach the regions, for records, load balancers, distributions and the accelerator. */
export interface TrafficPlan {
  /** Policy of the load balancers' record set. */
  readonly recordPolicy: 'latency' | 'failover';
  /** Target of the API's name. */
  readonly apiTarget: 'balancers' | 'accelerator';
  /** Target of the main name and the regions' site names; without distributions it is that of the API's name. */
  readonly siteTarget: 'api' | 'distributions';
  readonly balancerSources: readonly BalancerSource[];
  readonly balancerAdmission: BalancerAdmission;
  /** By region key. */
  readonly regions: Readonly<Record<string, RegionTraffic>>;
}

/** Weight of the only endpoint in a group. Any value except 0 has the same effect; this is AWS's default. */
const endpointWeight = 128;

/**
 * Which regions take traffic, in every combination of mode, level and role. Everything that directs traffic (records,
 * accelerator, distributions, the load balancers' web ACL) uses this plan, so that all agree.
 *
 * A standby gets no traffic while the primary is healthy, with one exception: from `local-reads`, its distribution
 * reads from it. It stays available for failovers: its record is `secondary`, its weight is not 0, and the accelerator
 * ignores its dial if the others have no healthy endpoint (Global Accelerator developer guide, "Endpoint weights").
 *
 * @throws Error when `primary` is not a region
 */
export function planTraffic(input: TrafficPlanInput): TrafficPlan {
  const { mode, level, primary, regions, dialLimitPercent = {} } = input;
  const first = regions.find(({ key }) => key === primary);
  if (!first) {
    throw new Error(`primary: "${primary}" is not a region; use one of ${regions.map(({ key }) => key).join(', ')}`);
  }
  const accelerated = includesLevel(level, 'accelerated');

  const trafficOf = (region: TrafficRegion): RegionTraffic => {
    const limit = dialLimitPercent[region.key] ?? 100;
    const serves = mode === 'active-active' || region === first;
    return {
      record: recordRole(mode, region, first),
      dialPercent: serves ? limit : 0,
      weight: endpointWeight,
      origins: planOrigins({ mode, level, region, isPrimary: region === first }),
    };
  };

  return {
    recordPolicy: mode === 'active-active' ? 'latency' : 'failover',
    apiTarget: accelerated ? 'accelerator' : 'balancers',
    siteTarget: includesLevel(level, 'origin-failover') ? 'distributions' : 'api',
    balancerSources: planBalancerSources(level),
    balancerAdmission: planBalancerAdmission(level),
    regions: Object.fromEntries(regions.map((region) => [region.key, trafficOf(region)])),
  };
}

/**
 * Sources that may reach a load balancer, by level. Below `accelerated` the API's name points directly to the load
 * balancers, so the internet must reach them; from there on only the edge may.
 */
export function planBalancerSources(level: AdoptionLevel): readonly BalancerSource[] {
  return includesLevel(level, 'accelerated') ? ['cloudfront', 'accelerator', 'health-checks'] : ['internet'];
}

/**
 * Requests that a load balancer answers, by level. Load balancers are deployed before records, so a level may not
 * refuse what the records of the level below send to them: sites leave them at `origin-failover`, and are refused one
 * level later (`docs/decisions/changing-levels.md`).
 */
export function planBalancerAdmission(level: AdoptionLevel): BalancerAdmission {
  return includesLevel(level, 'local-reads') ? 'known' : 'all';
}

/**
 * The part of the plan that a region can compute alone, with only the region that it fails over to: its own load
 * balancer first if it serves or may read (`local-reads`), otherwise the other one's.
 */
export function planOrigins(input: {
  readonly mode: Mode;
  readonly level: AdoptionLevel;
  readonly region: TrafficRegion;
  readonly isPrimary: boolean;
}): readonly [string, string] {
  const { mode, level, region, isPrimary } = input;
  const readsHere = mode === 'active-active' || isPrimary || includesLevel(level, 'local-reads');
  return readsHere ? [region.key, region.failsOverTo] : [region.failsOverTo, region.key];
}

/** Route 53 has one primary and one secondary per name: the secondary is where the primary fails over to. */
function recordRole(mode: Mode, region: TrafficRegion, primary: TrafficRegion): RecordRole {
  if (mode === 'active-active') return 'nearest';
  if (region === primary) return 'primary';
  return region.key === primary.failsOverTo ? 'secondary' : 'none';
}
