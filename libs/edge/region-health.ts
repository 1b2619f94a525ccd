import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import { constructId } from '@platform/libs/settings/construct-id';
import type { HealthCheckSettings } from '@platform/libs/settings/edge';

export interface RegionHealthProps {
  /** Prefix of the checks' names: the environment. */
  readonly name: string;
  /** Name in the settings of a further application, whose alarms stand beside those of the first one. */
  readonly application?: string;
  readonly settings: HealthCheckSettings;
  /**
   * DNS name of each region's load balancer, by region key. Its certificate must cover the name for clients; health
   * checkers do not verify it.
   */
  readonly names: Readonly<Record<string, string>>;
  /**
   * By region key: the alarm that fires while the region has to stay without traffic, and the AWS region of the alarm.
   * Absent: a region gets its traffic back as soon as its check passes.
   */
  readonly latches?: Readonly<Record<string, { readonly alarmName: string; readonly awsRegion: string }>>;
  /** A provider for us-east-1, where Route 53 reports the checks' status. */
  readonly usEast1: AwsProvider;
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
  /** Ids of the checks by region key: whether the region answers. */
  readonly checkIds: Readonly<Record<string, string>>;
  /** Ids by region key of what records follow: whether the region answers, and no latch keeps it out. */
  readonly servingIds: Readonly<Record<string, string>>;
  /** Healthy while at least one region is. */
  readonly anyRegionId: string;
  /** Healthy while all regions are, so that a failover is possible. */
  readonly everyRegionId: string;

  constructor(scope: Construct, id: string, props: RegionHealthProps) {
    super(scope, id);
    const { name, application, settings, names, latches = {}, usEast1 } = props;
    const [prefix, whose] =
      application === undefined ? ['', ''] : [`${constructId(application)}-`, ` for ${application}`];
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
    for (const [key, checkId] of Object.entries(this.checkIds)) {
      addHealthAlarm(
        this,
        usEast1,
        `${prefix}Region-${key}`,
        checkId,
        `Route 53 finds the region ${key} unhealthy${whose} and sends its requests elsewhere`,
      );
    }
    const sum = (sumId: string, tag: string, threshold: number, checks = Object.values(this.checkIds)) =>
      new Route53HealthCheck(this, sumId, {
        type: 'CALCULATED',
        childHealthchecks: checks,
        childHealthThreshold: threshold,
        tags: { Name: `${name}-${tag}` },
      }).id;
    this.anyRegionId = sum('AnyRegion', 'any-region', 1);
    this.everyRegionId = sum('EveryRegion', 'every-region', Object.keys(names).length);
    addHealthAlarm(
      this,
      usEast1,
      `${prefix}AnyRegion`,
      this.anyRegionId,
      `No region is healthy${whose}: users get errors everywhere`,
    );
    addHealthAlarm(
      this,
      usEast1,
      `${prefix}EveryRegion`,
      this.everyRegionId,
      `A region is unhealthy${whose}, so a failover from another one has one target less`,
    );
    this.servingIds = Object.fromEntries(
      Object.entries(this.checkIds).map(([key, checkId]) => {
        const latch = latches[key];
        if (!latch) return [key, checkId];
        const open = new Route53HealthCheck(this, `Latch-${key}`, {
          type: 'CLOUDWATCH_METRIC',
          cloudwatchAlarmName: latch.alarmName,
          cloudwatchAlarmRegion: latch.awsRegion,
          insufficientDataHealthStatus: 'LastKnownStatus',
          tags: { Name: `${name}-${key}-latch` },
        });
        return [key, sum(`Serving-${key}`, `${key}-serving`, 2, [checkId, open.id])];
      }),
    );
  }
}

/**
 * Watches one health check: 1 is healthy, 0 is not
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html).
 */
export function addHealthAlarm(
  scope: Construct,
  usEast1: AwsProvider,
  id: string,
  healthCheckId: string,
  description: string,
): void {
  alarmsOf(scope, usEast1).add(`${id}-Unhealthy`, {
    description,
    metric: {
      namespace: 'AWS/Route53',
      metricName: 'HealthCheckStatus',
      dimensions: { HealthCheckId: healthCheckId },
      statistic: 'Minimum',
      periodSec: 60,
    },
    below: 1,
    periods: 2,
    missing: 'breaching',
    tells: 'incident',
  });
}
