import { includesLevel } from './adoption';
import type { ApplicationSettings, CapacitySettings } from './application';
import { contains, parseCidr } from './cidr';
import { isExampleId } from './example-values';
import { logRetentionDays } from './log-retention';
import type { Problem } from './problem';
import { notYet } from './region';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/** What AWS would refuse of the application, or what would leave a region without instances or without a way in. */
export function checkApplication(input: SettingsInput): Problem[] {
  return [
    ...checkEdgeSources(input),
    ...environmentsOf(input).flatMap(([name, { application }]) => {
      const problems: Problem[] = [];
      const add: Add = (path, what, remedy) =>
        problems.push({ where: inSettings(input, `environments.${name}.application.${path}`), what, remedy });
      checkInstances(application, add);
      checkReleases(input, application, add);
      checkCapacity(application, add);
      checkLimits(application, add);
      checkMessaging(application, add);
      checkNetworkBalancer(input, name, application, add);
      return problems;
    }),
  ];
}

type Add = (path: string, what: string, remedy: string) => void;

const isWhole = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

function checkEdgeSources(input: SettingsInput): Problem[] {
  return input.regions.flatMap((region) => {
    const { distributions, healthCheckers, accelerator } = region.edgeSources;
    const problems: Problem[] = [];
    const add: Add = (path, what, remedy) =>
      problems.push({ where: inRegion(input, region, `edgeSources.${path}`), what, remedy });
    for (const [path, id] of Object.entries({ distributions, healthCheckers })) {
      if (!/^pl-[0-9a-f]{8,17}$/.test(id)) {
        add(path, `"${id}" is no id of a prefix list`, 'take it from aws ec2 describe-managed-prefix-lists');
      }
    }
    const environments = environmentsOf(input);
    const names = environments.map(([name]) => name);
    for (const [name, { level }] of environments) {
      const id = Object.hasOwn(accelerator, name) ? accelerator[name] : undefined;
      if (id === undefined) {
        add(`accelerator.${name}`, 'there is no group for this environment', `write '${notYet}' until AWS has made it`);
      } else if (id !== notYet && !/^sg-[0-9a-f]{8,17}$/.test(id)) {
        add(
          `accelerator.${name}`,
          `"${id}" is no id of a security group`,
          `take it from the VPC, group GlobalAccelerator; before there is one, write '${notYet}'`,
        );
      } else if (id !== notYet && !isExampleId(id) && !includesLevel(level, 'accelerated')) {
        add(
          `accelerator.${name}`,
          `there is no accelerator at level ${level}, and this id would shut balancers before clients go through one`,
          `write '${notYet}', and the id after the next deploy of level accelerated`,
        );
      }
    }
    for (const name of Object.keys(accelerator).filter((given) => !names.includes(given))) {
      add(`accelerator.${name}`, `there is no environment "${name}"`, `remove it, or use one of ${names.join(', ')}`);
    }
    return problems;
  });
}

function checkInstances({ instanceType, diskGib }: ApplicationSettings, add: Add): void {
  // Graviton families: a letter or two, the generation, then g first among the features (EC2 instance type naming).
  if (!/^([a-z]+\d+g[a-z]*|a1)\.[a-z0-9-]+$/.test(instanceType)) {
    add(
      'instanceType',
      `"${instanceType}" is not of the arm64 kind that the images are made for`,
      'use one such as m7g.large',
    );
  }
  if (!isWhole(diskGib, 8, 16_384)) add('diskGib', `${diskGib} GiB is no size for a root disk`, 'use 8–16384');
}

function checkReleases(input: SettingsInput, { releases }: ApplicationSettings, add: Add): void {
  for (const [colour, { name, image }] of Object.entries(releases)) {
    const at = `releases.${colour}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
      add(
        `${at}.name`,
        `"${name}" is no name of a release`,
        'use up to 64 letters, digits, dots, hyphens or underscores',
      );
    }
    if (typeof image === 'string') {
      if (!image.startsWith('/')) {
        add(
          `${at}.image`,
          `"${image}" is no full name of an SSM parameter`,
          'begin it with /, or write one AMI id per region',
        );
      }
      continue;
    }
    for (const { key } of input.regions) {
      const id = image[key];
      if (id === undefined) add(`${at}.image`, `there is no image for region ${key}`, `add ${key}: 'ami-…'`);
      else if (!/^ami-[0-9a-f]{8,17}$/.test(id)) add(`${at}.image.${key}`, `"${id}" is no AMI id`, 'write it as ami-…');
    }
  }
}

function checkCapacity({ capacity }: ApplicationSettings, add: Add): void {
  const { serving, waiting } = capacity;
  const sizes: [string, CapacitySettings, number][] = [
    ['serving', serving, 2],
    ...Object.entries(waiting).map(([level, size]): [string, CapacitySettings, number] => [
      `waiting.${level}`,
      size,
      1,
    ]),
  ];
  for (const [path, { min, max }, least] of sizes) {
    if (!isWhole(min, least, 5000)) {
      const why = least === 2 ? ' where one zone may be lost' : ' of a region that others fail over to';
      add(`capacity.${path}.min`, `${min} is no least number of instances${why}`, `use ${least} or more`);
    }
    if (!isWhole(max, Math.max(min, 1), 5000)) {
      add(
        `capacity.${path}.max`,
        `${max} is no greatest number of instances where the least is ${min}`,
        `use ${Math.max(min, 1)}–5000`,
      );
    }
  }
  for (const [level, { max }] of Object.entries(waiting)) {
    if (max < serving.min) {
      add(
        `capacity.waiting.${level}.max`,
        `a region that may grow to ${max} cannot carry what takes ${serving.min} when it takes over`,
        `use ${serving.min} or more; only the least number costs while it waits`,
      );
    }
  }
}

function checkLimits(settings: ApplicationSettings, add: Add): void {
  const { scaling, requestLimit, alarms, originHeaderGeneration } = settings;
  const whole = (path: string, value: number, least: number, most: number, what: string) => {
    if (!isWhole(value, least, most)) add(path, `${value} is no ${what}`, `use ${least}–${most}`);
  };
  whole('scaling.cpuPercent', scaling.cpuPercent, 10, 90, 'load that scaling can aim at');
  whole('scaling.requestsPerMinute', scaling.requestsPerMinute, 1, 10_000_000, 'number of requests per minute');
  whole('requestLimit', requestLimit, 10, 2_000_000_000, 'limit that WAF takes');
  whole('alarms.p95Ms', alarms.p95Ms, 1, 60_000, 'time to answer');
  whole('originHeaderGeneration', originHeaderGeneration, 1, 1_000_000, 'number of a generation');
  if (!(alarms.errorPercent > 0 && alarms.errorPercent <= 100)) {
    add('alarms.errorPercent', `${alarms.errorPercent} is no share of requests`, 'use more than 0 and at most 100');
  }
  if (!logRetentionDays.includes(settings.logRetentionDays)) {
    add(
      'logRetentionDays',
      `CloudWatch Logs cannot keep logs for ${settings.logRetentionDays} days`,
      `use one of ${logRetentionDays.join(', ')}`,
    );
  }
}

function checkMessaging({ messaging }: ApplicationSettings, add: Add): void {
  if (!messaging) return;
  const { visibilityTimeoutSec, attempts, archiveDays } = messaging;
  const whole = (path: string, value: number, least: number, most: number, what: string) => {
    if (!isWhole(value, least, most)) add(`messaging.${path}`, `${value} is no ${what}`, `use ${least}–${most}`);
  };
  whole('visibilityTimeoutSec', visibilityTimeoutSec, 1, 43_200, 'visibility timeout that SQS takes');
  whole('attempts', attempts, 1, 1000, 'number of attempts that SQS takes');
  whole('archiveDays', archiveDays, 1, 3650, 'number of days to keep events');
}

function checkNetworkBalancer(
  input: SettingsInput,
  environment: string,
  settings: ApplicationSettings,
  add: Add,
): void {
  const { networkBalancer } = settings;
  if (!networkBalancer) return;
  const listeners = Object.entries(networkBalancer.listeners);
  if (listeners.length === 0) {
    add(
      'networkBalancer.listeners',
      'a balancer without listeners passes nothing on',
      'add one, or leave networkBalancer out',
    );
  }
  const taken = new Map<number, string>();
  for (const [name, { port, targetPort }] of listeners) {
    const at = `networkBalancer.listeners.${name}`;
    if (!/^[a-z][a-z0-9]{0,9}$/.test(name)) {
      add(
        at,
        `"${name}" cannot stand in names of resources`,
        'use up to 10 lower-case letters and digits, a letter first',
      );
    }
    for (const [path, value] of Object.entries({ port, targetPort })) {
      if (!isWhole(value, 1, 65_535)) add(`${at}.${path}`, `${value} is no port`, 'use 1–65535');
    }
    // Elastic Load Balancing API, CreateListener, error DuplicateListener.
    const other = taken.get(port);
    if (other) {
      add(`${at}.port`, `${port} is taken by ${other}, and protocols cannot share a port`, 'use another port');
    }
    taken.set(port, name);
    if (['balancer', 'clients'].includes(name)) {
      add(at, `"${name}" names a part of the balancer itself`, 'use another word');
    }
  }
  const { addresses } = networkBalancer;
  if (!addresses) return;
  for (const region of input.regions) {
    const at = `networkBalancer.addresses.${region.key}`;
    const given = addresses[region.key] ?? [];
    if (given.length !== region.zones.length) {
      add(
        at,
        `there are ${given.length} addresses for ${region.zones.length} zones`,
        'write one per zone, in the order of the zones',
      );
    }
    const network = region.vpcs['vpc']?.cidrs[environment];
    // One that is no network is another check's to report.
    const inside = network === undefined ? undefined : parseCidr(network);
    for (const address of given) {
      const range = parseCidr(`${address}/32`);
      if (!range || (inside && !contains(inside, range))) {
        add(at, `"${address}" is no address of the VPC`, `use one of the zone's application subnet inside ${network}`);
      }
    }
  }
}
