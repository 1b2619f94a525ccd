import { awsRegions, firstZoneIds } from '@platform/libs/settings/aws-regions';
import { parseCidr, prefixLength } from '@platform/libs/settings/cidr';
import { movedTo, networksOf, nextFreeRange } from '@platform/libs/settings/free-ranges';
import type { Problem } from '@platform/libs/settings/problem';
import { primaryOf, type RegionSettings } from '@platform/libs/settings/region';
import { freeWeeklyWindow } from '@platform/libs/settings/window';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { findStackFolders, isEstateFolder } from '@platform/tools/workspace/stack-folders';
import { refuse, type WorkspaceFiles } from './changes';
import { cloneEntries } from './clone-entries';
import { addOwners } from './owners';
import { literal, objectAt, propertiesOf, SourceEdit } from './source-edit';

export interface NewRegion {
  /** Our word for the region: `eu` makes `region-eu`. */
  readonly key: string;
  /** AWS's word for it: `eu-west-1`. */
  readonly awsRegion: string;
  /** Key of the region that it copies. Default: a standby region. */
  readonly like?: string;
  /** Availability zones, in the order of their subnets. Ids. Default: the first three. */
  readonly zones?: readonly string[];
  /** Private ASN of its Transit Gateway. Default: the next one. */
  readonly asn?: number;
  /** Range by environment. Default: the next free one of the size that the other region has. */
  readonly cidrs?: Readonly<Record<string, string>>;
}

/**
 * A further standby region: the folders of another one with its own settings, and a line in every list that has one for that
 * region. A region that exists already is left alone.
 * @throws WrongUse with all problems
 */
export function newRegion(
  files: WorkspaceFiles,
  estate: Pick<LoadedEstate, 'settings' | 'regions'>,
  options: NewRegion,
): void {
  const { settings, regions } = estate;
  const { key, awsRegion } = options;
  const existing = regions.find((region) => region.key === key);
  const primary = primaryOf(regions);
  const like = regions.find(
    (region) =>
      region.key === (options.like ?? (regions.find(({ key: other }) => other !== primary.key) ?? primary).key),
  );
  refuse(problemsOf(options, regions, like !== undefined));
  if (existing) return;
  const model = like!;
  const [from, to] = [`region-${model.key}`, `region-${key}`];

  for (const path of files.below(from)) {
    const copy = `${to}${path.slice(from.length)}`;
    files.write(copy, path.endsWith('.md') ? files.read(path).replaceAll(from, to) : files.read(path));
  }
  const words = { [model.key]: key };
  for (const path of estateSources(files)) {
    files.edit(path, (source) => cloneEntries(source, { from: `@platform/${from}`, to: `@platform/${to}`, words }));
    const [top, ...rest] = path.split('/');
    if (top === from && files.exists(`${to}/${rest.join('/')}`) && !path.endsWith('region.ts'))
      files.write(`${to}/${rest.join('/')}`, files.read(path));
  }

  const networks = networksFor(model, regions, settings, options.cidrs ?? {});
  const asn = options.asn ?? Math.max(...regions.map((region) => region.asn)) + 1;
  files.write(
    `${to}/region.ts`,
    regionSource(files.read(`${from}/region.ts`), {
      key,
      awsRegion,
      role: 'standby',
      failsOverTo: primary.key,
      zones: options.zones ?? firstZoneIds(awsRegion),
      asn,
      maintenanceWindow: freeWeeklyWindow(regions.map((region) => region.maintenanceWindow)),
      cidrs: networks.ranges,
      inspectionCidrs: networks.moved(model.inspectionCidrs),
      edgeSources: {
        distributions: exampleId('pl', regions.length, 0),
        healthCheckers: exampleId('pl', regions.length, 1),
        accelerator: Object.fromEntries(Object.keys(settings.environments).map((name) => [name, 'not-yet'])),
      },
      ...(model.managedDomainLists
        ? {
            managedDomainLists: Object.fromEntries(
              Object.keys(model.managedDomainLists).map((name, index) => [
                name,
                exampleId('rslvr-fdl', regions.length, index + 1),
              ]),
            ),
          }
        : {}),
      vpcs: Object.fromEntries(
        Object.entries(model.vpcs).map(([name, vpc]) => [name, { ...vpc, cidrs: networks.moved(vpc.cidrs) }]),
      ),
    }),
  );
  const owned = Object.entries(settings.owners).filter(([key]) => key === from || key.startsWith(`${from}/`));
  addOwners(
    files,
    settings.owners,
    owned.map(([key, team]) => [`${to}${key.slice(from.length)}`, team]),
  );
}

function problemsOf(
  { key, awsRegion, like, zones, asn, cidrs }: NewRegion,
  regions: readonly RegionSettings[],
  hasModel: boolean,
): Problem[] {
  const problems: Problem[] = [];
  const existing = regions.find((region) => region.key === key);
  if (!/^[a-z][a-z0-9]{0,7}$/.test(key)) {
    problems.push({
      where: 'region',
      what: `"${key}" is not a key of a region`,
      remedy: 'use 1–8 lower-case letters or digits, a letter first',
    });
  }
  if (!awsRegions.includes(awsRegion)) {
    problems.push({
      where: '--aws-region',
      what: `there is no region "${awsRegion}"`,
      remedy: 'use the name that AWS has for it, such as eu-west-1',
    });
  }
  const taken = regions.find((region) => region.awsRegion === awsRegion && region.key !== key);
  if (taken)
    problems.push({
      where: '--aws-region',
      what: `${awsRegion} is the region "${taken.key}"`,
      remedy: 'use another region',
    });
  if (existing && existing.awsRegion !== awsRegion) {
    problems.push({ where: 'region', what: `"${key}" is ${existing.awsRegion}`, remedy: 'use another key' });
  }
  if (!hasModel) {
    problems.push({
      where: '--like',
      what: `there is no region "${like}"`,
      remedy: `use one of ${regions.map((each) => each.key).join(', ')}`,
    });
  }
  if (zones && zones.length < 2)
    problems.push({ where: '--zones', what: `${zones.length} zone`, remedy: 'give two or more' });
  const sameAsn = regions.find((region) => region.asn === asn && region.key !== key);
  if (sameAsn)
    problems.push({
      where: '--asn',
      what: `${asn} is that of region "${sameAsn.key}"`,
      remedy: 'use another one, or leave it out',
    });
  for (const [environment, range] of Object.entries(cidrs ?? {})) {
    if (!parseCidr(range))
      problems.push({
        where: `--cidr ${environment}`,
        what: `"${range}" is not an IPv4 network`,
        remedy: 'write it as 10.8.0.0/14',
      });
  }
  return problems;
}

/** Ranges of the region, and where the networks of the other region lie in them. */
function networksFor(
  model: RegionSettings,
  regions: readonly RegionSettings[],
  settings: LoadedEstate['settings'],
  given: Readonly<Record<string, string>>,
) {
  const taken = [...networksOf({ settings, regions, folders: [] }), ...Object.values(given)];
  const ranges: Record<string, string> = {};
  for (const environment of Object.keys(settings.environments)) {
    const ofModel = model.cidrs[environment];
    const range = given[environment] ?? nextFreeRange(taken, ofModel ? prefixLength(parseCidr(ofModel)!) : 14);
    if (range === undefined) continue;
    ranges[environment] = range;
    taken.push(range);
  }
  const moved = (cidrs: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(ranges).flatMap(([environment, range]) => {
        const [network, old] = [cidrs[environment], model.cidrs[environment]];
        const at = network && old && movedTo(network, old, range);
        return at ? [[environment, at]] : [];
      }),
    );
  return { ranges, moved };
}

/** The settings of the other region with the values of this one: order, comments and what else is there stay. */
function regionSource(text: string, values: Readonly<Record<string, unknown>>): string {
  const source = new SourceEdit(
    'region.ts',
    text.replace(
      /\/\*\*[\s\S]*?\*\//,
      '/** Settings of the region: everything in which it differs from its counterparts. */',
    ),
  );
  const properties = propertiesOf(source.constant('region'));
  for (const [name, value] of Object.entries(values)) {
    const property = properties.get(name);
    if (!property) source.append(objectAt(source.constant('region'))!, `${name}: ${literal(value)}`);
    else if (name === 'edgeSources') {
      for (const [inner, id] of Object.entries(value as Record<string, unknown>)) {
        const place = propertiesOf(property.initializer).get(inner);
        if (place) source.replace(place.initializer, literal(id));
      }
    } else source.replace(property.initializer, literal(value));
  }
  const differences = properties.get('differences');
  if (differences) source.remove(differences);
  return source.toString();
}

/** An id that only examples have: plans for AWS refuse it. */
function exampleId(prefix: string, region: number, index: number): string {
  return `${prefix}-00000000000000${(region + 10).toString(16)}${index}`;
}

/** Code of the estate, tests left out: what lists regions. */
function estateSources(files: WorkspaceFiles): string[] {
  const tops = new Set([...findStackFolders(files.root).map((folder) => folder.split('/')[0]!), 'shared', 'global']);
  return [...tops]
    .filter(isEstateFolder)
    .flatMap((top) => files.below(top))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
}
