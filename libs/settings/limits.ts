import { hasLatencyRecords } from './aws-regions';
import { onPremisesSegment, peeringTable } from './segments';
import { overlaps, parseCidr } from './cidr';
import type { EnvironmentSettings } from './organisation';
import type { Problem } from './problem';
import { hubTables, listenersPerBalancer, reservedAsns, targetGroupsPerGroup } from './quotas';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

type Add = (path: string, what: string, remedy: string) => void;

/** Limits that AWS reports only during a deploy; neither Terraform nor the provider check them. */
export function checkLimits(input: SettingsInput): Problem[] {
  return [
    ...checkTags(input),
    ...checkSegmentCount(input),
    ...checkLatencyRecords(input),
    ...environmentsOf(input).flatMap(([name, environment]) => {
      const problems: Problem[] = [];
      const add: Add = (path, what, remedy) =>
        problems.push({ where: inSettings(input, `environments.${name}${path}`), what, remedy });
      checkEnvironmentName(name, add);
      checkDomain(environment, add);
      checkAttributes(environment, add);
      checkImages(environment, add);
      checkSizes(environment, add);
      checkListeners(environment, add);
      return problems;
    }),
    ...checkOtherSide(input),
  ];
}

/**
 * Tags of every resource (AWS documentation, "Tag restrictions": 256 characters, never beginning with `aws:` in any
 * case). Another check covers the characters of the cost centre.
 */
function checkTags(input: SettingsInput): Problem[] {
  const { costCentre, owners } = input.settings;
  const values: [where: string, value: string][] = [
    [inSettings(input, 'costCentre'), costCentre],
    ...Object.entries(owners).map(([folder, team]): [string, string] => [inSettings(input, `owners.${folder}`), team]),
  ];
  return values.flatMap(([where, value]) => [
    ...(/^aws:/i.test(value)
      ? [
          {
            where,
            what: `"${value}" begins with aws:, which AWS reserves in tags`,
            remedy: 'use another word in front',
          },
        ]
      : []),
    ...(value !== value.trim()
      ? [
          {
            where,
            what: `"${value}" begins or ends with a space`,
            remedy: 'leave it out: AWS services trim tags differently',
          },
        ]
      : []),
    ...(where.includes('owners.') && value.length > 256
      ? [
          {
            where,
            what: `a tag has 256 characters at most, and this has ${value.length}`,
            remedy: 'use a shorter name',
          },
        ]
      : []),
  ]);
}

/** Transit Gateway guide, "Quotas": route tables per gateway by default. One per segment, and the estate's own. */
function checkSegmentCount(input: SettingsInput): Problem[] {
  const { segments, onPremises } = input.settings;
  const own = [peeringTable, ...(onPremises ? [onPremisesSegment] : [])];
  const tables = Object.keys(segments).length + own.length;
  if (tables <= hubTables) return [];
  return [
    {
      where: inSettings(input, 'segments'),
      what: `${Object.keys(segments).length} segments need ${tables} route tables in each Transit Gateway, with those for ${own.join(' and ')}`,
      remedy: `use at most ${hubTables - own.length} segments: a Transit Gateway has ${hubTables} route tables`,
    },
  ];
}

/** In `active-active`, latency records choose the region. */
function checkLatencyRecords(input: SettingsInput): Problem[] {
  const [mode] = environmentsOf(input)
    .filter(([, environment]) => environment.mode === 'active-active')
    .map(([name]) => inSettings(input, `environments.${name}.mode`));
  if (mode === undefined) return [];
  return input.regions
    .filter(({ awsRegion }) => !hasLatencyRecords(awsRegion))
    .map((region) => ({
      where: inRegion(input, region, 'awsRegion'),
      what: `the AWS provider knows no latency records for ${region.awsRegion}, which active-active needs (${mode})`,
      remedy: "use mode 'active-passive', or another region",
    }));
}

function checkEnvironmentName(name: string, add: Add): void {
  // Elastic Load Balancing API reference, CreateLoadBalancer: names must not begin with "internal-".
  if (/^internal(-|$)/.test(name)) {
    add('', `"${name}" begins names of load balancers, which must not begin with internal-`, 'use another name');
  }
  // EC2 API reference, CreateSecurityGroup: names cannot start with "sg-".
  if (/^sg(-|$)/.test(name)) {
    add('', `"${name}" begins names of security groups, which must not begin with sg-`, 'use another name');
  }
}

/** ACM user guide, "Request a public certificate": the first domain name, which is the domain itself, has 64 characters at most. */
function checkDomain({ domain }: EnvironmentSettings, add: Add): void {
  if (domain.length <= 64) return;
  add(
    '.domain',
    `"${domain}" has ${domain.length} characters, and ACM takes 64 for a certificate`,
    'use a shorter domain',
  );
}

/** DynamoDB developer guide, "Quotas": names of key attributes have 1 to 255 characters, others up to 64 KB. */
function checkAttributes({ dataStores: { tables } }: EnvironmentSettings, add: Add): void {
  for (const [table, { partitionKey, sortKey, expiryAttribute }] of Object.entries(tables)) {
    for (const [path, attribute] of Object.entries({ partitionKey, sortKey, expiryAttribute })) {
      if (attribute === undefined) continue;
      const where = `.dataStores.tables.${table}.${path}`;
      const bytes = new TextEncoder().encode(attribute).length;
      if (attribute.trim() === '') {
        add(
          where,
          `"${attribute}" is not a name of an attribute`,
          path === 'partitionKey' ? 'give one, such as id' : 'give one, or leave it out',
        );
      } else if (bytes > 255) {
        add(where, `"${attribute}" has ${bytes} bytes, and DynamoDB takes 255`, 'use a shorter name');
      }
    }
  }
}

/** Systems Manager API reference, PutParameter: characters, 1,011 of them with the ARN, and 15 levels. */
function checkImages({ applications, inspection }: EnvironmentSettings, add: Add): void {
  const images: [string, unknown][] = [
    ...Object.entries(applications).flatMap(([name, { releases }]) =>
      Object.entries(releases).map(([colour, { image }]): [string, unknown] => [
        `.applications.${name}.releases.${colour}.image`,
        image,
      ]),
    ),
    ['.inspection.image', inspection.image],
  ];
  for (const [path, image] of images) {
    if (typeof image !== 'string' || !image.startsWith('/')) continue;
    if (/^(\/[A-Za-z0-9_.-]+){1,15}$/.test(image) && image.length <= 900) continue;
    add(
      path,
      `"${image}" is not a full name of an SSM parameter`,
      'use up to 15 words of letters, digits and _.- with a slash before each',
    );
  }
}

/** EC2 user guide, "Amazon EC2 instance type naming conventions"; RDS and ElastiCache use the same sizes. */
const size = /\.(nano|micro|small|medium|large|xlarge|([2-9]|[1-9]\d+)xlarge|metal(-\d+xl)?)$/;

function checkSizes({ applications, inspection, dataStores }: EnvironmentSettings, add: Add): void {
  const types: Record<string, string | undefined> = {
    ...Object.fromEntries(
      Object.entries(applications).map(([name, { instanceType }]) => [
        `.applications.${name}.instanceType`,
        instanceType,
      ]),
    ),
    ...(typeof inspection.instanceType === 'string'
      ? { '.inspection.instanceType': inspection.instanceType }
      : Object.fromEntries(
          Object.entries(inspection.instanceType).map(([key, type]) => [`.inspection.instanceType.${key}`, type]),
        )),
    // Aurora has its own list.
    '.dataStores.database.instanceClass':
      dataStores.database.engine === 'rds-postgresql' ? dataStores.database.instanceClass : undefined,
    '.dataStores.cache.nodeType': dataStores.cache?.nodeType,
  };
  for (const [path, type] of Object.entries(types)) {
    if (type === undefined || size.test(type) || !type.includes('.')) continue;
    add(path, `"${type}" has a size that AWS does not have`, 'end it with one such as .large or .2xlarge');
  }
}

/** The fleet joins a target group per listener, its own and that of the other colour. */
function checkListeners({ applications }: EnvironmentSettings, add: Add): void {
  const most = Math.min(listenersPerBalancer, targetGroupsPerGroup - 2);
  for (const [name, { networkBalancer }] of Object.entries(applications)) {
    const listeners = Object.keys(networkBalancer?.listeners ?? {}).length;
    if (listeners <= most) continue;
    add(
      `.applications.${name}.networkBalancer.listeners`,
      `${listeners} listeners need more target groups than instances can join`,
      `use at most ${most}`,
    );
  }
}

/** ASNs that AWS reserves, and addresses that the internet does not route. */
function checkOtherSide(input: SettingsInput): Problem[] {
  return Object.entries(input.settings.onPremises?.connectivity ?? {}).flatMap(([name, { directConnect, vpn }]) => {
    const at = (path: string) => inSettings(input, `onPremises.connectivity.${name}.${path}`);
    const asns: [string, number][] = [
      ...(directConnect ? [['directConnect.onPremisesAsn', directConnect.onPremisesAsn] as [string, number]] : []),
      ...Object.entries(vpn?.customerGateways ?? {}).map(([gateway, { asn }]): [string, number] => [
        `vpn.customerGateways.${gateway}.asn`,
        asn,
      ]),
    ];
    return [
      ...asns.flatMap(([path, asn]) => {
        const reserved = reservedAsns[asn];
        const places = input.regions.filter(({ awsRegion }) => reserved === 'everywhere' || reserved === awsRegion);
        if (reserved === undefined || places.length === 0) return [];
        return [
          {
            where: at(path),
            what: `${asn} is an ASN that AWS reserves${reserved === 'everywhere' ? '' : ` in ${reserved}`}`,
            remedy: 'use your own, or a private one such as 65000',
          },
        ];
      }),
      ...Object.entries(vpn?.customerGateways ?? {}).flatMap(([gateway, { address }]) => {
        const range = parseCidr(`${address}/32`);
        const reserved = range && unroutable.find((network) => overlaps(parseCidr(network)!, range));
        if (!reserved) return [];
        return [
          {
            where: at(`vpn.customerGateways.${gateway}.address`),
            what: `"${address}" is in ${reserved}, which the internet does not route`,
            remedy: 'give the address that the internet sees',
          },
        ];
      }),
    ];
  });
}

/** Not routed on the internet (RFC 6890), beside private networks and those of examples. */
const unroutable = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '198.18.0.0/15', '224.0.0.0/3'];
