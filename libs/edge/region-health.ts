import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Construct } from 'constructs';
import type { HealthCheckSettings } from '@platform/libs/settings/edge';

export interface RegionHealthProps {
  /** Prefix of the checks' names: the environment. */
  readonly name: string;
  readonly settings: HealthCheckSettings;
  /**
   * DNS name of each region's load balancer, by region key. Its certificate must cover the name for clients; health
   * checkers do not verify it.
   */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Health checks of each region from Route 53's checkers, and two calculated checks: whether any region serves, and
 * whether all do.
 *
 * A region is healthy while more than 18 % of the checkers get 2xx or 3xx from its path over HTTPS. It is unhealthy
 * after interval × threshold, 30 s at 10 × 3 (Route 53 developer guide, "How Route 53 determines whether a health check
 * is healthy"). The interval cannot be changed: another one replaces the checks, new ones first.
 *
 * Inverting or disabling a check moves a region's traffic away (runbooks and game days do), and plans ignore both.
 *
 * An account has up to 200 checks (Route 53 developer guide, "Quotas").
 */
export class RegionHealth extends Construct {
  /** Ids of the checks by region key. */
  readonly checkIds: Readonly<Record<string, string>>;
  /** Healthy while at least one region is. */
  readonly anyRegionId: string;
  /** Healthy while all regions are, so that a failover is possible. */
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
