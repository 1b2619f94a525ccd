import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Construct } from 'constructs';
import type { HealthCheckSettings } from '@platform/libs/settings/edge';

export interface RegionHealthProps {
  /** Begins the checks' names: the environment. */
  readonly name: string;
  readonly settings: HealthCheckSettings;
  /** DNS name of each region's balancer, by region key. Its certificate must cover the name, for the sake of clients: checkers do not verify it. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Whether each region serves, seen from Route 53's checkers around the world, and two sums: whether anybody does, and
 * whether all do.
 *
 * A region is well while more than 18 % of the checkers get 2xx or 3xx from its path over HTTPS; they call it lost after
 * interval × threshold, 30 s at 10 × 3 (Route 53 developer guide, "How Route 53 determines whether a health check is
 * healthy"). The interval cannot be changed: another one replaces the checks, new ones first.
 *
 * Inverting or disabling a check sends a region's traffic away (runbooks and game days do), and plans leave that alone.
 *
 * Costs per check $0.50 a month for an address at AWS, $1 each for HTTPS and for an interval of 10 s, and $0.50 per sum: two
 * regions about $6 a month (list prices, check). An account has 200 checks unless more were asked for (Route 53 developer
 * guide, "Quotas").
 */
export class RegionHealth extends Construct {
  /** Ids of the checks by region key. */
  readonly checkIds: Readonly<Record<string, string>>;
  /** Healthy while at least one region is. */
  readonly anyRegionId: string;
  /** Healthy while all regions are: what is left of redundancy. */
  readonly everyRegionId: string;

  constructor(scope: Construct, id: string, props: RegionHealthProps) {
    super(scope, id);
    const { name, settings, names } = props;
    this.checkIds = Object.fromEntries(
      Object.entries(names).map(([key, fqdn]) => [
        key,
        new Route53HealthCheck(this, `Region-${key}`, {
          type: 'HTTPS',
          fqdn,
          port: 443,
          resourcePath: settings.path,
          enableSni: true,
          requestInterval: settings.intervalSec,
          failureThreshold: settings.failureThreshold,
          tags: { Name: `${name}-${key}` },
          lifecycle: { createBeforeDestroy: true, ignoreChanges: ['invert_healthcheck', 'disabled'] },
        }).id,
      ]),
    );
    const checks = Object.values(this.checkIds);
    const sum = (sumId: string, tag: string, threshold: number) =>
      new Route53HealthCheck(this, sumId, {
        type: 'CALCULATED',
        childHealthchecks: checks,
        childHealthThreshold: threshold,
        tags: { Name: `${name}-${tag}` },
      }).id;
    this.anyRegionId = sum('AnyRegion', 'any-region', 1);
    this.everyRegionId = sum('EveryRegion', 'every-region', checks.length);
  }
}
