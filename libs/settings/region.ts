import { awsRegions, firstZoneIds, isZoneIdOf } from './aws-regions';
import { differencesSchema } from './differences';
import { innerNetworks, proposedNetworks, type ProposedNetworks } from './free-ranges';
import type { Problem } from './problem';
import { list, named, oneOf, section, text, whole, type Settings } from './schema';
import { environmentsOf, inRegion, repeated, type SettingsInput } from './settings-input';

const vpcSchema = section('A VPC of this region: the folder `region-<key>/<name>` makes it.', {
  cidrs: named(
    { is: "By environment. Inside the region's range of that environment.", replaces: 'the VPC and what is in it' },
    text({ is: 'IPv4 network, /16 to /21.' }),
  ),
  segment: text({
    is: "Segment that it belongs to; a key of `segments`. Left out: the environment's.",
    applies: 'next deploy of `shared/tgw`',
  }).exactOptional(),
});

const edgeSourcesSchema = section(
  {
    is: 'AWS ids of the sources of edge traffic in this region: from level `accelerated`, load balancers accept no other sources. `docs/runbooks/first-deploy.md` has the commands that show them.',
    applies: 'next deploy of every application',
  },
  {
    distributions: text({
      is: 'Prefix list `com.amazonaws.global.cloudfront.origin-facing`: one id per region, the same in every account; check it.',
    }),
    healthCheckers: text({
      is: "Prefix list `com.amazonaws.<region>.route53-healthchecks`, with AWS's word for the region.",
    }),
    accelerator: named(
      'By environment: the security group `GlobalAccelerator` that AWS creates in the VPC with the first endpoint.',
      text({
        is: 'Id of the group, or `not-yet` below `accelerated` and for the deploy that creates it: load balancers stay open to the internet until then.',
      }),
    ),
  },
);
/** AWS's ids of the sources of edge traffic in a region. */
export type EdgeSources = Settings<typeof edgeSourcesSchema>;

/** The value of the accelerator's group before it exists. */
export const notYet = 'not-yet';

export const regionSchema = section('One region.', {
  key: text({
    is: 'Our word for the region, also the end of its folder’s name: `us` for `region-us`.',
    limits: '1–8 lower-case letters or digits, a letter first',
    applies: 'never for a region that is deployed',
    replaces: 'everything in the region',
  }),
  awsRegion: text({
    is: "AWS's word for it, for example `us-east-1`.",
    applies: 'never for a region that is deployed',
    replaces: 'everything in the region',
  }),
  role: oneOf(['primary', 'standby'], {
    is: '`primary` takes writes when nothing has failed.',
    limits: 'exactly one region is `primary`',
    applies: 'next deploy of every stack; a failover moves the writer',
  }),
  failsOverTo: text({
    is: "Key of the region whose load balancer and bucket answer when this region's fail.",
    applies: 'next deploy of `region-*/cloudfront` and `global/route53`',
  }),
  zones: list(
    {
      is: 'Availability zones in the order in which subnets are numbered. Append only: the order is part of the CIDR plan.',
      limits: 'at least 2',
      applies: 'next deploy of `region-*/vpc`',
      replaces: 'the subnets whose zone or number changes',
    },
    text({
      is: 'Id of the zone, such as `use1-az1`: the same zone in every account, which a name is not. `aws ec2 describe-availability-zones` lists them.',
    }),
  ),
  asn: whole({
    is: 'Private ASN of the Transit Gateway; different in every region.',
    unit: 'number',
    from: 1,
    to: 4_294_967_294,
    limits: '64512–65534 or 4200000000–4294967294',
    applies: 'next deploy of `shared/tgw`',
  }),
  maintenanceWindow: text({
    is: "Weekly window, UTC, in which AWS maintains the region's databases and caches and applies what waits for it. The database's cluster comes first, then one instance every 30 minutes.",
    limits:
      '`ddd:hh:mm-ddd:hh:mm`, 1 to 24 hours and 30 minutes for the cluster and for each instance; another time in every region, clear of backups',
    applies: 'next deploy of `region-*/aurora` and `region-*/cache`',
  }),
  cidrs: named(
    {
      is: 'By environment: everything that this region may ever address. Other regions route to this one range.',
      applies: 'next deploy of `shared/tgw`',
      replaces: 'routes to the region',
    },
    text({ is: 'IPv4 network.' }),
  ),
  inspectionCidrs: named(
    {
      is: "By environment: network of the inspection VPC inside the region's range; in use from level `inspected` on.",
      applies: 'next deploy of `shared/security/gwlb`',
      replaces: 'the inspection VPC',
    },
    text({ is: 'IPv4 network, /16 to /21.' }),
  ),
  edgeSources: edgeSourcesSchema,
  managedDomainLists: named(
    {
      is: 'Managed domain lists of the DNS firewall, by a name of your choice. Ids differ per region: `aws route53resolver list-firewall-domain-lists` shows them. Left out: none.',
      applies: 'next deploy of `shared/resolver`',
    },
    text({ is: 'Id of the list.' }),
  ).exactOptional(),
  endpointZones: named(
    {
      is: 'Zones of the endpoints of AWS services that some zone of the region lacks, by service: AWS refuses an endpoint there. `aws ec2 describe-vpc-endpoint-services` lists the zones of a service. Left out: all zones.',
      applies: 'next deploy of `shared/privatelink`',
    },
    list('Zones with an endpoint, of those in `zones`.', text({ is: 'Id of a zone.' })),
  ).exactOptional(),
  vpcs: named({ is: 'VPCs by folder name.', applies: 'next deploy of `region-*/<name>`' }, vpcSchema),
  differences: differencesSchema.exactOptional(),
});
/** The shape of `region-<key>/region.ts`: everything in which one region differs from its counterparts. */
export type RegionSettings = Settings<typeof regionSchema>;

/**
 * The network of an environment among those of a region or a VPC.
 * @throws Error when there is none for the environment; the settings check reports it first
 */
export function networkOf(cidrs: Readonly<Record<string, string>>, environment: { readonly name: string }): string {
  const cidr = Object.hasOwn(cidrs, environment.name) ? cidrs[environment.name] : undefined;
  if (cidr === undefined) throw new Error(`there is no network for environment ${environment.name}`);
  return cidr;
}

/**
 * The accelerator's group in an environment's VPC, or {@link notYet}.
 * @throws Error when the environment has neither; the settings check reports it first
 */
export function acceleratorGroup(
  { accelerator }: Pick<EdgeSources, 'accelerator'>,
  environment: { readonly name: string },
): string {
  const group = Object.hasOwn(accelerator, environment.name) ? accelerator[environment.name] : undefined;
  if (group === undefined) throw new Error(`edgeSources.accelerator has nothing for environment ${environment.name}`);
  return group;
}

/**
 * The primary region.
 * @throws Error when there is none; the settings check reports it first
 */
export function primaryOf<R extends Pick<RegionSettings, 'role'>>(regions: readonly R[]): R {
  const primary = regions.find(({ role }) => role === 'primary');
  if (!primary) throw new Error('no region is "primary"');
  return primary;
}

/** Each region alone: names, zones, numbers, networks for every environment. */
export function checkRegions(input: SettingsInput): Problem[] {
  const proposals = proposedNetworks(input);
  return input.regions.flatMap((region) => checkRegion(input, region, proposals.get(region)!));
}

/** The regions together: one primary, and unique values. */
export function checkRegionSet(input: SettingsInput): Problem[] {
  return [
    ...checkRoles(input),
    ...input.regions
      .filter(({ key }) => input.listedRegions && !input.listedRegions.includes(key))
      .map(({ key }) => ({
        where: 'shared/regions.ts: regions',
        what: `region ${key} is not among them`,
        remedy: `import it from region-${key}/region and add it at the end`,
      })),
    ...repeated(input.listedRegions ?? [], (key) => key).map(([key]) => ({
      where: 'shared/regions.ts: regions',
      what: `region ${key} is listed twice`,
      remedy: 'list it once',
    })),
    ...repeated(input.regions, ({ asn }) => asn).map(([region, first]) => ({
      where: inRegion(input, region, 'asn'),
      what: `${region.asn} is the ASN of region ${first.key} already`,
      remedy: 'give each region its own: Transit Gateways with the same ASN cannot peer',
    })),
    ...(['key', 'awsRegion'] as const).flatMap((name) =>
      repeated(input.regions, (region) => region[name]).map(([region, first]) => ({
        where: inRegion(input, region, name),
        what: `"${region[name]}" is used by region ${first.key} already`,
        remedy: 'each region of ours is another region of AWS, with its own key',
      })),
    ),
  ];
}

function checkRegion(input: SettingsInput, region: RegionSettings, proposals: ProposedNetworks): Problem[] {
  const { key, awsRegion, failsOverTo, zones, asn, vpcs } = region;
  const problems: Problem[] = [];
  const add = (path: string, what: string, remedy: string) =>
    problems.push({ where: inRegion(input, region, path), what, remedy });

  const folder = input.sources?.regions[input.regions.indexOf(region)]?.split('/')[0];
  if (!/^[a-z][a-z0-9]{0,7}$/.test(key)) {
    add(
      'key',
      `"${key}" cannot be part of folder and bucket names`,
      'use 1–8 lower-case letters or digits, a letter first',
    );
  } else if (folder && folder !== `region-${key}`) {
    add(
      'key',
      `"${key}" does not fit the folder ${folder}`,
      `write "${folder.replace('region-', '')}", or rename the folder`,
    );
  }
  if (!awsRegions.includes(awsRegion)) {
    add('awsRegion', `AWS has no region "${awsRegion}"`, nearest(awsRegion));
  }
  const others = input.regions.map((other) => other.key).filter((other) => other !== key);
  if (!others.includes(failsOverTo)) {
    add('failsOverTo', `there is no other region "${failsOverTo}"`, `use one of ${others.join(', ')}`);
  }
  if (zones.length < 2) {
    add(
      'zones',
      `${zones.length === 1 ? `"${zones[0]}" alone` : 'no zone'} cannot survive the loss of a zone`,
      'name at least 2',
    );
  }
  zones.forEach((zone, index) => {
    if (awsRegions.includes(awsRegion) && !isZoneIdOf(awsRegion, zone)) {
      const isName = zone.startsWith(awsRegion) && /^[a-z]$/.test(zone.slice(awsRegion.length));
      add(
        `zones.${index}`,
        isName
          ? `"${zone}" is the name of a zone, which can be another zone in another account`
          : `"${zone}" is not the id of a zone of ${awsRegion}`,
        `write an id such as ${firstZoneIds(awsRegion)[0]}; in the network account, this lists them: aws ec2 describe-availability-zones --region ${awsRegion} --query "AvailabilityZones[].[ZoneName,ZoneId]" --output text`,
      );
    }
  });
  if (!isPrivateAsn(asn)) {
    add('asn', `${asn} is not a private ASN`, 'use 64512–65534 or 4200000000–4294967294');
  }
  const segments = Object.keys(input.settings.segments);
  for (const [vpc, { segment }] of Object.entries(vpcs)) {
    if (segment !== undefined && !segments.includes(segment)) {
      add(`vpcs.${vpc}.segment`, `there is no segment "${segment}"`, `use one of ${segments.join(', ')}`);
    }
    if (input.folders.includes(`region-${key}`) && !input.folders.includes(`region-${key}/${vpc}`)) {
      add(
        `vpcs.${vpc}`,
        `there is no folder region-${key}/${vpc} that makes this VPC`,
        'add the folder, or remove the VPC',
      );
    }
  }
  const names = environmentsOf(input).map(([name]) => name);
  const networks = { cidrs: region.cidrs, ...innerNetworks(region) };
  for (const [path, cidrs] of Object.entries(networks)) {
    for (const name of names.filter((wanted) => !Object.hasOwn(cidrs, wanted))) {
      const proposed = proposals.get(`${path}.${name}`);
      add(
        `${path}.${name}`,
        `there is no network for environment ${name}`,
        proposed ? `add ${name}: '${proposed}', which is free` : 'add one that shares no address with any other',
      );
    }
    for (const name of Object.keys(cidrs).filter((given) => !names.includes(given))) {
      add(`${path}.${name}`, `there is no environment "${name}"`, `remove it, or use one of ${names.join(', ')}`);
    }
  }
  return problems;
}

function checkRoles(input: SettingsInput): Problem[] {
  const primary = input.regions.filter(({ role }) => role === 'primary');
  if (primary.length === 1) return [];
  const remedy = 'exactly one region takes writes: make it "primary" and all others "standby"';
  if (primary.length === 0) {
    const [first] = input.regions;
    const where = first ? inRegion(input, first, 'role') : 'region-*/region.ts';
    return [{ where, what: 'no region is "primary"', remedy }];
  }
  return primary.slice(1).map((region) => ({
    where: inRegion(input, region, 'role'),
    what: `region ${primary[0]!.key} is "primary" too`,
    remedy,
  }));
}

/** RFC 6996: 16-bit and 32-bit numbers for private use, without the last of each. */
function isPrivateAsn(asn: number): boolean {
  const within = (first: number, last: number) => Number.isInteger(asn) && asn >= first && asn <= last;
  return within(64512, 65534) || within(4200000000, 4294967294);
}

function nearest(text: string): string {
  const alike = awsRegions.filter((name) => name.slice(0, 4) === text.slice(0, 4).toLowerCase());
  return `use one of ${(alike.length > 0 ? alike : awsRegions).join(', ')}`;
}
