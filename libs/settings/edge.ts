import { logRetentionByProfile, logRetention } from './log-retention';
import type { Mode } from './adoption';
import type { Problem } from './problem';
import { protection } from './protection';
import {
  byDefault,
  byProfile,
  list,
  named,
  number,
  oneNumberOf,
  oneOf,
  section,
  text,
  whole,
  type Settings,
} from './schema';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/**
 * DNSSEC of the public zone. `signed` needs a DS record at the parent, and a key in us-east-1 that must stay usable.
 */
export const zoneSignings = ['unsigned', 'signed'] as const;

/** How a region gets its traffic back after a failover. */
export const failbacks = ['manual', 'automatic'] as const;

/** Target of a client's next connection: any, or the region and load balancer of its previous one. */
export const clientAffinities = ['NONE', 'SOURCE_IP'] as const;

/** Status codes on which CloudFront can use the second origin (CloudFront developer guide, "Origin failover"). */
export const failoverStatusCodes: readonly number[] = [400, 403, 404, 416, 500, 502, 503, 504];

/** The certificate authorities of ACM, as CAA names (ACM user guide, "Configure a CAA record"). */
const acmAuthorities = ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'];

/** Intervals of health checks in seconds that Route 53 and Global Accelerator support. */
const healthCheckIntervals: readonly number[] = [10, 30];

const zoneSchema = section(
  { is: 'The public zone.', applies: 'next deploy of `global/zone`' },
  {
    signing: byDefault(
      oneOf(zoneSignings, {
        is: '`signed` needs a DS record at the parent zone, and a key in us-east-1 that must stay usable.',
      }),
      'unsigned',
      'Signing takes a step at the parent zone that only you can do.',
    ),
    certificateAuthorities: byDefault(
      list('Certificate authorities that may issue for the domain.', text({ is: 'CAA name such as `amazon.com`.' })),
      acmAuthorities,
      'The four names of ACM.',
    ),
    ttlSec: byDefault(
      whole({
        is: 'How long resolvers keep records that are not aliases. Aliases have that of their target: 60 s for load balancers and distributions.',
        unit: 's',
        from: 1,
        to: 172_800,
      }),
      300,
    ),
    queryLogRetentionDays: byProfile(logRetention('How long the log of DNS queries is kept.'), logRetentionByProfile),
  },
);
/** The public zone. */
export type ZoneSettings = Settings<typeof zoneSchema>;

const healthCheckSchema = section(
  { is: "Route 53 health checks on each region's load balancer.", applies: 'next deploy of `global/route53`' },
  {
    intervalSec: byProfile(
      oneNumberOf(healthCheckIntervals, {
        is: 'Time between two checks of one checker.',
        unit: 's',
        replaces: 'the health checks',
      }),
      { production: 10, development: 30 },
      '10 s find a fault within half a minute, and cost extra.',
    ),
    failureThreshold: byDefault(
      whole({
        is: 'Checks in a row that must fail, or pass, before the state changes.',
        unit: 'checks',
        from: 1,
        to: 10,
      }),
      3,
    ),
    path: byDefault(
      text({
        is: 'Path, without a query, that answers 200 when the region can serve.',
        limits: 'begins with /, then letters, digits and _.$/~@:+-; 128 characters at most',
      }),
      '/healthz',
    ),
  },
);
/** Route 53 health checks on each region's load balancer. */
export type HealthCheckSettings = Settings<typeof healthCheckSchema>;

const originFailoverSchema = section(
  {
    is: 'When a distribution asks the second origin, and how long it waits for the first.',
    applies: 'next deploy of `region-*/cloudfront`, and the minutes in which the distribution is updated everywhere',
  },
  {
    statusCodes: byDefault(
      list(
        { is: 'Answers of the first origin that send the request to the second.', limits: 'at least one' },
        oneNumberOf(failoverStatusCodes, { is: 'HTTP status.', unit: 'number' }),
      ),
      [500, 502, 503, 504],
      'Errors of the server; those of the client are the same in both regions.',
    ),
    connectionTimeoutSec: byDefault(whole({ is: 'Per connection attempt.', unit: 's', from: 1, to: 10 }), 2),
    connectionAttempts: byDefault(
      whole({ is: 'Attempts before the second origin is asked.', unit: 'attempts', from: 1, to: 3 }),
      1,
      'A client waits for all attempts.',
    ),
    readTimeoutSec: byDefault(whole({ is: 'How long to wait for an answer.', unit: 's', from: 1, to: 60 }), 10),
  },
);
/** When a distribution uses the second origin, and how long it waits for the first. */
export type OriginFailoverSettings = Settings<typeof originFailoverSchema>;

const strictTransportSchema = section(
  {
    is: 'The header `Strict-Transport-Security` of distributions: browsers use HTTPS only. They keep it for `maxAgeDays`, so a mistake lasts as long.',
    applies: 'next deploy of `region-*/cloudfront`',
  },
  {
    maxAgeDays: byDefault(
      whole({ is: 'How long a browser keeps it.', unit: 'days', from: 1, to: 730 }),
      365,
      'The least that the preload list accepts.',
    ),
    subdomains: byDefault(
      oneOf(['on', 'off'], {
        is: '`on`: holds for every name below the domain too, also for internal ones that this estate does not serve.',
      }),
      'off',
      'It locks every name that answers without HTTPS.',
    ),
    preload: byDefault(
      oneOf(['on', 'off'], {
        is: '`on`: the domain may be entered into the lists that browsers ship. Leaving them takes months.',
        limits: '`on` only with `subdomains: on` and at least 365 days',
      }),
      'off',
      'Hard to undo: https://hstspreload.org.',
    ),
  },
);
/** The header with which browsers use HTTPS only. */
export type StrictTransportSettings = Settings<typeof strictTransportSchema>;

const acceleratorSchema = section(
  { is: 'The accelerator of level `accelerated`.', applies: 'next deploy of `global/ga`' },
  {
    clientAffinity: byDefault(
      oneOf(clientAffinities, {
        is: "Where a client's next connection goes: `NONE` anywhere, `SOURCE_IP` to the region and load balancer of its address's previous one.",
      }),
      'NONE',
    ),
    healthCheckIntervalSec: byDefault(
      oneNumberOf(healthCheckIntervals, {
        is: 'Time between two checks of instances and addresses as endpoints. For load balancers the accelerator uses the health of their targets.',
        unit: 's',
      }),
      10,
    ),
    healthCheckThreshold: byDefault(whole({ is: 'Checks in a row that decide.', unit: 'checks', from: 1, to: 10 }), 3),
    dialLimitPercent: named(
      'Upper limit of the traffic dial by region key. Left out: 100.',
      number({
        is: 'Traffic dial when the endpoint group is made. Traffic control changes it later, and plans leave it as it is.',
        unit: '%',
        from: 0,
        to: 100,
      }),
    ).exactOptional(),
  },
);
/** The accelerator of level `accelerated`. */
export type AcceleratorSettings = Settings<typeof acceleratorSchema>;

const logQueriesSchema = section(
  {
    is: 'Athena on the access logs of distributions: a table, saved queries and a workgroup with a limit. Costs by what a query reads.',
    applies: 'next deploy of `region-*/cloudfront`',
  },
  {
    mode: byProfile(oneOf(['on', 'off'], { is: '`on`: the table, the queries and the workgroup exist.' }), {
      production: 'on',
      development: 'off',
    }),
    scanLimitGib: byDefault(
      whole({ is: 'A query that reads more is cancelled.', unit: 'GiB', from: 1, to: 1024 }),
      10,
      'Athena bills what a query reads.',
    ),
  },
);

export const edgeSchema = section(
  { is: 'How clients reach the environment.', applies: 'next deploy of `region-*/cloudfront` and `global/ga`' },
  {
    zone: zoneSchema.prefault({}),
    healthCheck: healthCheckSchema.prefault({}),
    failback: byDefault(
      oneOf(failbacks, {
        is: "How a region gets the API's traffic back after a failover by records. `manual`: when a person releases its latch, with `npx platform failover back`. `automatic`: as soon as its health check passes, even while the writer is in another region.",
        applies: 'next deploy of `region-*/cloudfront` and `global/route53`',
      }),
      'manual',
      'The writer of the database does not return by itself, so traffic must not either.',
    ),
    originFailover: originFailoverSchema.prefault({}),
    strictTransport: strictTransportSchema.prefault({}),
    accelerator: acceleratorSchema.prefault({}),
    requestLimit: byDefault(
      // WAF API reference, RateBasedStatement.
      whole({
        is: 'Requests that one address may make to a distribution in five minutes.',
        unit: 'requests per 5 min',
        from: 10,
        to: 2_000_000_000,
      }),
      2000,
      'A person makes a few hundred; raise it where many share an address.',
    ),
    firewallLogRetentionDays: byProfile(
      logRetention('How long the log of blocked requests is kept.'),
      logRetentionByProfile,
    ),
    logRetentionDays: byProfile(
      whole({
        is: 'How long access logs of distributions and flow logs of the accelerator are kept.',
        unit: 'days',
        from: 1,
        to: 3653,
      }),
      logRetentionByProfile,
    ),
    logQueries: logQueriesSchema.prefault({}),
    protection: protection('`disposable`: destroying the stacks deletes those logs.'),
  },
);
/** How clients reach an environment. */
export type EdgeSettings = Settings<typeof edgeSchema>;

/** Zone, health checks, distributions and accelerator: values that AWS would refuse, or that leave no active region. */
export function checkEdge(input: SettingsInput): Problem[] {
  return [
    ...checkRegionNames(input),
    ...checkPartners(input),
    ...environmentsOf(input).flatMap(([name, { edge, mode, domain }]) => {
      const problems: Problem[] = [];
      const add: Add = (path, what, remedy) =>
        problems.push({ where: inSettings(input, `environments.${name}.edge.${path}`), what, remedy });
      checkZone(edge, add);
      checkHealthCheck(edge, add);
      checkOriginFailover(edge, add);
      checkStrictTransport(input, domain, edge, add);
      checkAccelerator(input, edge, mode, add);
      return problems;
    }),
  ];
}

type Add = (path: string, what: string, remedy: string) => void;

function checkZone({ zone }: EdgeSettings, add: Add): void {
  zone.certificateAuthorities.forEach((authority, index) => {
    if (!/^([a-z0-9-]+\.)+[a-z]{2,}$/.test(authority)) {
      add(
        `zone.certificateAuthorities.${index}`,
        `"${authority}" is not a CAA name`,
        'write the name alone: amazon.com',
      );
    }
  });
  if (!zone.certificateAuthorities.some((authority) => acmAuthorities.includes(authority))) {
    add(
      'zone.certificateAuthorities',
      `[${zone.certificateAuthorities.join(', ')}] has no authority of ACM, so no certificate could be issued`,
      `add one of ${acmAuthorities.join(', ')}`,
    );
  }
}

function checkHealthCheck({ healthCheck }: EdgeSettings, add: Add): void {
  const { path } = healthCheck;
  // A listener rule allows it, in which ? and * are wildcards (ELB API, RuleCondition, path-pattern).
  if (!/^\/[A-Za-z0-9_.$/~@:+-]{0,127}$/.test(path)) {
    add(
      'healthCheck.path',
      `"${path}" is not a path`,
      'start with a slash, then letters, digits and _.$/~@:+-, 128 characters at most: /healthz',
    );
  }
}

function checkOriginFailover({ originFailover }: EdgeSettings, add: Add): void {
  const { statusCodes } = originFailover;
  if (statusCodes.length === 0) {
    add('originFailover.statusCodes', 'no answer would ever fail over', 'use 500, 502, 503, 504');
  }
}

function checkStrictTransport(input: SettingsInput, domain: string, { strictTransport }: EdgeSettings, add: Add): void {
  const { subdomains, preload, maxAgeDays } = strictTransport;
  if (preload === 'on' && (subdomains === 'off' || maxAgeDays < 365)) {
    add(
      'strictTransport.preload',
      `"on" is refused by the preload list with subdomains: "${subdomains}" and ${maxAgeDays} days`,
      "use subdomains: 'on' and maxAgeDays: 365 or more, or preload: 'off'",
    );
  }
  if (subdomains === 'off') return;
  for (const { name } of input.settings.onPremises?.domains ?? []) {
    if (name !== domain && !name.endsWith(`.${domain}`)) continue;
    add(
      'strictTransport.subdomains',
      `"on" locks ${name} of onPremises.domains to HTTPS in every browser that has visited ${domain}`,
      "use 'off', or give the internal names another domain",
    );
  }
}

function checkAccelerator(input: SettingsInput, { accelerator }: EdgeSettings, mode: Mode, add: Add): void {
  const { dialLimitPercent = {} } = accelerator;
  const keys = input.regions.map(({ key }) => key);
  for (const key of Object.keys(dialLimitPercent)) {
    const path = `accelerator.dialLimitPercent.${key}`;
    if (!keys.includes(key)) add(path, `there is no region "${key}"`, `use one of ${keys.join(', ')}`);
  }
  const active = input.regions.filter(({ role }) => mode === 'active-active' || role === 'primary');
  if (active.length > 0 && active.every(({ key }) => dialLimitPercent[key] === 0)) {
    add(
      'accelerator.dialLimitPercent',
      `0 for ${active.map(({ key }) => key).join(', ')} leaves no region that takes traffic`,
      'leave one active region above 0',
    );
  }
}

/** A region's site is `<key>.<domain>`, and two of those names are reserved. */
function checkRegionNames(input: SettingsInput): Problem[] {
  return input.regions
    .filter(({ key }) => ['api', 'www'].includes(key))
    .map((region) => ({
      where: inRegion(input, region, 'key'),
      what: `"${region.key}" would give its site a name that has another meaning, ${region.key}.<domain>`,
      remedy: 'use another key',
    }));
}

/**
 * In `active-passive` a standby's distribution uses first the region that it fails over to, which must be the active
 * one.
 */
function checkPartners(input: SettingsInput): Problem[] {
  const primary = input.regions.find(({ role }) => role === 'primary');
  if (!primary || !environmentsOf(input).some(([, { mode }]) => mode === 'active-passive')) return [];
  return input.regions
    .filter(({ role, failsOverTo, key }) => role === 'standby' && failsOverTo !== primary.key && failsOverTo !== key)
    .filter(({ failsOverTo }) => input.regions.some(({ key }) => key === failsOverTo))
    .map((region) => ({
      where: inRegion(input, region, 'failsOverTo'),
      what: `"${region.failsOverTo}" is a standby as well, and in active-passive only ${primary.key} serves`,
      remedy: `write "${primary.key}", or make every environment active-active`,
    }));
}
