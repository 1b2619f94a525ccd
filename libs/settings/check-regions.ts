import { awsRegions, isZoneOf, lastZoneLetter } from './aws-regions';
import type { Problem } from './problem';
import type { RegionSettings } from './region';
import { environmentsOf, inRegion, repeated, type SettingsInput } from './settings-input';

/** Each region by itself: names, zones, numbers, networks for every environment. */
export function checkRegions(input: SettingsInput): Problem[] {
  return input.regions.flatMap((region) => checkRegion(input, region));
}

/** The regions among each other: one primary, and nothing that two of them must not share. */
export function checkRegionSet(input: SettingsInput): Problem[] {
  return [
    ...checkStanding(input),
    ...input.regions
      .filter(({ key }) => input.listedRegions && !input.listedRegions.includes(key))
      .map(({ key }) => ({
        where: 'shared/regions.ts: regions',
        what: `region ${key} is not among them`,
        remedy: `import it from region-${key}/region and add it at the end`,
      })),
    ...repeated(input.regions, ({ asn }) => asn).map(([region, first]) => ({
      where: inRegion(input, region, 'asn'),
      what: `${region.asn} is the ASN of region ${first.key} already`,
      remedy: 'give each region its own: hubs of equal ASN cannot peer',
    })),
    ...(['key', 'awsRegion'] as const).flatMap((name) =>
      repeated(input.regions, (region) => region[name]).map(([region, first]) => ({
        where: inRegion(input, region, name),
        what: `"${region[name]}" stands in region ${first.key} already`,
        remedy: 'each region of ours is another region of AWS, with its own key',
      })),
    ),
  ];
}

function checkRegion(input: SettingsInput, region: RegionSettings): Problem[] {
  const { key, awsRegion, failsOverTo, zones, asn, vpcs } = region;
  const problems: Problem[] = [];
  const add = (path: string, what: string, remedy: string) =>
    problems.push({ where: inRegion(input, region, path), what, remedy });

  const folder = input.sources?.regions[input.regions.indexOf(region)]?.split('/')[0];
  if (!/^[a-z][a-z0-9]{0,7}$/.test(key)) {
    add(
      'key',
      `"${key}" cannot stand in names of folders and buckets`,
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
    if (awsRegions.includes(awsRegion) && !isZoneOf(awsRegion, zone)) {
      add(
        `zones.${index}`,
        `"${zone}" is no zone of ${awsRegion}`,
        `write ${awsRegion} and a letter from a to ${lastZoneLetter(awsRegion)}`,
      );
    } else if (zones.indexOf(zone) < index) {
      add(`zones.${index}`, `"${zone}" stands there twice`, 'name each zone once');
    }
  });
  if (!isPrivateAsn(asn)) {
    add('asn', `${asn} is no private ASN`, 'use 64512–65534 or 4200000000–4294967294');
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
  const networks = { cidrs: region.cidrs, inspectionCidrs: region.inspectionCidrs, ...prefixed(vpcs) };
  for (const [path, cidrs] of Object.entries(networks)) {
    for (const name of names.filter((wanted) => !Object.hasOwn(cidrs, wanted))) {
      add(`${path}.${name}`, `there is no network for environment ${name}`, `add one, such as ${name}: '10.0.0.0/16'`);
    }
    for (const name of Object.keys(cidrs).filter((given) => !names.includes(given))) {
      add(`${path}.${name}`, `there is no environment "${name}"`, `remove it, or use one of ${names.join(', ')}`);
    }
  }
  return problems;
}

function prefixed(vpcs: RegionSettings['vpcs']): Record<string, Readonly<Record<string, string>>> {
  return Object.fromEntries(Object.entries(vpcs).map(([name, { cidrs }]) => [`vpcs.${name}.cidrs`, cidrs]));
}

function checkStanding(input: SettingsInput): Problem[] {
  const primary = input.regions.filter(({ standing }) => standing === 'primary');
  if (primary.length === 1) return [];
  const remedy = 'exactly one region takes writes: make it "primary" and all others "standby"';
  if (primary.length === 0) {
    const [first] = input.regions;
    const where = first ? inRegion(input, first, 'standing') : 'region-*/region.ts';
    return [{ where, what: 'no region is "primary"', remedy }];
  }
  return primary.slice(1).map((region) => ({
    where: inRegion(input, region, 'standing'),
    what: `"primary" is said of region ${primary[0]!.key} too`,
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
