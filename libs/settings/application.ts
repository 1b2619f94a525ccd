import { includesLevel } from './adoption';
import { contains, parseCidr } from './cidr';
import { isExampleId } from './example-values';
import { checkImage, imageSetting } from './images';
import { logRetentionByProfile, logRetention } from './log-retention';
import type { Problem } from './problem';
import { protection } from './protection';
import { notYet } from './region';
import {
  byDefault,
  byProfile,
  list,
  named,
  number,
  oneNumberOf,
  oneOf,
  profiles,
  section,
  text,
  whole,
  type Profile,
  type Settings,
} from './schema';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/** The two fleets behind the load balancer: one is live, the other idle until the next release. */
export const colours = ['blue', 'green'] as const;
export type Colour = (typeof colours)[number];

/** Steps of a canary: percent of requests that go to green. */
export const canaryPercents = [0, 5, 25, 100] as const;

const newInstances = 'the instances, by an instance refresh';

const releaseSchema = section('What one fleet runs.', {
  name: text({
    is: 'Shown by `/` and in the logs.',
    limits: 'up to 64 letters, digits, dots, hyphens or underscores',
    replaces: newInstances,
  }),
  image: byDefault(
    imageSetting({
      is: 'Image for arm64. Only with AMI ids can a failed instance refresh roll back by itself.',
      replaces: newInstances,
    }),
    '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    'AWS keeps this parameter at the newest image.',
  ),
});

/** A minimum and a maximum number, each with its default. */
export function capacity(
  note: { readonly is: string },
  { least, most, unit }: { readonly least: number; readonly most: number; readonly unit: string },
  defaults: Readonly<Record<Profile, { readonly min: number; readonly max: number }>>,
) {
  const of = (name: 'min' | 'max') =>
    Object.fromEntries(profiles.map((profile) => [profile, defaults[profile][name]])) as Record<Profile, number>;
  return section(note, {
    min: byProfile(whole({ is: 'Least number.', unit, from: least, to: most }), of('min')),
    max: byProfile(whole({ is: 'Greatest number.', unit, from: least, to: most, limits: 'at least `min`' }), of('max')),
  }).prefault({});
}
/** Limits of the number of instances. */
export interface CapacitySettings {
  readonly min: number;
  readonly max: number;
}

const instances = { most: 5000, unit: 'instances' } as const;
const anyCapacity = section('Least and greatest number.', {
  min: whole({ is: 'Least number.', unit: 'instances', from: 1, to: 5000 }),
  max: whole({ is: 'Greatest number.', unit: 'instances', from: 1, to: 5000, limits: 'at least `min`' }),
});

const capacitySchema = section('Limits of the number of instances of one fleet.', {
  active: capacity(
    { is: 'In a region that takes requests. At least two, as one zone may be lost.' },
    { least: 2, ...instances },
    { production: { min: 3, max: 24 }, development: { min: 2, max: 4 } },
  ),
  standby: byProfile(
    section(
      'In the standby region in mode `active-passive`, below level `local-reads`. At least one instance: traffic that fails over arrives here at every level. The region is smaller than the active one, and degraded after a failover: requests wait or fail until new instances run, which takes minutes and needs free capacity at AWS.',
      {
        standby: capacity(
          { is: 'At level `standby`.' },
          { least: 1, ...instances },
          { production: { min: 1, max: 24 }, development: { min: 1, max: 4 } },
        ),
        'origin-failover': anyCapacity.exactOptional(),
      },
    ),
    {
      production: { 'origin-failover': { min: 2, max: 24 } },
      development: { 'origin-failover': { min: 1, max: 4 } },
    },
    'These levels save what a second region costs.',
  ),
  standbyPercent: byProfile(
    whole({
      is: 'Share of `active.min` that the standby region runs from level `local-reads` on, rounded up; its maximum is that of `active`. At 100 a failover waits for no instance, if `active.min` carries the load.',
      unit: '%',
      from: 1,
      to: 100,
      limits: 'below 100 in profile `production` only with `degradedMode`',
    }),
    { production: 100, development: 50 },
    'Instances of the other region are wanted by everybody on the day that a region is lost.',
  ),
  degradedMode: text({
    is: 'With less than 100 %: what clients notice after a failover until new instances run. A statement and no switch. Left out: none.',
  }).exactOptional(),
});

const messagingSchema = section(
  'Queue with dead-letter queue, and bus with archive. Left out: neither. `{}`: both, with defaults.',
  {
    visibilityTimeoutSec: byDefault(
      whole({
        is: 'How long a message is hidden while a consumer works on it; longer than the longest piece of work.',
        unit: 's',
        from: 1,
        to: 43_200,
      }),
      120,
    ),
    attempts: byDefault(
      whole({ is: 'Attempts before a message goes to the dead-letter queue.', unit: 'attempts', from: 1, to: 1000 }),
      5,
    ),
    archiveDays: byProfile(
      whole({ is: "How long the bus's archive keeps events for replay.", unit: 'days', from: 1, to: 3650 }),
      { production: 30, development: 7 },
    ),
  },
);
/** Queue with dead-letter queue, and event bus with archive. */
export type MessagingSettings = Settings<typeof messagingSchema>;

const port = { unit: 'number', from: 1, to: 65_535 } as const;
const listenerSchema = section('A port of the internal network load balancer.', {
  protocol: oneOf(['TCP', 'UDP'], { is: '`TCP` also passes TLS through unchanged.' }),
  port: whole({
    is: 'Port of the load balancer; unique among its listeners, for all protocols.',
    ...port,
  }),
  targetPort: whole({ is: 'Port on the instances.', ...port, replaces: 'the target group' }),
});

const networkBalancerSchema = section(
  'An internal network load balancer, for fixed addresses, UDP, or TLS passthrough. Over TCP instances see its addresses, over UDP those of the clients. It has no weights: from its first share, green gets about half of the connections. Left out: none.',
  {
    listeners: named('By name: a lower-case word.', listenerSchema),
    addresses: named(
      {
        is: 'Its addresses by region key, one per zone, inside the application subnets. Left out: AWS chooses, and keeps them for its lifetime.',
        replaces: 'the network load balancer',
      },
      list('One per zone, in the order of the zones.', text({ is: 'IPv4 address.' })),
    ).exactOptional(),
  },
);
/** An internal network load balancer, for fixed addresses, UDP, and TLS passthrough. */
export type NetworkBalancerSettings = Settings<typeof networkBalancerSchema>;

export const applicationSchema = section(
  {
    is: 'Load balancers, instances, queue and event bus. The same in every region.',
    applies: 'next deploy of `region-*/alb-asg-app`',
  },
  {
    instanceType: byProfile(
      text({ is: 'Instance type.', limits: 'arm64, like the images', replaces: newInstances }),
      { production: 'm7g.large', development: 't4g.small' },
      'A general-purpose type without CPU credits; development has little load.',
    ),
    diskGib: byProfile(
      whole({ is: 'Root disk of an instance.', unit: 'GiB', from: 8, to: 16_384, replaces: newInstances }),
      { production: 20, development: 10 },
    ),
    releases: section('What the two fleets run.', { blue: releaseSchema, green: releaseSchema }),
    greenPercent: byDefault(
      oneNumberOf(canaryPercents, {
        is: 'The one setting of a release: share of requests to green. 0 → 5 → 25 → 100, next time back. The new fleet must be `running` and healthy before its first share: nothing waits for new instances when shares move.',
        unit: '%',
      }),
      0,
    ),
    idleColour: byProfile(
      oneOf(['running', 'scaled-to-zero'], {
        is: 'The fleet without requests: `running` at full size, so that a release can start and a rollback takes seconds, or `scaled-to-zero`. Change it in a deploy of its own.',
      }),
      { production: 'running', development: 'scaled-to-zero' },
      '`scaled-to-zero` halves what instances cost between releases.',
    ),
    capacity: capacitySchema.prefault({}),
    scaling: section('What scaling aims at.', {
      cpuPercent: byDefault(
        whole({ is: 'Average CPU.', unit: '%', from: 10, to: 90 }),
        50,
        'Half is left for a zone that is lost.',
      ),
      requestsPerMinute: byDefault(
        whole({ is: 'Requests per minute and instance.', unit: 'requests per min', from: 1, to: 10_000_000 }),
        3000,
      ),
    }).prefault({}),
    replaces: byDefault(
      oneOf(['failed-machines', 'failed-health-checks'], {
        is: 'Which instances are replaced: those that EC2 finds impaired, or also those whose health path fails.',
      }),
      'failed-machines',
      'With `failed-health-checks` a lost database replaces every instance, again and again.',
    ),
    requestLimit: byDefault(
      whole({
        is: 'Requests that one address may make to a load balancer in five minutes.',
        unit: 'requests per 5 min',
        from: 10,
        to: 2_000_000_000,
      }),
      2000,
      'A person makes a few hundred; raise it where many share an address.',
    ),
    alarms: section('Limits of the alarms.', {
      errorPercent: byDefault(
        number({ is: 'Share of requests answered with 5xx.', unit: '%', from: 0.01, to: 100 }),
        1,
      ),
      p95Ms: byDefault(whole({ is: '95th percentile of the time to answer.', unit: 'ms', from: 1, to: 60_000 }), 500),
    }).prefault({}),
    messaging: messagingSchema.exactOptional(),
    networkBalancer: networkBalancerSchema.exactOptional(),
    originHeaderGeneration: byDefault(
      whole({
        is: 'Generation of the header by which load balancers recognise the distributions: increase it to rotate the header.',
        unit: 'number',
        from: 1,
        to: 1_000_000,
        replaces: 'the value of the header',
      }),
      1,
    ),
    logRetentionDays: byProfile(logRetention('How long logs are kept.'), logRetentionByProfile),
    protection: protection(
      '`protected`: AWS refuses to delete the load balancers, and log buckets keep their objects.',
    ),
  },
);
/** The application of one environment, the same in every region. */
export type ApplicationSettings = Settings<typeof applicationSchema>;

/** Application settings that AWS would refuse, or that leave a region without instances or access. */
export function checkApplication(input: SettingsInput): Problem[] {
  return [
    ...checkEdgeSources(input),
    ...environmentsOf(input).flatMap(([name, { application, profile }]) => {
      const problems: Problem[] = [];
      const add: Add = (path, what, remedy) =>
        problems.push({ where: inSettings(input, `environments.${name}.application.${path}`), what, remedy });
      checkInstances(application, add);
      checkReleases(input, application, add);
      checkCapacity(application, profile, add);
      checkNetworkBalancer(input, name, application, add);
      return problems;
    }),
  ];
}

type Add = (path: string, what: string, remedy: string) => void;

function checkEdgeSources(input: SettingsInput): Problem[] {
  return input.regions.flatMap((region) => {
    const { distributions, healthCheckers, accelerator } = region.edgeSources;
    const problems: Problem[] = [];
    const add: Add = (path, what, remedy) =>
      problems.push({ where: inRegion(input, region, `edgeSources.${path}`), what, remedy });
    for (const [path, id] of Object.entries({ distributions, healthCheckers })) {
      if (!/^pl-[0-9a-f]{8,17}$/.test(id)) {
        add(path, `"${id}" is not an id of a prefix list`, 'take it from aws ec2 describe-managed-prefix-lists');
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
          `"${id}" is not an id of a security group`,
          `take it from the VPC, group GlobalAccelerator; before there is one, write '${notYet}'`,
        );
      } else if (id !== notYet && !isExampleId(id) && !includesLevel(level, 'accelerated')) {
        add(
          `accelerator.${name}`,
          `there is no accelerator at level ${level}, and this id would close load balancers before clients use one`,
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

function checkInstances({ instanceType }: ApplicationSettings, add: Add): void {
  // Graviton families: a letter or two, the generation, then g first among the features (EC2 instance type naming).
  if (!/^([a-z]+\d+g[a-z]*|a1)\.[a-z0-9-]+$/.test(instanceType)) {
    add(
      'instanceType',
      `"${instanceType}" is not of the arm64 kind that the images are made for`,
      'use one such as m7g.large',
    );
  }
}

function checkReleases(input: SettingsInput, { releases }: ApplicationSettings, add: Add): void {
  for (const [colour, { name, image }] of Object.entries(releases)) {
    const at = `releases.${colour}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
      add(
        `${at}.name`,
        `"${name}" is not a name of a release`,
        'use up to 64 letters, digits, dots, hyphens or underscores',
      );
    }
    for (const { path, what, remedy } of checkImage(image, input)) add(`${at}.image${path}`, what, remedy);
  }
}

function checkCapacity({ capacity }: ApplicationSettings, profile: Profile | undefined, add: Add): void {
  const { active, standby, standbyPercent, degradedMode = '' } = capacity;
  if (standbyPercent < 100 && profile !== 'development' && degradedMode.trim() === '') {
    add(
      'capacity.standbyPercent',
      `${standbyPercent} leaves the standby region ${Math.ceil((active.min * standbyPercent) / 100)} instances for the load of ${active.min}, and nobody has said what a failover degrades`,
      'use 100, or say in capacity.degradedMode what clients notice',
    );
  }
  const sizes: [string, CapacitySettings][] = [
    ['active', active],
    ...Object.entries(standby).map(([level, size]): [string, CapacitySettings] => [`standby.${level}`, size]),
  ];
  for (const [path, { min, max }] of sizes) {
    if (max < min) add(`capacity.${path}.max`, `${max} is less than the least number, ${min}`, `use ${min}–5000`);
  }
  for (const [level, { max }] of Object.entries(standby)) {
    if (max < active.min) {
      add(
        `capacity.standby.${level}.max`,
        `at most ${max} instances cannot replace the ${active.min} of the active region`,
        `use ${active.min} or more; the standby region runs and costs only its minimum`,
      );
    }
  }
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
      'a load balancer without listeners accepts no connections',
      'add one, or leave networkBalancer out',
    );
  }
  const taken = new Map<number, string>();
  for (const [name, { port }] of listeners) {
    const at = `networkBalancer.listeners.${name}`;
    if (!/^[a-z][a-z0-9]{0,9}$/.test(name)) {
      add(
        at,
        `"${name}" cannot be part of resource names`,
        'use up to 10 lower-case letters and digits, a letter first',
      );
    }
    // Elastic Load Balancing API, CreateListener, error DuplicateListener.
    const other = taken.get(port);
    if (other) {
      add(`${at}.port`, `${port} is taken by ${other}, and protocols cannot share a port`, 'use another port');
    }
    taken.set(port, name);
    if (['balancer', 'clients'].includes(name)) {
      add(at, `"${name}" is reserved for a part of the load balancer`, 'use another word');
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
    // One that is not a network is another check's to report.
    const inside = network === undefined ? undefined : parseCidr(network);
    for (const address of given) {
      const range = parseCidr(`${address}/32`);
      if (!range || (inside && !contains(inside, range))) {
        add(
          at,
          `"${address}" is not an address of the VPC`,
          `use one of the zone's application subnet inside ${network}`,
        );
      }
    }
  }
}
