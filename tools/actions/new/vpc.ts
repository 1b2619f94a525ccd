import ts from 'typescript';
import { parseCidr } from '@platform/libs/settings/cidr';
import { networksOf, nextFreeInside } from '@platform/libs/settings/free-ranges';
import { ownerOf } from '@platform/libs/settings/owners';
import type { Problem } from '@platform/libs/settings/problem';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { refuse, type WorkspaceFiles } from './changes';
import { cloneEntries } from './clone-entries';
import { addOwners } from './owners';
import { literal, objectAt, type SourceEdit } from './source-edit';

export interface NewVpc {
  /** Key of the region. */
  readonly region: string;
  /** Name of the VPC and of its folder. */
  readonly name: string;
  /** Segment that it belongs to. Default: that of the environment. */
  readonly segment?: string;
  /** Network by environment, inside the region's range. Default: the next free /20 there. */
  readonly cidrs?: Readonly<Record<string, string>>;
}

/**
 * A further VPC of a region, attached to its Transit Gateway and using its Resolver rules.
 * @throws WrongUse with all problems
 */
export function newVpc(
  files: WorkspaceFiles,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  options: NewVpc,
): void {
  const { name, segment, cidrs = {} } = options;
  const region = regions.find(({ key }) => key === options.region);
  const problems: Problem[] = [];
  if (!region)
    problems.push({
      where: '--region',
      what: `there is no region "${options.region}"`,
      remedy: `use one of ${regions.map(({ key }) => key).join(', ')}`,
    });
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name))
    problems.push({
      where: 'vpc',
      what: `"${name}" is not a name of a VPC`,
      remedy: 'use 1–20 lower-case letters, digits or hyphens, a letter first',
    });
  if (segment !== undefined && !Object.hasOwn(settings.segments, segment))
    problems.push({
      where: '--segment',
      what: `there is no segment "${segment}"`,
      remedy: `use one of ${Object.keys(settings.segments).join(', ')}`,
    });
  for (const [environment, network] of Object.entries(cidrs)) {
    if (!parseCidr(network))
      problems.push({
        where: `--cidr ${environment}`,
        what: `"${network}" is not an IPv4 network`,
        remedy: 'write it as 10.1.0.0/20',
      });
  }
  const folder = `region-${options.region}/${name}`;
  if (region && !Object.hasOwn(region.vpcs, name) && files.below(folder).length > 0)
    problems.push({ where: 'vpc', what: `there is a folder ${folder}`, remedy: 'use another name' });
  refuse(problems);
  if (Object.hasOwn(region!.vpcs, name)) return;

  const [first] = Object.keys(region!.vpcs);
  refuse(
    first === undefined
      ? [{ where: '--region', what: `region-${options.region} has no VPC to copy`, remedy: 'write its folder by hand' }]
      : [],
  );
  const from = `region-${options.region}/${first}`;
  for (const path of files.below(from)) {
    const copy = `${folder}${path.slice(from.length)}`;
    const text = files.read(path);
    if (path.endsWith('.md')) files.write(copy, text.replaceAll(from, folder));
    else files.write(copy, text);
    if (path.endsWith('.ts')) files.edit(copy, (source) => replaceText(source, first!, name));
  }
  const taken = networksOf({ settings, regions, folders: [] }).filter(
    (network) => !Object.values(region!.cidrs).includes(network),
  );
  const networks = Object.fromEntries(
    Object.entries(region!.cidrs).map(([environment, range]) => {
      const network = cidrs[environment] ?? nextFreeInside(range, taken, 20);
      if (network) taken.push(network);
      return [environment, network ?? range];
    }),
  );
  files.edit(`region-${options.region}/region.ts`, (source) => {
    const list = objectAt(source.constant('region'), 'vpcs');
    if (list) source.append(list, `${literal(name)}: ${literal({ cidrs: networks, ...(segment ? { segment } : {}) })}`);
  });
  const lists = [...files.below('shared'), ...files.below('global')];
  for (const path of lists.filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts'))) {
    // Private endpoints belong to one VPC of a region, the others reach them through the Transit Gateway.
    if (path.startsWith('shared/privatelink/')) continue;
    files.edit(path, (source) =>
      cloneEntries(source, { from: `@platform/${from}`, to: `@platform/${folder}`, words: { [first!]: name } }),
    );
  }
  const owner = ownerOf(settings.owners, from);
  addOwners(files, settings.owners, owner === undefined ? [] : [[folder, owner]]);
}

/** Replaces every text that equals a word. */
function replaceText(source: SourceEdit, word: string, other: string): void {
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && node.text === word) source.replace(node, literal(other));
    else ts.forEachChild(node, visit);
  };
  visit(source.tree);
}
