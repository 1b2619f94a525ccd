import type { EdgeSettings } from './edge';
import { logRetentionDays } from './log-retention';
import type { Mode } from './organisation';
import type { Problem } from './problem';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/** Answers of an origin on which CloudFront can ask the next one (CloudFront developer guide, "Origin failover"). */
export const failoverStatusCodes: readonly number[] = [400, 403, 404, 416, 500, 502, 503, 504];

/** The authorities of ACM, as CAA names (ACM user guide, "Configure a CAA record"). */
const acmAuthorities = ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'];

/** Zone, health checks, distributions and accelerator: what AWS would refuse, or what would leave nobody to serve. */
export function checkEdge(input: SettingsInput): Problem[] {
  return [
    ...checkRegionNames(input),
    ...checkPartners(input),
    ...environmentsOf(input).flatMap(([name, { edge, mode }]) => {
      const problems: Problem[] = [];
      const add: Add = (path, what, remedy) =>
        problems.push({ where: inSettings(input, `environments.${name}.edge.${path}`), what, remedy });
      checkZone(edge, add);
      checkHealthCheck(edge, add);
      checkOriginFailover(edge, add);
      checkAccelerator(input, edge, mode, add);
      if (!isWhole(edge.requestLimit, 10, 2_000_000_000)) {
        add('requestLimit', `WAF cannot count up to ${edge.requestLimit} requests`, 'use 10–2000000000');
      }
      checkRetention('firewallLogRetentionDays', edge.firewallLogRetentionDays, add);
      if (!isWhole(edge.logRetentionDays, 1, 3653)) {
        add('logRetentionDays', `${edge.logRetentionDays} is no number of days to keep logs`, 'use 1–3653');
      }
      return problems;
    }),
  ];
}

type Add = (path: string, what: string, remedy: string) => void;

const isWhole = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

function checkZone({ zone }: EdgeSettings, add: Add): void {
  zone.certificateAuthorities.forEach((authority, index) => {
    if (!/^([a-z0-9-]+\.)+[a-z]{2,}$/.test(authority)) {
      add(`zone.certificateAuthorities.${index}`, `"${authority}" is no CAA name`, 'write the name alone: amazon.com');
    }
  });
  if (!zone.certificateAuthorities.some((authority) => acmAuthorities.includes(authority))) {
    add(
      'zone.certificateAuthorities',
      `[${zone.certificateAuthorities.join(', ')}] has no authority of ACM, so no certificate could be issued`,
      `add one of ${acmAuthorities.join(', ')}`,
    );
  }
  if (!isWhole(zone.ttlSec, 1, 172_800))
    add('zone.ttlSec', `${zone.ttlSec} is no time to live`, 'use 1–172800 seconds');
  checkRetention('zone.queryLogRetentionDays', zone.queryLogRetentionDays, add);
}

function checkRetention(path: string, days: number, add: Add): void {
  if (!logRetentionDays.includes(days)) {
    add(path, `CloudWatch Logs cannot keep logs for ${days} days`, `use one of ${logRetentionDays.join(', ')}`);
  }
}

function checkHealthCheck({ healthCheck }: EdgeSettings, add: Add): void {
  const { intervalSec, failureThreshold, path } = healthCheck;
  if (intervalSec !== 10 && intervalSec !== 30) {
    add(
      'healthCheck.intervalSec',
      `Route 53 cannot check every ${intervalSec} s`,
      'use 10 or 30; a later change replaces the health checks',
    );
  }
  if (!isWhole(failureThreshold, 1, 10)) {
    add('healthCheck.failureThreshold', `${failureThreshold} is no number of checks`, 'use 1–10');
  }
  // A rule of the balancers lets it through, in which ? and * stand for other characters (ELB API, RuleCondition, path-pattern).
  if (!/^\/[A-Za-z0-9_.$/~@:+-]{0,127}$/.test(path)) {
    add(
      'healthCheck.path',
      `"${path}" is no path`,
      'start with a slash, then letters, digits and _.$/~@:+-, 128 characters at most: /healthz',
    );
  }
}

function checkOriginFailover({ originFailover }: EdgeSettings, add: Add): void {
  const { statusCodes, connectionTimeoutSec, connectionAttempts, readTimeoutSec } = originFailover;
  if (statusCodes.length === 0) {
    add('originFailover.statusCodes', 'no answer would ever fail over', 'use 500, 502, 503, 504');
  }
  statusCodes.forEach((code, index) => {
    const path = `originFailover.statusCodes.${index}`;
    if (!failoverStatusCodes.includes(code)) {
      add(path, `CloudFront cannot fail over on ${code}`, `use some of ${failoverStatusCodes.join(', ')}`);
    } else if (statusCodes.indexOf(code) < index) {
      add(path, `${code} stands there twice`, 'name each code once');
    }
  });
  if (!isWhole(connectionTimeoutSec, 1, 10)) {
    add(
      'originFailover.connectionTimeoutSec',
      `CloudFront cannot wait ${connectionTimeoutSec} s for a connection`,
      'use 1–10',
    );
  }
  if (!isWhole(connectionAttempts, 1, 3)) {
    add('originFailover.connectionAttempts', `CloudFront cannot make ${connectionAttempts} attempts`, 'use 1–3');
  }
  if (!isWhole(readTimeoutSec, 1, 60)) {
    add('originFailover.readTimeoutSec', `CloudFront cannot wait ${readTimeoutSec} s for an answer`, 'use 1–60');
  }
}

function checkAccelerator(input: SettingsInput, { accelerator }: EdgeSettings, mode: Mode, add: Add): void {
  const { healthCheckIntervalSec, healthCheckThreshold, dialLimitPercent = {} } = accelerator;
  if (healthCheckIntervalSec !== 10 && healthCheckIntervalSec !== 30) {
    add(
      'accelerator.healthCheckIntervalSec',
      `the accelerator cannot check every ${healthCheckIntervalSec} s`,
      'use 10 or 30',
    );
  }
  if (!isWhole(healthCheckThreshold, 1, 10)) {
    add('accelerator.healthCheckThreshold', `${healthCheckThreshold} is no number of checks`, 'use 1–10');
  }
  const keys = input.regions.map(({ key }) => key);
  for (const [key, percent] of Object.entries(dialLimitPercent)) {
    const path = `accelerator.dialLimitPercent.${key}`;
    if (!keys.includes(key)) add(path, `there is no region "${key}"`, `use one of ${keys.join(', ')}`);
    if (!(percent >= 0 && percent <= 100)) add(path, `${percent} is no percentage`, 'use 0–100');
  }
  const serving = input.regions.filter(({ standing }) => mode === 'active-active' || standing === 'primary');
  if (serving.length > 0 && serving.every(({ key }) => dialLimitPercent[key] === 0)) {
    add(
      'accelerator.dialLimitPercent',
      `0 for ${serving.map(({ key }) => key).join(', ')} leaves no region that takes traffic`,
      'leave one region that serves above 0',
    );
  }
}

/** A region's site is `<key>.<domain>`, and two of those names are taken. */
function checkRegionNames(input: SettingsInput): Problem[] {
  return input.regions
    .filter(({ key }) => ['api', 'www'].includes(key))
    .map((region) => ({
      where: inRegion(input, region, 'key'),
      what: `"${region.key}" would give its site a name that means something else, ${region.key}.<domain>`,
      remedy: 'use another key',
    }));
}

/** In `active-passive` a standby's distribution asks the region that it fails over to first, which must be the one that serves. */
function checkPartners(input: SettingsInput): Problem[] {
  const primary = input.regions.find(({ standing }) => standing === 'primary');
  if (!primary || !environmentsOf(input).some(([, { mode }]) => mode === 'active-passive')) return [];
  return input.regions
    .filter(
      ({ standing, failsOverTo, key }) => standing === 'standby' && failsOverTo !== primary.key && failsOverTo !== key,
    )
    .filter(({ failsOverTo }) => input.regions.some(({ key }) => key === failsOverTo))
    .map((region) => ({
      where: inRegion(input, region, 'failsOverTo'),
      what: `"${region.failsOverTo}" is a standby as well, and in active-passive only ${primary.key} serves`,
      remedy: `write "${primary.key}", or make every environment active-active`,
    }));
}
