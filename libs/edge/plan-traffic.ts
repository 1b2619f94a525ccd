import { includesLevel, type AdoptionLevel, type Mode } from '@platform/libs/settings/adoption';

/** One region as the plan sees it. */
export interface TrafficRegion {
  readonly key: string;
  /** Region that answers when this one cannot. For a standby in `active-passive` that is the primary. */
  readonly failsOverTo: string;
}

export interface TrafficPlanInput {
  readonly mode: Mode;
  readonly level: AdoptionLevel;
  /** Key of the region that is writer now. After a failover it may be another one than the settings of old said. */
  readonly primary: string;
  readonly regions: readonly TrafficRegion[];
  /** Upper limit of the traffic dial by region key, percent. Default: 100. */
  readonly dialLimitPercent?: Readonly<Record<string, number>>;
}

/** What can open a connection to a region's balancer on port 443. */
export type BalancerSource = 'internet' | 'cloudfront' | 'accelerator' | 'health-checks';

/** Which requests a balancer answers: `all`, or only those of known senders, and others get 403. */
export type BalancerAdmission = 'all' | 'known';

/**
 * The place of a region in the record set of the API: `nearest` for the clients to whom it is the closest, `primary` for
 * all while it is healthy, `secondary` for all while the primary is not, `none` where failover has two places and others
 * hold them.
 */
export type RecordRole = 'nearest' | 'primary' | 'secondary' | 'none';

export interface RegionTraffic {
  readonly record: RecordRole;
  /** Share of the traffic that is nearest to the region and that the accelerator sends there while all is well. */
  readonly dialPercent: number;
  /** Weight of the balancer in its endpoint group. Never 0 by plan: 0 would keep the region out of failovers too. */
  readonly weight: number;
  /** Regions that this region's distribution asks for what it may read, the second when the first cannot. */
  readonly origins: readonly [string, string];
}

/** How requests reach the regions: what records, balancers, distributions and the accelerator agree about. */
export interface TrafficPlan {
  /** Policy of the record set of the balancers. */
  readonly recordPolicy: 'latency' | 'failover';
  /** What the API's name points to. */
  readonly apiTarget: 'balancers' | 'accelerator';
  /** What the main name and the regions' site names point to; before there are distributions, what the API's name does. */
  readonly siteTarget: 'api' | 'distributions';
  readonly balancerSources: readonly BalancerSource[];
  readonly balancerAdmission: BalancerAdmission;
  /** By region key. */
  readonly regions: Readonly<Record<string, RegionTraffic>>;
}

/** Weight of the only endpoint in a group: any but 0 does the same, and this is what AWS takes when none is given. */
const endpointWeight = 128;

/**
 * Who takes traffic, in every combination of mode, level and role. Everything that directs traffic (records, accelerator,
 * distributions, the balancers' firewall) takes its figures from here, so that they cannot disagree.
 *
 * A standby gets nothing while the primary is healthy, with one exception: from `local-reads` on its distribution reads
 * from it, which is what the level is for. It stays reachable for failovers: its record is `secondary`, its weight is not
 * 0 and its dial is ignored by the accelerator when the others have no healthy endpoint (Global Accelerator developer
 * guide, "Endpoint weights").
 *
 * @throws Error when `primary` is no region.
 */
export function planTraffic(input: TrafficPlanInput): TrafficPlan {
  const { mode, level, primary, regions, dialLimitPercent = {} } = input;
  const first = regions.find(({ key }) => key === primary);
  if (!first) {
    throw new Error(`primary: there is no region "${primary}"; use one of ${regions.map(({ key }) => key).join(', ')}`);
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
 * Who may reach a balancer, which depends on the level alone. Below `accelerated` the API's name points straight at the
 * balancers, so the internet must reach them; from there on only what stands in front of them may.
 */
export function planBalancerSources(level: AdoptionLevel): readonly BalancerSource[] {
  return includesLevel(level, 'accelerated') ? ['cloudfront', 'accelerator', 'health-checks'] : ['internet'];
}

/**
 * Which requests a balancer answers, which depends on the level alone. Balancers are deployed before records, so a level
 * may not refuse what the records of the level below lead to the balancers: sites leave them at `origin-failover`, and one
 * level later they are refused there (`docs/decisions/changing-levels.md`).
 */
export function planBalancerAdmission(level: AdoptionLevel): BalancerAdmission {
  return includesLevel(level, 'local-reads') ? 'known' : 'all';
}

/**
 * The part of the plan that a region can make for itself, without knowing of others than the one it fails over to: its
 * own balancer first where it serves, or may read (`local-reads`), else the other's.
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

/** Route 53 knows one primary and one secondary per name: the secondary is where the primary fails over to. */
function recordRole(mode: Mode, region: TrafficRegion, primary: TrafficRegion): RecordRole {
  if (mode === 'active-active') return 'nearest';
  if (region === primary) return 'primary';
  return region.key === primary.failsOverTo ? 'secondary' : 'none';
}
