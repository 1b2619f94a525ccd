import { includesLevel, type AdoptionLevel } from './adoption';
import { contains, parseCidr } from './cidr';
import { isExampleId } from './example-values';
import { checkImage, imageSetting } from './images';
import { logRetentionByProfile, logRetention } from './log-retention';
import { formatProblem, WrongUse, type Problem } from './problem';
import { applicationFolder, mainApplication } from './physical-names';
import { protection } from './protection';
import { notYet } from './region';
import {
  byDefault,
  byProfile,
  either,
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

/** What a release can be. */
export const releaseKinds = ['sample', 'image', 'artifact', 'container'] as const;

const artifactSchema = section(
  'An archive that instances fetch at their first start, with the digest that it must have.',
  {
    buckets: named(
      'By region key.',
      text({ is: 'Bucket in that region and in the account `workload`, which the role may read.' }),
    ),
    key: text({ is: 'Key of a `.tar.gz`, such as `shop/1.0.0.tar.gz`.', replaces: newInstances }),
    sha256: text({
      is: 'SHA-256 of the archive. Another one is not started.',
      limits: '64 hexadecimal digits',
      replaces: newInstances,
    }),
    start: text({
      is: 'Command of systemd, run in the unpacked archive: `/opt/app/bin/shop --quiet`.',
      limits: 'begins with an absolute path',
      replaces: newInstances,
    }),
  },
);

const containerSchema = section('A container on Fargate.', {
  digest: text({
    is: "Digest of the image in the application's own repository, `<environment>-<application>`, which is in every region.",
    limits: 'sha256: and 64 hexadecimal digits',
    replaces: 'the tasks, by a rolling update',
  }),
  cpuUnits: byDefault(
    oneNumberOf([256, 512, 1024, 2048, 4096, 8192, 16384], { is: 'CPU of a task; 1024 is one vCPU.', unit: 'units' }),
    512,
  ),
  memoryMib: byDefault(
    whole({ is: 'Memory of a task.', unit: 'MiB', from: 512, to: 122_880, limits: 'what Fargate has for the CPU' }),
    1024,
  ),
});
/** A container on Fargate. */
export type ContainerSettings = Settings<typeof containerSchema>;

const releaseSchema = section('What one fleet runs.', {
  runs: byDefault(
    oneOf(releaseKinds, {
      is: '`sample`: the service of `libs/app/service`, which needs only Amazon Linux 2023. `image`: an AMI that starts its service itself; the instance gets `/etc/app.env` and nothing else. `artifact`: an archive on the AMI, started by systemd. `container`: tasks on Fargate instead of instances.',
      replaces: newInstances,
    }),
    'sample',
  ),
  name: text({
    is: 'Shown by `/` and in the logs.',
    limits: 'up to 64 letters, digits, dots, hyphens or underscores',
    replaces: newInstances,
  }),
  image: byDefault(
    imageSetting({
      is: 'AMI for the processor. Only with AMI ids can a failed instance refresh roll back by itself.',
      replaces: newInstances,
    }),
    '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    'AWS keeps this parameter at the newest image.',
  ),
  artifact: artifactSchema.exactOptional(),
  container: containerSchema.exactOptional(),
});
/** What one fleet runs. */
export type ReleaseSettings = Settings<typeof releaseSchema>;

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

const usesSchema = section('Data stores that it may use. Left out: all of them. `{}`: none.', {
  database: byDefault(
    oneOf(['all', 'none'], { is: 'The database, as the user with the name of the application.' }),
    'none',
  ),
  cache: byDefault(oneOf(['all', 'none'], { is: 'The cache, if the settings have one.' }), 'none'),
  tables: byDefault(
    either({ is: 'Tables: `all`, or their names.' }, [
      oneOf(['all'], { is: 'All of `dataStores.tables`.' }),
      list('Some of them.', text({ is: 'A key of `dataStores.tables`.' })),
    ]),
    [],
  ),
  buckets: byDefault(
    either({ is: 'Buckets that serve `application`: `all`, or their names.' }, [
      oneOf(['all'], { is: 'All of them.' }),
      list('Some of them.', text({ is: 'A key of `dataStores.buckets`.' })),
    ]),
    [],
  ),
});

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

const applicationSchema = section(
  {
    is: 'Load balancers, instances, queue and event bus. The same in every region.',
    applies: 'next deploy of the folder of the application in every region',
  },
  {
    instanceType: byProfile(
      text({ is: 'Instance type.', limits: 'of the `processor`', replaces: newInstances }),
      { production: 'm7g.large', development: 't4g.small' },
      'A general-purpose type without CPU credits; development has little load.',
    ),
    diskGib: byProfile(
      whole({ is: 'Root disk of an instance.', unit: 'GiB', from: 8, to: 16_384, replaces: newInstances }),
      { production: 20, development: 10 },
    ),
    processor: byDefault(
      oneOf(['arm64', 'x86_64'], {
        is: 'Processor of instances or tasks, and of their images.',
        replaces: newInstances,
      }),
      'arm64',
      'Costs less for the same work.',
    ),
    port: byDefault(
      whole({
        is: 'Port of the service on instances or tasks.',
        unit: 'number',
        from: 1024,
        to: 65_535,
        replaces: 'the target groups',
      }),
      8080,
    ),
    protocol: byDefault(
      oneOf(['HTTPS', 'HTTP'], {
        is: 'Between load balancer and service. With `HTTPS` any certificate will do, it is not verified. `HTTP` is not encrypted inside the VPC.',
        replaces: 'the target groups',
      }),
      'HTTPS',
    ),
    healthPath: text({
      is: 'Path that answers 200 while the service can serve. Left out: `edge.healthCheck.path`, which health checks from outside also use.',
    }).exactOptional(),
    variables: byDefault(
      named(
        { is: 'Environment variables of the service, beside those of the platform.', replaces: newInstances },
        text({ is: 'Value on one line. No secrets: it is in states and plans.' }),
      ),
      {},
    ),
    secrets: byDefault(
      named(
        {
          is: 'Secrets by variable. A container gets the value in the variable; an instance may read the secret, and gets its ARN in `<variable>_ARN`.',
          replaces: newInstances,
        },
        named('By region key: each region reads its own.', text({ is: 'ARN of a secret in Secrets Manager.' })),
      ),
      {},
    ),
    uploadPaths: byDefault(
      list(
        {
          is: 'Beginnings of paths with long bodies, such as `/api/uploads/`. Elsewhere the managed rule `SizeRestrictions_BODY` decides, which matches bodies of more than 8 KB (https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html). WAF inspects the first 8 KB of a body at a load balancer.',
        },
        text({ is: 'Begins with `/`.' }),
      ),
      [],
    ),
    releases: section('What the two fleets run.', { blue: releaseSchema, green: releaseSchema }),
    greenPercent: byDefault(
      oneNumberOf(canaryPercents, {
        is: 'The one setting of a release: share of requests to green. 0 → 5 → 25 → 100, next time back. The new fleet must be `running` and healthy before its first share: nothing waits for new instances when shares move.',
        unit: '%',
      }),
      0,
    ),
    weights: byDefault(
      oneOf(['by-settings', 'by-command'], {
        is: '`by-settings`: every deploy gives green `greenPercent`. `by-command`: `npx platform release` moves the weights, deploys leave them, and `greenPercent` holds for a new load balancer only.',
      }),
      'by-settings',
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
    uses: usesSchema.exactOptional(),
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
/** One application of an environment, the same in every region. */
export type ApplicationSettings = Settings<typeof applicationSchema>;

export const applicationsSchema = named(
  {
    is: 'Applications by name: `app`, which is behind the domain, the sites of the regions and `api.<domain>` and runs in `region-*/alb-asg-app`, and further ones at `<name>.<domain>`, each in `region-*/<name>`: `npx platform new service <name>`. Every environment has the same ones. A name is a part of the names of all resources of the application.',
    limits: 'up to 16 lower-case letters, digits or single hyphens, a letter first',
    replaces: 'everything that the application has',
  },
  applicationSchema,
);

/**
 * The settings of one application.
 * @throws WrongUse if the environment has none of that name
 */
export function applicationOf(
  environment: { readonly name: string; readonly applications: Readonly<Record<string, ApplicationSettings>> },
  application: string,
): ApplicationSettings {
  const settings = Object.hasOwn(environment.applications, application)
    ? environment.applications[application]
    : undefined;
  if (settings) return settings;
  throw new WrongUse(
    formatProblem({
      where: `infra.config.ts: environments.${environment.name}.applications`,
      what: `there is no application "${application}", and the folders region-*/${applicationFolder(application)} run one`,
      remedy: `add it, or remove the folders`,
    }),
  );
}

/** Application settings that AWS would refuse, or that leave a region without instances or access. */
export function checkApplication(input: SettingsInput): Problem[] {
  return [
    ...checkEdgeSources(input),
    ...checkApplicationNames(input),
    ...checkRegistries(input),
    ...environmentsOf(input).flatMap(([name, { applications, profile, dataStores, level }]) =>
      Object.entries(applications).flatMap(([key, application]) => {
        const problems: Problem[] = [];
        const add: Add = (path, what, remedy) =>
          problems.push({ where: inSettings(input, `environments.${name}.applications.${key}.${path}`), what, remedy });
        checkInstances(application, add);
        checkReleases(input, application, add);
        checkService(input, application, level, add);
        checkCapacity(application, profile, add);
        checkNetworkBalancer(input, name, application, add);
        checkUses(application, dataStores, add);
        return problems;
      }),
    ),
  ];
}

/** Folders in every region that run no application: those of `libs/regional`. */
export const foldersOfRegions: readonly string[] = [
  'alb-asg-app',
  'aurora',
  'cache',
  'certificate',
  'cloudfront',
  'data',
  'traffic-control',
  'vpc',
];

/** Names that can be parts of resource names, the same applications in every environment, and a folder of each. */
function checkApplicationNames(input: SettingsInput): Problem[] {
  const environments = environmentsOf(input);
  const all = [...new Set([mainApplication, ...environments.flatMap(([, each]) => Object.keys(each.applications))])];
  return environments.flatMap(([name, { applications }]) => {
    const problems: Problem[] = [];
    const at = (key: string) => inSettings(input, `environments.${name}.applications${key}`);
    for (const key of all) {
      if (!Object.hasOwn(applications, key)) {
        problems.push({
          where: at(''),
          what: `there is no application "${key}"`,
          remedy:
            key === mainApplication
              ? `add ${key}: region-*/${applicationFolder(key)} runs it`
              : `add ${key}, as in the other environments, or remove it there`,
        });
        continue;
      }
      if (key.length > 16 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key)) {
        problems.push({
          where: at(`.${key}`),
          what: `"${key}" cannot be part of resource names`,
          remedy: 'use up to 16 lower-case letters, digits or single hyphens, a letter first',
        });
        continue;
      }
      if (key === mainApplication) continue;
      if (foldersOfRegions.includes(key) || input.regions.some(({ vpcs }) => Object.hasOwn(vpcs, key))) {
        problems.push({
          where: at(`.${key}`),
          what: `"${key}" is the folder of another stack in every region`,
          remedy: 'use another name',
        });
        continue;
      }
      const missing = input.regions
        .map((region) => `region-${region.key}/${applicationFolder(key)}`)
        .filter((folder) => !input.folders.includes(folder));
      if (missing.length > 0) {
        problems.push({
          where: at(`.${key}`),
          what: `there is no folder ${missing.join(' and no folder ')}`,
          remedy: `run npx platform new service ${key}, or remove the application`,
        });
      }
    }
    return problems;
  });
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

/**
 * The registry of an account has one replication configuration in a region, and the later deploy would take the place of
 * the earlier one
 * (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutReplicationConfiguration.html).
 */
function checkRegistries(input: SettingsInput): Problem[] {
  if (input.regions.length < 2) return [];
  const withContainers = environmentsOf(input).filter(([, { applications }]) =>
    Object.values(applications).some(({ releases }) =>
      Object.values(releases).some(({ runs }) => runs === 'container'),
    ),
  );
  return withContainers.flatMap(([name, { accounts }], index) => {
    const other = withContainers.slice(0, index).find(([, each]) => each.accounts.workload === accounts.workload)?.[0];
    if (other === undefined) return [];
    return [
      {
        where: inSettings(input, `environments.${name}.accounts.workload`),
        what: `is also that of ${other}, both run containers, and an account has one replication of images in a region`,
        remedy: 'use an account of its own, or releases that are not containers',
      },
    ];
  });
}

function checkInstances({ instanceType, processor, releases }: ApplicationSettings, add: Add): void {
  // Graviton families: a letter or two, the generation, then g first among the features (EC2 instance type naming).
  const isArm = /^([a-z]+\d+g[a-z]*|a1)\.[a-z0-9-]+$/.test(instanceType);
  if (isArm !== (processor === 'arm64')) {
    add(
      'instanceType',
      `"${instanceType}" is not of the ${processor} kind that the images are made for`,
      `use one such as ${processor === 'arm64' ? 'm7g.large' : 'm7i.large'}, or another processor`,
    );
  }
  const other = processor === 'arm64' ? 'x86_64' : 'arm64';
  for (const [colour, { image, runs }] of Object.entries(releases)) {
    if (runs === 'container' || typeof image !== 'string' || !image.includes(other)) continue;
    add(`releases.${colour}.image`, `"${image}" is for ${other}`, `use one for ${processor}, or another processor`);
  }
}

/** Memory that Fargate has for a CPU, in GiB (ECS developer guide, "Task size"). */
const fargateGib: Readonly<Record<number, readonly [least: number, most: number]>> = {
  256: [0.5, 2],
  512: [1, 4],
  1024: [2, 8],
  2048: [4, 16],
  4096: [8, 30],
  8192: [16, 60],
  16384: [32, 120],
};

/** Variables that the platform sets. */
const ownVariables = /^(PORT|REGION|HEALTH_PATH|COLOUR|RELEASE|CERTIFICATE|DATABASE|CACHE|QUEUE|BUS)(_|$)/;

function checkService(input: SettingsInput, settings: ApplicationSettings, level: AdoptionLevel, add: Add): void {
  const { releases, variables, secrets, uploadPaths, healthPath, networkBalancer, idleColour, weights } = settings;
  const kinds = Object.values(releases).map(({ runs }) => runs === 'container');
  if (kinds.includes(true) && kinds.includes(false) && idleColour !== 'running') {
    add(
      'idleColour',
      'one release is a container and the other is not: neither can answer for the other while it has no requests',
      "use 'running'",
    );
  }
  if (weights === 'by-command') {
    if (idleColour !== 'running')
      add(
        'idleColour',
        '"scaled-to-zero" leaves the release that comes in without targets',
        "use 'running', as weights is by-command",
      );
    if (networkBalancer)
      add(
        'networkBalancer',
        'it has no weights, and only deploys let a colour join it',
        "use weights: 'by-settings', or remove it",
      );
    if (includesLevel(level, 'accelerated'))
      add(
        'weights',
        'from level accelerated a region is out of the accelerator while one of its target groups has no healthy target, and with by-command no colour answers for the other',
        "use 'by-settings'",
      );
  }
  if (kinds.includes(true) && networkBalancer) {
    add('networkBalancer', 'containers do not join it', 'remove it, or run instances');
  }
  for (const [colour, { runs, artifact, container, image }] of Object.entries(releases)) {
    const at = `releases.${colour}`;
    for (const [kind, given] of [
      ['artifact', artifact],
      ['container', container],
    ] as const) {
      if ((runs === kind) === (given !== undefined)) continue;
      add(
        given ? `${at}.${kind}` : at,
        given ? `the release runs ${runs}` : `runs ${kind} without ${kind}`,
        given ? `remove it, or use runs: '${kind}'` : `add ${kind}, or another runs`,
      );
    }
    if (runs === 'image' && typeof image === 'string' && image.startsWith('/aws/service/ami-amazon-linux-latest/')) {
      add(`${at}.image`, 'Amazon Linux starts no service', 'give an AMI that does, or another runs');
    }
    if (runs === 'artifact' && artifact) {
      for (const { key } of input.regions) {
        if (artifact.buckets[key] === undefined)
          add(`${at}.artifact.buckets`, `there is no bucket for region ${key}`, `add ${key}: '…'`);
      }
      if (!/^[0-9a-f]{64}$/.test(artifact.sha256))
        add(`${at}.artifact.sha256`, `"${artifact.sha256}" is not a SHA-256`, 'take it from sha256sum');
      if (!/^[\w!.*'()/-]+$/.test(artifact.key))
        add(
          `${at}.artifact.key`,
          `"${artifact.key}" has characters that keys should not have`,
          "use letters, digits and /!-_.*'()",
        );
      if (!/^\/[^\n"'$`\\]*$/.test(artifact.start))
        add(
          `${at}.artifact.start`,
          `"${artifact.start}" is not a command for systemd`,
          'begin it with an absolute path, without quotes',
        );
    }
    if (runs === 'container' && container) {
      const { digest, cpuUnits, memoryMib } = container;
      if (!/^sha256:[0-9a-f]{64}$/.test(digest))
        add(`${at}.container.digest`, `"${digest}" is not a digest`, 'take it from aws ecr describe-images');
      const [least, most] = fargateGib[cpuUnits] ?? [0.5, 120];
      const step = cpuUnits === 8192 ? 4096 : cpuUnits === 16384 ? 8192 : 1024;
      const possible = memoryMib >= least * 1024 && memoryMib <= most * 1024;
      if (!possible || (memoryMib % step !== 0 && !(cpuUnits === 256 && memoryMib === 512)))
        add(
          `${at}.container.memoryMib`,
          `Fargate has no ${memoryMib} MiB for ${cpuUnits} units`,
          `use ${least * 1024}–${most * 1024} in steps of ${step}`,
        );
    }
  }
  for (const [name, value] of Object.entries({ ...variables, ...secrets })) {
    const at = Object.hasOwn(variables, name) ? `variables.${name}` : `secrets.${name}`;
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name))
      add(at, `"${name}" is not a name of a variable`, 'use capitals, digits and underscores, a letter first');
    else if (ownVariables.test(name)) add(at, `"${name}" is a variable of the platform`, 'use another name');
    if (typeof value === 'string' && Object.hasOwn(secrets, name))
      add(at, `"${name}" is a secret too`, 'use another name');
  }
  for (const [name, inRegions] of Object.entries(secrets)) {
    for (const { key, awsRegion } of input.regions) {
      const arn = inRegions[key];
      if (arn === undefined) add(`secrets.${name}`, `there is no secret for region ${key}`, `add ${key}: 'arn:…'`);
      else if (!new RegExp(`^arn:aws[\\w-]*:secretsmanager:${awsRegion}:\\d{12}:secret:\\S+$`).test(arn))
        add(
          `secrets.${name}.${key}`,
          `"${arn}" is not an ARN of a secret in ${awsRegion}`,
          'take it from aws secretsmanager list-secrets',
        );
    }
  }
  uploadPaths.forEach((path, index) => {
    if (!/^\/[\w./-]*$/.test(path))
      add(`uploadPaths.${index}`, `"${path}" is not a beginning of a path`, 'write it as /api/uploads/');
  });
  if (healthPath !== undefined && !/^\/[\w./-]*$/.test(healthPath))
    add('healthPath', `"${healthPath}" is not a path`, 'write it as /healthz');
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
      `${standbyPercent} leaves the standby region ${Math.ceil((active.min * standbyPercent) / 100)} instances for the load of ${active.min}, and capacity.degradedMode does not say what a failover degrades`,
      'use 100, or write there what clients notice',
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

function checkUses(
  { uses }: ApplicationSettings,
  stores: { readonly tables: object; readonly buckets: Readonly<Record<string, { readonly serves: string }>> },
  add: Add,
): void {
  const known = {
    tables: Object.keys(stores.tables),
    buckets: Object.entries(stores.buckets).flatMap(([name, { serves }]) => (serves === 'application' ? [name] : [])),
  };
  for (const kind of ['tables', 'buckets'] as const) {
    const names = uses?.[kind] ?? [];
    if (typeof names === 'string') continue;
    names.forEach((name, index) => {
      if (known[kind].includes(name)) return;
      add(`uses.${kind}.${index}`, `there is no "${name}"`, `use some of ${known[kind].join(', ') || 'none'}`);
    });
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
